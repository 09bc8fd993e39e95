"""What counts as one address, what a list of them is, and how they are shown."""

import pytest
from portal.consent.models import SuppressionReason
from portal.consent.rules.suppression import masked, origin_of_typed
from portal.consent.rules.upload import MOST_ADDRESSES, NotAList, checked_address, read_list
from portal.crypto.blind_index import NotAnAddress


@pytest.mark.parametrize(
    ("channel", "text", "address"),
    [
        ("email", " Maria@rivertown.example ", "Maria@rivertown.example"),
        ("email", "maría+news@münchen.example", "maría+news@münchen.example"),
        ("sms", "+351 912 345 678", "+351 912 345 678"),
        ("whatsapp", "00351912345678", "00351912345678"),
        ("email", "a@x.example;b@x.example", None),
        ("email", "Maria <maria@x.example>", None),
        ("email", "maria@localhost", None),
        ("email", "maria", None),
        ("sms", "0912 345 678", None),
        ("sms", "maria@rivertown.example", None),
    ],
)
def test_one_address_alone_is_taken(channel, text, address):
    if address is None:
        with pytest.raises(NotAnAddress) as refused:
            checked_address(channel, text)
        assert text not in str(refused.value)
    else:
        assert checked_address(channel, text) == address


@pytest.mark.parametrize(
    ("data", "addresses", "lines"),
    [
        (b"a@x.example\nb@x.example", 2, []),
        (b"\xef\xbb\xbfEmail\r\na@x.example\r\n\r\n", 1, []),
        ("address\na@x.example".encode("utf-16"), 1, []),
        (b'"a@x.example"\nb@x.example,Maria\nnobody\n', 1, [2, 3]),
        (b"a@x.example\nemail\n", 1, [2]),
        (b"nobody", 0, [1]),
    ],
)
def test_a_list_is_text_with_one_address_in_each_line(data, addresses, lines):
    read = read_list(data, "email")
    assert (len(read.addresses), [problem.line for problem in read.problems]) == (addresses, lines)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no address"),
        (b"email\n\n", "no address"),
        (b"PK\x03\x04rest", "workbook"),
        (b"m\xfcnchen", "no text in UTF-8"),
        (b"a\0b", "no text"),
        (b"a@x.example\n" * (MOST_ADDRESSES + 1), "more than 20,000"),
    ],
)
def test_what_is_no_list_is_refused_in_words(data, words):
    with pytest.raises(NotAList, match=words):
        read_list(data, "email")


def test_an_answer_shows_enough_to_recognise_and_not_enough_to_copy():
    assert masked("email", "maria@rivertown.example") == "m•••@•••.example"
    assert masked("sms", "+351 912 345 678 ") == "+•••78"


def test_who_said_it_follows_from_the_reason_and_from_the_way_it_came():
    assert origin_of_typed(SuppressionReason.PROVIDER, is_list=True) == "provider"
    assert origin_of_typed(SuppressionReason.OPTED_OUT, is_list=True) == "import"
    assert origin_of_typed(SuppressionReason.OPTED_OUT, is_list=False) == "staff"
