"""What the settings show on pages below: their line in the side navigation."""

from flask import Flask

from portal.web.access import Permission
from portal.web.slots import NAVIGATION, NavigationEntry

ENTRY = NavigationEntry(
    endpoint="settings.index",
    label="Settings",
    icon="settings",
    permission=Permission.SETTINGS_VIEW,
    group="Operate",
    order=190,
    key="s",
)


def fill(app: Flask) -> None:
    """Puts the settings into the navigation."""
    NAVIGATION.fill(app, lambda: [ENTRY])
