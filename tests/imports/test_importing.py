"""Files become clients: what is new, what changes, what stays out; asserted on rows."""

from datetime import timedelta

import pytest
from portal.audit.models import AuditEntry
from portal.clients.models import ClientState
from portal.clients.operations import add_client
from portal.clients.operations.bulk import AddressTaken, BulkPoint, copy_points
from portal.clients.queries import find_by_phone, index_of
from portal.clients.rules import NewPoint, read_point
from portal.consent.models import SuppressionReason
from portal.consent.operations import suppress
from portal.db import db, new_id, transaction, utc_now
from portal.imports import jobs
from portal.imports.models import ClientImport, ImportChunk, ImportSeen
from portal.imports.operations import ImportRefused, cancel_import, map_columns, pump, purge_ended
from portal.imports.personal_data import erase_for, export_for
from portal.imports.queries import claim_import, find_import, list_working
from portal.imports.rules.mapping import Mapping
from portal.imports.rules.packing import ROWS
from portal.web.actor import SYSTEM
from sqlalchemy import func, select, update

from tests.imports.conftest import (
    FOREVER,
    OFFICER,
    bring,
    check,
    checked,
    csv_file,
    how_many,
    known,
    load,
    problems,
    written,
)  # fmt: skip

HEADER = "Name,Email,Phone,Language,Country"


@pytest.fixture
def two(session):
    return load(
        csv_file(HEADER, "Ana Reis,ana@harbour.example,0151 23456789,de,DE", "Bo Lind,BO@harbour.example,,sv,SE")
    )


def test_nothing_is_written_before_somebody_confirms(two):
    row = check(two)
    assert (row.state, checked(row), problems(row)) == ("checked", {"new": 2}, [])
    assert how_many() == (0, 0)


def test_rows_become_clients_with_their_addresses(two):
    row = bring(check(two))
    assert (row.state, written(row), how_many()) == ("done", {"new": 2}, (2, 3))
    ana = known("ANA@harbour.example")
    assert (ana.full_name, ana.language, ana.country, ana.time_zone, ana.source) == (
        "Ana Reis", "de", "DE", "Europe/Berlin", "import",
    )  # fmt: skip
    assert [(p.channel, p.address) for p in ana.contact_points] == [
        ("email", "ana@harbour.example"), ("sms", "+4915123456789"),
    ]  # fmt: skip


def test_no_row_lies_anywhere_in_clear(two):
    stored = db.session.execute(select(ImportChunk.__table__)).all() + db.session.execute(
        select(ClientImport.__table__)
    ).all()  # fmt: skip
    assert b"harbour" not in repr(stored).encode()
    assert "Reis" not in repr(stored)


def test_each_step_and_each_chunk_is_an_entry_without_personal_data(two):
    bring(check(two))
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.object_id == str(two.id)).order_by(AuditEntry.seq))
    told = [(entry.action, entry.actor_label, entry.reason) for entry in entries]
    assert [action for action, _, _ in told] == [
        "import.uploaded", "import.mapped", "import.checked", "import.confirmed", "import.written", "import.finished",
    ]  # fmt: skip
    assert {label for _, label, _ in told} == {OFFICER.label}
    assert told[4][2] == "chunk 0: new 2"


def test_the_same_file_again_finds_everybody_and_adds_nobody(two):
    bring(check(two))
    row = check(load(csv_file(HEADER, "Ana Reis,ana@HARBOUR.example,+49 151 23456789,de,DE")), overwrite=True)
    assert (checked(row), how_many()) == ({"unchanged": 1}, (2, 3))


def test_without_overwriting_a_known_client_stays_as_they_are(two):
    bring(check(two))
    row = check(load(csv_file(HEADER, "Other Name,ana@harbour.example,,pt,PT")))
    assert checked(row) == {"unchanged": 1}


def test_overwriting_changes_what_the_row_says_and_takes_nothing_away(two):
    bring(check(two))
    lines = ("Name,Email,Phone,Country,Department,Diet", "Ana B Reis,ana@harbour.example,+4915123456780,,Sales,vegan")
    targets = ["name", "email", "phone", "country", "department", "attribute"]
    row = bring(check(load(csv_file(*lines)), targets=targets, overwrite=True))
    assert written(row) == {"change": 1}
    ana = known("ana@harbour.example")
    assert (ana.full_name, ana.country, ana.department, ana.attributes) == (
        "Ana B Reis",
        "DE",
        "Sales",
        {"Diet": "vegan"},
    )
    assert sorted(p.address for p in ana.contact_points) == ["+4915123456780", "+4915123456789", "ana@harbour.example"]
    again = check(load(csv_file(*lines)), targets=targets, overwrite=True)
    assert checked(again) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("before", "after", "zone", "source"),
    [
        ("Ana,a@x.example,DE,,", "Ana,a@x.example,,Asia/Kolkata,", "Asia/Kolkata", "declared"),
        ("Ana,a@x.example,DE,,", "Ana,a@x.example,PL,,", "Europe/Warsaw", "country"),
        ("Ana,a@x.example,DE,,+12125550142", "Ana,a@x.example,US,,", "America/New_York", "phone"),
        ("Ana,a@x.example,DE,,", "Ana,a@x.example,US,,+12125550142", "America/New_York", "phone"),
        ("Ana,a@x.example,DE,Asia/Kolkata,", "Ana,a@x.example,PL,,", "Asia/Kolkata", "declared"),
    ],
)
def test_overwriting_moves_the_zone_with_its_source(session, before, after, zone, source):
    header = "Name,Email,Country,Time zone,Phone"
    targets = ["name", "email", "country", "time_zone", "phone"]
    for line in (before, after):
        bring(check(load(csv_file(header, line)), targets=targets, overwrite=True))
    ana = known("a@x.example")
    assert (ana.time_zone, ana.time_zone_source) == (zone, source)
    assert checked(check(load(csv_file(header, after)), targets=targets, overwrite=True)) == {"unchanged": 1}


def test_an_address_twice_in_the_file_is_found_within_and_across_chunks(session):
    people = [f"P{n},p{n}@harbour.example,,," for n in range(ROWS)]
    row = check(
        load(csv_file(HEADER, people[0], "Twin,P0@HARBOUR.example,,,", *people[1:], "Late,p1@harbour.example,,,"))
    )
    assert checked(row) == {"new": ROWS, "duplicate": 2}
    assert problems(row) == [(3, 0, "duplicate"), (ROWS + 3, 0, "duplicate")]
    assert db.session.scalar(select(func.count()).select_from(ImportSeen)) == 0


def test_addresses_of_two_clients_in_one_row_are_refused(two):
    bring(check(two))
    row = check(load(csv_file(HEADER, "Ana,bo@harbour.example,+4915123456789,,")), overwrite=True)
    assert problems(row) == [(2, 0, "two_clients")]


def test_a_restricted_client_is_left_alone(two):
    bring(check(two))
    known("ana@harbour.example").state = ClientState.RESTRICTED
    db.session.commit()
    row = check(load(csv_file(HEADER, "Ana,ana@harbour.example,,,")), overwrite=True)
    assert (problems(row), checked(row)) == ([(2, 0, "restricted")], {"invalid": 1})


def suppress_bo():
    with transaction() as session:
        suppress(session, "email", "bo@harbour.example", SuppressionReason.MANUAL, source="call", actor=OFFICER)


def test_all_or_none_stops_before_the_chunk_of_a_row_that_is_not_good_any_more(two):
    row = check(two)
    suppress_bo()
    row = bring(row, whole=True)
    assert (row.state, row.stopped_line, row.trouble, how_many()) == ("stopped", 3, "suppressed", (0, 0))
    assert row.ended_at is not None


def test_the_page_of_a_stopped_import_says_where(two, as_compliance_officer):
    check(two)
    suppress_bo()
    row = bring(find_import(two.id), whole=True)
    page = as_compliance_officer.get(f"/clients/imports/{row.id}").text
    assert "The import stopped before the rows with line 3." in page


def test_the_good_rows_go_on_where_one_is_not_good_any_more(two):
    row = check(two)
    suppress_bo()
    row = bring(row)
    assert (row.state, written(row), problems(row)) == (
        "done", {"new": 1, "suppressed": 1}, [(3, 0, "suppressed")],
    )  # fmt: skip


def test_somebody_who_was_added_meanwhile_is_found_and_not_doubled(two):
    row = check(two)
    with transaction():
        add_client("Ana Reis", "ana@harbour.example", "en", "UTC", SYSTEM)
    assert written(bring(row)) == {"new": 1, "unchanged": 1}


def test_an_address_that_is_taken_at_the_same_moment_is_looked_at_anew(session):
    client = add_client("Ana Reis", "ana@harbour.example", "en", "UTC", SYSTEM)
    point = read_point(NewPoint("email", "ana@harbour.example"))
    session.commit()
    with pytest.raises(AddressTaken), transaction():
        copy_points(session, [BulkPoint(new_id(), client.id, point, index_of(point.address))])


@pytest.mark.parametrize("failures", [1, pump.TRIES])
def test_a_chunk_is_tried_again_when_an_address_was_taken(two, monkeypatch, failures):
    left, advance = [failures], pump.advance

    def taken(session, import_id):
        if left[0]:
            left[0] -= 1
            raise AddressTaken
        return advance(session, import_id)

    monkeypatch.setattr(pump, "advance", taken)
    if failures == pump.TRIES:
        with pytest.raises(AddressTaken):
            pump.work_on(two.id, FOREVER)
    else:
        assert not pump.work_on(two.id, FOREVER)


def test_rows_that_cannot_be_read_any_more_end_the_import(two, as_compliance_officer):
    stolen = select(ImportChunk.data).where(ImportChunk.import_id == two.id).scalar_subquery()
    other = load(csv_file(HEADER, "Cy,cy@harbour.example,,,"))
    db.session.execute(update(ImportChunk).where(ImportChunk.import_id == other.id).values(data=stolen))
    db.session.commit()
    row = check(other)
    assert (row.state, row.trouble) == ("failed", "integrity_failed")
    assert "The import failed." in as_compliance_officer.get(f"/clients/imports/{row.id}").text


def test_a_flagged_row_goes_in_and_is_listed(session):
    row = bring(check(load(csv_file("Name,Email", "=Ana,ana@harbour.example"))))
    assert (written(row), problems(row)) == ({"new": 1, "flagged": 1}, [(2, 1, "like_formula")])


def test_a_number_for_whatsapp_is_found_again(session):
    bring(check(load(csv_file("Name,WhatsApp", "Ana,+4915123456789"))))
    assert find_by_phone("+4915123456789") is not None


def test_lines_of_a_cell_become_one_line_of_a_client(session):
    lines = ("Name,Email,Size", 'Ana,ana@harbour.example,"42\nwide"')
    bring(check(load(csv_file(*lines)), targets=["name", "email", "attribute"]))
    assert known("ana@harbour.example").attributes == {"Size": "42 wide"}


def test_more_attributes_than_a_client_can_have_are_refused(two):
    with pytest.raises(ImportRefused, match="51 columns become attributes, and a client has at most 50"):
        map_columns(two.id, Mapping(["name", "email", *["attribute"] * 51]), OFFICER)


def test_a_mapping_with_something_missing_is_refused(two):
    with pytest.raises(ImportRefused, match="Choose the column that holds names"):
        map_columns(two.id, Mapping(["email"]), OFFICER)


def test_an_import_that_has_gone_on_cannot_be_mapped_again(two):
    with transaction():
        cancel_import(two.id, OFFICER)
    with pytest.raises(ImportRefused, match="gone on meanwhile"):
        map_columns(two.id, Mapping(["name", "email", "phone", "", ""]), OFFICER)


def age(row: ClientImport, days: int) -> None:
    db.session.execute(
        update(ClientImport).where(ClientImport.id == row.id).values(ended_at=utc_now() - timedelta(days))
    )
    db.session.commit()


@pytest.mark.parametrize(("days", "gone"), [(6, False), (8, True)])
def test_the_rows_of_a_file_go_seven_days_after_the_end(two, as_compliance_officer, days, gone):
    row = bring(check(two))
    age(row, days)
    with transaction() as session:
        jobs.purge(session)
    row = find_import(row.id)
    data = db.session.scalars(select(ImportChunk.data)).all()
    assert (data == [None], row.file_name is None, row.purged_at is not None) == (gone, gone, gone)
    page = as_compliance_officer.get(f"/clients/imports/{row.id}").text
    assert ("The file was deleted" in page) is gone
    assert as_compliance_officer.get("/clients/imports").status_code == 200
    with transaction() as session:
        assert purge_ended(session, timedelta(days=7)) == 0


def test_a_file_that_nobody_went_on_with_goes_too(two, as_compliance_officer):
    with transaction() as session:
        assert purge_ended(session, timedelta(seconds=-1)) == 1
    assert find_import(two.id).state == "cancelled"
    assert as_compliance_officer.get(f"/clients/imports/{two.id}").status_code == 200


def test_an_erasure_empties_every_file_that_has_ended(two):
    row = bring(check(two))
    load(csv_file(HEADER, "Cy,cy@harbour.example,,,"))
    ana = known("ana@harbour.example")
    with transaction():
        assert erase_for(ana.id, OFFICER) == {"client_import": 0, "import_chunk": 1}
    assert export_for(ana.id) == {}
    assert find_import(row.id).purged_at is not None
    assert sorted(data is None for data in db.session.scalars(select(ImportChunk.data))) == [False, True]


def test_a_worker_is_woken_for_work_and_each_slice_ends_with_the_next_wake_up(two, clean_redis):
    with transaction():
        map_columns(two.id, Mapping(["name", "email", "phone", "language", "country"]), OFFICER)
    with transaction() as session:
        jobs.resume(session)
        assert list_working(session) == [two.id]
    assert clean_redis.llen("heedful:queue:imports") or clean_redis.keys("*imports*")
    jobs.work(str(two.id))
    assert find_import(two.id).state == "checked"


def test_a_slice_that_runs_out_of_time_wakes_the_next_one(session, clean_redis, monkeypatch):
    row = load(csv_file(HEADER, *[f"P{n},p{n}@harbour.example,,," for n in range(ROWS + 1)]))
    with transaction():
        map_columns(row.id, Mapping(["name", "email", "phone", "language", "country"]), OFFICER)
    monkeypatch.setattr(jobs, "JOB_SECONDS", 0.0)
    jobs.work(str(row.id))
    assert find_import(row.id).next_chunk == 1
    assert clean_redis.keys("*imports*")


def test_without_redis_the_ticker_works_chunk_by_chunk(two):
    assert not jobs.poll()
    with transaction():
        map_columns(two.id, Mapping(["name", "email", "phone", "language", "country"]), OFFICER)
    assert not jobs.poll()
    assert find_import(two.id).state == "checked"


def test_two_workers_never_do_the_same_chunk(own_app, own_database):
    with own_app.app_context():
        row = load(csv_file(HEADER, "Cy,cy@harbour.example,,,"))
        with transaction():
            map_columns(row.id, Mapping(["name", "email", "phone", "language", "country"]), OFFICER)
        with own_database.connect() as other, other.transaction():
            other.execute("SELECT 1 FROM client_import FOR UPDATE")
            with transaction() as session:
                assert claim_import(session, row.id) is None
            assert not pump.work_on(row.id, FOREVER)
        assert find_import(row.id).state == "checking"
