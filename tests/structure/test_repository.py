"""What the repository itself must hold, and must not hold."""

import subprocess

from tests.structure.sources import ROOT

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
