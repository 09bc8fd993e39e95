"""Shows a number back as it was understood, before it is kept."""

from wtforms import Field

from portal.clients.forms.checks import region_of
from portal.clients.rules import NewPoint, is_as_kept, read_point, readable


def read_differently(field: Field, channel: str, country: str | None) -> bool:
    """Whether a number was understood as another text than was typed; the field then holds that text, to be checked."""
    if not field.data:
        return False
    point = read_point(NewPoint(channel, field.data, region_of(country)))
    if is_as_kept(field.data, point):
        return False
    field.data = readable(point.address)
    return True
