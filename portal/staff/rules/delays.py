"""How long somebody waits after wrong answers: longer each time, never for ever, so that nobody can lock others out."""

from datetime import datetime, timedelta

FREE_FAILURES = 5
LONGEST = timedelta(minutes=15)
MEMORY = timedelta(hours=24)


def delay_after(failures: int) -> timedelta:
    """The wait after so many failures in a row: none at first, then 1, 2, 4 … seconds up to a quarter of an hour."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES, 20)
    return min(timedelta(seconds=2**doublings), LONGEST)


def wait_left(failures: int, last_failure: datetime | None, now: datetime) -> timedelta:
    """What is left of the wait at this moment; zero or less means that the next try may be made."""
    if last_failure is None:
        return timedelta(0)
    return last_failure + delay_after(failures) - now


def wait_in_words(wait: timedelta) -> str:
    """The wait as a person reads it, rounded up."""
    seconds = max(1, -int(-wait.total_seconds() // 1))
    if seconds < 60:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    minutes = -(-seconds // 60)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
