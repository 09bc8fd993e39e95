"""A secret can be used, and in no other way seen."""

import copy
import json
import pickle

import pytest
from portal.config.secret import Secret, SecretExposedError

from tests.config.samples import SMTP, load

CANARY = "canary-secret-7781"


@pytest.mark.parametrize(
    "show", [repr, str, ascii, "{}".format, "{:>20}".format, lambda secret: f"{secret!r} {[secret]}"]
)
def test_a_secret_never_shows_its_text(show):
    assert CANARY not in show(Secret(CANARY))
    assert "<secret>" in show(Secret(CANARY))


@pytest.mark.parametrize("leak", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_a_secret_cannot_be_pickled_copied_or_made_json(leak):
    with pytest.raises(TypeError) as refused:
        leak(Secret(CANARY))
    assert CANARY not in str(refused.value)


def test_settings_cannot_be_made_json_or_pickled_but_show_placeholders():
    config = load(**SMTP)
    with pytest.raises(ValueError, match="SecretExposedError"):
        config.model_dump_json()
    with pytest.raises(SecretExposedError):
        pickle.dumps(config)
    assert SMTP["SMTP_PASSWORD"] not in repr(config) + str(config.model_dump())


def test_equal_secrets_are_equal_and_nothing_else_is():
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


def test_an_empty_secret_counts_as_none():
    assert not Secret("")
    assert Secret("x").reveal() == "x"
