"""Fills one compiled version in for one person."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from liquid.exceptions import LiquidError

from portal.message_templates.rules.compile import Compiled
from portal.message_templates.rules.fields import FIELDS, SAME_AS, FieldRefused, prepare
from portal.message_templates.rules.problems import RenderFailed
from portal.message_templates.rules.source import sentence

LONGEST_SUBJECT = 300
MANY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """One email as one person gets it."""

    subject: str
    text: str
    html: str


def render(compiled: Compiled, values: Mapping[str, object]) -> Rendered:
    """The email for these values. Raises RenderFailed, which names the field and never its value."""
    prepared = {name: _prepared(name, values) for name in compiled.fields}
    try:
        return Rendered(
            subject=" ".join(compiled.subject.render(prepared).split())[:LONGEST_SUBJECT],
            text=MANY_LINES.sub("\n\n", compiled.text.render(prepared)).lstrip("\n"),
            html=compiled.html.render(prepared),
        )
    except LiquidError as error:
        raise RenderFailed(sentence(error)) from None


def check_values(names: Iterable[str], values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the values a person typed, by field: empty ones and those their kind refuses."""
    problems = {}
    for name in names:
        try:
            prepare(FIELDS[name], values.get(name, ""))
        except FieldRefused as refused:
            problems[name] = str(refused)
    return problems


def _prepared(name: str, values: Mapping[str, object]) -> Any:
    value = values.get(name, values.get(SAME_AS.get(name, "")))
    if value is None:
        raise RenderFailed(f"The field {name} has no value.", name)
    try:
        return prepare(FIELDS[name], value)
    except FieldRefused as refused:
        raise RenderFailed(f"{name}: {refused}", name) from None
