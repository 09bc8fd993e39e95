"""How a value of a file is shown while columns are mapped: enough to recognise, not enough to copy."""

import re

from portal.clients.rules import mask_address
from portal.imports.rules.header import DATA
from portal.imports.rules.workbook import ERROR, FORMULA

DOTS = "•••"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}")
SPECIAL = {FORMULA: "a formula", ERROR: "an error"}


def mask_cell(text: str) -> str:
    """`h•••@•••.example`, `017•••`, `A•••`; days and words of up to three letters stand as they are."""
    if text in SPECIAL or DAY.fullmatch(text) or len(text) <= 3:
        return SPECIAL.get(text, text)
    if "@" in text:
        return mask_address(text)
    return f"{text[:3] if DATA.fullmatch(text) else text[:1]}{DOTS}"
