from datetime import UTC, date, datetime

import pytest
from flask import Flask, g
from portal.web import times

from tests.web.site import PEOPLE

WINTER = datetime(2026, 11, 20, 23, 42, 18, tzinfo=UTC)


@pytest.fixture
def reader(site: Flask):
    with site.test_request_context():
        g.heedful_user = PEOPLE["admin"]
        PEOPLE["admin"].time_zone = "Asia/Tokyo"
        yield
        PEOPLE["admin"].time_zone = "Europe/Lisbon"


def test_times_are_shown_by_the_readers_clock(reader):
    assert times.as_moment(WINTER) == "21 Nov 2026, 08:42"
    assert times.as_clock(WINTER) == "08:42:18"
    assert times.as_day(WINTER) == "21 Nov 2026"


def test_a_day_without_a_time_is_shown_as_it_is(reader):
    assert times.as_day(date(2026, 11, 2)) == "2 Nov 2026"


def test_the_element_says_the_exact_moment_and_zone(reader):
    assert times.time_element(WINTER) == (
        '<time datetime="2026-11-20T23:42:18+00:00" title="21 Nov 2026, 08:42:18 JST">21 Nov 2026, 08:42</time>'
    )
    assert ">now</time>" in times.time_element(WINTER, "now")


def test_without_a_reader_the_organisations_clock_counts(site):
    with site.test_request_context():
        assert times.as_moment(WINTER) == "20 Nov 2026, 23:42"


@pytest.mark.parametrize("show", [times.as_moment, times.as_clock, times.as_day, times.time_element, times.as_number])
def test_nothing_is_shown_as_nothing(show):
    assert show(None) == ""


def test_figures_have_their_thousands_apart():
    assert times.as_number(48213) == "48,213"
    assert times.as_number(4.126, 1) == "4.1"
