"""Each test starts without knowledge of the settings, as a new process does."""

from collections.abc import Iterator

import pytest
from portal.settings import queries


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    queries.forget_everything()
    yield
    queries.forget_everything()
