"""Finding a client, and saying why somebody needs what is sealed or does what has weight."""

from wtforms import Field, SearchField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from portal.clients.forms.checks import LONGEST_PURPOSE, country_choices, region_of
from portal.clients.rules import BadAddress, CountryMissing, is_phone, normalised_phone, read_number
from portal.crypto.blind_index import NotAnAddress, normalise_email
from portal.web.forms import Form

WHOLE = "Enter a whole email address, a whole phone number, or a client number such as C-000123"


def is_whole(form: Form, field: Field) -> None:
    """Refuses part of an address: only whole ones can be found."""
    term = field.data or ""
    try:
        if is_phone(term):
            normalised_phone(term, region_of(form.country.data))
        elif read_number(term) is None:
            normalise_email(term)
    except CountryMissing as problem:
        raise ValidationError(f"{problem} Or select the country of the number.") from None
    except BadAddress as problem:
        raise ValidationError(str(problem)) from None
    except NotAnAddress:
        raise ValidationError(WHOLE) from None


class SearchForm(Form):
    """Finds one client."""

    term = SearchField("Find a client", [DataRequired("Enter an email address, a phone or a client number"), is_whole])
    country = SelectField("Country of the number", default="", choices=country_choices)


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


class ReasonForm(Form):
    """Why something is done that has weight; the reason is kept for ever."""

    reason = StringField(
        "Reason",
        [
            DataRequired("Enter why, in a few words"),
            Length(max=LONGEST_PURPOSE, message=f"Say it in at most {LONGEST_PURPOSE} letters"),
        ],
        description="Kept in the audit log under your name. Do not write names or addresses here.",
    )


class MergeForm(Form):
    """The number of the client who goes, typed, because a merge cannot be undone."""

    number = StringField("Number of the client who goes", [DataRequired("Type the number of the client who goes")])
