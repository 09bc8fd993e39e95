"""The plain text of an email, written from the same Markdown: what was meant, without signs that only machines read."""

import re
from collections.abc import Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from portal.message_templates.rules.tokens import CLOSING, Hidden

BRACE = "{{ '{' }}"
BREAK = {"softbreak": "\n", "hardbreak": "\n"}


def to_text(hidden: Hidden, tokens: list[Token]) -> str:
    """The text with Liquid still hidden. A line that holds only a condition leaves no empty line behind."""
    text = blocks(SyntaxTreeNode(tokens).children).replace("{", BRACE)
    for number, piece in enumerate(hidden.pieces):
        if piece.tag:
            word = f"{hidden.salt}{number}z"
            ends = r"\n(?!\n)" if piece.tag in CLOSING else r"\n+"
            text = re.sub(rf"^{word}{ends}", word, text, flags=re.MULTILINE)
    return text


def blocks(nodes: Sequence[SyntaxTreeNode], between: str = "\n\n") -> str:
    """Blocks one below the other."""
    return between.join(block(node) for node in nodes)


def block(node: SyntaxTreeNode) -> str:
    """One block, with the mark its kind has in plain text."""
    if node.type in {"paragraph", "heading"}:
        return inline(node.children[0].children)
    if node.type in {"fence", "code_block"}:
        return str(node.content).rstrip("\n")
    if node.type == "hr":
        return "-" * 20
    if node.type == "blockquote":
        return indented(blocks(node.children), "> ", "> ")
    return listed(node)


def listed(node: SyntaxTreeNode) -> str:
    """The items of a list, numbered where the list is."""
    ordered, first = node.type == "ordered_list", int(node.attrs.get("start", 1))
    return "\n".join(item(one, f"{number}. " if ordered else "- ") for number, one in enumerate(node.children, first))


def item(node: SyntaxTreeNode, mark: str) -> str:
    """One item behind its mark."""
    return indented(blocks(node.children, "\n"), mark, " " * len(mark))


def inline(nodes: Sequence[SyntaxTreeNode]) -> str:
    """Words of a line; a link is followed by its address unless it shows it."""
    return "".join(words(node) for node in nodes)


def words(node: SyntaxTreeNode) -> str:
    """One piece of a line."""
    if node.type == "link":
        text, target = inline(node.children), str(node.attrs.get("href", ""))
        bare = target.removeprefix("mailto:").removeprefix("tel:")
        return bare if text in {target, bare, ""} else f"{text}: {bare}"
    if node.children:
        return inline(node.children)
    return BREAK.get(node.type, node.content)


def indented(text: str, first: str, rest: str) -> str:
    """Puts a mark before the first line and the same width before the others."""
    return first + text.replace("\n", f"\n{rest}")
