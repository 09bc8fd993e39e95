"""Which keys are refused, which are warned about, and what every key is compared with."""

import json

import pytest
from portal.config.keys import generate_key, key_bytes, key_problems

from tests.config.samples import KEY, LEAST, OTHER_KEY, SMTP, errors, load, look, told

STRONG = "mB7rX2kQ9vT4nZ8pL5wY1cJ6hG3dS0fAeUiO"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("your-encryption-key-here-change-in-production-min-32-chars", "is a placeholder"),
        ("CHANGE-ME-please-0123456789-abcdefghij-qrst", "is a placeholder"),
        ("mB7rX2kQ9vT4nZ8pL5wY1cJ6hG3dS0f", "is too short: at least 32 characters"),
        ("a" * 40, "fewer than 10 different characters"),
        ("mB7rX2kQ9v" * 4, "repeats itself"),
        ("abcdefghijklmnopqrstuvwxyz0123456789ABCD", "follows the alphabet"),
        ("base64:dG9vIHNob3J0", "does not hold exactly 32 bytes"),
        ("base64:!!!!", "does not hold exactly 32 bytes"),
        ("hex:zz", "does not hold exactly 32 bytes"),
        ("hex:" + "00" * 32, "fewer than 10 different"),
    ],
)
def test_a_weak_key_is_refused_with_the_reason(key, reason):
    (problem,) = key_problems("DB_ENCRYPTION_KEY", key)
    assert reason in problem.wrong
    assert problem.severity == "error"
    assert "keys generate" in problem.mend
    assert key not in str(problem)
    assert errors(DB_ENCRYPTION_KEY=key) == [str(problem)]


def test_a_key_below_forty_characters_is_warned_about_and_accepted():
    outcome = look(DB_ENCRYPTION_KEY=STRONG)
    assert told(outcome, "DB_ENCRYPTION_KEY")[0].startswith("DB_ENCRYPTION_KEY is shorter than 40 characters")
    assert outcome.config


@pytest.mark.parametrize("key", [KEY, OTHER_KEY, f"{STRONG}-xyzw", f"prefix:{STRONG}", KEY.replace("+", "-")])
def test_a_strong_key_is_accepted_in_every_form(key):
    assert key_problems("DB_ENCRYPTION_KEY", key) == []


def test_a_generated_key_is_strong_and_always_another():
    assert key_problems("SECRET_KEY", generate_key()) == []
    assert generate_key() != generate_key()
    assert len(key_bytes(generate_key())) == 32
    assert key_bytes(STRONG) is None


@pytest.mark.parametrize("name", ["SECRET_KEY", "SMTP_PASSWORD", "TWILIO_AUTH_TOKEN", "WHATSAPP_APP_SECRET"])
def test_the_master_key_must_not_be_used_for_anything_else(name):
    assert f"DB_ENCRYPTION_KEY is the same as {name}" in " ".join(errors(**{**SMTP, name: KEY}))


def test_a_weak_secret_key_is_refused_too():
    assert errors(SECRET_KEY="x" * 50)[0].startswith("SECRET_KEY is too simple")


def test_previous_keys_are_read_and_checked():
    config = look(DB_ENCRYPTION_KEY_PREVIOUS=f"{OTHER_KEY},\n {STRONG}", SECRET_KEY_FALLBACKS=STRONG).config
    assert [key.reveal() for key in config.security.db_encryption_key_previous] == [OTHER_KEY, STRONG]
    assert [key.reveal() for key in config.security.secret_key_fallbacks] == [STRONG]
    found = errors(DB_ENCRYPTION_KEY_PREVIOUS=f"{OTHER_KEY} short")
    assert found[0].startswith("DB_ENCRYPTION_KEY_PREVIOUS holds a key that is too short")


def test_the_current_key_among_the_previous_ones_is_told():
    outcome = look(DB_ENCRYPTION_KEY_PREVIOUS=KEY)
    assert told(outcome, "DB_ENCRYPTION_KEY_PREVIOUS") == [
        "DB_ENCRYPTION_KEY_PREVIOUS holds the current key too. Remove it from the list."
    ]
    assert LEAST["DB_ENCRYPTION_KEY"] not in repr(outcome.problems)


def test_earlier_keys_that_hold_spaces_or_commas_stand_in_a_json_list():
    phrases = ["correct horse, battery staple and lantern 42", "anchor violet harbour, north star and kelp 17"]
    found = load(DB_ENCRYPTION_KEY_PREVIOUS=json.dumps(phrases)).security.db_encryption_key_previous
    assert [key.reveal() for key in found] == phrases


@pytest.mark.parametrize("text", ["[not json", '["a", 1]', '{"a": 1}'])
def test_what_only_looks_like_a_list_of_keys_is_refused_without_repeating_it(text):
    told = [str(problem) for problem in look(DB_ENCRYPTION_KEY_PREVIOUS=text).problems]
    assert any("DB_ENCRYPTION_KEY_PREVIOUS" in line for line in told)
    assert text not in "".join(told)
