"""Starting and checking verifications, and what becomes of their rows."""

from portal.verification.operations.checking import check
from portal.verification.operations.forget import follow_merge, purge, remove_verifications, unlink
from portal.verification.operations.starting import Target, start
from portal.verification.rules import Checked, CheckState, ErrorCode, Started

__all__ = [
    "CheckState",
    "Checked",
    "ErrorCode",
    "Started",
    "Target",
    "check",
    "follow_merge",
    "purge",
    "remove_verifications",
    "start",
    "unlink",
]
