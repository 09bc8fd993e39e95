"""The words of the audit log: its own actions, and the kinds of access and outcome that every entry uses."""

from enum import StrEnum


class AuditAction(StrEnum):
    """What is done with the audit log itself."""

    VIEW = "audit.view"
    REQUEST_VERIFICATION = "audit.request_verification"
    VERIFY = "audit.verify"
    EXPORT = "audit.export"
    UNDECRYPTABLE = "crypto.undecryptable"


class AccessType(StrEnum):
    """In which way data were touched. EXPORT and DECRYPT always state a purpose."""

    CHANGE = "change"
    VIEW = "view"
    SEARCH = "search"
    REPORT = "report"
    EXPORT = "export"
    DECRYPT = "decrypt"


class Outcome(StrEnum):
    """How the act ended; a refused act is an entry too."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class VerificationState(StrEnum):
    """How far a verification of the chain has come, and how it ended."""

    QUEUED = "queued"
    RUNNING = "running"
    INTACT = "intact"
    BROKEN = "broken"
    FAILED = "failed"


class ProblemKind(StrEnum):
    """In which way a chain is broken."""

    MISSING = "missing"
    ALTERED = "altered"
    INSERTED = "inserted"
    UNLINKED = "unlinked"
    REPLACED = "replaced"
    TAIL_CUT = "tail_cut"
    ANCHOR_FORGED = "anchor_forged"
    ANCHORS_GONE = "anchors_gone"
