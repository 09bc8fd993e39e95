"""Jobs and queues that trust nothing they read from Redis: JSON, listed functions, opaque ids, no call-backs."""

import uuid
from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer

from portal.queue.names import JobName
from portal.queue.slices import claim_wake_up

JOB_TIMEOUT = 90
"""Seconds after which a slice is interrupted; slices end by themselves long before."""

WAKE_TTL = 30
"""Seconds for which a wake-up waits. Older ones are worthless: the ticker has made new ones."""

ALLOWED: set[str] = {name.value for name in JobName}
"""Every function a worker may run."""

log = structlog.get_logger("queue.jobs")


class JobRefused(Exception):
    """A job names a function that is not listed, or carries something other than opaque ids."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_call(name: object, arguments: object) -> None:
    """Refuses everything but a listed function with UUIDs and whole numbers, whoever wrote it into Redis."""
    if not isinstance(name, str) or name not in ALLOWED:
        raise JobRefused("function_not_listed")
    if not isinstance(arguments, list | tuple) or not all(_is_opaque(value) for value in arguments):
        raise JobRefused("argument_not_opaque")


def _is_opaque(value: object) -> bool:
    if isinstance(value, str):
        try:
            return str(uuid.UUID(value)) == value
        except ValueError:
            return False
    return isinstance(value, int) and not isinstance(value, bool)


class SafeJob(Job):
    """A job of which only the function's name and its ids are believed; checked when it is read and when it runs."""

    @property
    def func(self) -> Callable[..., Any]:
        """The listed function. RQ itself would import whatever the name says."""
        self.check()
        module, _, name = str(self.func_name).rpartition(".")
        function: Callable[..., Any] = getattr(import_module(module), name)
        return function

    def check(self) -> None:
        """Raises JobRefused unless this is a job that we could have made."""
        if self.instance is not None or self.kwargs:
            raise JobRefused("argument_not_opaque")
        check_call(self.func_name, self.args)

    def restore(self, raw_data: Any) -> None:
        """Reads the job and forgets what we never write: call-backs, webhooks, repeats and own timeouts."""
        super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []
        self.repeats_left = self.retries_left = None
        self.rate_limit_key = None
        self._dependency_ids = []
        self.timeout, self.result_ttl, self.failure_ttl = JOB_TIMEOUT, 0, WAKE_TTL

    def _execute(self) -> None:
        function = self.func
        with structlog.contextvars.bound_contextvars(job_id=self.id, job=self.func_name):
            # From here on a new wake-up is let through, because this slice may just miss what caused it.
            claim_wake_up(self.connection, self.origin, str(self.func_name), self.args)
            function(*self.args)


class SafeQueue(Queue):
    """A queue whose readers drop and log what they cannot trust, instead of falling over it."""

    job_class = SafeJob

    def __init__(self, name: str, connection: "Redis", **options: Any) -> None:
        super().__init__(name, connection, **{**options, "serializer": JSONSerializer, "job_class": SafeJob})

    @classmethod
    def _fetch_dequeued_job(  # type: ignore[override]  # the options are RQ's own, passed through
        cls, connection: "Redis", queue_key: str, job_id: str, **options: Any
    ) -> tuple[Job, Queue] | None:
        code = "expired"
        try:
            found = super()._fetch_dequeued_job(connection, queue_key, job_id, **options)
            if found is not None:
                cast(SafeJob, found[0]).check()
                return found
        except RedisError:
            raise
        except JobRefused as error:
            code = error.code
        except Exception as error:  # noqa: BLE001 - whatever somebody wrote there must not stop the worker
            code = type(error).__name__
        cls._drop(connection, queue_key, job_id, code)
        return None

    @classmethod
    def _drop(cls, connection: "Redis", queue_key: str, job_id: str, code: str) -> None:
        queue = cls.from_queue_key(queue_key, connection=connection)
        queue.intermediate_queue.remove(job_id)
        if code != "expired":
            connection.delete(SafeJob.key_for(job_id))
            log.warning("queue.job_refused", queue=queue.name, job_id=job_id, code=code)
