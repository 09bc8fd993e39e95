"""Who was erased or opted out stays so, whatever a file says and however it spells them."""

import pytest
from portal.clients.personal_data import erase_for
from portal.consent.models import LegalBasis, Method, SuppressionReason, TopicClass
from portal.consent.operations import add_wording, make_topic, suppress, withdraw
from portal.consent.queries import list_events, list_states
from portal.crypto.keyring import forget_rings
from portal.crypto.lifecycle import activate, create_key
from portal.crypto.purposes import Purpose
from portal.db import db, transaction
from portal.imports.rules.targets import consent_target
from sqlalchemy import text

from tests.imports.conftest import (
    OFFICER,
    bring,
    check,
    checked,
    csv_file,
    how_many,
    known,
    load,
    make_news,
    problems,
    written,
)  # fmt: skip
from tests.staff.doorway import submit

HEADER = "Name,Email,Phone,Country"
SPELLINGS = [
    "Maria,maria@bücher.example,,",
    "M,MARIA@XN--BCHER-KVA.example,,",
    "M,,0151 234567-89,DE",
    "M,other@harbour.example,0049 (151) 23456789,",
]


def stop(email="maria@bücher.example", phone="+4915123456789", reason=SuppressionReason.ERASED):
    with transaction() as session:
        for channel, address in (("email", email), ("sms", phone)):
            suppress(session, channel, address, reason, source="erasure", actor=OFFICER)


def erase_maria():
    """Maria was here by an import and is erased; both her addresses are suppressed."""
    bring(check(load(csv_file(HEADER, "Maria Tavares,maria@bücher.example,+4915123456789,DE"))))
    stop()
    with transaction():
        erase_for(known("maria@bücher.example").id, OFFICER)


@pytest.mark.parametrize("row", SPELLINGS)
def test_an_erased_person_is_refused_in_every_spelling(session, row):
    erase_maria()
    found = check(load(csv_file(HEADER, row)), overwrite=True)
    assert (checked(found), problems(found)) == ({"suppressed": 1}, [(2, 0, "suppressed")])


def test_after_a_change_of_the_suppression_key_an_erased_person_is_still_refused(own_app):
    with own_app.app_context():
        erase_maria()
        with transaction() as session:
            session.execute(text("DELETE FROM crypto_ring_ack"))
            activate(session, create_key(session, Purpose.SUPPRESSION).id)
        forget_rings()
        found = check(load(csv_file(HEADER, *SPELLINGS)), overwrite=True)
        assert checked(found) == {"suppressed": 4}
        assert how_many() == (1, 2)


def test_the_report_of_a_refused_person_holds_no_address(session, as_compliance_officer):
    stop()
    found = check(load(csv_file(HEADER, SPELLINGS[0])))
    report = as_compliance_officer.get(f"/clients/imports/{found.id}/report.csv").text
    assert report.splitlines()[1] == '2,,The address is suppressed,"Stays out, on purpose"'
    assert "maria" not in report.casefold()


def test_overwriting_changes_the_profile_of_one_who_opted_out_and_not_the_opt_out(news):
    topic, wording = news
    bring(check(load(csv_file(HEADER, "Maria,maria@harbour.example,,DE"))))
    maria = known("maria@harbour.example")
    with transaction():
        withdraw(maria.id, topic.id, "email", Method.LINK, OFFICER)
    stop("maria@harbour.example", reason=SuppressionReason.OPTED_OUT)
    row = load(csv_file("Name,Email,Country,News", "Maria Tavares,MARIA@harbour.example,AT,2026-01-01"))
    targets = ["name", "email", "country", consent_target(topic.id, "email")]
    row = check(row, targets=targets, overwrite=True, source="fair", wordings={str(topic.id): str(wording.id)})
    assert checked(row) == {"change": 1, "opted_out": 1}
    assert written(bring(row)) == {"change": 1, "opted_out": 1}
    db.session.expunge_all()
    assert (known("maria@harbour.example").full_name, known("maria@harbour.example").country) == ("Maria Tavares", "AT")
    assert [state.state for state in list_states(maria.id)] == ["withdrawn"]


@pytest.mark.parametrize("act", ["removal", "replacements"])
def test_an_opt_out_stays_with_an_address_that_left_its_client(news, as_compliance_officer, act):
    topic, wording = news
    facts = {"source": "fair", "wordings": {str(topic.id): str(wording.id)}}
    lines = ("Name,Email,News", "Maria,maria@harbour.example,2025-03-14")
    bring(check(load(csv_file(*lines)), **facts))
    maria = known("maria@harbour.example")
    with transaction():
        withdraw(maria.id, topic.id, "email", Method.LINK, OFFICER)
    page = f"/clients/{maria.id}/contact-points/{known('maria@harbour.example').contact_points[0].id}"
    assert submit(as_compliance_officer, f"{page}/{act}", page, address="m@harbour.example").status_code == 303
    assert known("maria@harbour.example") is None
    assert checked(check(load(csv_file(*lines)), overwrite=True, **facts)) == {"suppressed": 1}


def test_a_consent_that_the_ledger_does_not_take_is_not_counted(session):
    with transaction():
        topic = make_topic("Offers", TopicClass.MARKETING, LegalBasis.SOFT_OPT_IN, OFFICER)
        wording = add_wording(topic.id, "en", "You bought from us.", OFFICER)
    lines = ("Name,Email,Country,Offers", "Ana,a@harbour.example,US,2025-03-14", "Bo,b@harbour.example,DE,2025-03-14")
    row = check(load(csv_file(*lines)), source="shop", wordings={str(topic.id): str(wording.id)})
    assert written(bring(row)) == {"new": 2, "consents": 1}
    assert [list_states(known(f"{one}@harbour.example").id) != [] for one in "ab"] == [False, True]


def test_a_consent_of_a_file_is_an_event_with_its_day_wording_and_source(news):
    topic, wording = news
    row = load(csv_file("Name,Email,News", "Maria,maria@harbour.example,14.03.2025", "Bo,bo@harbour.example,no"))
    row = check(row, source="fair 2025, folder 12", wordings={str(topic.id): str(wording.id)})
    assert checked(row) == {"new": 2, "consents": 1}
    assert written(bring(row)) == {"new": 2, "consents": 1}
    ((event, _),) = list_events(known("maria@harbour.example").id)
    assert (event.event, event.method, event.wording_id, event.occurred_at.date().isoformat()) == (
        "imported", "import", wording.id, "2025-03-14",
    )  # fmt: skip
    assert event.contact_point_id == known("maria@harbour.example").contact_points[0].id


def test_a_consent_is_added_to_a_known_client_and_only_once(news):
    topic, wording = news
    bring(check(load(csv_file("Name,Email", "Maria,maria@harbour.example"))))
    facts = {"source": "fair", "wordings": {str(topic.id): str(wording.id)}}
    lines = ("Name,Email,News", "Somebody Else,maria@harbour.example,2025-03-14")
    assert written(bring(check(load(csv_file(*lines)), **facts))) == {"change": 1, "consents": 1}
    assert known("maria@harbour.example").full_name == "Maria"
    assert checked(check(load(csv_file(*lines)), **facts)) == {"unchanged": 1}


def test_a_topic_with_double_opt_in_takes_confirmed_consents_only(session):
    topic, wording = make_news(double_opt_in=True)
    facts = {"source": "fair", "wordings": {str(topic.id): str(wording.id)}}
    row = load(csv_file("Name,Email,News", "Maria,maria@harbour.example,2025-03-14"))
    with pytest.raises(Exception, match="takes confirmed consents only"):
        check(row, **facts)
    assert written(bring(check(row, confirmed=True, **facts))) == {"new": 1, "consents": 1}
