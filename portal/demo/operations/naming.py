"""The company's name and address, where staff have not chosen words of their own."""

from portal.db import db
from portal.demo.operations.people import ZONE
from portal.settings.operations import save
from portal.settings.queries import list_settings
from portal.settings.rules import organisation
from portal.web.actor import Actor

COMPANY = {
    organisation.NAME: "Tidewell",
    organisation.POSTAL_ADDRESS: "Tidewell Ltd\n4 Harbour Steps\nPort Ellory PE1 0ZZ",
    organisation.SECURITY_CONTACT: "security@tidewell.example",
    organisation.TIME_ZONE: ZONE,
}


def name_company(actor: Actor) -> None:
    """Writes the company into settings that still stand at their defaults."""
    known = list_settings(db.session(), list(COMPANY))
    free = [one for one in known if not one.locked and one.value == one.setting.default]
    save({one.setting.key: COMPANY[one.setting] for one in free}, actor)


def unname_company(actor: Actor) -> None:
    """Takes the company's words out of the settings again; what was changed since stays."""
    known = list_settings(db.session(), list(COMPANY))
    ours = [one for one in known if not one.locked and one.value == COMPANY[one.setting]]
    save({one.setting.key: one.setting.default for one in ours}, actor)
