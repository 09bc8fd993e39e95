import pytest
from portal.web import charts


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (-3, 1), (0.3, 0.5), (1, 1), (7, 10), (17400, 20000), (24, 25), (26, 50), (999, 1000)]
)
def test_a_scale_ends_at_a_round_figure(value, top):
    assert charts.round_up(value) == pytest.approx(top)


def test_a_line_runs_from_edge_to_edge():
    assert charts.scale([0, 5, 10], 0, 0, 100, 50).path([0, 5, 10]) == "M0.0 50.0L50.0 25.0L100.0 0.0"


def test_a_single_point_and_no_point_are_no_fault():
    assert charts.scale([], 0, 0, 100, 50).path([0]) == "M0.0 50.0"


def test_the_lines_of_a_scale_stand_evenly_apart():
    assert [tick.value for tick in charts.scale([10], 0, 0, 100, 50).ticks()] == [0, 2, 4, 6, 8, 10]


def test_bars_fill_the_width_and_an_empty_one_is_still_seen():
    empty, full = charts.bars([0, 5], 102, 28)
    assert (empty.x, empty.width, empty.height) == (0, 50, 1.5)
    assert (full.x, full.width, full.height, full.y) == (52, 50, 26, 2)
    assert charts.bars([], 100, 28) == []


def test_a_waterfall_says_what_is_left_after_each_step():
    assert charts.waterfall(1612, [214, 96]) == [(1398, 214), (1302, 96)]
