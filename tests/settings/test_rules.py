"""What people may enter, and what comes back out."""

from datetime import time, timedelta

import pytest
from portal.config.current import current
from portal.settings.rules import SETTINGS, Area, Refused, disagreements, in_area
from portal.settings.rules.areas import AREAS
from portal.settings.rules.environment import locked_value, variables_of
from portal.settings.rules.numbers import Integer, Money, MoneyAmount, Price, Rate
from portal.settings.rules.times import Duration, Durations, TimeOfDay, TimeZone
from portal.settings.rules.words import Boolean, Choice, Several, Text

MINUTE = timedelta(minutes=1)
URGENCY = Several((("high", "High"), ("low", "Low")))
WORD = Choice((("a", "First"), ("b", "Second")))
WAIT = Duration(MINUTE, timedelta(days=1))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Integer(1, 10_000), " 1 000 ", 1_000),
        (Rate(0.1, 100), "2.5", 2.5),
        (MoneyAmount(1_000), "50 usd", Money(50_000_000, "USD")),
        (MoneyAmount(1_000), "0.0075EUR", Money(7_500, "EUR")),
        (Price(10), " 0.0075 ", 7_500),
        (Price(10), "10", 10_000_000),
        (WAIT, "90", timedelta(seconds=90)),
        (WAIT, "1 h 30 min", timedelta(minutes=90)),
        (Durations(WAIT, 3), "1 minute, 300s,", (MINUTE, 5 * MINUTE)),
        (TimeOfDay(), "07:05", time(7, 5)),
        (TimeZone(), "Europe/Lisbon", "Europe/Lisbon"),
        (Text(20, lines=True), " Quay 4 \r\n Harbour ", "Quay 4\nHarbour"),
        (Boolean(), "on", True),
        (Boolean(), "", False),
        (WORD, "b", "b"),
        (URGENCY, "low,high", ("high", "low")),
    ],
)
def test_a_text_becomes_its_value_and_is_written_so_that_it_reads_back(kind, text, value):
    assert kind.parse(text) == value
    assert kind.parse(kind.show(value)) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Integer(1, 10), "0"),
        (Integer(1, 10), "eleven"),
        (Rate(0.1, 10), "0"),
        (Rate(0.1, 10), "fast"),
        (MoneyAmount(1_000), "50"),
        (MoneyAmount(1_000), "1001 EUR"),
        (Price(10), "0.05 USD"),
        (Price(10), "10.01"),
        (Price(10), "-1"),
        (WAIT, "soon"),
        (WAIT, "5 fortnights"),
        (WAIT, "2 days"),
        (Durations(WAIT, 2), ""),
        (Durations(WAIT, 2), "1m,2m,3m"),
        (TimeOfDay(), "24:00"),
        (TimeZone(), "Atlantis/Capital"),
        (Text(5), "too long"),
        (Text(20), "two\nlines"),
        (Text(20), "bell\a"),
        (Text(5, required=True), "  "),
        (Boolean(), "perhaps"),
        (WORD, "c"),
        (URGENCY, "low,urgent"),
    ],
)
def test_a_text_that_is_no_value_is_refused_with_what_to_enter(kind, text):
    with pytest.raises(Refused, match=r"^(Enter|Select|Choose) "):
        kind.parse(text)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (Integer(1, 10_000, "a day"), 1_000, "1,000 a day"),
        (Rate(0.1, 10, "a second"), 1.5, "1.5 a second"),
        (MoneyAmount(1_000, "a day"), Money(50_000_000, "USD"), "50.00 USD a day"),
        (WAIT, timedelta(days=1, hours=2, seconds=1), "1 day 2 hours 1 second"),
        (WAIT, timedelta(), "0 seconds"),
        (Durations(WAIT, 3), (MINUTE, 5 * MINUTE), "1 minute, 5 minutes"),
        (TimeOfDay(), time(21, 0), "21:00"),
        (TimeZone(), "UTC", "UTC"),
        (Text(20), "", "empty"),
        (Boolean("sending", "stopped"), False, "stopped"),
        (WORD, "a", "First"),
        (URGENCY, ("high", "low"), "High, Low"),
        (URGENCY, (), "none"),
    ],
)
def test_a_value_is_said_in_words(kind, value, words):
    assert kind.words(value) == words


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=list(SETTINGS))
def test_every_setting_stands_on_its_page_with_a_default_its_kind_accepts(setting):
    assert setting.kind.parse(setting.kind.show(setting.default)) == setting.default
    assert setting in in_area(setting.area)
    assert setting.key.startswith(f"{setting.area}.")
    assert setting.label
    assert setting.help.endswith(".")
    assert setting.source.endswith(".")
    assert "." not in setting.field


def test_every_area_has_its_words_and_at_least_one_setting():
    assert set(AREAS) == set(Area)
    assert all(in_area(area) for area in Area)


def test_every_lock_names_variables_of_the_configuration(app):
    named = {key: variables_of(one.environment) for key, one in SETTINGS.items() if one.environment}
    assert named["limits.money_per_day"] == ("LIMIT_COST_PER_DAY", "LIMIT_COST_CURRENCY")
    assert named["retry.max_retries"] == ("RETRY_MAX_RETRIES",)
    assert all(named.values())


DEFAULTS = {key: one.default for key, one in SETTINGS.items()}


def test_the_defaults_agree_with_each_other():
    assert disagreements(DEFAULTS) == {}


@pytest.mark.parametrize(
    ("key", "others"),
    [
        ("limits.per_day", {"limits.per_hour": 30}),
        ("sending.quiet_until", {"sending.quiet_from": time(8), "sending.quiet_until": time(8)}),
        ("batching.urgencies", {"batching.urgencies": ()}),
        ("security.rotation_warning", {"security.rotation_warning": timedelta(days=90)}),
    ],
)
def test_values_that_contradict_each_other_name_the_field_to_change(key, others):
    assert set(disagreements(DEFAULTS | others)) == {key}


def test_rules_of_a_switched_off_thing_may_say_anything():
    off = {"batching.enabled": False, "batching.urgencies": ()}
    quiet = {"sending.quiet_hours": False, "sending.quiet_from": time(8)}
    assert disagreements(DEFAULTS | off | quiet) == {}


@pytest.mark.parametrize("key", [key for key, one in SETTINGS.items() if one.environment])
def test_the_configuration_has_the_same_default_and_locks_with_the_same_type(key, lock):
    setting = SETTINGS[key]
    group = getattr(current(), setting.environment.group)
    lock(setting.environment.group, **{name: getattr(group, name) for name in setting.environment.attributes})
    locked = locked_value(setting)
    assert locked.variables == variables_of(setting.environment)
    assert type(locked.value) is type(setting.default)
    if key != "organisation.name":
        assert locked.value == setting.default
