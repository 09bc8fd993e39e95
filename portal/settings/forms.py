"""The form of an area: one field for each setting that may be changed there, made from its kind."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, TimeInput

from portal.settings.queries import Shown
from portal.settings.rules import AnySetting, Refused
from portal.settings.rules.numbers import Integer
from portal.settings.rules.times import TimeOfDay, TimeZone, zone_names
from portal.settings.rules.words import Boolean, Choice, Several, Text
from portal.web.forms import Form

LONGEST_NUMBER = 19  # more digits than this may not fit into the database's largest whole number


class AreaForm(Form):
    """The part every area shares: the generation the person saw, and why they change something."""

    seen = HiddenField()
    reason = StringField("Reason", [Length(max=200)], description="For the history; leave it empty for small changes.")

    def values(self, settings: Sequence[AnySetting]) -> dict[str, Any]:
        """The values entered, by key. A text its kind refuses becomes an error of its field."""
        found = {}
        for setting in settings:
            field = self[setting.field]
            try:
                found[setting.key] = setting.kind.parse(entered(field))
            except Refused as refused:
                self.blame(setting, str(refused))
        return found

    def generation(self) -> int:
        """The generation the person saw; without one the oldest, so that nothing is overwritten."""
        seen = self.seen.data or ""
        return int(seen) if seen.isdecimal() and len(seen) < LONGEST_NUMBER else 0

    def blame(self, setting: AnySetting, message: str) -> None:
        """Puts an error beside the field of a setting; a locked one has none, so the form as a whole takes it."""
        here = setting.field in self
        field = self[setting.field] if here else self.reason
        said = message if here else f"{setting.label} is locked. {message}"
        field.errors = [*field.errors, said]


def entered(field: Field) -> str:
    """What the person entered, as the text a kind parses."""
    if isinstance(field, BooleanField):
        return "on" if field.data else "off"
    if isinstance(field, SelectMultipleField):
        return ",".join(field.data or ())
    return cast("str", field.raw_data[0] if field.raw_data else "")


class SwitchForm(Form):
    """Stops or starts sending; why is asked, because everybody will ask it."""

    reason = StringField(
        "Reason",
        [InputRequired("Enter why, in a few words."), Length(max=200)],
        description="Stands in the history of this setting and in the audit log.",
    )


def area_form(shown: Sequence[Shown], generation: int) -> AreaForm:
    """The form of these settings, filled with their present values; locked ones have no field."""
    fields = {one.setting.field: _field(one.setting) for one in shown if not one.locked}
    made = type("FilledAreaForm", (AreaForm,), fields)
    data = {one.setting.field: _data(one) for one in shown if not one.locked}
    return cast("AreaForm", made(data={**data, "seen": str(generation)}))


def _field(setting: AnySetting) -> Field:
    return _MAKERS.get(type(setting.kind), _line)(setting)


def _line(setting: AnySetting) -> Field:
    mode = {"inputmode": "numeric"} if isinstance(setting.kind, Integer) else {}
    return StringField(setting.label, description=setting.help, render_kw=mode)


def _text(setting: AnySetting) -> Field:
    made = TextAreaField if cast("Text", setting.kind).lines else StringField
    return made(setting.label, description=setting.help)


def _boolean(setting: AnySetting) -> Field:
    return BooleanField(setting.label, description=setting.help)


def _time(setting: AnySetting) -> Field:
    return StringField(setting.label, description=setting.help, widget=TimeInput())


def _choice(setting: AnySetting) -> Field:
    choices = dict(cast("Choice", setting.kind).options)
    return SelectField(setting.label, description=setting.help, choices=choices, validate_choice=False)


def _zone(setting: AnySetting) -> Field:
    return SelectField(setting.label, description=setting.help, choices=zone_names(), validate_choice=False)


def _several(setting: AnySetting) -> Field:
    return SelectMultipleField(
        setting.label,
        description=setting.help,
        choices=dict(cast("Several", setting.kind).options),
        validate_choice=False,
        option_widget=CheckboxInput(),
    )


_MAKERS: dict[type, Callable[[AnySetting], Field]] = {
    Text: _text,
    Boolean: _boolean,
    TimeOfDay: _time,
    Choice: _choice,
    TimeZone: _zone,
    Several: _several,
}


def _data(one: Shown) -> Any:
    if isinstance(one.setting.kind, Boolean):
        return one.value
    return list(one.value) if isinstance(one.setting.kind, Several) else one.text
