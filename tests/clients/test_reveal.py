"""Revealing: a purpose first, then its row in the log, then the data; and nothing when any of it fails."""

import re

import pytest
from portal.db import db
from sqlalchemy import text

CLEAR = re.compile("Maria|Tavares|bücher|bcher")
PURPOSE = "client called about a booking"


@pytest.fixture
def page(new_client):
    return f"/clients/{new_client(email='maria@bücher.example').id}"


def test_a_purpose_reveals_the_identity_on_the_whole_page(as_compliance_officer, page, submit):
    answer = submit(as_compliance_officer, page, f"{page}/reveals", purpose=PURPOSE)
    assert answer.status_code == 200
    assert "Maria Tavares" in answer.text
    assert "maria@bücher.example" in answer.text
    assert "Shown in clear." in answer.text
    assert f"Mara Kessler revealed name and addresses: “{PURPOSE}”" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_within_the_page_only_the_identity_is_swapped(as_compliance_officer, page, submit, partial):
    answer = submit(as_compliance_officer, page, f"{page}/reveals", partial, purpose=PURPOSE)
    assert answer.text.strip().startswith('<div class="grid" id="identity"')
    assert "Maria Tavares" in answer.text
    assert "<dialog" not in answer.text


def test_the_row_says_who_why_and_whose(as_compliance_officer, page, submit, last_entry):
    submit(as_compliance_officer, page, f"{page}/reveals", headers={"HX-Request-Type": "partial"}, purpose=PURPOSE)
    entry = last_entry()
    assert (entry.action, entry.access_type, entry.purpose) == ("client.revealed", "decrypt", PURPOSE)
    assert (entry.actor_label, entry.subject_refs) == ("Mara Kessler", [page.rpartition("/")[2]])


@pytest.mark.parametrize("purpose", ["", "   ", "x" * 201])
def test_without_a_usable_purpose_the_question_comes_back(as_compliance_officer, page, submit, partial, purpose):
    whole = submit(as_compliance_officer, page, f"{page}/reveals", purpose=purpose)
    part = submit(as_compliance_officer, page, f"{page}/reveals", partial, purpose=purpose)
    assert (whole.status_code, part.status_code) == (422, 422)
    assert part.headers["HX-Retarget"] == "#reveal-form"
    for answer in (whole, part):
        assert "Say" in answer.text
        assert not CLEAR.search(answer.text)


def test_without_a_dialog_the_question_stands_on_a_page_of_its_own(as_compliance_officer, page):
    assert f'href="{page}/reveals"' in as_compliance_officer.get(page).text
    html = as_compliance_officer.get(f"{page}/reveals").text
    assert "What do you need it for?" in html
    assert "<dialog" not in html.split('id="identity"')[1].split("</section>")[0]


def test_who_may_not_reveal_is_refused(as_marketer, page, submit):
    assert "Reveal" not in as_marketer.get(page).text
    answer = submit(as_marketer, "/account", f"{page}/reveals", purpose=PURPOSE)
    assert answer.status_code == 403
    assert not CLEAR.search(answer.text)


def test_the_page_masks_again_once_it_is_loaded_again(as_compliance_officer, page, submit):
    submit(as_compliance_officer, page, f"{page}/reveals", purpose=PURPOSE)
    assert not CLEAR.search(as_compliance_officer.get(page).text)


def test_a_log_that_cannot_be_written_reveals_nothing(as_compliance_officer, page, submit, partial, broken_log):
    as_compliance_officer.get(page)
    for headers in (None, partial):
        with broken_log(after_reads=1):
            answer = submit(as_compliance_officer, page, f"{page}/reveals", headers, purpose=PURPOSE)
        assert answer.status_code == 503
        assert "Nothing" in answer.text
        assert not CLEAR.search(answer.text)
    assert db.session.scalar(text("SELECT count(*) FROM audit_entry WHERE action = 'client.revealed'")) == 0
