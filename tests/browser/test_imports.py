"""A file of clients in a browser, from choosing it to what became of it; on a large screen and on a phone."""

import pytest
from portal.db import transaction
from portal.imports.models import ClientImport
from portal.imports.operations import work_on
from sqlalchemy import select

from tests.fixtures.people import make_person, sign_in_browser

LINES = ["Kunde;E-Mail;Handy;Land", *[f"Person {n};p{n}@harbour.example;0151 234567{n:02};DE" for n in range(20)]]
SIZES = [{"width": 1360, "height": 860}, {"width": 390, "height": 844}]


def work(app) -> None:
    """What the worker does."""
    with app.app_context():
        with transaction() as session:
            import_id = session.scalars(select(ClientImport.id)).one()
        work_on(import_id, float("inf"))


@pytest.mark.parametrize("size", SIZES)
def test_a_file_is_mapped_checked_and_imported(own_app, live_server, page, axe, tmp_path, size):
    file = tmp_path / "kunden.csv"
    file.write_text("\n".join([*LINES, "Nobody;nowhere;;DE"]), encoding="utf-8")
    sign_in_browser(page.context, own_app, live_server, make_person(own_app, "compliance_officer"))
    page.set_viewport_size(size)
    page.goto(f"{live_server}/clients")
    page.get_by_role("main").get_by_role("link", name="Import").click()
    axe(page)
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload file").click()
    page.get_by_role("heading", name="Map columns").wait_for()
    axe(page)
    assert page.get_by_label("Handy").input_value() == "phone"
    page.get_by_role("button", name="Check 21 rows").click()
    page.get_by_text("Waiting for a worker.").wait_for()
    axe(page)
    work(own_app)
    # The page asks again by itself.
    page.get_by_role("button", name="Import 20 good rows").wait_for()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Show all").click()
    page.get_by_role("heading", name="Rows with problems").wait_for()
    axe(page)
    page.go_back()
    page.get_by_role("button", name="Import 20 good rows").click()
    page.get_by_role("heading", name="Importing clients").wait_for()
    work(own_app)
    page.get_by_text("20 clients were imported.").wait_for()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
