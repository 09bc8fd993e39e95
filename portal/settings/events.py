"""What the settings write into the audit log."""

from enum import StrEnum


class SettingsEvent(StrEnum):
    """The audit actions of the settings."""

    CHANGE = "settings.change"
