"""What staff type about topics, wordings, consents, withdrawals and the suppression list."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    FileField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NoneOf, Optional

from portal.clients.rules import LANGUAGES
from portal.consent.models import Happening, Method
from portal.consent.queries import latest_wordings, list_topics
from portal.consent.rules.suppression import DEMO_SOURCE, LIST_REASONS, ORIGINS, REASONS, SCOPES, TYPED_REASONS
from portal.consent.rules.upload import MOST_ADDRESSES, checked_address
from portal.consent.rules.words import BASES_IN_WORDS, CHANNELS, CLASSES
from portal.crypto.blind_index import NotAnAddress
from portal.db import utc_now
from portal.web.forms import Form
from portal.web.times import reader_zone

LONGEST_NAME = 80
LONGEST_TEXT = 2000
TOLD: Mapping[str, str] = {
    Method.SPOKEN: "By word of mouth, such as a telephone call",
    Method.PAPER: "On paper",
    Method.FORM: "On a form",
    Method.STAFF: "By message to us",
}

SAID: Mapping[str, str] = {
    Happening.WITHDRAWN: "They want no more of it",
    Happening.REFUSED: "They were asked and said no",
}


def choices(words: Mapping[str, str]) -> list[SelectChoice]:
    """One choice for each word."""
    return [SelectChoice(str(value), label) for value, label in words.items()]


def at_most(letters: int) -> Length:
    """Refuses longer texts, in words."""
    return Length(max=letters, message=f"Say it in at most {letters} letters")


class MomentField(DateTimeLocalField):  # type: ignore[misc]
    """A date and a time, on the reader's clock."""

    def process_formdata(self, valuelist: Any) -> None:
        """Says in words what is missing."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter a date and a time, such as 2026-03-12T14:30") from None

    @property
    def moment(self) -> datetime | None:
        """The moment itself; None where nothing was typed."""
        return self.data.replace(tzinfo=reader_zone()) if self.data else None


class TopicForm(Form):
    """A new topic."""

    name = StringField(
        "Name",
        [DataRequired("Enter a name that clients understand"), at_most(LONGEST_NAME)],
        description="Clients read it on the unsubscribe page: News and offers.",
    )
    description = StringField("What is sent, and how often?", [at_most(200)], description="Optional.")
    topic_class = SelectField("Class", choices=choices(CLASSES), description="Marketing always needs consent.")
    legal_basis = SelectField("Legal basis", choices=choices(BASES_IN_WORDS), description="What allows you to write.")


class TopicChangeForm(Form):
    """What of a topic can be changed; its class and what it rests on cannot."""

    name = StringField("Name", [DataRequired("Enter a name that clients understand"), at_most(LONGEST_NAME)])
    description = StringField("What is sent, and how often?", [at_most(200)], description="Optional.")
    double_opt_in = BooleanField("Clients confirm from their own address before anything is sent (double opt-in)")
    cap_messages = IntegerField(
        "At most so many messages to one client", [Optional()], description="For marketing. Empty: no limit."
    )
    cap_days = IntegerField("In so many days", [Optional()], description="Any days in a row, not calendar weeks.")


class WordingForm(Form):
    """The next version of a wording."""

    language = SelectField("Language", choices=choices(LANGUAGES))
    text = TextAreaField(
        "Wording",
        [DataRequired("Enter the words that people read before they agree"), at_most(LONGEST_TEXT)],
        description="Exactly as it stands on the form or is read out. It is never edited: a change is a new version.",
    )


class PlaceForm(Form):
    """A topic and a channel."""

    topic = SelectField("Topic", validators=[DataRequired("Choose a topic")])
    channel = SelectField("Channel", choices=choices(CHANNELS))

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.topic.choices = [SelectChoice(str(topic.id), topic.name) for topic in list_topics()]


class ConsentForm(PlaceForm):
    """A consent that somebody gave, with its proof."""

    wording = SelectField("Which wording did they read or hear?", description="The newest version of each language.")
    method = SelectField("How did they agree?", choices=choices(TOLD))
    given_at = MomentField(
        "When did they agree?",
        [Optional()],
        description="Empty: just now. After a withdrawal, only what they agreed to later counts.",
    )
    ends_on = DateField(
        "Until when does it hold?", [Optional()], description="Empty: until they withdraw. The day itself is included."
    )
    evidence = StringField(
        "Where is the proof?",
        [DataRequired("Say where the proof is"), at_most(LONGEST_TEXT)],
        description="For example: call of 3 March, note 118. It is encrypted and shown to nobody without a purpose.",
    )

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        names = {topic.id: topic.name for topic in list_topics()}
        self.wording.choices = [
            SelectChoice("", "None: the topic rests on something else"),
            *(
                SelectChoice(str(one.id), f"{names[one.topic_id]}, {LANGUAGES[one.language]}, version {one.version}")
                for one in latest_wordings()
            ),
        ]


class WithdrawalForm(PlaceForm):
    """A withdrawal or a refusal that somebody told us."""

    said = SelectField("What did they say?", choices=choices(SAID), default=Happening.WITHDRAWN)
    evidence = StringField(
        "How did they say so?",
        [DataRequired("Say how they told you"), at_most(LONGEST_TEXT)],
        description="For example: called on 3 March. It is encrypted and shown to nobody without a purpose.",
    )


SOURCE = [DataRequired("Say where this comes from"), at_most(200), NoneOf([DEMO_SOURCE], "Say it in more words")]
SOURCE_HINT = "For example: call of 3 March, note 118. Never an address: it stays on the list."


class AddressForm(Form):
    """One address on one channel, to look it up."""

    channel = SelectField("Channel", choices=choices(CHANNELS))
    address = StringField(
        "Address",
        [DataRequired("Enter a whole email address or telephone number")],
        description="The whole address. Telephone numbers start with + and their country code.",
    )

    def validate_address(self, field: Field) -> None:
        """Only whole addresses can be found, and one alone."""
        try:
            checked_address(self.channel.data or "", field.data or "")
        except NotAnAddress as problem:
            raise ValidationError(str(problem)) from None


class SuppressionForm(AddressForm):
    """One address to block."""

    reason = SelectField("Why?", choices=choices(TYPED_REASONS))
    scope = SelectField("What is stopped?", choices=choices(SCOPES))
    source = StringField("Where does this come from?", SOURCE, description=SOURCE_HINT)


class ListForm(Form):
    """A file of addresses to block."""

    file = FileField(
        "File",
        description=f"CSV or text in UTF-8, one address in each line, at most {MOST_ADDRESSES:,} and 1 MB.",
    )
    channel = SelectField("Channel", choices=choices(CHANNELS))
    reason = SelectField("Why?", choices=choices(LIST_REASONS))
    scope = SelectField("What is stopped?", choices=choices(SCOPES))
    source = StringField("Where does this list come from?", SOURCE, description=SOURCE_HINT)

    def validate_file(self, field: Field) -> None:
        """A file has to be there."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError("Choose a file")


class WhyForm(Form):
    """Why an entry should go, or stay."""

    why = StringField("Why?", [DataRequired("Say why"), at_most(400)], description="It stays in the log. No addresses.")


class EntryFilterForm(Form):
    """What the list is narrowed to; read from the address."""

    class Meta(Form.Meta):
        csrf = False

    channel = SelectField("Channel", choices=[SelectChoice("", "All channels"), *choices(CHANNELS)], default="")
    reason = SelectField("Reason", choices=[SelectChoice("", "All reasons"), *choices(REASONS)], default="")
    origin = SelectField("Said by", choices=[SelectChoice("", "Everybody"), *choices(ORIGINS)], default="")

    def chosen(self) -> dict[str, str]:
        """What was chosen, for links; what is no choice is dropped."""
        values = {"channel": self.channel, "reason": self.reason, "origin": self.origin}
        offered = {name: {choice.value for choice in field.choices} for name, field in values.items()}
        return {name: field.data for name, field in values.items() if field.data and field.data in offered[name]}


class MomentForm(Form):
    """The moment of which the ledger is asked."""

    class Meta(Form.Meta):
        """Asks only, so it stands in the address."""

        csrf = False

    at = MomentField("When?", [Optional()], description="On your clock.")

    def validate_at(self, field: Field) -> None:
        """Nobody knows yet what will be."""
        if isinstance(field, MomentField) and field.moment and field.moment > utc_now():
            raise ValidationError("Choose a moment that has passed")
