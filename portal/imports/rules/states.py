"""How the states of an import are called, and which step of the four each is."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.imports.models import ImportState

# word, look, icon
STATES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        ImportState.UPLOADED: ("Columns to map", "info", "clock"),
        ImportState.CHECKING: ("Checking", "info", "clock"),
        ImportState.CHECKED: ("Checked", "info", "check"),
        ImportState.IMPORTING: ("Importing", "info", "clock"),
        ImportState.DONE: ("Imported", "ok", "check"),
        ImportState.STOPPED: ("Stopped", "warn", "alert"),
        ImportState.CANCELLED: ("Cancelled", "", "x"),
        ImportState.FAILED: ("Failed", "bad", "x"),
    }
)
STEPS: Mapping[str, int] = MappingProxyType({ImportState.UPLOADED: 2, ImportState.CHECKING: 3, ImportState.CHECKED: 3})


def step_of(state: str) -> int:
    """The step on which the page stands, from 1; what is confirmed stands on the last."""
    return STEPS.get(state, 4)
