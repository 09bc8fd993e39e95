"""A served portal with the gallery and its people, for tests with a real browser."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.fixtures.database import app_on, cloned
from tests.web.site import extend


@pytest.fixture(scope="package")
def gallery_url(redis_url: str) -> Iterator[str]:
    """The address of a portal with the routes of tests/web/site.py."""
    with cloned() as database, app_on(database, REDIS_URL=redis_url) as app:
        extend(app)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, name="gallery")
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def as_person(page: Page, gallery_url: str):
    """Opens a page as one of the people of tests/web/site.py."""

    def visit(name: str, path: str) -> Page:
        page.context.add_cookies([{"name": "person", "value": name, "url": gallery_url}])
        page.goto(gallery_url + path)
        return page

    return visit
