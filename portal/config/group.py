"""What every settings group is: typed, frozen, read by variable names, and able to say what is wrong with it."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pydantic import Field
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from portal.config.problems import Problem
from portal.config.secret import Secret


def variable(name: str, default: Any, what: str, **rules: Any) -> Any:
    """A setting read from the environment variable `name`; `what` says what it does, for reports."""
    return Field(default=default, validation_alias=name, description=what, **rules)


class VariableSource(PydanticBaseSettingsSource):
    """Reads a group from the mapping that the loader made; the process environment is not consulted behind its back."""

    def __init__(self, group: type[BaseSettings], values: Mapping[str, str]) -> None:
        super().__init__(group)
        self.values = values

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        name = str(field.validation_alias)
        return self.values.get(name), name, False

    def __call__(self) -> dict[str, Any]:
        read = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {name: value for value, name, _ in read if value is not None}


class Group(BaseSettings):
    """One group of settings. Group(variables={...}) reads by variable name, Group(field=...) sets fields."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        validate_by_name=True,
        validate_by_alias=True,
        validate_default=True,
    )

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_others: PydanticBaseSettingsSource,
        **_named: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        given = init_settings()
        if "variables" in given:
            return (VariableSource(settings_cls, given["variables"]),)
        return (init_settings,)

    @classmethod
    def variables(cls) -> dict[str, FieldInfo]:
        """Every environment variable of this group with its field."""
        return {str(field.validation_alias): field for field in cls.model_fields.values()}

    @classmethod
    def secret_variables(cls) -> list[str]:
        """The variables whose value is a secret, and may therefore stand in a file named by NAME_FILE."""
        return [name for name, field in cls.variables().items() if field.annotation in (Secret, tuple[Secret, ...])]

    def secrets(self) -> Iterator[tuple[str, Secret]]:
        """Every secret of this group that is set, with its variable."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, Secret) and one:
                    yield str(field.validation_alias), one

    def problems(self) -> list[Problem]:
        """What is wrong between the fields of this group; the fields themselves were checked when it was made."""
        return []

    def summary(self) -> str:
        """What this group does, in one line without any secret."""
        raise NotImplementedError


class ChannelGroup(Group):
    """The credentials of one channel. None of them given: the channel is not configured, and nothing else suffers."""

    @property
    def is_started(self) -> bool:
        """Whether somebody began to fill the group, so that what is missing should be named."""
        raise NotImplementedError

    @property
    def is_configured(self) -> bool:
        """Whether the channel could send with what is here."""
        return self.is_started and not self.missing()

    def missing(self) -> list[Problem]:
        """The variables without which the channel cannot send."""
        raise NotImplementedError
