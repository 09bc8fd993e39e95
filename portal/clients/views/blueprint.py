"""The blueprint of the client pages, the filters their templates use, and what every view begins with."""

import uuid

from flask import Blueprint, abort

from portal.clients.models import Client, ClientState
from portal.clients.queries import find_client
from portal.clients.rules import client_number, mask_address, mask_name, readable
from portal.clients.rules.words import CHANNELS, KINDS

blueprint = Blueprint("clients", __name__, url_prefix="/clients")
for name, shown in (
    ("client_number", client_number),
    ("mask_name", mask_name),
    ("mask_address", mask_address),
    ("readable_address", readable),
    ("channel_name", lambda channel: CHANNELS[channel]),
    ("point_kind", lambda kind: KINDS[kind]),
):
    blueprint.add_app_template_filter(shown, name)


def known(client_id: uuid.UUID) -> Client:
    """The client of this address, or the page that says there is no such page."""
    return find_client(client_id) or abort(404)


def changeable(client_id: uuid.UUID) -> Client:
    """The same; of a client who was erased nothing can be changed, so there is no such page either."""
    client = known(client_id)
    if client.state in {ClientState.ERASED, ClientState.ERASING}:
        abort(404)
    return client
