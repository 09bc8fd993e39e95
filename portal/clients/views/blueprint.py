"""The blueprint of the client pages, the filters their templates use, and what every view begins with."""

import uuid

from flask import Blueprint, Response, abort

from portal.clients.models import Client, ClientState
from portal.clients.operations import ClientGone, PointUnknown
from portal.clients.queries import find_client
from portal.clients.rules import client_number, mask_address, mask_name, readable
from portal.clients.rules.words import CHANNELS, KINDS
from portal.web.errors import PortalError, on_portal_error

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


@blueprint.errorhandler(ClientGone)
@blueprint.errorhandler(PointUnknown)
def gone_meanwhile(_error: Exception) -> Response:
    """Somebody erased or merged the client, or took the address away, after the page was shown."""
    title, text = "Somebody was faster", "The client or the contact point is not any more as you saw it."
    return on_portal_error(PortalError(409, title, text, "Open the client again and see how things stand now."))


def known(client_id: uuid.UUID) -> Client:
    """The client of this address, or the page that says there is no such page."""
    return find_client(client_id) or abort(404)


def changeable(client_id: uuid.UUID) -> Client:
    """The same; of a client who was erased nothing can be changed, so there is no such page either."""
    client = known(client_id)
    if client.state in {ClientState.ERASED, ClientState.ERASING}:
        abort(404)
    return client
