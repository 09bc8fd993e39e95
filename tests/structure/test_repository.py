"""What the repository itself must hold, and must not hold."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from tests.structure.sources import ROOT, modules, tree

TOP_LEVEL = {
    "wsgi.py", "portal", "templates", "static", "migrations", "tests", "requirements.txt", ".env.template", "Procfile",
}  # fmt: skip
DOCUMENTS = {"architecture", "operations", "compliance", "security", "benchmarks", "decisions"}


def tracked() -> list[str]:
    return subprocess.run(
        ["git", "ls-files"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip


def ignored(name: str) -> bool:
    command = ["git", "check-ignore", "-q", name]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_the_fixed_top_level_stands():
    assert {name for name in TOP_LEVEL if not (ROOT / name).exists()} == set()


def test_the_documents_stand():
    assert {name for name in DOCUMENTS if not (ROOT / "docs" / f"{name}.md").exists()} == set()


def test_secrets_and_data_stay_out_of_version_control():
    assert all(ignored(name) for name in (".env", "var/anything", ".venv"))
    assert [name for name in tracked() if name == ".env" or name.startswith("var/")] == []


def test_no_lock_names_where_packages_come_from():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "--index-url" not in text
        assert "--find-links" not in text
        assert "://" not in text


def test_every_locked_package_carries_hashes():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert text.count("==") <= text.count("--hash=sha256:")


def test_every_package_the_portal_imports_is_named_and_not_only_carried_along():
    imported = {name.partition(".")[0] for path in modules() for name in imports(path)}
    owners = packages_distributions()
    needed = {plain(owners[name][0]) for name in imported - sys.stdlib_module_names - {"portal"}}
    lines = (ROOT / "requirements.in").read_text().splitlines()
    named = {plain(re.split(r"[^\w.-]", line)[0]) for line in lines if line and not line.startswith("#")}
    assert needed - named == set()


def plain(name: str) -> str:
    return name.lower().replace("_", "-")


def imports(path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
