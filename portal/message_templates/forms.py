"""The forms of message templates: making one, writing its draft, approving it."""

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from portal.consent.models import Topic
from portal.message_templates.models import Urgency
from portal.message_templates.rules.problems import Part
from portal.message_templates.rules.source import LONGEST
from portal.message_templates.rules.starters import STARTERS
from portal.web.forms import Form

URGENCIES = [SelectChoice(str(urgency), urgency.capitalize()) for urgency in Urgency]
DESKTOP = "desktop"
LOOKS = [SelectChoice(DESKTOP, "Desktop"), SelectChoice("phone", "Phone"), SelectChoice("text", "Plain text")]
BEGINNINGS = [SelectChoice(key, starter.label) for key, starter in STARTERS.items()]
LONGEST_REVISION = 9


def lines(value: str | None) -> str | None:
    """Text as it is kept: line ends of one kind, however the browser sent them."""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "") if value else value


class NewForm(Form):
    """A new template."""

    name = StringField("Name", [InputRequired("Enter a name."), Length(max=120)], description="As colleagues see it.")
    key = StringField(
        "Key",
        [
            InputRequired("Enter a key."),
            Regexp(r"^[a-z][a-z0-9_]{0,59}\Z", message="Use small letters, figures and _, beginning with a letter."),
        ],
        description="Short name for imports and interfaces, like payment_reminder. It stays for good.",
    )
    topic = SelectField("Topic", [InputRequired("Select a topic.")], description="Consent to it decides who gets it.")
    urgency = SelectField("Urgency", choices=URGENCIES, default=str(Urgency.NORMAL))
    starter = RadioField("Begin with", choices=BEGINNINGS, default="booking")

    def offer(self, topics: Sequence[Topic]) -> None:
        """Sets the topics to choose from."""
        self.topic.choices = [SelectChoice(str(topic.id), topic.name) for topic in topics]


class RevisionForm(Form):
    """An act on the draft as the person saw it."""

    revision = HiddenField()

    def seen(self) -> int:
        """The revision the person saw; without a proper one the oldest, so that nothing is overwritten."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_REVISION else 0


class EditForm(RevisionForm):
    """The wording of a draft, and how the preview shows it. It is kept as it is, with its problems."""

    subject = StringField("Subject", [Length(max=LONGEST[Part.SUBJECT])], filters=[lines])
    body = TextAreaField(
        "Message",
        [Length(max=LONGEST[Part.BODY])],
        filters=[lines],
        description="Markdown. Insert a field from the list or type two curly brackets.",
    )
    look = RadioField("Preview as", choices=LOOKS, default=DESKTOP)

    def chosen_look(self) -> str:
        """How the preview is shown; the wide screen where nothing else was chosen."""
        if self.look.data not in {choice.value for choice in LOOKS}:
            self.look.data = DESKTOP
        return str(self.look.data)
