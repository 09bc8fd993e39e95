"""How tests walk through the door: by the forms a person would use."""

import re

from flask.testing import FlaskClient

from tests.fixtures.people import Person


def token(page: str) -> str:
    """The CSRF token of a page."""
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)[1]


def submit(client: FlaskClient, path: str, source: str = "", **values):
    """Opens the page with the form, fills it in and sends it."""
    page = client.get(source or path).text
    return client.post(path, data={"csrf_token": token(page), **values})


def give_password(client: FlaskClient, person: Person, password: str | None = None, path: str = "/login"):
    """The first step."""
    return submit(client, path, email=person.email, password=password or person.password)


def give_code(client: FlaskClient, code: str, path: str = "/login/verify", **values):
    """The second step."""
    return submit(client, path, code=code, **values)
