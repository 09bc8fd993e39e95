"""Rows read by a mapping: tables of cells, what is wrong with them, and what they become."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal.clients.rules import NotMailable, mailable
from portal.imports.rules.addresses import mailable_quickly
from portal.imports.rules.columns import shown_columns
from portal.imports.rules.consents import WordingChoice
from portal.imports.rules.mapping import Mapping, mapping_problems
from portal.imports.rules.masking import mask_cell
from portal.imports.rules.problems import PROBLEMS, Problem
from portal.imports.rules.progress import progress
from portal.imports.rules.rows import RowReader
from portal.imports.rules.states import STATES, step_of
from portal.imports.rules.targets import TopicChoice, consent_target, guess, target_choices
from portal.imports.rules.workbook import ERROR, FORMULA

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOPIC = TopicChoice(uuid.UUID(int=7), "news", "News and offers")
CONSENT = consent_target(TOPIC.id, "email")
WORDINGS = {
    one.id: one
    for one in (
        WordingChoice(uuid.UUID(int=1), TOPIC.id, "en", 1),
        WordingChoice(uuid.UUID(int=2), TOPIC.id, "en", 2),
        WordingChoice(uuid.UUID(int=3), TOPIC.id, "de", 2),
    )
}
CHOSEN = {str(TOPIC.id): str(uuid.UUID(int=1))}


def read(cells: dict[str, str], **facts):
    """The person and the problems of one row, given as target and cell."""
    mapping = Mapping(list(cells), **facts)
    names = [f"Column {n}" for n in range(len(cells))]
    person, troubles = RowReader(mapping, names, WORDINGS, NOW).read(5, list(cells.values()))
    return person, [(one.column, str(one.problem)) for one in troubles]


ANA = {"name": "Ana Reis", "email": "ana@harbour.example"}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({**ANA, "email": "ana@"}, [(2, "email")]),
        ({**ANA, "email": "änä@harbour.example"}, [(2, "email")]),
        ({**ANA, "email": ""}, [(2, "address_missing")]),
        ({**ANA, "name": ""}, [(1, "name")]),
        ({**ANA, "name": "x" * 201}, [(1, "name")]),
        ({**ANA, "phone": "+12"}, [(3, "phone")]),
        ({**ANA, "phone": "0151 23456789"}, [(3, "phone_country")]),
        ({**ANA, "whatsapp": "nothing"}, [(3, "phone")]),
        ({**ANA, "language": "Klingon"}, [(3, "language")]),
        ({**ANA, "country": "Atlantis"}, [(3, "country")]),
        ({**ANA, "time_zone": "Middle/Earth"}, [(3, "time_zone")]),
        ({**ANA, "department": "x" * 1001}, [(3, "long")]),
        ({**ANA, "department": FORMULA}, [(3, "formula")]),
        ({**ANA, "department": ERROR}, [(3, "error")]),
        ({"first_name": "", "last_name": "", "email": "a@harbour.example"}, [(2, "name")]),
        ({"name": "", "email": "", "language": "xx"}, [(1, "name"), (3, "language"), (2, "address_missing")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_column(cells, found):
    assert read(cells) == (None, found)


def test_a_row_of_another_width_is_refused_whole():
    person, troubles = RowReader(Mapping(["name"]), ["Name"], {}, NOW).read(9, [])
    assert (person, troubles) == (None, [(9, 0, Problem.CELLS)])


def test_text_that_a_spreadsheet_would_run_is_flagged_and_kept():
    person, found = read({**ANA, "department": "=SUM(A1)", "attribute": "@cmd", "phone": "+4915123456789"})
    assert (person.department, person.attributes, found) == (
        "=SUM(A1)", {"Column 3": "@cmd"}, [(3, "like_formula"), (4, "like_formula")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "facts", "read_as"),
    [
        ({"country": "Deutschland", "language": "Deutsch"}, {}, ("de", "DE", "Europe/Berlin", "country")),
        ({"country": "at", "language": "de-AT"}, {}, ("de", "AT", "Europe/Vienna", "country")),
        ({"country": "Portugal", "language": "German"}, {}, ("de", "PT", "UTC", "unknown")),
        ({"time_zone": "Europe/Lisbon"}, {}, ("", "", "Europe/Lisbon", "declared")),
        ({"phone": "0151 23456789"}, {"region": "DE"}, ("", "", "Europe/Berlin", "phone")),
        ({}, {}, ("", "", "UTC", "unknown")),
    ],
)
def test_places_and_languages_are_read_in_words_and_codes(cells, facts, read_as):
    person, _ = read({**ANA, **cells}, **facts)
    zone, source = person.home()
    assert (person.language, person.country, zone, str(source)) == read_as


def test_first_and_last_names_make_a_name():
    person, _ = read({"first_name": "Ana", "last_name": "Reis", "email": "a@harbour.example"})
    assert person.name == "Ana Reis"


@pytest.mark.parametrize(
    ("cells", "facts", "found"),
    [
        ({CONSENT: "2025-03-14"}, {"source": "fair", "wordings": CHOSEN}, []),
        ({CONSENT: "14.03.2025"}, {"source": "fair", "wordings": CHOSEN}, []),
        ({CONSENT: "2025-03-14T10:00:00+01:00"}, {"source": "fair", "wordings": CHOSEN}, []),
        ({CONSENT: "ja", "consent_date": "2025-03-14"}, {"source": "fair", "wordings": CHOSEN}, []),
        ({CONSENT: "2025-03-14", "consent_source": "fair", "consent_wording": "v2"}, {}, []),
        ({CONSENT: "2025-03-14", "consent_source": "fair", "consent_wording": "de v2"}, {}, []),
        ({CONSENT: "yes"}, {"source": "fair", "wordings": CHOSEN}, [(3, "date_missing")]),
        ({CONSENT: "31.02.2025"}, {"source": "fair", "wordings": CHOSEN}, [(3, "date")]),
        ({CONSENT: "03/14/2025"}, {"source": "fair", "wordings": CHOSEN}, [(3, "date")]),
        ({CONSENT: "1889-01-01"}, {"source": "fair", "wordings": CHOSEN}, [(3, "date")]),
        ({CONSENT: "2027-01-01"}, {"source": "fair", "wordings": CHOSEN}, [(3, "future")]),
        ({CONSENT: "2025-03-14"}, {"wordings": CHOSEN}, [(3, "source_missing")]),
        ({CONSENT: "2025-03-14"}, {"source": "fair"}, [(3, "wording")]),
        ({CONSENT: "2025-03-14", "consent_wording": "old"}, {"source": "fair"}, [(3, "wording")]),
        ({CONSENT: "2025-03-14", "consent_wording": "v9"}, {"source": "fair"}, [(3, "wording")]),
        ({consent_target(TOPIC.id, "sms"): "2025-03-14"}, {"source": "fair"}, [(3, "consent_address")]),
    ],
)
def test_a_consent_needs_its_day_its_source_and_its_wording(cells, facts, found):
    person, troubles = read({**ANA, **cells}, **facts)
    assert troubles == found
    assert found or person.consents[0].occurred_at.date().isoformat() == "2025-03-14"


@pytest.mark.parametrize("text", ["", "no", "nein", "0", "-"])
def test_no_is_no_consent_and_no_withdrawal(text):
    person, _ = read({**ANA, CONSENT: text}, source="fair", wordings=CHOSEN)
    assert person.consents == []


def test_headers_are_guessed_in_english_and_german_each_once():
    names = [
        "Kunde",
        "E-Mail-Adresse",
        "Handy",
        "Ländercode",
        "Sprache",
        "News SMS",
        "News",
        "Mail",
        "Bemerkung",
        "Offers",
    ]
    assert guess(names, [TOPIC]) == [
        "name", "email", "phone", "country", "language", consent_target(TOPIC.id, "sms"), CONSENT, "", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        (Mapping(["name"]), "holds email addresses or phone numbers"),
        (Mapping(["email"]), "Choose the column that holds names."),
        (Mapping(["name", "first_name", "email"]), "either full names, or first and last names"),
        (Mapping(["name", "email", "email"]), "Two columns become “Email address”."),
        (Mapping(["name", "email", CONSENT, CONSENT], wordings=CHOSEN, source="x"), "“the same consent”"),
        (Mapping(["name", "email", CONSENT], wordings=CHOSEN), "where the proof of the consents is"),
        (Mapping(["name", "email", CONSENT], source="x"), "which wording people read"),
    ],
)
def test_a_mapping_says_what_it_misses(mapping, why):
    assert any(why in problem for problem in mapping_problems(mapping, [TOPIC]))


def test_a_mapping_that_says_all_misses_nothing():
    columns = ["name", "email", CONSENT, "consent_wording", "consent_source", "", "attribute", "attribute"]
    assert mapping_problems(Mapping(columns), [TOPIC]) == []
    assert Mapping.from_json(Mapping(columns).to_json()) == Mapping(columns)


@given(
    st.one_of(
        st.emails(), st.text(max_size=80), st.from_regex(r"[A-Za-z0-9._+-]{1,70}@[a-zA-Z0-9.-]{1,40}", fullmatch=True)
    )
)
def test_many_addresses_are_judged_as_one_is(text):
    def answer(judge):
        try:
            return judge(text)
        except NotMailable:
            return None

    assert answer(mailable_quickly) == answer(mailable)


def test_a_very_long_address_is_judged_as_one_is():
    text = "a@" + ".".join(["x" * 60] * 4) + ".example"
    for judge in (mailable, mailable_quickly):
        with pytest.raises(NotMailable):
            judge(f"{'b' * 60}{text}")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ana@harbour.example", "a•••@•••.example"),
        ("0151 23456789", "015•••"),
        ("Ana Reis", "A•••"),
        ("DE", "DE"),
        ("2025-03-14", "2025-03-14"),
        ("14.03.2025", "14.03.2025"),
        (FORMULA, "a formula"),
    ],
)
def test_first_values_are_masked(text, masked):
    assert mask_cell(text) == masked


def test_progress_tells_rate_and_time_left():
    shown = progress(1_000, 10_000, NOW, NOW + timedelta(seconds=10))
    assert (shown.rate, shown.seconds_left, shown.left) == (100, 90, "about 2 minutes left")
    assert progress(5_000, 5_600, NOW, NOW + timedelta(minutes=10)).left == "about 1 minute left"
    assert progress(9_990, 10_000, NOW, NOW + timedelta(seconds=10)).left == "less than a minute left"
    assert progress(0, 10_000, NOW, NOW + timedelta(seconds=10)).left == ""
    assert progress(5, 10, None, NOW).rate == 0


def test_every_problem_and_every_state_has_its_words():
    assert set(PROBLEMS) == set(Problem)
    assert [step_of(state) for state in STATES] == [2, 3, 3, 4, 4, 4, 4, 4]


def test_a_column_of_a_closed_topic_says_so():
    kept = '[{"name": "News", "first": "", "filled": 0}, {"name": "Name", "first": "A•••", "filled": 5}]'
    columns = shown_columns(kept, Mapping(["consent:gone:email"]), target_choices([]), 10)
    assert [(one.becomes, one.filled) for one in columns] == [("A topic that is closed", 0), ("Not imported", 50)]
