"""Adding and changing a client."""

import uuid

from wtforms import HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from portal.clients.forms.checks import (
    are_attributes,
    country_choices,
    is_name,
    is_point,
    language_choices,
    owner_choices,
    zone_choices,
)
from portal.clients.models import Channel
from portal.clients.rules.attributes import read_lines
from portal.clients.rules.facts import Details
from portal.web.forms import Form

ATTRIBUTES = "One on each line: a name, a colon and a value, such as shoe size: 42."


class ClientForm(Form):
    """What is asked of a client, new or known."""

    language = SelectField("Language", choices=language_choices, description="In which we write to them.")
    country = SelectField("Country", default="", choices=country_choices, description="Where they live.")
    time_zone = SelectField("Time zone", default="", choices=zone_choices, description="Quiet hours follow it.")
    owner = SelectField("Looked after by", default="", choices=owner_choices, description="A member of staff.")
    department = StringField("Department", [Length(max=80, message="Use at most 80 letters")])
    attributes = TextAreaField("Attributes", [are_attributes], description=ATTRIBUTES)

    def details(self) -> Details:
        """What was entered besides name, addresses, language, zone and country."""
        owner = uuid.UUID(self.owner.data) if self.owner.data else None
        return Details(owner, self.department.data or "", read_lines(self.attributes.data or ""))


class NewClientForm(ClientForm):
    """A person we will write to, with at least one address."""

    full_name = StringField("Name", [DataRequired("Enter the person's name"), is_name])
    email = StringField("Email", [is_point(Channel.EMAIL)])
    sms = StringField("SMS number", [is_point(Channel.SMS)])
    whatsapp = StringField("WhatsApp number or identity", [is_point(Channel.WHATSAPP)])

    def validate_email(self, field: StringField) -> None:
        """Refuses a client whom nobody could write to."""
        if not (field.data or self.sms.data or self.whatsapp.data):
            raise ValidationError("Enter the person's email address or a phone number")


class ClientChangeForm(ClientForm):
    """A known client. The name is not shown, so an empty field keeps it."""

    seen = HiddenField()
    full_name = StringField("Name", [is_name])
