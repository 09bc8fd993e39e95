"""What message templates show on pages below: their line in the side navigation."""

from flask import Flask

from portal.web.access import Permission
from portal.web.slots import NAVIGATION, NavigationEntry

ENTRY = NavigationEntry(
    endpoint="message_templates.index",
    label="Templates",
    icon="template",
    permission=Permission.TEMPLATE_VIEW,
    order=40,
    key="t",
)


def fill(app: Flask) -> None:
    """Puts the templates into the navigation."""
    NAVIGATION.fill(app, lambda: [ENTRY])
