"""How often, when and in which language: what a person types about it, with labels in the language of the page."""

from wtforms import Form, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from portal.clients.models import Frequency
from portal.clients.rules.wishes import Preference, PreferenceChange
from portal.preferences.rules.languages import Language, languages
from portal.preferences.rules.tongues import OWN_NAMES


class WishesForm(Form):  # type: ignore[misc]
    """
    The wishes of one person. It has no CSRF token of its own: the link in the address is the proof.

    Call speak() before it is validated or shown.
    """

    frequency = SelectField()
    first = SelectField()
    contact_from = TimeField(validators=[Optional()])
    contact_until = TimeField(validators=[Optional()])
    language = SelectField()

    def speak(self, t: Language, channels: list[str], own_language: str) -> None:
        """Puts labels and choices into the language of the page."""
        if len(channels) == 1:
            del self.first
        for name in ("frequency", "first", "language"):
            if name in self:
                self[name].label.text = t.texts[f"wishes.{name}"]
        self.contact_from.label.text, self.contact_until.label.text = t.texts["wishes.from"], t.texts["wishes.until"]
        self.frequency.choices = [SelectChoice(str(one), t.texts[f"wishes.{one}"]) for one in Frequency]
        if "first" in self:
            ways = [SelectChoice(channel, t.texts[f"channel.{channel}"]) for channel in channels]
            self.first.choices = [SelectChoice("", t.texts["wishes.any"]), *ways]
        spoken = {code: one.name for code, one in languages().items()}
        if own_language not in spoken:
            spoken = {own_language: OWN_NAMES.get(own_language, own_language), **spoken}
        self.language.choices = [SelectChoice(code, name) for code, name in spoken.items()]

    def is_sound(self, t: Language) -> bool:
        """Whether the wishes can be kept; else each problem stands at its field, in the language of the page."""
        sound = bool(self.validate())
        hours = (self.contact_from, self.contact_until)
        for field in hours:
            if field.errors:
                field.errors = [t.texts["wishes.no_time"]]
        if not sound:
            return False
        if (hours[0].data is None) != (hours[1].data is None):
            hours[0].errors = [t.texts["wishes.both_hours"]]
        elif hours[0].data is not None and hours[0].data == hours[1].data:
            hours[0].errors = [t.texts["wishes.two_hours"]]
        return not hours[0].errors

    def change(self, before: Preference) -> PreferenceChange:
        """What the person wishes from now on; the channels after the first keep their order."""
        order = before.channel_order
        if "first" in self:
            first = self.first.data
            order = (first, *(one for one in before.channel_order if one != first)) if first else ()
        hours = self.contact_from.data, self.contact_until.data
        return PreferenceChange(order, *hours, Frequency(self.frequency.data), self.language.data)


def wishes_of(before: Preference, language: str) -> dict[str, object]:
    """The wishes as they stand, for the fields of the form."""
    return {
        "frequency": str(before.frequency),
        "first": before.channel_order[0] if before.channel_order else "",
        "contact_from": before.contact_from,
        "contact_until": before.contact_until,
        "language": language,
    }


def is_different(change: PreferenceChange, before: Preference, language: str) -> bool:
    """Whether anything would change."""
    after = Preference(change.channel_order, change.contact_from, change.contact_until, change.frequency)
    return after != before or change.language != language
