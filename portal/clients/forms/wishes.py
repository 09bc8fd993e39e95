"""How a client wants to be written to, as staff write it down for them."""

from datetime import time
from typing import Any

from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.widgets import TimeInput

from portal.clients.forms.checks import language_choices
from portal.clients.models import Frequency
from portal.clients.rules import UNKNOWN_LANGUAGE, Preference, PreferenceChange, WishRefused
from portal.clients.rules.wishes import require_wishes_hold
from portal.clients.rules.words import CHANNELS, FREQUENCIES
from portal.web.forms import Form


def is_time(_form: Form, field: Field) -> None:
    """Refuses what is no time of day."""
    try:
        as_time(field.data)
    except ValueError:
        raise ValidationError("Enter a time such as 18:30, or nothing") from None


def as_time(text: str | None) -> time | None:
    """The time of day in the text; raises ValueError for what is none."""
    return time.fromisoformat(text) if text else None


def channel_choices() -> dict[str, str]:
    """The channels, after the choice of none."""
    return {"": "No wish"} | {str(channel): word for channel, word in CHANNELS.items()}


class PreferenceForm(Form):
    """Channels in their order, hours, frequency and language."""

    first = SelectField("First choice", choices=channel_choices, default="")
    second = SelectField("Second choice", choices=channel_choices, default="")
    third = SelectField("Third choice", choices=channel_choices, default="")
    contact_from = StringField(
        "Not before", [is_time], widget=TimeInput(), description="In the client's own time zone. Empty: at any hour."
    )
    contact_until = StringField(
        "Not after", [is_time], widget=TimeInput(), description="May lie on the next morning. Empty: at any hour."
    )
    frequency = SelectField("How often", default="every", choices={str(key): word for key, word in FREQUENCIES.items()})
    language = SelectField("Language", choices=language_choices, default=UNKNOWN_LANGUAGE)

    def change(self) -> PreferenceChange:
        """The wishes that were entered."""
        order = [field.data for field in (self.first, self.second, self.third) if field.data]
        hours = as_time(self.contact_from.data), as_time(self.contact_until.data)
        return PreferenceChange(tuple(order), *hours, Frequency(self.frequency.data), self.language.data)

    def validate(self, *args: Any, **options: Any) -> bool:
        """Each field alone, and then whether the wishes contradict themselves."""
        if not super().validate(*args, **options):
            return False
        try:
            require_wishes_hold(self.change())
        except WishRefused as problem:
            self.contact_until.errors = [str(problem)]
        return not self.contact_until.errors


def filled(preference: Preference, language: str) -> PreferenceForm:
    """The form with what the client wishes now."""
    first, second, third = (*preference.channel_order, "", "", "")[:3]
    ends = [f"{moment:%H:%M}" if moment else "" for moment in (preference.contact_from, preference.contact_until)]
    said = {"first": first, "second": second, "third": third, "contact_from": ends[0], "contact_until": ends[1]}
    return PreferenceForm(formdata=None, frequency=str(preference.frequency), language=language, **said)
