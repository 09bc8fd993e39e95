"""
Writing to the audit log and checking it.

Operations call record() beside the change they make, views call record_read() in a transaction of their own before they
show personal data. Both only collect; the chain grows once, when the session commits.
"""

from portal.audit.events import AccessType, Outcome
from portal.audit.operations.append import AuditUnavailable
from portal.audit.operations.collect import PurposeMissing, record, record_read
from portal.audit.rules.changes import Change, diff, snapshot

__all__ = [
    "AccessType",
    "AuditUnavailable",
    "Change",
    "Outcome",
    "PurposeMissing",
    "diff",
    "record",
    "record_read",
    "snapshot",
]
