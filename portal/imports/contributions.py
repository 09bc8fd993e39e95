"""What imports show elsewhere: the way to them from the list of clients."""

from flask import Flask, url_for

from portal.web.access import Permission
from portal.web.slots import CLIENTS_ACTIONS, ClientAction


def fill(app: Flask) -> None:
    """Fills the slots."""
    CLIENTS_ACTIONS.fill(app, actions)


def actions() -> list[ClientAction]:
    """The way to a file of clients."""
    return [ClientAction("Import", url_for("imports.index"), "upload", Permission.CLIENT_IMPORT)]
