"""What imports write into the audit log."""

from enum import StrEnum


class ImportEvent(StrEnum):
    """The audit actions of imports, from the file to its deletion; each chunk that was written is one entry."""

    UPLOADED = "import.uploaded"
    MAPPED = "import.mapped"
    VIEWED = "import.viewed"
    CHECKED = "import.checked"
    CONFIRMED = "import.confirmed"
    WRITTEN = "import.written"
    STOPPED = "import.stopped"
    FINISHED = "import.finished"
    CANCELLED = "import.cancelled"
    REPORTED = "import.report_downloaded"
    PURGED = "import.file_deleted"
