"""
Sealed text columns: how a model declares one, and what reading and writing it does.

    class Staff(Timestamps, Model):
        id: Mapped[uuid.UUID] = id_column()
        _email: Mapped[bytes] = sealed_column(Purpose.FIELD_PII, "staff.email", meaning="Address.", nullable=False)
        email = SealedText("_email")

A column that may be empty takes `SealedTextOrNone`. The database column is named after the last part of the context
(`email`). The context is bound into every cell: it never changes, even when the table or the column is renamed. The
migration makes the column `bytea` with the comment `sealed: Address.` and calls
`guard_sealed(op, "staff", {"email": "field.pii"})`. Assigning seals at once, under the row's id; reading opens. Such
columns cannot be searched: keep a blind index beside the one that must be found.
"""

from contextlib import suppress
from typing import Any, NoReturn, Self, overload

from sqlalchemy import event
from sqlalchemy.orm import MappedColumn, configure_mappers

from portal.crypto.alarms import raise_alarm
from portal.crypto.errors import CellError, NotAnEnvelope
from portal.crypto.keyring import ring
from portal.crypto.purposes import Purpose
from portal.crypto.registry import Sealed
from portal.db import DataClass, Model, column, new_id


def sealed_column(
    purpose: Purpose, context: str, *, meaning: str, name: str | None = None, **options: Any
) -> MappedColumn[Any]:
    """A column of sealed cells. `context` is pinned for ever; `name` is its last part unless given."""
    kind: Any = Sealed(purpose, context)
    return column(kind, data=DataClass.SEALED, meaning=meaning, name=name or context.rpartition(".")[2], **options)


class Undecryptable(str):
    """Stands in for a cell that cannot be opened: shows as a phrase, counts as empty, and is equal to nothing else."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, code: str) -> Self:
        marker = super().__new__(cls, "cannot be decrypted")
        marker.code = code
        return marker

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self)


class _SealedCell:
    """What both descriptors share. There is nothing to compare: queries go through a blind index."""

    def __init__(self, attribute: str) -> None:
        self._attribute = attribute
        self._kind: Sealed | None = None

    def _read(self, row: Any) -> str | None:
        cell = getattr(row, self._attribute)
        if cell is None:
            return None
        kind = self._kind_of(row)
        try:
            return ring().open(kind.purpose, kind.context, row.id, cell).decode()
        except CellError as error:
            raise_alarm(error)
            return Undecryptable(error.code)

    def __set__(self, row: Any, text: str | None) -> None:
        kind = self._kind_of(row)
        if isinstance(text, Undecryptable) or not isinstance(text, str | None):
            raise TypeError(f"{kind.context} takes text that can be read, or None.")
        self._keep_what_may_come_back(row, kind)
        cell = None if text is None else ring().seal(kind.purpose, kind.context, row.id, _encoded(kind, text))
        setattr(row, self._attribute, cell)

    def _keep_what_may_come_back(self, row: Any, kind: Sealed) -> None:
        # A newer release or a restored key could still read such a cell; a damaged one nobody can.
        cell = getattr(row, self._attribute)
        if cell is not None:
            with suppress(NotAnEnvelope):
                ring().require_known(kind.context, row.id, cell)

    def _kind_of(self, row: Any) -> Sealed:
        if self._kind is None:
            self._kind = type(row).__mapper__.columns[self._attribute].type
        return self._kind

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("A sealed column cannot be searched or sorted; look it up by its blind index.")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    in_ = like = ilike = is_ = is_not = asc = desc = contains = startswith = _refuse
    __hash__ = object.__hash__


class SealedText(_SealedCell):
    """The readable side of a sealed column. Never raises on reading a damaged cell, so that pages go on."""

    @overload
    def __get__(self, row: None, owner: type[object]) -> "SealedText": ...

    @overload
    def __get__(self, row: object, owner: type[object]) -> str: ...

    def __get__(self, row: object | None, owner: type[object]) -> "SealedText | str | None":
        return self if row is None else self._read(row)


class SealedTextOrNone(_SealedCell):
    """The same for a column that may be empty."""

    @overload
    def __get__(self, row: None, owner: type[object]) -> "SealedTextOrNone": ...

    @overload
    def __get__(self, row: object, owner: type[object]) -> str | None: ...

    def __get__(self, row: object | None, owner: type[object]) -> "SealedTextOrNone | str | None":
        return self if row is None else self._read(row)


def _encoded(kind: Sealed, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise TypeError(f"{kind.context} takes text without lone surrogates.") from None


def identify_first(row: Any, _: object, facts: dict[str, Any]) -> None:
    """Gives a new row its id before anything is assigned, since cells are bound to it."""
    if any(isinstance(one.type, Sealed) for one in row.__table__.columns):
        # The very first row of a process comes here before anything else has told the attributes what they are.
        configure_mappers()
        row.id = facts.pop("id", None) or new_id()


event.listen(Model, "init", identify_first, propagate=True)
