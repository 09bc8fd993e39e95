"""Each test starts without knowledge of the settings, as a new process does."""

from collections.abc import Callable, Iterator

import pytest
from portal.config.current import current, install
from portal.settings import queries


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    queries.forget_everything()
    yield
    queries.forget_everything()


@pytest.fixture
def lock(app) -> Iterator[Callable[..., None]]:
    """Sets figures of one group as the environment would, by group and names of the configuration."""
    before = current()

    def set_figures(group: str, **figures: object) -> None:
        config = current()
        changed = getattr(config, group).model_copy(update=figures)
        changed.model_fields_set.update(figures)
        install(config.model_copy(update={group: changed}))

    yield set_figures
    install(before)
