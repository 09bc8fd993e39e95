"""
How soon a wake-up reaches a worker, and what idle workers and tickers cost.

`python -m bench.workers` on a running portal's servers (DATABASE_URL, REDIS_URL or the embedded ones); starts a worker
and a ticker of its own beside those that run.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from portal.config.current import current
from portal.queue import JobName, QueueName, redis_connection, wake
from portal.queue.probe import probe

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """The processor time of a process and of its ended children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / TICKS_PER_SECOND


def resident(pid: int) -> float:
    """Megabytes of memory in use."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def commands() -> int:
    """How many commands Redis has served so far."""
    return int(redis_connection().info("stats")["total_commands_processed"])


def latency(times: int) -> None:
    found = [value * 1000 for value in (probe(patience=10) for _ in range(times)) if value is not None]
    cuts = statistics.quantiles(found, n=20)
    print(
        f"wake-up answered by a forked slice, {len(found)} of {times}: "
        f"median {statistics.median(found):.1f} ms, 95 % {cuts[18]:.1f} ms"
    )


def waking(times: int) -> None:
    started, cpu = time.perf_counter(), time.process_time()
    for number in range(times):
        wake(QueueName.DEFAULT, JobName.PROBE, number)
    fresh = (time.perf_counter() - started) / times * 1e6, (time.process_time() - cpu) / times * 1e6
    started = time.perf_counter()
    for _ in range(times):
        wake(QueueName.DEFAULT, JobName.PROBE, 0)
    held = (time.perf_counter() - started) / times * 1e6
    print(f"wake(): new {fresh[0]:.0f} us ({fresh[1]:.0f} us CPU), held back {held:.0f} us")
    redis_connection().delete("rq:queue:default")


def idle(processes: dict[str, int], seconds: float) -> None:
    before, served = {name: cpu_seconds(pid) for name, pid in processes.items()}, commands()
    time.sleep(seconds)
    for name, pid in processes.items():
        cost = (cpu_seconds(pid) - before[name]) / seconds * 1000
        print(f"idle {name}: {cost:.2f} ms CPU per second, {resident(pid):.0f} MB")
    print(f"idle Redis: {(commands() - served) / seconds:.1f} commands per second in all")


def main() -> None:
    environment = {**os.environ, "REDIS_URL": current().redis.url.reveal()}
    started = [
        subprocess.Popen([sys.executable, "-m", "portal.worker", *words], env=environment, stdout=subprocess.DEVNULL)
        for words in (("work", "default"), ("tick",))
    ]
    try:
        if probe(patience=60) is None:
            sys.exit("No worker answered within a minute.")
        latency(200)
        time.sleep(2)
        idle({"worker": started[0].pid, "ticker": started[1].pid}, 30)
        started[0].terminate()
        started[0].wait()
        waking(2000)
    finally:
        for process in started:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
