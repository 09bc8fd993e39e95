"""Runs pip-audit on the lock. Known vulnerabilities fail; a source that cannot be reached is shown and does not."""

import json
import subprocess
import sys
from pathlib import Path

NAME = "vulnerabilities (pip-audit)"


def main() -> int:
    flags = ["--require-hashes", "--disable-pip", "--progress-spinner=off", "--format=json", "--timeout=10"]
    tool = str(Path(sys.executable).parent / "pip-audit")
    done = subprocess.run([tool, *flags, "-r", "requirements.txt"], capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        print(f"COULD NOT RUN  {NAME}: {reason[:200]}")
        return 0
    found = [f"{p['name']} {p['version']}: {v['id']}" for p in packages for v in p.get("vulns", [])]
    skipped = [p["name"] for p in packages if "skip_reason" in p]
    if found:
        print(f"FAILED  {NAME}", *found, sep="\n  ")
        return 1
    if skipped:
        print(f"COULD NOT RUN  {NAME}: no data for {len(skipped)} of {len(packages)} packages")
        return 0
    print(f"ok      {NAME}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
