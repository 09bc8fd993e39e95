"""Which settings the environment locks: those whose variable is set there or in the .env file."""

from dataclasses import dataclass
from typing import Any

from portal.config.current import current
from portal.settings.rules.setting import AnySetting, Environment


@dataclass(frozen=True, slots=True)
class Locked:
    """A value that the environment sets, so that nobody can change it in the portal."""

    value: Any
    variables: tuple[str, ...]


def locked_value(setting: AnySetting) -> Locked | None:
    """The value the environment sets for this setting, or None where it sets none of the setting's variables."""
    place = setting.environment
    if place is None:
        return None
    group = getattr(current(), place.group)
    given = [name for name in place.attributes if name in group.model_fields_set]
    if not given:
        return None
    figures = (getattr(group, name) for name in place.attributes)
    return Locked(place.read(*figures), tuple(str(type(group).model_fields[name].validation_alias) for name in given))


def variables_of(place: Environment[Any]) -> tuple[str, ...]:
    """The names of the variables that lock a setting."""
    fields = type(getattr(current(), place.group)).model_fields
    return tuple(str(fields[name].validation_alias) for name in place.attributes)
