"""What may be known of a failed job outside its process: the type of the error, our code, and where; never its text."""

import traceback
from pathlib import Path

ROOT = str(Path(__file__).parents[2])


class JobFailed(Exception):
    """Stands in Redis and in the logs for the error of a job, whose own text may hold personal data."""

    def __init__(self, kind: str, code: str, places: list[str]) -> None:
        super().__init__(f"{kind} {code}".strip())
        self.kind = kind
        self.code = code
        self.places = places


def sanitised(error: BaseException) -> JobFailed:
    """The presentable form of an error. The code is taken from errors of ours only."""
    ours = type(error).__module__.startswith("portal.")
    code = str(getattr(error, "code", "")) if ours else ""
    return JobFailed(type(error).__name__, code, _places(error))


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.removeprefix(ROOT)}:{frame.lineno} {frame.name}" for frame in frames][-5:]
