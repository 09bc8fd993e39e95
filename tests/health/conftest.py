"""Stand-ins for servers that answer, refuse, or are not there."""

import socket
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
def free_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def lock(app) -> Iterator[Callable[..., None]]:
    """Sets figures of one group of the configuration for this test."""
    before = current()

    def set_figures(group: str, **figures: object) -> None:
        config = current()
        changed = getattr(config, group).model_copy(update=figures)
        install(config.model_copy(update={group: changed}))

    yield set_figures
    install(before)
