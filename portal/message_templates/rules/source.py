"""Reads a wording as the editor wrote it: its Liquid, its fields, and what is wrong with either, with places."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from liquid import BoundTemplate
from liquid.exceptions import (
    BlockNestingError,
    FilterArgumentError,
    LiquidError,
    LiquidSyntaxError,
    LiquidTypeError,
    OutputStreamLimitError,
    UnknownFilterError,
)

from portal.message_templates.rules.fields import CATALOGUE, FIELDS, Kind, nearest, prepare
from portal.message_templates.rules.language import FILTERS, INNER_TAGS, PLAIN, TAGS
from portal.message_templates.rules.problems import Part, Problem, place

LONGEST = {Part.SUBJECT: 200, Part.BODY: 20_000}
TAG = re.compile(r"\{%-?\s*([^\s%}]*)")
SENTENCES = {
    UnknownFilterError: f"This filter is not known. There are {', '.join(sorted(FILTERS))}.",
    LiquidTypeError: "These values do not go together here.",
    BlockNestingError: "Conditions stand too deep inside one another.",
    OutputStreamLimitError: "The text becomes too long.",
}


@dataclass(frozen=True, slots=True)
class Used:
    """One place where a wording uses a field."""

    name: str
    index: int
    has_parts: bool


def parse(part: Part, source: str) -> tuple[BoundTemplate | None, list[Problem]]:
    """The Liquid of one part, or every problem it has: length, commands, syntax, fields, filters."""
    if len(source) > LONGEST[part]:
        return None, [Problem(part, 1, 1, f"Too long. At most {LONGEST[part]:,} characters.")]
    if refused := list(_refused_tags(part, source)):
        return None, refused
    try:
        template = PLAIN.from_string(source)
    except LiquidError as error:
        return None, [problem_of(part, source, error)]
    problems = [*_unknown_fields(part, source, template)] or [*_trials(part, source, template)]
    return template, problems


def used_fields(template: BoundTemplate) -> list[Used]:
    """Every use of a field, in no order."""
    variables = chain.from_iterable(template.analyze().globals.values())
    return [Used(str(one.segments[0]), one.span.index, len(one.segments) > 1) for one in variables]


def problem_of(part: Part, source: str, error: LiquidError) -> Problem:
    """What the library says, as a sentence with its place; without a place it stands at the end."""
    index = error.token.start_index if error.token else -1
    line, column = place(source, index if index >= 0 else len(source))
    return Problem(part, line, column, sentence(error))


def sentence(error: LiquidError) -> str:
    """The error in words; never a value of a field."""
    for kind, text in SENTENCES.items():
        if isinstance(error, kind):
            return text
    if isinstance(error, LiquidSyntaxError | FilterArgumentError):
        text = str(error.message)
        return f"{text[:1].upper()}{text[1:].replace('end of expression', 'the end')}."
    return "This cannot be worked out."


def _refused_tags(part: Part, source: str) -> Iterator[Problem]:
    for found in TAG.finditer(source):
        name = found[1]
        if name not in TAGS | INNER_TAGS:
            line, column = place(source, found.start())
            yield Problem(part, line, column, f"“{name}” is not known here. Use if, unless, case or comment.")


def _unknown_fields(part: Part, source: str, template: BoundTemplate) -> Iterator[Problem]:
    for used in sorted(used_fields(template), key=lambda used: used.index):
        line, column = place(source, used.index)
        if used.name not in FIELDS:
            near = nearest(used.name)
            hint = f" Did you mean {near}?" if near else ""
            yield Problem(part, line, column, f"{used.name} is not a known field.{hint}")
        elif used.has_parts:
            yield Problem(part, line, column, f"{used.name} has no parts.")


def _trials(part: Part, source: str, template: BoundTemplate) -> Iterator[Problem]:
    """Tries the wording with sample values, with every yes-or-no field once yes and once no."""
    for flag in (True, False):
        try:
            template.render(sample_values(flag))
        except LiquidError as error:
            yield problem_of(part, source, error)
            return


@cache
def sample_values(flag: bool) -> Mapping[str, Any]:
    """Invented values for every field of the catalogue."""
    return {field.name: flag if field.kind is Kind.FLAG else prepare(field, field.sample) for field in CATALOGUE}
