"""What staff type about clients, with the words for what is wrong."""

from zoneinfo import available_timezones

from wtforms import EmailField, Field, SearchField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.clients.rules import LANGUAGES, NotAName, NotMailable, clean_name, countries, mailable, read_number
from portal.crypto.blind_index import NotAnAddress, normalise_email
from portal.web.forms import Form

LONGEST_PURPOSE = 200


def is_name(_form: Form, field: Field) -> None:
    """Refuses what cannot be a name."""
    try:
        clean_name(field.data or "")
    except NotAName as problem:
        raise ValidationError(str(problem)) from None


def is_mailable(_form: Form, field: Field) -> None:
    """Refuses what no message can be sent to."""
    try:
        mailable(field.data or "")
    except NotMailable as problem:
        raise ValidationError(str(problem)) from None


def is_whole(_form: Form, field: Field) -> None:
    """Refuses part of an address: only whole ones can be found."""
    try:
        if read_number(field.data or "") is None:
            normalise_email(field.data or "")
    except NotAnAddress:
        raise ValidationError("Enter a whole email address, or a client number such as C-000123") from None


def country_choices() -> list[SelectChoice]:
    """Every country by name, after the choice of none."""
    return [SelectChoice("", "Not known"), *(SelectChoice(code, name) for code, name in countries().items())]


class SearchForm(Form):
    """Finds one client."""

    term = SearchField("Find a client", [DataRequired("Enter an email address or a client number"), is_whole])


class NewClientForm(Form):
    """A person we will write to."""

    full_name = StringField("Name", [DataRequired("Enter the person's name"), is_name])
    email = EmailField("Email", [DataRequired("Enter the person's email address"), is_mailable])
    language = SelectField("Language", choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()])
    country = SelectField("Country", choices=country_choices)
    time_zone = SelectField("Time zone", choices=sorted(available_timezones()))


class RevealForm(Form):
    """Why somebody needs to see a client's data; the reason is kept for ever."""

    purpose = StringField(
        "What do you need it for?",
        [
            DataRequired("Say what you need it for"),
            Length(max=LONGEST_PURPOSE, message=f"Say it in at most {LONGEST_PURPOSE} letters"),
        ],
        description="For example: the client called about a booking. It is kept in the audit log under your name.",
    )
