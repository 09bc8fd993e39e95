"""RQ's forking worker, made fit for slices: no threads, no remote commands, quick stops, leases freed at once."""

import contextlib
import os
import signal
import time
from types import FrameType
from typing import Any

import structlog
from redis import Redis
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer
from rq.worker import Worker
from rq.worker.base import WorkerStatus

from portal.db import engine
from portal.queue.jobs import SafeJob, SafeQueue
from portal.queue.slices import begin_slice, install_stop_signal, new_owner, request_stop
from portal.worker.beats import Beats
from portal.worker.failures import JobFailed, sanitised
from portal.worker.leases import free_leases
from portal.worker.stop import Stop

log = structlog.get_logger("worker.pump")


class PumpWorker(Worker):
    """One queue, one slice at a time, each in a fork of the loaded application."""

    queue_class: type[Queue] = SafeQueue
    job_class: type[Job] = SafeJob
    dequeue_timeout = 10
    max_connection_wait_time = 5.0

    def __init__(self, queue: str, connection: "Redis", stop: Stop, beats: Beats) -> None:
        super().__init__(
            [SafeQueue(queue, connection)],
            connection=connection,
            serializer=JSONSerializer,
            log_job_description=False,
            job_monitoring_interval=10,
        )
        self._stop = stop
        self._beats = beats
        self._owner = new_owner(self.name, 0)
        self._horse_status: int | None = None

    def subscribe(self) -> None:
        """Nothing: RQ would start a thread, and let whoever can write to Redis stop workers and kill jobs."""

    def unsubscribe(self) -> None:
        """Nothing was subscribed."""

    def set_shutdown_requested_date(self) -> None:
        """Nothing: a stop must not wait for Redis."""

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """RQ's own sign of life, and ours in the database."""
        super().heartbeat(timeout, pipeline)
        if not self.is_horse:
            self._beats.beat(WorkerStatus(self.get_state()).value)

    def _install_signal_handlers(self) -> None:
        super()._install_signal_handlers()  # type: ignore[no-untyped-call]
        install_stop_signal()
        # Asked before RQ began to listen.
        self._stop_requested = self._stop.asked

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """SIGTERM and SIGINT: the slice is told too, so that it flushes and returns instead of being waited for."""
        self._stop.asked = True
        self._tell_horse()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """Forks, after the name of the child's leases is settled."""
        self._owner, self._horse_status = new_owner(self.name, time.time_ns()), None
        # A connection open here would be held open by the child, after this process is gone.
        engine().dispose()
        super().fork_work_horse(job, queue)
        # The signal may have come between the fork and the moment its process id was known.
        self._tell_horse()

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """In the child: takes its name, and watches for the death of its parent."""
        begin_slice(self._owner(os.getpid()), self.pid or 0)
        super().main_work_horse(job, queue)

    def setup_work_horse_signals(self) -> None:
        """A service manager signals the whole group: that too asks the slice to finish, it does not kill it."""
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]
        signal.signal(signal.SIGTERM, request_stop)

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        """Remembers how the child ended."""
        pid, self._horse_status, usage = super().wait_for_horse()
        return pid, self._horse_status, usage

    def monitor_work_horse(self, job: Job, queue: Queue, execution: Execution) -> None:
        """Whenever a child ends badly its leases are freed at once; RQ's own hook is silent once Redis was emptied."""
        owner, started = self._owner(self.horse_pid), time.monotonic()
        try:
            super().monitor_work_horse(job, queue, execution)
        finally:
            ended = {"job_id": job.id, "seconds": round(time.monotonic() - started, 3), "status": self._horse_status}
            log.info("worker.job_ended", job=job.func_name, **ended)
            if self._horse_status:
                free_leases(owner)

    def _finalize_failure(self, job: Job, queue: Queue, execution: Execution, exc_info: Any) -> None:
        failure = sanitised(exc_info[1])
        facts = {"job_id": job.id, "error": failure.kind, "code": failure.code, "at": failure.places}
        log.error("worker.job_failed", queue=queue.name, **facts)
        super()._finalize_failure(job, queue, execution, (JobFailed, failure, None))

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Nothing: RQ would log the arguments and the text of the exception; ours is logged already."""

    def _tell_horse(self) -> None:
        if self.horse_pid and self._stop.asked:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.horse_pid, signal.SIGUSR1)
