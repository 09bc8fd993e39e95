"""How a log line is made: the fields every line carries, errors without what they say, and the three forms."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any

from structlog.typing import EventDict, Processor

from portal.config.logging import LogFormat
from portal.config.redaction import Redactor

FRAMES = 15
STREAMS = ("auth", "webhooks")
HEAD = ("timestamp", "level", "area", "event")


def stamp(process: str) -> Processor:
    """Adds which process speaks and in which stream; an area named auth… or webhooks… has its own."""

    def add(_logger: Any, _method: str, event: EventDict) -> EventDict:
        event["area"] = event.pop("logger", "")
        first = str(event["area"]).partition(".")[0]
        return {**event, "stream": first if first in STREAMS else "app", "process": process}

    return add


def describe_error(*, with_text: bool) -> Processor:
    """
    Replaces an exception by its type, its causes and the places it came through.

    What an exception says may hold personal data that no pattern finds, so it is told only where the operator
    chose the verbose form, and redacted there.
    """

    def describe(_logger: Any, _method: str, event: EventDict) -> EventDict:
        error = _error_of(event.pop("exc_info", None))
        event.pop("stack_info", None)
        if error is not None:
            event["error"] = _name(error)
            event["caused_by"] = [_name(cause) for cause in _causes(error)]
            event["trace"] = _places(error.__traceback__)
            if with_text:
                event["error_text"] = str(error)
        return event

    return describe


def redact(redactor: Redactor) -> Processor:
    """Passes every field of a line through the redactor."""

    def clean(_logger: Any, _method: str, event: EventDict) -> EventDict:
        kept = {name: event.pop(name) for name in ("_record", "_from_structlog") if name in event}
        return {**redactor.fields(event), **kept}

    return clean


def renderer(form: LogFormat) -> Callable[[Any, str, EventDict], str]:
    """The last step: fields to text."""
    return {LogFormat.JSON: _json, LogFormat.CONSOLE: _console, LogFormat.VERBOSE: _verbose}[form]


def _json(_logger: Any, _method: str, event: EventDict) -> str:
    ordered = {name: event[name] for name in HEAD if name in event}
    return json.dumps({**ordered, **event}, ensure_ascii=False)


def _console(_logger: Any, _method: str, event: EventDict) -> str:
    fields = {name: value for name, value in event.items() if name not in (*HEAD, "trace", "stream", "process")}
    clock = datetime.fromisoformat(event["timestamp"]).astimezone().strftime("%H:%M:%S")
    return _line({**event, "timestamp": clock}, fields)


def _verbose(_logger: Any, _method: str, event: EventDict) -> str:
    fields = {name: value for name, value in event.items() if name not in (*HEAD, "trace")}
    return "\n".join((_line(event, fields), *(f"    | {place}" for place in event.get("trace", ()))))


def _line(event: EventDict, fields: dict[str, Any]) -> str:
    told = " ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in fields.items() if value != [])
    head = f"{event['timestamp']} {event['level']:<8} {event['area']}: {event['event']}"
    return f"{head} {told}".rstrip()


def _error_of(exc_info: Any) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return sys.exc_info()[1] if exc_info else None


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and cause not in found and len(found) < 5:
        found.append(cause)
        cause = cause.__cause__ or cause.__context__
    return found


def _name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-FRAMES:]
