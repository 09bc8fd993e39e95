"""Turns the findings of pydantic into sentences about variables; the values it knows are left behind."""

from typing import Any

from pydantic import ValidationError

from portal.config.group import Group
from portal.config.problems import Problem

SHAPES = {
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "float_parsing": "is not a number",
    "decimal_parsing": "is not an amount, such as 50.00",
    "decimal_max_places": "has more than two digits after the point",
    "bool_parsing": "is neither true nor false",
    "enum": "must be {expected}",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "finite_number": "is not a number",
    "value_error": "{error}",
}
OTHER = "is not in the form it needs"


def explain(group: type[Group], error: ValidationError) -> list[Problem]:
    """One problem for each variable that could not be used."""
    found: dict[str, Problem] = {}
    for finding in error.errors(include_input=False, include_url=False):
        name = str(finding["loc"][0])
        found.setdefault(name, _problem(group, name, finding))
    return list(found.values())


def _problem(group: type[Group], name: str, finding: Any) -> Problem:
    wrong = SHAPES.get(finding["type"], OTHER).format(**finding.get("ctx", {}))
    what = str(group.variables()[name].description)
    return Problem(name, wrong, f"It means: {what} See .env.template.", group=group.name)
