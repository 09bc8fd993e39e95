"""What analytics shows elsewhere: its line in the navigation."""

from flask import Flask

from portal.web.permissions import Permission
from portal.web.slots import NAVIGATION, NavigationEntry

ENTRY = NavigationEntry(
    endpoint="analytics.opt_outs",
    label="Opt-outs",
    icon="chart",
    permission=Permission.ANALYTICS_VIEW,
    group="Compliance",
    order=115,
)


def fill(app: Flask) -> None:
    """Fills the slot."""
    NAVIGATION.fill(app, lambda: [ENTRY])
