"""Fixtures of the floor's own tests."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.fixtures.database import app_on, cloned
from tests.web.site import extend


@pytest.fixture(scope="package")
def site(redis_url: str) -> Iterator[Flask]:
    """A portal with the routes and people of tests/web/site.py."""
    with cloned() as database, app_on(database, REDIS_URL=redis_url, ORGANISATION_NAME="Tidewell Events") as app:
        extend(app)
        yield app


@pytest.fixture
def visitor(site: Flask) -> FlaskClient:
    """A browser of somebody who is not signed in."""
    return site.test_client()


@pytest.fixture
def person(site: Flask):
    """Makes a browser of one of the people of tests/web/site.py, by name."""

    def sign_in(name: str) -> FlaskClient:
        client = site.test_client()
        client.set_cookie("person", name)
        return client

    return sign_in


@pytest.fixture
def token():
    """Reads the CSRF token a browser was given."""

    def read(client: FlaskClient) -> str:
        page = client.get("/gallery").text
        return page.split('name="csrf-token" content="')[1].split('"')[0]

    return read
