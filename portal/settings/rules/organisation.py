"""Settings about the organisation: what recipients and pages are told about who writes."""

from portal.settings.rules.countries import countries
from portal.settings.rules.setting import Area, Environment, Setting
from portal.settings.rules.times import TimeZone
from portal.settings.rules.words import Choice, Text

NAME: Setting[str] = Setting(
    key="organisation.name",
    area=Area.ORGANISATION,
    kind=Text(longest=120, required=True),
    default="Your organisation",
    label="Name",
    help="Stands in the footer of every message and on the pages your clients see.",
    source="Laws on commercial messages ask that the sender can be recognised.",
    environment=Environment("general", ("organisation",), str),
)
POSTAL_ADDRESS: Setting[str] = Setting(
    key="organisation.postal_address",
    area=Area.ORGANISATION,
    kind=Text(longest=400, lines=True),
    default="",
    label="Postal address",
    help="Stands in the footer of marketing email. While it is empty, marketing email is refused.",
    source="CAN-SPAM 15 U.S.C. 7704(a)(5): a valid physical postal address.",
)
SECURITY_CONTACT: Setting[str] = Setting(
    key="organisation.security_contact",
    area=Area.ORGANISATION,
    kind=Text(longest=200),
    default="",
    label="Security contact",
    help="An email address or web page. Stands in /.well-known/security.txt and beside the sign-ins of staff.",
    source="Your own choice.",
    environment=Environment("general", ("security_contact",), str),
)
TIME_ZONE: Setting[str] = Setting(
    key="organisation.time_zone",
    area=Area.ORGANISATION,
    kind=TimeZone(),
    default="UTC",
    label="Time zone",
    help="Used for staff without a zone of their own, for daily limits and for clients whose zone is unknown.",
    source="Your own choice.",
    environment=Environment("general", ("time_zone",), str),
)
COUNTRY: Setting[str] = Setting(
    key="organisation.country",
    area=Area.ORGANISATION,
    kind=Choice((("", "None"), *countries().items())),
    default="",
    label="Country of phone numbers",
    help="A number typed without a country code is read as one of this country, unless the client's says otherwise.",
    source="Your own choice.",
)
