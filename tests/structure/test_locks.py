"""Advisory locks of the database: two kinds of work that share a number would wait for each other, or for ever."""

import re
from collections import Counter

from tests.structure.sources import ROOT, modules

ONE_NUMBER_LOCK = re.compile(r"\b7_?203_?331_?\d{3}\b")


def test_every_kind_of_work_locks_under_a_number_of_its_own():
    sources = [*modules(), *sorted((ROOT / "migrations").rglob("*.py"))]
    found = Counter(
        number.replace("_", "") for path in sources for number in ONE_NUMBER_LOCK.findall(path.read_text("utf-8"))
    )
    assert len(found) >= 4
    assert [number for number, times in found.items() if times > 1] == []
