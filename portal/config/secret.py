"""The type of every secret: it can be used, but not shown, stored, copied or sent by accident."""

import hmac
from typing import Any, NoReturn

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

SHOWN = "<secret>"


class SecretExposedError(TypeError):
    """Somebody tried to pickle, copy or serialise a secret."""

    def __init__(self) -> None:
        super().__init__("A secret cannot be pickled, copied or serialised; call reveal() where it is used.")


class Secret:
    """Text that shows itself as <secret> everywhere; reveal() is called by the adapter that needs it, nowhere else."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return SHOWN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return SHOWN

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise SecretExposedError

    def __copy__(self) -> NoReturn:
        raise SecretExposedError

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise SecretExposedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from_text = core_schema.no_info_after_validator_function(cls, core_schema.str_schema(strip_whitespace=True))
        return core_schema.union_schema(
            [core_schema.is_instance_schema(cls), from_text],
            serialization=core_schema.plain_serializer_function_ser_schema(_refuse, when_used="json"),
        )


def _refuse(_value: object) -> NoReturn:
    raise SecretExposedError
