"""What health writes into the audit log."""

from enum import StrEnum


class HealthEvent(StrEnum):
    """The audit actions of health."""

    RUN_CHECKS = "health.run_checks"
