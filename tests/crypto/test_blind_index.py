"""What counts as the same address, pinned for ever: a changed line here makes stored indexes useless."""

import pytest
from portal.crypto.blind_index import NotAnAddress, blind_index, normalise_email, normalise_phone
from portal.crypto.purposes import Purpose

EMAILS = {
    "ada@tidewell.example": "ada@tidewell.example",
    "  Ada@TIDEWELL.Example \n": "ada@tidewell.example",
    "ada@tidewell.example.": "ada@tidewell.example",
    "ada\uff20tidewell\u3002example": "ada@tidewell.example",
    "\uff21\uff24\uff21@tidewell.example": "ada@tidewell.example",
    "ada@b\u00fccher.example": "ada@xn--bcher-kva.example",
    "ada@bu\u0308cher.example": "ada@xn--bcher-kva.example",
    "ada@B\u00dcCHER.example": "ada@xn--bcher-kva.example",
    "ada@xn--bcher-kva.example": "ada@xn--bcher-kva.example",
    "ada@stra\u00dfe.example": "ada@xn--strae-oqa.example",
    "stra\u00dfe@tidewell.example": "strasse@tidewell.example",
    "\u0130da@tidewell.example": "i\u0307da@tidewell.example",
    "a.d.a+news@tidewell.example": "a.d.a+news@tidewell.example",
    '"ada@home"@tidewell.example': '"ada@home"@tidewell.example',
    "\u043f\u043e\u0447\u0442\u0430@tidewell.example": "\u043f\u043e\u0447\u0442\u0430@tidewell.example",
}
PHONES = {
    "+4915112345678": "+4915112345678",
    "+49 151 1234-5678": "+4915112345678",
    "+49 (151) 1234/5678": "+4915112345678",
    "00 49 151 12345678": "+4915112345678",
    "+1.415.555.2671": "+14155552671",
    "\uff0b\uff11\uff14\uff11\uff15\uff15\uff15\uff15\uff12\uff16\uff17\uff11": "+14155552671",
    "+1\u00a0415\u2011555\u20132671": "+14155552671",
}


@pytest.mark.parametrize("written", EMAILS)
def test_email_addresses_are_brought_to_one_form(written):
    assert normalise_email(written) == EMAILS[written]
    assert normalise_email(EMAILS[written]) == EMAILS[written]


@pytest.mark.parametrize("written", PHONES)
def test_phone_numbers_are_brought_to_one_form(written):
    assert normalise_phone(written) == PHONES[written]


@pytest.mark.parametrize("written", ["", "ada", "@tidewell.example", "ada@", "ada@-.example", "ada@a..example", " "])
def test_what_is_no_email_address_is_refused_without_repeating_it(written):
    with pytest.raises(NotAnAddress) as refused:
        normalise_email(written)
    assert str(refused.value).startswith(("An e-mail address has", "The domain of the e-mail address"))


@pytest.mark.parametrize("written", ["", "0151 12345678", "+0151123456", "+49", "+1234567890123456", "+49 151 CALL"])
def test_what_is_no_international_number_is_refused(written):
    with pytest.raises(NotAnAddress, match="country code"):
        normalise_phone(written)


def test_the_index_is_16_bytes_equal_for_one_address_and_different_for_another_context(session):
    index = blind_index(Purpose.BIDX_EMAIL, "staff.email", "Ada@tidewell.example ")
    assert len(index) == 16
    assert index == blind_index(Purpose.BIDX_EMAIL, "staff.email", "ada@TIDEWELL.example")
    assert index != blind_index(Purpose.BIDX_EMAIL, "client.email", "ada@tidewell.example")
    assert index != blind_index(Purpose.BIDX_EMAIL, "staff.email", "bo@tidewell.example")
    assert len(blind_index(Purpose.BIDX_PHONE, "client.phone", "+1 415 555 2671")) == 16


def test_other_purposes_make_no_blind_index(session):
    with pytest.raises(KeyError):
        blind_index(Purpose.AUDIT, "staff.email", "ada@tidewell.example")
