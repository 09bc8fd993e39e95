"""Adding and replacing an address of a client."""

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired

from portal.clients.forms.checks import country_choices, require_point
from portal.clients.models import Channel
from portal.clients.rules.words import CHANNELS
from portal.web.forms import Form


class AddressForm(Form):
    """Another address instead of a known one."""

    address = StringField("Address", [DataRequired("Enter the address")])
    country = SelectField(
        "Country of the number",
        default="",
        choices=country_choices,
        description="For a phone number without a country code.",
    )


class PointForm(AddressForm):
    """One more address on a channel."""

    channel = SelectField("Channel", choices={str(channel): word for channel, word in CHANNELS.items()})

    def validate_address(self, field: StringField) -> None:
        """Refuses what is no address of the chosen channel."""
        if field.data and self.channel.data in set(Channel):
            require_point(self.channel.data, field.data, self.country.data)


class ReplacementForm(AddressForm):
    """The new address; the channel is the one of the old address."""

    def __init__(self, channel: str, **options: object) -> None:
        super().__init__(**options)
        self.channel_of_old = channel

    def validate_address(self, field: StringField) -> None:
        """Refuses what is no address of the channel."""
        require_point(self.channel_of_old, field.data, self.country.data)
