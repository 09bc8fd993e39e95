"""The forms of message pages: the filter of the list, and one message with the fields its text asks for."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import UUID, Length

from portal.message_templates.rules import Field, Kind, check_values
from portal.messages.queries import Sendable, Wanted
from portal.messages.rules.tabs import PERIODS, Tab
from portal.messages.rules.words import CHANNELS
from portal.web.forms import Form

INPUTS: Mapping[Kind, dict[str, str]] = {
    Kind.DATE: {"type": "date"},
    Kind.URL: {"type": "url", "inputmode": "url"},
    Kind.AMOUNT: {"inputmode": "decimal"},
}


ANY_CHANNEL = [SelectChoice("", "Any channel"), *(SelectChoice(*pair) for pair in CHANNELS.items())]
OFFERED_PERIODS = [SelectChoice(key, label) for key, (label, _) in PERIODS.items()]


class FilterForm(Form):
    """What the list is narrowed to. Its address holds no personal data: there is no search by name here."""

    class Meta(Form.Meta):
        csrf = False

    channel = SelectField("Channel", choices=ANY_CHANNEL)
    template = SelectField("Template", choices=[], validate_choice=False)
    period = SelectField("Period", choices=OFFERED_PERIODS, default="7d")

    def offer(self, templates: Sequence[tuple[uuid.UUID, str]]) -> None:
        """The templates to choose from."""
        pairs = [("", "Any template"), *((str(key), name) for key, name in templates)]
        self.template.choices = [SelectChoice(*pair) for pair in pairs]

    def chosen(self) -> dict[str, Any]:
        """What the address of this list holds besides its tab."""
        return {field.name: field.data for field in self if field.data and field.data != field.default}


class ChoiceForm(Form):
    """Which text is sent."""

    class Meta(Form.Meta):
        csrf = False

    version = SelectField("Message template", choices=[], validators=[UUID("Choose a message template.")])

    def offer(self, sendable: Sequence[Sendable]) -> None:
        """The approved texts, with the topic that decides whether they may go."""
        self.version.choices = [
            SelectChoice(str(one.version.id), f"{one.template.name} ({one.topic.name})") for one in sendable
        ]


class MessageForm(Form):
    """One message. The key makes a form that is sent twice one message."""

    client = HiddenField(validators=[UUID()])
    version = HiddenField(validators=[UUID()])
    key = HiddenField(validators=[Length(1, 60)])

    # The fields that the person who writes fills in; message_form() says which.
    asked: ClassVar[Sequence[Field]] = ()

    def values(self) -> dict[str, str]:
        """What was typed, by the names the text uses."""
        return {field.name: _written(self[_named(field)].data) for field in self.asked}

    def inputs(self) -> list[tuple[Any, dict[str, str]]]:
        """Each field to fill in, with what its kind needs of the control."""
        return [(self[_named(field)], INPUTS.get(field.kind, {})) for field in self.asked]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Also checks each value by the rules of its kind."""
        usable = bool(super().validate(extra_validators))
        values = self.values()
        problems = check_values(values, values)
        problems |= {one.name: missing(one) for one in self.asked if not values[one.name]}
        for name, problem in problems.items():
            self[f"value_{name}"].errors = [problem]
        return usable and not problems


def missing(field: Field) -> str:
    """What to do about an empty field, by its own name, so that the summary of problems tells them apart."""
    return f"Enter a value for “{field.description}”."


def message_form(fields: Sequence[Field]) -> type[MessageForm]:
    """The form of a message whose text asks for these fields."""
    parts: dict[str, Any] = {_named(field): _control(field) for field in fields}
    return type("MessageForm", (MessageForm,), {**parts, "asked": tuple(fields)})


def wanted_of(form: FilterForm, tab: Tab, now: datetime) -> Wanted:
    """The filter as a query takes it; what cannot be read narrows nothing."""
    _, span = PERIODS[form.period.data] if form.period.data in PERIODS else PERIODS["7d"]
    channel = form.channel.data if form.channel.data in CHANNELS else ""
    return Wanted(tab, channel, read_id(form.template.data), now - span if span else None)


def read_id(text: str | None) -> uuid.UUID | None:
    """The id somebody put into an address; None when it is none."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _named(field: Field) -> str:
    return f"value_{field.name}"


def _control(field: Field) -> Any:
    if field.kind is Kind.FLAG:
        return BooleanField(field.description)
    return StringField(field.description, description=f"For example {field.sample}", validators=[Length(max=2000)])


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or ""
