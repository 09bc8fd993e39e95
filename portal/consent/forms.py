"""What staff type about topics, wordings, consents and withdrawals."""

from collections.abc import Mapping
from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.clients.rules import LANGUAGES
from portal.consent.models import Method
from portal.consent.queries import latest_wordings, list_topics
from portal.consent.rules.words import BASES_IN_WORDS, CHANNELS, CLASSES
from portal.web.forms import Form

LONGEST_NAME = 80
LONGEST_TEXT = 2000
TOLD: Mapping[str, str] = {
    Method.SPOKEN: "By word of mouth, such as a telephone call",
    Method.PAPER: "On paper",
    Method.FORM: "On a form",
    Method.STAFF: "By message to us",
}


def choices(words: Mapping[str, str]) -> list[SelectChoice]:
    """One choice for each word."""
    return [SelectChoice(str(value), label) for value, label in words.items()]


def at_most(letters: int) -> Length:
    """Refuses longer texts, in words."""
    return Length(max=letters, message=f"Say it in at most {letters} letters")


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
    """A withdrawal that somebody told us."""

    evidence = StringField(
        "How did they say so?",
        [DataRequired("Say how they told you"), at_most(LONGEST_TEXT)],
        description="For example: called on 3 March. It is encrypted and shown to nobody without a purpose.",
    )
