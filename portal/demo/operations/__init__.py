"""Makes and removes the invented company Tidewell: staff, clients, what they agreed to, texts and messages."""

from portal.demo.operations.company import Made, Removed, load_company, remove_company
from portal.demo.operations.people import (
    DEMO_PASSWORD,
    PEOPLE,
    DemoRefused,
    SignIn,
    load_people,
    remove_people,
    sign_ins,
)

__all__ = [
    "DEMO_PASSWORD",
    "PEOPLE",
    "DemoRefused",
    "Made",
    "Removed",
    "SignIn",
    "load_company",
    "load_people",
    "remove_company",
    "remove_people",
    "sign_ins",
]
