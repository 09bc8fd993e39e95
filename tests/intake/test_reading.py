"""The rule table of replies: what stops, what starts again, what a person has to read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal.intake.rules import Meaning, address_of, plain, read_reply
from portal.intake.rules.reading import listed

SAID = [
    ("STOP", "stop"),
    ("stop.", "stop"),
    ("S.T.O.P", "stop"),
    ("STOP STOP STOP!", "stop"),
    ("Please stop texting me", "stop"),
    ("Cancel", "stop"),
    ("QUIT", "stop"),
    ("End", "stop"),
    ("revoke", "stop"),
    ("Opt-out", "stop"),
    ("unsubscribe me please", "stop"),
    ("StopAll", "stop"),
    ("Stop, thank you", "stop"),
    ("don't text me again", "stop"),
    ("Why do you write? Take me off your list", "stop"),
    ("Stop promotions", "stop"),
    ("Don't cancel my booking, but stop texting me", "stop"),
    ("no mas", "stop"),
    ("¡No más!", "stop"),
    ("Por favor no más mensajes", "stop"),
    ("Bitte hören Sie auf", "stop"),
    ("Abmelden", "stop"),
    ("keine Werbung bitte", "stop"),
    ("Désabonnez-moi", "stop"),
    ("ARRÊT", "stop"),
    ("Non voglio più messaggi", "stop"),
    ("parem de me escrever", "stop"),
    ("Schrijf mij uit", "stop"),
    ("Proszę, wypiszcie mnie", "stop"),
    ("İPTAL", "stop"),
    ("Отписаться", "stop"),
    ("退订", "stop"),
    ("don't stop", "unclear"),
    ("Please don\u2019t stop!", "unclear"),
    ("Bitte nicht aufhören", "unclear"),
    ("N'arrêtez pas", "unclear"),
    ("no pare", "unclear"),
    ("I will stop by at five", "other"),
    ("Please stop by the shop", "other"),
    ("Bus stop", "other"),
    ("Can I cancel my appointment?", "other"),
    ("We are 6", "other"),
    ("Yes", "other"),
    ("no", "other"),
    ("", "other"),
    ("START", "start"),
    ("unstop please", "start"),
    ("Opt in", "start"),
    ("Hilfe", "help"),
    ("HELP!", "help"),
    ("Who is this?", "help"),
]
TABLES = {"stop_words": Meaning.STOP, "stop_phrases": Meaning.STOP, "contrary": Meaning.UNCLEAR}
TABLES |= {"other_stops": Meaning.OTHER, "start_words": Meaning.START, "help_words": Meaning.HELP}
BETWEEN = st.sampled_from([" ", "  ", "\n", "\t", "\u00a0", ", ", " - ", "! ", "... ", " \u200b "])
AROUND = st.sampled_from(["", " ", ".", "!!", "\n", "\u201c", "\u00bf", "\U0001f44e", "\u200b", "(", "\u2026"])
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
CASES = [str, str.upper, str.lower, str.title, str.swapcase, lambda text: text.translate(FULL_WIDTH)]
CASES += [lambda text: unicodedata.normalize("NFD", text)]


@pytest.mark.parametrize(("text", "meaning"), SAID)
def test_what_a_reply_means_in_any_language(text, meaning):
    assert read_reply(text) == meaning


@pytest.mark.parametrize("table", TABLES)
def test_every_line_of_the_table_means_what_its_table_says(table):
    assert [line for line in sorted(listed(table)) if read_reply(line) is not TABLES[table]] == []


@given(st.sampled_from(SAID), st.sampled_from(CASES), BETWEEN, AROUND, AROUND)
def test_case_punctuation_white_space_and_full_width_letters_do_not_matter(said, change, between, before, after):
    text, meaning = said
    changed = before + between.join(change(word) for word in text.split()) + after
    assert read_reply(changed) == meaning


@given(st.text(max_size=300))
def test_whatever_is_said_is_read_without_a_fault_and_the_plain_form_is_final(text):
    assert read_reply(text) in set(Meaning)
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("channel", "sender", "address"),
    [
        ("sms", "+351912345678", "+351912345678"),
        ("sms", "72345", "72345"),
        ("whatsapp", "whatsapp:+351912345678", "+351912345678"),
        ("whatsapp", "351912345678", "+351912345678"),
        ("whatsapp", "US.13491208655302741918", "US.13491208655302741918"),
    ],
)
def test_a_sender_is_brought_into_the_form_of_our_addresses(channel, sender, address):
    assert address_of(channel, sender) == address
