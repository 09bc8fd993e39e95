"""
What one version costs: compiled once, then filled in for each person, on one core.

    python bench/templates.py [recipients]

The sample is an email of about 3 kB with 12 fields; every recipient is another one.
"""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from portal.message_templates.rules import SAMPLES, CompileFailed, compile_email, fields_of, layout_for, render
from portal.message_templates.rules.starters import STARTERS

COMPILES = 50
LETTER = "Words of a letter. " * 110
BODY = "\n\n".join([STARTERS[name].body for name in ("booking", "payment", "news")] + [LETTER])
SUBJECT = "Your booking for {{ event_name }}"
HOSTILE = {
    "deep": "{% if code %}" * 1_500,
    "brackets": "[" * 19_000,
    "emphasis": "*a_" * 6_000,
    "filters": "{{ code " + "| upcase " * 2_000 + "}}",
}


def main(recipients: int) -> int:
    """Prints the figures as JSON."""
    layout = layout_for("Harbour news", marketing=True)
    compiled = compile_email(SUBJECT, BODY, layout)
    people = [{**SAMPLES, "first_name": f"Ana {number}", "code": str(number)} for number in range(recipients)]
    compiling = processor_time(lambda: [compile_email(SUBJECT, BODY, layout) for _ in range(COMPILES)])
    rendering = processor_time(lambda: [render(compiled, person) for person in people])
    figures = {
        "source_bytes": len(BODY),
        "fields": len(fields_of(compiled)),
        "html_bytes": len(render(compiled, SAMPLES).html),
        "compile_ms": round(compiling / COMPILES * 1_000, 2),
        "render_us": round(rendering / recipients * 1_000_000, 1),
        "renders_per_second": round(recipients / rendering),
        "hostile_ms": {name: round(refusal(body) * 1_000, 1) for name, body in HOSTILE.items()},
    }
    print(json.dumps(figures, indent=2))
    return 0


def processor_time(work: Callable[[], object]) -> float:
    """Seconds of this process alone, so that a busy machine tells the same."""
    started = time.process_time()
    work()
    return time.process_time() - started


def refusal(body: str) -> float:
    """How long a hostile text takes until it is refused, or made harmless."""

    def attempt() -> None:
        with suppress(CompileFailed):
            compile_email(SUBJECT, body, layout_for("x", marketing=True))

    return processor_time(attempt)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000))
