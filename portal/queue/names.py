"""The queues and the job functions: the whole list of what a worker may run."""

from enum import StrEnum


class QueueName(StrEnum):
    """One queue, one kind of worker process; the Procfile starts a worker for each."""

    DEFAULT = "default"
    EMAIL = "email"
    IMPORTS = "imports"


class JobName(StrEnum):
    """
    The dotted path of every job function.

    Operations name a job by this, because importing it would point upwards. A worker refuses every other name.
    """

    AUDIT_VERIFY = "portal.audit.jobs.verify"
    PROBE = "portal.queue.probe.answer"
    SEND_EMAIL = "portal.messages.jobs.send_email"
    WORK_ON_IMPORT = "portal.imports.jobs.work"
