"""Times as the reader's clock shows them, always with the exact moment in the element."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup

from portal.web.access import known_user
from portal.web.pages import shell


def reader_zone() -> ZoneInfo:
    """The zone of the signed-in person, else the organisation's."""
    user = known_user()
    return ZoneInfo((user.time_zone if user else "") or shell().time_zone())


def as_day(value: date | datetime | None) -> str:
    """`20 Nov 2026`; a moment is taken in the reader's zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(reader_zone())
    return f"{value.day} {value:%b %Y}"


def as_clock(value: datetime | None) -> str:
    """`10:42:18`, in the reader's zone."""
    return "" if value is None else f"{value.astimezone(reader_zone()):%H:%M:%S}"


def as_moment(value: datetime | None) -> str:
    """`20 Nov 2026, 10:42`, in the reader's zone."""
    return "" if value is None else f"{as_day(value)}, {value.astimezone(reader_zone()):%H:%M}"


def time_element(value: datetime | None, text: str = "") -> Markup:
    """The moment as an element that also says it to machines, with its zone in the title."""
    if value is None:
        return Markup("")
    local = value.astimezone(reader_zone())
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        value.astimezone(UTC).isoformat(timespec="seconds"),
        f"{as_day(value)}, {local:%H:%M:%S} {local:%Z}",
        text or as_moment(value),
    )


def as_number(value: float | None, places: int = 0) -> str:
    """`48,213`: figures with their thousands apart."""
    return "" if value is None else f"{value:,.{places}f}"


def install(app: Flask) -> None:
    """Gives templates the filters `moment`, `day`, `clock`, `time` and `number`."""
    app.jinja_env.filters.update(moment=as_moment, day=as_day, clock=as_clock, time=time_element, number=as_number)
