"""
Anchors: what the chain's head was, written outside the database, so that a cut tail is noticed.

A file to which lines are only ever added, each sealed with the audit key. Keep copies where the database's owner
cannot reach: the older the copy, the older the tail it can vouch for.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from portal.audit.events import ProblemKind
from portal.audit.operations.sealing import is_sealed, seal
from portal.audit.rules.canonical import instant
from portal.audit.rules.chain import Anchor, Anchors, Position, Problem
from portal.config.current import current

LABEL = b"heedful-anchor-1"
LAST_LINES = 65_536

log = structlog.get_logger("audit.anchors")


def anchors_path() -> Path:
    """The file of anchors, a setting of the server."""
    return current().general.audit_anchors_file


def write_anchor(path: Path, head: Position, at: datetime) -> bool:
    """
    Adds an anchor for the chain's head, unless the last one in the file already stands at or above it.

    A head below the last anchor is a cut tail: it is left to the verification to name, and never anchored.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(-min(file.seek(0, os.SEEK_END), LAST_LINES), os.SEEK_END)
        lines = file.read()
        if head.seq <= max((line["seq"] for line in _readable(lines)), default=0):
            return False
        torn = b"\n" if lines and not lines.endswith(b"\n") else b""
        file.write(torn + _line(head, instant(at)))
        file.flush()
        os.fsync(file.fileno())
    log.info("audit.anchored", seq=head.seq)
    return True


def read_anchors(path: Path) -> Anchors:
    """All anchors of the file; none when there is no file. Stops at the first line that we did not write."""
    found: dict[int, Anchor] = {}
    for line in _readable(path.read_bytes() if path.exists() else b""):
        anchor = Anchor(line["seq"], bytes.fromhex(line["mac"]), line["at"])
        if not is_sealed(line["key_id"], _sealed_part(anchor), bytes.fromhex(line["seal"])):
            text = f"The anchor of entry {anchor.seq:,} in {path.name} was not written by this portal."
            return Anchors(found, Problem(ProblemKind.ANCHOR_FORGED, anchor.seq, text))
        found[anchor.seq] = anchor
    return Anchors(found)


def _line(head: Position, at: str) -> bytes:
    key_id, mac = seal(_sealed_part(Anchor(head.seq, head.mac, at)))
    facts = {"seq": head.seq, "mac": head.mac.hex(), "at": at, "key_id": key_id, "seal": mac.hex()}
    return json.dumps(facts).encode() + b"\n"


def _sealed_part(anchor: Anchor) -> bytes:
    return LABEL + json.dumps([anchor.seq, anchor.mac.hex(), anchor.at]).encode()


def _readable(lines: bytes) -> Iterator[dict[str, Any]]:
    # A line torn by a full disk says nothing; it is passed over, as if it had not been written.
    for line in lines.splitlines():
        try:
            facts = json.loads(line)
            if isinstance(facts, dict) and isinstance(facts["seq"], int):
                bytes.fromhex(facts["mac"] + facts["seal"])
                yield {"seq": facts["seq"], "at": str(facts["at"]), "key_id": int(facts["key_id"]), **facts}
        except (ValueError, TypeError, KeyError):
            continue
