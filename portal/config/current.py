"""The settings of this process: loaded once on first use."""

import threading

from portal.config.configuration import Config
from portal.config.load import load_config

_lock = threading.Lock()
_installed: list[Config] = []


def current() -> Config:
    """The settings; the first call reads the environment and .env, and raises ConfigError when they cannot be used."""
    with _lock:
        if not _installed:
            _installed.append(load_config())
        return _installed[0]


def install(config: Config) -> None:
    """Uses these settings from now on; for tests and for tools that know their servers."""
    with _lock:
        _installed[:] = [config]


def reset() -> None:
    """Forgets the settings, so that the next use reads them again."""
    with _lock:
        _installed.clear()
