"""What message templates write into the audit log."""

from enum import StrEnum


class TemplateEvent(StrEnum):
    """The audit actions of message templates."""

    CREATE = "message_template.create"
    EDIT = "message_template.edit"
    APPROVE = "message_template.approve"
    START_DRAFT = "message_template.start_draft"
    REMOVE = "message_template.remove"
