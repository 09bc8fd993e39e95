"""What the fields of the client forms have in common: checks with their words, and choices."""

from collections.abc import Callable
from zoneinfo import available_timezones

from wtforms import Field, ValidationError
from wtforms.fields.choices import SelectChoice

from portal.clients.rules import (
    LANGUAGES,
    UNKNOWN_LANGUAGE,
    BadAddress,
    NewPoint,
    NotAName,
    clean_name,
    countries,
    read_point,
)
from portal.clients.rules.attributes import AttributeRefused, read_lines
from portal.settings.queries import value
from portal.settings.rules import organisation
from portal.staff.models import Role
from portal.staff.queries import list_active_members
from portal.web.forms import Form

LONGEST_PURPOSE = 200


def region_of(country: str | None) -> str | None:
    """The country in which a number without a country code is read: the one chosen, else the organisation's."""
    return country or value(organisation.COUNTRY) or None


def is_name(_form: Form, field: Field) -> None:
    """Refuses what cannot be a name; an empty one is the business of DataRequired."""
    try:
        if field.data:
            clean_name(field.data)
    except NotAName as problem:
        raise ValidationError(str(problem)) from None


def is_point(channel: str) -> Callable[[Form, Field], None]:
    """Refuses what is no address of this channel; numbers are read in the country of the same form."""

    def check(form: Form, field: Field) -> None:
        if field.data:
            require_point(channel, field.data, form.country.data)

    return check


def require_point(channel: str, text: str, country: str | None) -> None:
    """Raises the words beside the field for what is no address of this channel."""
    try:
        read_point(NewPoint(channel, text, region_of(country)))
    except BadAddress as problem:
        raise ValidationError(str(problem)) from None


def are_attributes(_form: Form, field: Field) -> None:
    """Refuses lines that are no name with a value."""
    try:
        read_lines(field.data or "")
    except AttributeRefused as problem:
        raise ValidationError(str(problem)) from None


def country_choices() -> list[SelectChoice]:
    """Every country by name, after the choice of none."""
    return [SelectChoice("", "Not known"), *(SelectChoice(code, name) for code, name in countries().items())]


def language_choices() -> list[SelectChoice]:
    """The languages we know by name, after the choice of none."""
    return [SelectChoice(UNKNOWN_LANGUAGE, "Not known"), *(SelectChoice(*pair) for pair in LANGUAGES.items())]


def zone_choices() -> list[SelectChoice]:
    """Every zone, after leaving it to country and phone."""
    return [
        SelectChoice("", "Work it out from country and phone"),
        *(SelectChoice(zone, zone) for zone in sorted(available_timezones())),
    ]


def owner_choices() -> list[SelectChoice]:
    """The members of staff who can look after a client, by name."""
    members = sorted(list_active_members(tuple(Role)), key=lambda member: str(member.full_name).casefold())
    return [SelectChoice("", "Nobody"), *(SelectChoice(str(one.id), str(one.full_name)) for one in members)]
