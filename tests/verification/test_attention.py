"""The home page says when the money for codes runs out, to those who can do something about it."""

import pytest

from tests.verification.conftest import OTHER, settings

SAID = "Codes by SMS have used"


@pytest.mark.parametrize(("limit", "shown"), [("0.12", True), ("0.10", True), ("0.13", False), ("0", False)])
def test_money_that_runs_out_is_told_from_the_share_that_warns(live, as_admin, as_marketer, limit, shown):
    live.start()
    live.start(OTHER)
    with settings(LIMIT_COST_PER_DAY=limit):
        assert (SAID in as_admin.get("/").text) is shown
        assert SAID not in as_marketer.get("/").text
