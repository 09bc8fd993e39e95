"""The rules of the door as tables of cases."""

import importlib.util
from datetime import UTC, datetime, timedelta

import argon2
import pytest
from portal.staff.models import Role
from portal.staff.rules import hashing
from portal.staff.rules.addresses import mask_email
from portal.staff.rules.agents import agent_class
from portal.staff.rules.delays import LONGEST, delay_after, wait_in_words, wait_left
from portal.staff.rules.passwords import common_passwords
from portal.staff.rules.roles import GRANTS, may
from portal.staff.rules.second_factor import matching_step, new_recovery_codes, normalise_code, seed_in_groups
from portal.web.permissions import Permission

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (9, 16), (14, 512), (15, 900), (10_000, 900)]
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(failures, seconds):
    assert delay_after(failures).total_seconds() == seconds


def test_the_wait_runs_down_and_is_never_for_ever():
    assert wait_left(8, NOON, NOON + timedelta(seconds=3)) == timedelta(seconds=5)
    assert wait_left(50, NOON, NOON + LONGEST) <= timedelta(0)
    assert wait_left(0, None, NOON) == timedelta(0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (1.5, "2 seconds"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes")],
)
def test_a_wait_is_said_in_words_and_rounded_up(seconds, words):
    assert wait_in_words(timedelta(seconds=seconds)) == words


def test_passwords_are_hashed_with_the_library_s_own_strength():
    spec = importlib.util.spec_from_file_location("fresh", hashing.__file__)
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    strength = (fresh.HASHER.time_cost, fresh.HASHER.memory_cost, fresh.HASHER.parallelism)
    assert strength == (argon2.DEFAULT_TIME_COST, argon2.DEFAULT_MEMORY_COST, argon2.DEFAULT_PARALLELISM)


def test_the_list_of_common_passwords_is_long_enough_and_folded():
    words = common_passwords()
    assert len(words) >= 3000
    assert all(len(word) >= 8 and word == word.casefold() for word in words)


def test_codes_follow_the_published_vectors_of_rfc_6238():
    seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert matching_step(seed, "287082", datetime.fromtimestamp(59, UTC), None) == 1
    assert matching_step(seed, "081804", datetime.fromtimestamp(1111111109, UTC), None) == 37037036
    assert matching_step(seed, "287082", datetime.fromtimestamp(59, UTC), 1) is None


def test_codes_are_read_however_they_are_typed():
    assert normalise_code(" 123 456 ") == "123456"
    assert normalise_code("ABCD-efgh") == "abcdefgh"
    assert matching_step("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "кодкод", NOON, None) is None


def test_recovery_codes_differ_and_hold_no_letters_that_look_alike():
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert not set("".join(codes)) & set("01ilo")


def test_a_seed_is_shown_in_groups_of_four():
    assert seed_in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8.0", "Unknown browser"),
    ],
)
def test_a_browser_is_named_in_two_words(header, said):
    assert agent_class(header) == said


def test_an_address_is_masked():
    assert mask_email("priya.raman@tidewell.example") == "p•••@•••.example"


def test_every_role_is_granted_something_and_only_administrators_change_staff():
    assert set(GRANTS) == set(Role)
    assert [role for role in Role if may(role, Permission.STAFF_CHANGE)] == [Role.ADMIN]
