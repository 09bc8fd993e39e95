"""From Markdown to the HTML of an email: few elements, checked links, conditions that keep to their block."""

from collections.abc import Iterator
from html.parser import HTMLParser

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from portal.message_templates.rules.fields import FIELDS, Kind, is_address
from portal.message_templates.rules.problems import Part, Problem
from portal.message_templates.rules.tokens import CLOSING, OPENING, Hidden

ELEMENTS = {"p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre"} | {"h1", "h2", "h3"}
LINKS = frozenset({"https", "mailto", "tel"})
STYLES = {
    "p": "margin:0 0 16px",
    "h1": "margin:0 0 16px;font-size:24px;line-height:1.25",
    "h2": "margin:24px 0 12px;font-size:20px;line-height:1.3",
    "h3": "margin:24px 0 8px;font-size:16px",
    "ul": "margin:0 0 16px;padding-left:24px",
    "ol": "margin:0 0 16px;padding-left:24px",
    "blockquote": "margin:0 0 16px;padding-left:12px;border-left:3px solid #dfe3e6;color:#566370",
    "pre": "margin:0 0 16px;white-space:pre-wrap",
    "hr": "border:0;border-top:1px solid #dfe3e6;margin:24px 0",
}
LINK_STYLE = "color:#0b5f66"


def markdown() -> MarkdownIt:
    """Markdown without raw HTML. Every link is let through to be checked by us, with its line."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).disable("html_block").disable("html_inline")
    parser.validateLink = lambda _url: True  # type: ignore[assignment,method-assign]
    return parser


PARSER = markdown()


def to_html(hidden: Hidden, tokens: list[Token]) -> str:
    """Clean HTML with our styles, Liquid still hidden. Braces of the text are written so that they are no Liquid."""
    clean = nh3.clean(
        str(PARSER.renderer.render(tokens, PARSER.options, {})),
        tags=ELEMENTS,
        attributes={"a": {"href"}, "*": set()},
        url_schemes=set(LINKS),
        link_rel=None,
    )
    html = clean.replace("{", "&#123;")
    for number, piece in enumerate(hidden.pieces):
        if piece.tag:
            word = f"{hidden.salt}{number}z"
            html = html.replace(f"<p>{word}</p>", word)
    for element, style in STYLES.items():
        html = html.replace(f"<{element}>", f'<{element} style="{style}">')
    return html.replace("<a ", f'<a style="{LINK_STYLE}" ')


def check_links(hidden: Hidden, tokens: list[Token]) -> Iterator[Problem]:
    """Links lead to a written-out address or to one field that holds an address; there are no pictures yet."""
    for block in tokens:
        line = block.map[0] + 1 if block.map else 1
        for token in block.children or ():
            if token.type in {"softbreak", "hardbreak"}:
                line += 1
            elif token.type == "image":
                yield Problem(Part.BODY, line, 1, "Pictures cannot be part of a message yet.")
            elif token.type == "link_open" and (text := link_problem(hidden, str(token.attrs.get("href", "")))):
                yield Problem(Part.BODY, line, 1, text)


def link_problem(hidden: Hidden, target: str) -> str:
    """What is wrong with the address of a link; empty when nothing is."""
    found = hidden.word.search(target)
    if found is None:
        return "" if _is_written_out(target) else "A link starts with https://, mailto: or tel:."
    name = hidden.piece(found).name
    if found[0] != target or not name:
        return "A link holds either a whole address or one field alone, without filters."
    if FIELDS[name].kind is not Kind.URL:
        return f"{name} is not an address, so it cannot be a link."
    return ""


def _is_written_out(target: str) -> bool:
    scheme, _, rest = target.partition(":")
    return is_address(target, frozenset({"https"})) or (scheme in {"mailto", "tel"} and bool(rest))


class Structure(HTMLParser):
    """Walks the clean HTML and remembers in which element each piece of Liquid stands."""

    def __init__(self, hidden: Hidden) -> None:
        super().__init__()
        self.hidden = hidden
        self.elements = [0]
        self.count = 0
        self.open: list[int] = []
        self.seen: set[int] = set()
        self.crossing: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for _, value in attrs:
            self.seen.update(int(found[1]) for found in self.hidden.word.finditer(value or ""))
        if tag not in {"br", "hr"}:
            self.count += 1
            self.elements.append(self.count)

    def handle_endtag(self, _tag: str) -> None:
        self.elements.pop()

    def handle_data(self, data: str) -> None:
        for found in self.hidden.word.finditer(data):
            number, tag = int(found[1]), self.hidden.piece(found).tag
            self.seen.add(number)
            if tag in OPENING:
                self.open.append(self.elements[-1])
            elif tag and self.open[-1:] != self.elements[-1:]:
                self.crossing.append(number)
            if tag in CLOSING:
                self.open = self.open[:-1]


def check_structure(hidden: Hidden, html: str) -> Iterator[Problem]:
    """Each condition begins and ends inside one block; no piece of Liquid stands where it is lost."""
    structure = Structure(hidden)
    structure.feed(html)
    structure.close()
    for number, piece in enumerate(hidden.pieces):
        if number not in structure.seen:
            yield Problem(Part.BODY, piece.line, 1, f"{piece.text} cannot stand here.")
        elif number in structure.crossing:
            text = f"{piece.text} belongs to a condition that begins in another block. Put both into one."
            yield Problem(Part.BODY, piece.line, 1, text)
