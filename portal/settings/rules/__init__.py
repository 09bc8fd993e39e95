"""Every setting that staff may change, and the rules that hold between them. Pure; reads no database."""

from collections.abc import Mapping
from typing import Any

from portal.settings.rules import (
    batching,
    imports,
    limits,
    opt_outs,
    organisation,
    retention,
    retry,
    security,
    sending,
)
from portal.settings.rules.refused import Refused
from portal.settings.rules.setting import AnySetting, Area, Setting

MODULES = (organisation, sending, retry, batching, limits, imports, opt_outs, retention, security)
SETTINGS: dict[str, AnySetting] = {
    one.key: one for module in MODULES for one in vars(module).values() if isinstance(one, Setting)
}


def in_area(area: Area) -> list[AnySetting]:
    """The settings of one page, in the order of showing."""
    return [one for one in SETTINGS.values() if one.area is area]


def disagreements(values: Mapping[str, Any]) -> dict[str, str]:
    """What values say against each other, by key of the field to change; empty when they agree."""
    found = {}
    if values[limits.PER_DAY.key] < values[limits.PER_HOUR.key]:
        found[limits.PER_DAY.key] = "Enter at least as many a day as an hour."
    if values[sending.QUIET_HOURS.key] and values[sending.QUIET_FROM.key] == values[sending.QUIET_UNTIL.key]:
        found[sending.QUIET_UNTIL.key] = "Enter another time than the start, or switch quiet hours off."
    if values[batching.ENABLED.key] and not values[batching.URGENCY.key]:
        found[batching.URGENCY.key] = "Select at least one urgency, or switch batching off."
    if values[security.ROTATION_WARNING.key] >= values[security.ROTATION_INTERVAL.key]:
        found[security.ROTATION_WARNING.key] = "Enter a shorter time than the interval."
    return found


__all__ = ["SETTINGS", "AnySetting", "Area", "Refused", "Setting", "disagreements", "in_area"]
