"""Names, addresses, numbers and masks, by tables of cases."""

import pytest
from portal.clients.rules import clean_name, client_number, countries, mailable, mask_address, mask_name, read_number
from portal.clients.rules import readable_address as readable
from portal.crypto.columns import Undecryptable


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Maria Tavares", "M••• T•••"),
        ("Ana", "A•••"),
        ("Maria da Luz Tavares", "M••• T•••"),
        ("李小龍", "李•••"),
        (None, "erased"),
        (Undecryptable("integrity_failed"), "cannot be decrypted"),
    ],
)
def test_a_name_shows_two_letters_at_most(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("maria@harbour.example", "m•••@•••.example"),
        (None, "erased"),
        (Undecryptable("unknown_key"), "cannot be decrypted"),
    ],
)
def test_an_address_shows_its_first_letter_and_its_ending(address, masked):
    assert mask_address(address) == masked


@pytest.mark.parametrize(
    ("typed", "number"),
    [("C-000123", 123), ("c123", 123), (" 123 ", 123), ("0", None), ("C-", None), ("12a", None), ("9" * 19, None)],
)
def test_a_client_number_is_read_in_every_way_people_type_it(typed, number):
    assert read_number(typed) == number


def test_a_number_has_six_digits_and_more_when_it_needs_them():
    assert (client_number(7), client_number(1234567)) == ("C-000007", "C-1234567")


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        (" Maria@Harbour.EXAMPLE ", "Maria@harbour.example", "Maria@harbour.example"),
        ("maria@BÜCHER.example", "maria@xn--bcher-kva.example", "maria@bücher.example"),
        ("ma.ria+x@harbour.example", "ma.ria+x@harbour.example", "ma.ria+x@harbour.example"),
    ],
)
def test_an_address_is_kept_for_machines_and_shown_for_people(typed, kept, shown):
    assert mailable(typed) == kept
    assert readable(kept) == shown


def test_what_is_no_domain_is_shown_as_it_is():
    assert readable("maria@xn--\u00fc") == "maria@xn--\u00fc"
    assert str(readable(Undecryptable("unknown_key"))) == "cannot be decrypted"


def test_a_name_is_kept_in_one_form():
    assert clean_name("  Ame\u0301lie   Roux ") == "Am\u00e9lie Roux"


def test_countries_are_known_by_name_and_code():
    assert countries()["PT"] == "Portugal"
    assert list(countries().values()) == sorted(countries().values())
