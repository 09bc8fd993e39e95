"""The filter above the log and the form of an export."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from wtforms import IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from portal.audit.queries import Choices, Filter
from portal.audit.rules.text import holds_identifier
from portal.web.actor import ActorKind
from portal.web.forms import Form

PERIODS = {
    "24h": ("Last 24 hours", timedelta(hours=24)),
    "7d": ("Last 7 days", timedelta(days=7)),
    "30d": ("Last 30 days", timedelta(days=30)),
    "90d": ("Last 90 days", timedelta(days=90)),
    "365d": ("Last 12 months", timedelta(days=365)),
    "all": ("From the beginning", None),
}
OFFERED_PERIODS = [SelectChoice(key, text) for key, (text, _) in PERIODS.items()]
KINDS = {
    ActorKind.SYSTEM: "System",
    ActorKind.COMMAND: "Command line",
    ActorKind.API: "Programs",
    ActorKind.CLIENT: "Clients",
    ActorKind.ANONYMOUS: "Nobody signed in",
}
PURPOSES = ("Regular check", "Incident", "Request of a client", "Request of an authority", "Audit from outside")


LAST_POSSIBLE = 2**63 - 1
REACH = NumberRange(1, LAST_POSSIBLE, "Enter the number of an entry, from 1.")


def entry_number(text: str) -> int:
    """The number of an entry as an address holds it; a ValueError for what no entry can have."""
    number = int(text)
    if not 1 <= number <= LAST_POSSIBLE:
        raise ValueError(f"{number} is no number of an entry.")
    return number


class FilterForm(Form):
    """Which entries to show; read from the address, so that it can be kept and sent to a colleague."""

    class Meta(Form.Meta):
        csrf = False

    actor = SelectField("Actor", validate_choice=False, default="")
    action = SelectField("Action", validate_choice=False, default="")
    thing = StringField("Object or client id", validators=[Length(max=100)], render_kw={"placeholder": "PR-2026-0142"})
    period = SelectField(
        "Period", choices=[SelectChoice(key, text) for key, (text, _) in PERIODS.items()], default="30d"
    )

    def validate_thing(self, field: Any) -> None:
        """Addresses do not belong into a URL, and the log holds none anyway."""
        if field.data and holds_identifier(field.data):
            raise ValidationError("Enter an id. The log holds no email addresses or telephone numbers.")

    def offer(self, choices: Choices) -> None:
        """Fills the lists with what the log has seen."""
        kinds = [(str(kind), text) for kind, text in KINDS.items()]
        actors = [("", "Anyone"), *kinds, *choices.actors]
        actions = [("", "Any action"), *((action, action) for action in choices.actions)]
        self.actor.choices = [SelectChoice(*pair) for pair in actors]
        self.action.choices = [SelectChoice(*pair) for pair in actions]

    def wanted(self, now: datetime) -> Filter:
        """The filter as queries take it; an actor that is neither an id nor a kind finds nothing."""
        chosen = self.actor.data or ""
        known = _uuid(chosen)
        length = PERIODS[self.period.data][1]
        return Filter(
            actor_id=known,
            actor_kind="" if known else chosen,
            action=self.action.data or "",
            thing=self.thing.data or "",
            since=now - length if length else None,
        )

    def address(self) -> dict[str, str]:
        """What differs from the plain page, for links."""
        values = {"actor": self.actor.data, "action": self.action.data, "thing": self.thing.data}
        kept = {name: value for name, value in values.items() if value}
        return kept if self.period.data == self.period.default else {**kept, "period": self.period.data}


class ExportForm(Form):
    """Which entries to hand out, and what for."""

    first = IntegerField("First entry", validators=[InputRequired("Enter the first entry."), REACH], default=1)
    last = IntegerField("Last entry", validators=[Optional(), REACH], description="Empty: to the end.")
    purpose = SelectField("Purpose", choices=[SelectChoice(text, text) for text in PURPOSES])

    def validate_last(self, field: Any) -> None:
        """The range must not run backwards."""
        if field.data is not None and self.first.data is not None and field.data < self.first.data:
            raise ValidationError("Enter a last entry that is not before the first.")


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
