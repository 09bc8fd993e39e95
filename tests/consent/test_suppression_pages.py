"""The suppression list as staff see it: adding, looking up, uploading, and taking off by two people."""

import io

import pytest
from portal.audit.models import AuditEntry
from portal.clients.operations import forget_client
from portal.clients.queries import find_client
from portal.consent.models import Suppression, SuppressionOrigin, SuppressionReason, SuppressionRemoval
from portal.consent.operations import ask_for_removal, suppress
from portal.consent.queries import suppressed
from portal.db import new_id
from sqlalchemy import select

from tests.consent.conftest import STAFF
from tests.consent.test_pages import post

LIST = "/consent/suppression"
TYPED = {"channel": "email", "address": " Anna@lakeside.example ", "reason": "manual", "scope": "all", "source": "Call"}


def stop(session, address="anna@lakeside.example", reason="manual", channel="email", **facts) -> Suppression:
    assert suppress(session, channel, address, SuppressionReason(reason), source="5.1.1", actor=STAFF, **facts)
    session.commit()
    return session.scalars(select(Suppression).order_by(Suppression.id.desc())).first()


def upload(client, data: bytes, name: str = "list.csv", **facts):
    form = {"channel": "email", "reason": "imported", "scope": "all", "source": "Old system"} | facts
    return post(client, f"{LIST}/uploads", data=form | {"file": (io.BytesIO(data), name)})


def test_an_empty_list_says_how_addresses_get_there(as_viewer):
    page = as_viewer.get(LIST).text
    assert "Nobody is on the list" in page
    assert "Block an address" not in page


def test_counts_tell_reasons_tellers_and_lists_of_providers_apart(session, as_viewer):
    stop(session)
    stop(session, "+351912345678", "bounced", "sms")
    stop(session, "bea@lakeside.example", "opted_out")
    stop(session, "bea@lakeside.example", "complained", origin=SuppressionOrigin.STAFF)
    page = as_viewer.get(LIST).text
    assert page.count("Said by: staff") == 2
    assert "Said by: a provider" in page
    assert page.split('id="providers"')[1].count('scope="row">5.1.1') == 1
    assert "Only the person, by agreeing again" in page
    assert "By two people" in page
    narrowed = as_viewer.get(f"{LIST}?reason=bounced&channel=sms&origin=provider").text
    assert narrowed.count("By two people") == 1
    assert "No entry fits" in as_viewer.get(f"{LIST}?reason=erased").text
    assert as_viewer.get(f"{LIST}?reason=nonsense&below=x").status_code == 200


def test_a_long_list_has_pages(session, as_viewer):
    for number in range(52):
        suppress(session, "email", f"a{number}@x.example", SuppressionReason.MANUAL, source="list", actor=STAFF)
    session.commit()
    page = as_viewer.get(LIST).text
    older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert page.count("By two people") == 50
    assert as_viewer.get(older).text.count("By two people") == 2


def test_an_address_is_blocked_by_hand_and_shown_masked_once(session, as_compliance_officer):
    assert as_compliance_officer.get(f"{LIST}/new").status_code == 200
    answer = post(as_compliance_officer, LIST, data=TYPED)
    assert (answer.status_code, "Blocked." in answer.text) == (200, True)
    assert "A•••@•••.example" in answer.text
    assert "nna@" not in answer.text
    row = session.scalars(select(Suppression)).one()
    assert (row.reason, row.origin, row.scope, row.source) == ("manual", "staff", "all", "Call")
    assert "Nothing changed." in post(as_compliance_officer, LIST, data=TYPED).text
    assert suppressed(session, {1: ("email", "anna@lakeside.example")}) == {1}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"address": ""}, "Enter a whole email address"),
        ({"address": "anna"}, "part before and a part after"),
        ({"channel": "sms"}, "starts with +"),
        ({"source": ""}, "Say where this comes from"),
        ({"source": "demo"}, "Say it in more words"),
        ({"reason": "erased"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_blocked_is_said_in_words(session, as_compliance_officer, change, words):
    answer = post(as_compliance_officer, LIST, data=TYPED | change)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert session.scalars(select(Suppression)).all() == []


def test_a_look_is_in_the_log_without_the_address_before_it_is_answered(session, as_compliance_officer):
    assert as_compliance_officer.get(f"{LIST}/look-up").status_code == 200
    asked = {"channel": "email", "address": "anna@lakeside.example"}
    assert "Not on the list." in post(as_compliance_officer, f"{LIST}/look-ups", data=asked).text
    stop(session, reason="opted_out", origin=SuppressionOrigin.STAFF)
    page = post(as_compliance_officer, f"{LIST}/look-ups", data=asked).text
    assert "On the list." in page
    assert "Ask for removal" in page
    assert "anna@" not in page
    look = AuditEntry.action == "consent.look_up_suppression"
    entry = session.scalars(select(AuditEntry).where(look).order_by(AuditEntry.seq)).first()
    assert (entry.access_type, entry.reason.startswith("email, term=")) == ("search", True)
    bad = post(as_compliance_officer, f"{LIST}/look-ups", data=asked | {"address": "anna"})
    assert bad.status_code == 422


def test_a_list_is_added_and_the_bad_lines_are_named_without_their_addresses(session, as_compliance_officer):
    assert as_compliance_officer.get(f"{LIST}/upload").status_code == 200
    stop(session, "known@x.example", "imported")
    data = b"email\na@x.example\nKNOWN@x.example\nsomebody secret\n"
    page = upload(as_compliance_officer, data)
    assert page.status_code == 200
    assert [part in page.text for part in ('class="n">1<', "Lines left out", "secret")] == [True, True, False]
    assert '<th scope="row" class="num">4</th>' in page.text
    assert suppressed(session, {1: ("email", "a@x.example")}) == {1}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "consent.suppress_many")).one()
    assert entry.reason == "1 added, 1 known, imported by email: Old system"


def test_more_bad_lines_than_a_page_shows_are_counted(as_compliance_officer):
    page = upload(as_compliance_officer, b"nobody\n" * 60).text
    assert "And 10 more lines." in page
    assert "Some lines were left out." not in upload(as_compliance_officer, b"a@x.example").text


def test_a_file_that_is_no_list_is_refused_in_words(as_compliance_officer):
    assert "This is a workbook" in upload(as_compliance_officer, b"PK\x03\x04").text
    assert "Choose a file" in upload(as_compliance_officer, b"", name="").text


def test_only_those_who_may_look_up_block_and_upload(as_admin, as_marketer, as_viewer):
    for client in (as_admin, as_marketer, as_viewer):
        for path in (f"{LIST}/new", f"{LIST}/look-up", f"{LIST}/upload", f"{LIST}/{new_id()}/removals/new"):
            assert client.get(path).status_code == 403
        assert post(client, LIST, data=TYPED).status_code == 403
    assert as_marketer.get(f"{LIST}/removals/{new_id()}").status_code == 403


def test_one_person_asks_and_a_second_one_takes_the_entry_off(session, as_compliance_officer, as_admin, step_up):
    entry = stop(session)
    address = f"{LIST}/{entry.id}/removals"
    assert "5.1.1" in as_compliance_officer.get(f"{address}/new").text
    assert post(as_compliance_officer, address, data={"why": ""}).status_code == 422
    assert post(as_compliance_officer, address, data={"why": "Blocked by mistake"}).location == LIST
    assert "asked for this already" in post(as_compliance_officer, address, data={"why": "Again"}).text
    request = session.scalars(select(SuppressionRemoval)).one()
    decision = f"{LIST}/removals/{request.id}"
    assert "A second person decides, not you" in as_compliance_officer.get(LIST).text
    assert decision in as_admin.get(LIST).text
    assert as_admin.get(decision).location.startswith("/login/verify")
    step_up(as_admin)
    assert "Blocked by mistake" in as_admin.get(decision).text
    assert post(as_admin, f"{decision}/approval", data={"why": ""}).status_code == 422
    assert post(as_admin, f"{decision}/approval", data={"why": "Checked"}).location == LIST
    assert session.scalars(select(Suppression)).all() == []
    assert "Taken off" in as_admin.get(decision).text
    assert as_compliance_officer.get(f"{address}/new").status_code == 404


def test_the_asking_person_cannot_decide_by_page_or_by_a_post_of_their_own(session, as_compliance_officer, step_up):
    entry = stop(session)
    step_up(as_compliance_officer)
    post(as_compliance_officer, f"{LIST}/{entry.id}/removals", data={"why": "Blocked by mistake"})
    request = session.scalars(select(SuppressionRemoval)).one()
    decision = f"{LIST}/removals/{request.id}"
    page = as_compliance_officer.get(decision).text
    assert "Somebody else decides" in page
    assert "Take it off the list" not in page
    for deed in ("approval", "denial"):
        answer = post(as_compliance_officer, f"{decision}/{deed}", data={"why": "Fine"})
        assert (answer.status_code, "You asked for this" in answer.text) == (422, True)
    session.refresh(request)
    assert (request.state, request.decided_by) == ("open", None)
    assert suppressed(session, {1: ("email", "anna@lakeside.example")}) == {1}


def test_a_denied_removal_leaves_the_address_blocked(session, as_compliance_officer, step_up):
    request = ask_for_removal(stop(session).id, "Blocked by mistake", STAFF)
    session.commit()
    step_up(as_compliance_officer)
    decision = f"{LIST}/removals/{request.id}"
    assert post(as_compliance_officer, f"{decision}/denial", data={"why": "They did complain"}).location == LIST
    assert "They did complain" in as_compliance_officer.get(decision).text
    assert "decided already" in post(as_compliance_officer, f"{decision}/approval", data={"why": "x"}).text
    assert as_compliance_officer.get(f"{LIST}/removals/{new_id()}").status_code == 404
    assert "Waits for a second person" not in as_compliance_officer.get(LIST).text


def test_who_may_only_look_sees_that_something_waits(session, as_viewer):
    ask_for_removal(stop(session).id, "Blocked by mistake", STAFF)
    session.commit()
    page = as_viewer.get(LIST).text
    assert page.count("Waits for a second person") == 2
    assert ">Decide<" not in page


def test_home_tells_those_who_may_be_the_second_person(session, as_compliance_officer, as_admin, as_marketer):
    entry = stop(session)
    post(as_compliance_officer, f"{LIST}/{entry.id}/removals", data={"why": "Blocked by mistake"})
    told = "Somebody asks to take an address off the suppression list"
    pages = [client.get("/").text for client in (as_admin, as_compliance_officer, as_marketer)]
    assert [told in page for page in pages] == [True, False, False]


def test_a_clients_page_says_what_stands_on_the_list_for_their_addresses(session, as_viewer, maria):
    session.commit()
    assert "No address of this client stands there." in as_viewer.get(f"/clients/{maria.id}").text
    stop(session, "maria@rivertown.example", "bounced")
    page = as_viewer.get(f"/clients/{maria.id}").text
    assert "Email: bounced for good" in page
    point = session.merge(maria).contact_points[0]
    point.address = "no address any more"
    session.commit()
    assert "No address of this client stands there." in as_viewer.get(f"/clients/{maria.id}").text
    forget_client(find_client(maria.id), STAFF)
    session.commit()
    assert 'id="suppression"' not in as_viewer.get(f"/clients/{maria.id}").text
