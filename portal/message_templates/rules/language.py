"""
The language of message templates: a small part of Liquid, with limits that stop a hostile text at once.

Everything that is written out is escaped in HTML, literals too; the library would take literals for safe markup.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, TextIO

from liquid import Environment, Mode, StrictUndefined
from liquid.builtin.output import Output, OutputNode
from liquid.context import RenderContext
from liquid.exceptions import FilterArgumentError
from liquid.stringify import to_liquid_string
from markupsafe import escape

TAGS = frozenset({"if", "unless", "case", "comment"})
INNER_TAGS = frozenset({"elsif", "else", "when", "endif", "endunless", "endcase", "endcomment"})
NEEDED_BY_THE_PARSER = frozenset({"content", "output", "illegal"})
DAY = "%-d %B %Y"
DIRECTIVE = re.compile(r"%(-?[dm]|[aAbBYy])")
SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
LONGEST_OUTPUT = 400_000


class EscapedNode(OutputNode):
    """Writes a value as text that HTML cannot take for markup, wherever the value comes from."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(escape(to_liquid_string(self.expression.evaluate(context), autoescape=False)))


class EscapedOutput(Output):
    """The double braces of the HTML part."""

    node_class = EscapedNode


class Language(Environment):
    """Liquid with only our tags and filters; nothing in it repeats, stores or loads."""

    block_nesting_limit: ClassVar[int] = 6
    context_depth_limit: ClassVar[int] = 12
    loop_iteration_limit: ClassVar[int | None] = 1
    local_namespace_limit: ClassVar[int | None] = 1_000
    output_stream_limit: ClassVar[int | None] = LONGEST_OUTPUT

    def __init__(self, output: type[Output]) -> None:
        super().__init__(tolerance=Mode.STRICT, undefined=StrictUndefined, strict_filters=True)
        for name in set(self.tags) - TAGS - NEEDED_BY_THE_PARSER:
            del self.tags[name]
        self.tags["output"] = output(self)
        self.filters.clear()
        self.filters.update(FILTERS)


def default(value: Any, other: object = "") -> Any:
    """The value, or the other one when it is empty."""
    return other if value in ("", None, False) else value


def day(value: Any, form: object = DAY) -> str:
    """A day in words; the form may hold day, month and year, nothing that pads or repeats."""
    if not isinstance(value, date):
        raise FilterArgumentError("“date” needs a field that holds a day", token=None)
    if not isinstance(form, str) or len(form) > 40 or "%" in DIRECTIVE.sub("", form):
        raise FilterArgumentError("“date” takes forms like '%-d %B %Y'", token=None)
    return value.strftime(form)


def money(value: Any, currency: object = "EUR") -> str:
    """An amount with two decimals and its currency: €1,240.00, or CHF 240.00 where no sign is usual."""
    if not isinstance(value, Decimal):
        raise FilterArgumentError("“money” needs a field that holds an amount", token=None)
    if not isinstance(currency, str) or not re.fullmatch(r"[A-Z]{3}", currency):
        raise FilterArgumentError("“money” takes a currency of three letters, like 'EUR'", token=None)
    sign = SIGNS.get(currency, f"{currency}\u00a0")
    return f"{'-' if value < 0 else ''}{sign}{abs(value):,.2f}"


def phone(value: Any) -> str:
    """A telephone number in groups of three that people can read; other text stays as it is."""
    text = str(value)
    if not re.fullmatch(r"\+\d{6,15}", text):
        return text
    groups = re.findall(r"\d{1,3}", text[1:])
    return "+" + " ".join(groups)


def of_text(change: Callable[[str], str]) -> Callable[[Any], str]:
    """A filter that changes a text."""
    return lambda value: change(str(value))


FILTERS: dict[str, Callable[..., Any]] = {
    "default": default,
    "date": day,
    "upcase": of_text(str.upper),
    "downcase": of_text(str.lower),
    "capitalize": of_text(str.capitalize),
    "strip": of_text(str.strip),
    "money": money,
    "phone": phone,
}
PLAIN = Language(Output)
HTML = Language(EscapedOutput)
