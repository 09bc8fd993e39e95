"""The blueprint of the client pages, and the filters their templates use."""

from flask import Blueprint

from portal.clients.rules import client_number, mask_address, mask_name, readable_address

blueprint = Blueprint("clients", __name__, url_prefix="/clients")
for name, shown in (
    ("client_number", client_number),
    ("mask_name", mask_name),
    ("mask_address", mask_address),
    ("readable_address", readable_address),
):
    blueprint.add_app_template_filter(shown, name)
