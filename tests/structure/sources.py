"""What the structure tests read: the project's own files, parsed once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[Path]:
    """Every Python file of the portal, in a stable order."""
    return sorted(PORTAL.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """Every function of one file, nested ones and methods too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def public_functions(path: Path) -> Iterator[Function]:
    """Functions at the top of a module whose names do not start with an underscore."""
    for node in tree(path).body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node


def length(node: ast.AST) -> int:
    """How many lines a function, with its signature, takes."""
    return int(node.end_lineno - node.lineno + 1)  # type: ignore[attr-defined]


def layer(path: Path) -> str:
    """The vocabulary file a module belongs to: 'operations' for operations.py and for operations/claim.py."""
    parts = path.relative_to(PORTAL).with_suffix("").parts
    return parts[1] if len(parts) > 1 else parts[0]


def named(path: Path) -> str:
    """The path as people write it."""
    return str(path.relative_to(ROOT))
