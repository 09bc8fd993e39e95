"""Which figures are hidden, how a period is cut, and when a rate is told."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal.analytics.rules import PERIODS, cells, period_until
from portal.analytics.rules.rates import channel_line

ALIKE = [
    ([], []),
    ([0, 12], ["0", "12"]),
    ([3, 2, 12], ["fewer than 5", "fewer than 5", "12"]),
    ([3, 40, 12], ["fewer than 5", "40", "hidden"]),
    ([4, 0], ["fewer than 5", "0"]),
    ([1234], ["1,234"]),
]


@pytest.mark.parametrize(("numbers", "texts"), ALIKE)
def test_small_figures_are_hidden_and_cannot_be_worked_out(numbers, texts):
    assert [cell.text for cell in cells([("x", number) for number in numbers])] == texts


@given(st.lists(st.integers(0, 30)))
def test_no_figure_from_one_to_four_is_ever_shown_and_none_follows_from_the_sum(numbers):
    shown = cells([("x", number) for number in numbers])
    assert not any(cell.number is not None and 0 < cell.number < 5 for cell in shown)
    hidden = [number for cell, number in zip(shown, numbers, strict=True) if cell.number is None]
    # One alone is hidden only where nothing else was counted, and then the sum is hidden as well.
    assert len(hidden) != 1 or sum(numbers) < 5


def test_a_period_ends_today_by_the_clock_of_the_organisation():
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    period = period_until(late, "7d", "Europe/Berlin")
    assert (period.first, period.last) == (date(2026, 11, 17), date(2026, 11, 23))
    assert period.since == datetime(2026, 11, 16, 23, tzinfo=UTC)
    assert [period.part_of(day) for day in period.parts] == list(range(7))


@pytest.mark.parametrize("key", PERIODS)
def test_every_period_is_cut_without_a_rest(key):
    period = period_until(datetime(2026, 3, 29, 12, tzinfo=UTC), key, "Europe/London")
    assert period.days % period.step == 0
    assert period.part_of(period.last) == len(period.parts) - 1


@pytest.mark.parametrize(
    ("opt_outs", "handed", "rate", "above"),
    [(6, 1000, 0.6, True), (5, 1000, 0.5, False), (0, 1000, 0.0, False), (6, 99, None, False), (3, 1000, None, False)],
)
def test_a_rate_is_told_where_it_says_something_and_nobody_is_singled_out(opt_outs, handed, rate, above):
    line = channel_line("Email", cells([("email", opt_outs)])[0], handed, 0.5)
    assert (line.rate, line.is_above) == (rate, above)
