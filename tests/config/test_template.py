"""The template of settings and the code tell the same: every setting, every default, nothing else."""

import re
import subprocess
from decimal import Decimal
from enum import Enum

from portal.config.configuration import GROUPS
from portal.config.load import known_variables, load_config, secret_variables
from portal.config.secret import Secret
from portal.config.values import ROOT

from tests.config.samples import LEAST

TEMPLATE = (ROOT / ".env.template").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"^#([A-Z][A-Z0-9_]*)=(.*)$", TEMPLATE, re.MULTILINE))


def written(default):
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, tuple):
        return ",".join(written(member) for member in default)
    if isinstance(default, Secret) or default in (None, {}):
        return ""
    return str(default.value if isinstance(default, Enum) else default)


def test_every_setting_of_the_code_is_in_the_template_and_the_other_way_round():
    assert sorted(SHOWN) == sorted(known_variables())
    assert len(re.findall(r"^#[A-Z][A-Z0-9_]*=", TEMPLATE, re.MULTILINE)) == len(SHOWN)


def test_every_default_of_the_template_is_the_one_of_the_code():
    code = {name: written(field.default) for group in GROUPS for name, field in group.variables().items()}
    assert code == SHOWN


def test_every_setting_is_explained_and_every_secret_says_that_it_may_stand_in_a_file():
    lines = TEMPLATE.splitlines()
    for name in SHOWN:
        place = next(number for number, line in enumerate(lines) if line.startswith(f"#{name}="))
        block = []
        while lines[place].startswith("#"):
            block.append(lines[place])
            place -= 1
        assert [line for line in block if line.startswith("# ")], f"{name} is not explained"
    assert [name for name in secret_variables() if f"{name}_FILE" not in TEMPLATE] == []


def test_the_template_with_every_line_switched_on_loads(tmp_path):
    file = tmp_path / ".env"
    file.write_text(re.sub(r"^#([A-Z][A-Z0-9_]*=)", r"\1", TEMPLATE, flags=re.MULTILINE))
    plain = load_config(LEAST, None)
    assert load_config(LEAST, file) == plain
    assert plain.limits.cost_per_day == Decimal("50.00")


def test_the_template_holds_no_secret():
    assert [name for name in secret_variables() if SHOWN[name]] == []


def test_the_file_of_settings_is_ignored_by_git_and_the_template_is_not():
    def ignored(name: str) -> bool:
        return subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False).returncode == 0

    assert ignored(".env")
    assert not ignored(".env.template")
