"""The pages of imports, from the file to its report, as a compliance officer uses them."""

import io
import re

import pytest
from portal.audit.models import AuditEntry
from portal.consent.operations import add_wording
from portal.db import db, transaction
from portal.imports.models import ClientImport
from portal.imports.operations import work_on
from portal.imports.queries import find_import
from sqlalchemy import select

from tests.imports.conftest import FOREVER, OFFICER, bring, check, csv_file, how_many, load, make_news, written
from tests.imports.test_files import made_book

PAGE = "/clients/imports"
GOOD = ("Name,Email", "Ana Reis,ana@harbour.example", "Bo Lind,bo@harbour.example")
MIXED = (*GOOD, "Cy,nowhere", "Ana Reis,ANA@harbour.example")


def token(client) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account").text)[1]


def post(client, path, **data):
    return client.post(path, data={"csrf_token": token(client), **data})


def send(client, *lines, name="clients.csv", content=None, **data):
    file = io.BytesIO(content if content is not None else csv_file(*lines).getvalue())
    return post(client, PAGE, file=(file, name), **{"encoding": "detect", **data})


def only_import() -> ClientImport:
    row = db.session.scalars(select(ClientImport)).one()
    return find_import(row.id)


def work() -> None:
    assert not work_on(only_import().id, FOREVER)


@pytest.fixture
def officer(as_compliance_officer):
    return as_compliance_officer


def test_a_file_goes_all_the_way(officer, session):
    answer = send(officer, *GOOD)
    path = answer.location
    page = officer.get(path).text
    assert "clients.csv" in page
    assert "a•••@•••.example" in page
    assert "ana@" not in page
    chosen = {"column-0": "name", "column-1": "email", "region": "", "language": "en"}
    assert post(officer, f"{path}/mapping", **chosen).location == path
    assert "Waiting for a worker" in officer.get(path).text
    work()
    page = officer.get(path).text
    assert "Import 2 clients" in page
    assert how_many() == (0, 0)
    post(officer, f"{path}/confirmation", number="2")
    work()
    assert "2 clients were imported." in officer.get(path).text
    assert how_many() == (2, 2)


def test_rows_with_problems_stay_out_by_the_number_on_the_button(officer, session):
    row = check(load(csv_file(*MIXED)))
    page = officer.get(f"{PAGE}/{row.id}").text
    assert "Import 2 good rows" in page
    assert "2 rows stay out." in page
    assert "Nothing can be sent to this email address" in page
    post(officer, f"{PAGE}/{row.id}/confirmation", number="2", good_rows="y")
    work()
    assert written(only_import()) == {"new": 2}


@pytest.mark.parametrize(
    ("number", "why"), [("1", "The numbers changed since you saw them"), ("2", "Some rows have problems")]
)
def test_what_was_not_seen_is_not_imported(officer, session, number, why):
    row = check(load(csv_file(*MIXED)))
    answer = post(officer, f"{PAGE}/{row.id}/confirmation", number=number)
    assert (answer.status_code, why in answer.text) == (409, True)
    assert only_import().state == "checked"
    assert post(officer, f"{PAGE}/{row.id}/confirmation", number="many").status_code == 422


def test_confirming_twice_is_refused(officer, session):
    row = bring(check(load(csv_file(*GOOD))))
    answer = post(officer, f"{PAGE}/{row.id}/confirmation", number="2")
    assert (answer.status_code, how_many()) == (409, (2, 2))


def test_a_file_with_nothing_new_cannot_be_imported(officer, session):
    bring(check(load(csv_file(*GOOD))))
    row = check(load(csv_file(*GOOD)))
    assert "No row is new or changes a client." in officer.get(f"{PAGE}/{row.id}").text
    assert "nothing to import" in post(officer, f"{PAGE}/{row.id}/confirmation", number="0").text


@pytest.mark.parametrize("state", ["checking", "importing"])
def test_work_shows_how_far_it_is_and_ends_by_itself(officer, session, partial, state):
    row = check(load(csv_file(*GOOD)))
    row.state, row.next_chunk = state, 1
    db.session.commit()
    page = officer.get(f"{PAGE}/{row.id}").text
    assert "2 of 2 rows" in page
    assert 'hx-trigger="every 2s"' in officer.get(f"{PAGE}/{row.id}/progress", headers=partial).text
    assert officer.get(f"{PAGE}/{row.id}/progress").location == f"{PAGE}/{row.id}"
    work_on(row.id, FOREVER)
    ended = officer.get(f"{PAGE}/{row.id}/progress", headers=partial)
    assert (ended.status_code, ended.headers["HX-Redirect"]) == (204, f"{PAGE}/{row.id}")


def test_cancelling_stops_it_and_says_what_stays(officer, session):
    row = check(load(csv_file(*GOOD)))
    answer = post(officer, f"{PAGE}/{row.id}/cancellation")
    page = officer.get(answer.location).text
    assert "The import was cancelled." in page
    assert "Nothing was imported." in page
    post(officer, f"{PAGE}/{row.id}/cancellation")
    entries = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "import.cancelled")).all()
    assert len(entries) == 1


def test_a_mapping_that_misses_something_is_refused_in_words(officer, session):
    path = send(officer, *GOOD).location
    answer = post(officer, f"{path}/mapping", **{"column-0": "", "column-1": "", "region": "", "language": "en"})
    assert answer.status_code == 422
    assert "Choose the column that holds names." in answer.text
    answer = post(officer, f"{path}/mapping", **{"column-0": "nonsense", "column-1": "email", "language": "en"})
    assert (answer.status_code, only_import().state) == (422, "uploaded")


def test_the_mapping_is_remembered_for_files_with_the_same_columns(officer, session):
    check(load(csv_file("Wer,Wohin", "Ana,ana@harbour.example")), targets=["name", "email"])
    row = load(csv_file("wer,WOHIN", "Bo,bo@harbour.example"))
    page = officer.get(f"{PAGE}/{row.id}").text
    assert "As last time." in page
    assert page.count("selected") >= 3


def test_a_remembered_topic_that_is_gone_is_not_offered_again(officer, session):
    row = check(load(csv_file(*GOOD)))
    row.mapping = {**row.mapping, "targets": ["name", "consent:00000000-0000-0000-0000-000000000000:email"]}
    db.session.commit()
    assert officer.get(f"{PAGE}/{row.id}").status_code == 200
    assert officer.get(f"{PAGE}/{row.id}/mapping").status_code == 200


def test_the_mapping_cannot_change_once_it_is_imported(officer, session):
    row = bring(check(load(csv_file(*GOOD))))
    assert officer.get(f"{PAGE}/{row.id}/mapping").status_code == 409
    chosen = {"column-0": "name", "column-1": "email", "region": "", "language": "en"}
    assert post(officer, f"{PAGE}/{row.id}/mapping", **chosen).status_code == 409


def test_a_file_that_is_refused_says_why_and_leaves_nothing(officer, session):
    answer = send(officer, "Name,Name", "a,b")
    assert (answer.status_code, "Columns 1 and 2 have the same name" in answer.text) == (422, True)
    assert db.session.scalars(select(ClientImport)).all() == []
    assert "Choose a file" in post(officer, PAGE, encoding="detect").text


def test_a_workbook_goes_the_same_way(officer, session):
    book = made_book(["Name", "Email"], ["Ana Reis", "ana@harbour.example"])
    page = officer.get(send(officer, name="clients.xlsx", content=book.getvalue()).location).text
    assert "clients.xlsx</code>, 1 row, Excel workbook." in page


def test_a_large_file_arrives_whole(officer, session):
    lines = [f"Person {n},p{n}@harbour.example" for n in range(9_000)]
    send(officer, "Name,Email", *lines)
    assert (only_import().rows, only_import().chunks) == (9_000, 9)


def test_a_huge_file_is_refused_before_it_is_read(officer, session):
    class Endless(io.RawIOBase):
        def readinto(self, buffer):
            raise AssertionError("it was read")

    said = {"CONTENT_LENGTH": "1000000000", "CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Endless()}
    answer = officer.post(PAGE, environ_overrides=said)
    assert answer.status_code == 413
    assert "It has 1,000 MB, and 50 MB are possible here." in answer.text


def test_a_sender_that_keeps_its_size_secret_is_cut_off(officer, session):
    endless = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + b"a,b\n" * 13_000_000
    said = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": io.BytesIO(endless)}
    answer = officer.post(PAGE, environ_overrides={**said, "wsgi.input_terminated": True})
    assert (answer.status_code, how_many()) == (413, (0, 0))


def test_a_form_without_token_keeps_nothing(officer, session):
    answer = officer.post(PAGE, data={"file": (csv_file(*GOOD), "a.csv")})
    assert answer.status_code in {400, 403, 409}
    assert db.session.scalars(select(ClientImport)).all() == []


@pytest.mark.parametrize("who", ["as_viewer", "as_marketer", "as_admin"])
def test_others_may_not_import(request, session, who):
    row = load(csv_file(*GOOD))
    client = request.getfixturevalue(who)
    assert client.get(f"{PAGE}/{row.id}").status_code == 403
    assert post(client, PAGE, file=(csv_file(*GOOD), "a.csv")).status_code == 403


def test_the_list_of_clients_leads_there_for_whom_it_is_open(officer, as_marketer):
    assert f'href="{PAGE}"' in officer.get("/clients").text
    assert f'href="{PAGE}"' not in as_marketer.get("/clients").text


def test_every_problem_is_listed_by_line_and_paged(officer, session):
    row = check(load(csv_file("Name,Email", *[f"Ana,nowhere{n}" for n in range(101)])))
    first = officer.get(f"{PAGE}/{row.id}/problems").text
    assert "1 to 100 of 101" in first
    assert "101 to 101 of 101" in officer.get(f"{PAGE}/{row.id}/problems?page=2").text
    assert "No problems" in officer.get(f"{PAGE}/{row.id}/problems?page=3").text


def test_what_is_not_certain_about_letters_is_said(officer, session):
    row = load(csv_file("Name,Email", "Jörg Müller,j@harbour.example", encoding="cp1252"))
    page = officer.get(f"{PAGE}/{row.id}").text
    assert "We read the file as Windows-1252 (older Excel), and are not certain." in page
    assert "öü" in page
    sure = load(csv_file("Name,Email", "Jörg,j@harbour.example"))
    assert "Letters beyond a to z in this file: ö." in officer.get(f"{PAGE}/{sure.id}").text


def test_an_import_that_is_unknown_is_no_page(officer):
    assert officer.get(f"{PAGE}/00000000-0000-7000-8000-000000000000").status_code == 404


def test_the_wording_in_the_language_of_the_new_clients_is_offered_first(officer, session):
    topic, english = make_news()
    with transaction():
        add_wording(topic.id, "de", "Ja, schreiben Sie mir.", OFFICER)
    page = officer.get(send(officer, "Name,Email,News", "Ana,ana@harbour.example,2025-03-14").location).text
    assert f'<option selected value="{english.id}">English, version 1</option>' in page


def test_wordings_can_be_chosen_for_each_topic(officer, session):
    topic, wording = make_news()
    path = send(officer, "Name,Email,News", "Ana,ana@harbour.example,2025-03-14").location
    page = officer.get(path).text
    assert "Wording of News" in page
    assert "English, version 1" in page
    chosen = {"column-0": "name", "column-1": "email", "column-2": f"consent:{topic.id}:email", "region": ""}
    chosen |= {"language": "en", f"wording-{topic.id}": str(wording.id), "source": "fair"}
    post(officer, f"{path}/mapping", **chosen)
    work()
    assert only_import().checked_rows["consents"] == 1
    assert OFFICER.label in officer.get(PAGE).text or "Mara Kessler" in officer.get(PAGE).text
