"""What stands around every email and cannot be edited away: who writes, from where, why, and how to stop it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import mrml
from markupsafe import escape

FILE = Path(__file__).parents[3] / "templates" / "mail" / "layout.mjml"
BODY = "heedfulbodyhere"
REASON = "heedfulreasonhere"
REQUIRED = frozenset({"sender_name", "postal_address", "unsubscribe_url"})
TEXT = """{body}

--
{{{{ sender_name }}}}
{{{{ postal_address }}}}
{reason}
Stop these messages: {{{{ unsubscribe_url }}}}
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """The frame of an email of one topic. The reason is a sentence for the person who gets it."""

    reason: str

    def around_html(self, body: str) -> str:
        """The whole HTML. The body is put in after MJML has done its work, so that it can never be taken for MJML."""
        return frame().replace(REASON, str(escape(self.reason)).replace("{", "&#123;")).replace(BODY, body)

    def around_text(self, body: str) -> str:
        """The whole plain text."""
        return TEXT.format(body=body, reason=self.reason.replace("{", "{{ '{' }}"))


def layout_for(topic_name: str, *, marketing: bool) -> Layout:
    """The layout of a topic's messages."""
    name = " ".join(topic_name.split())
    if marketing:
        return Layout(f"You get this because you agreed to “{name}”.")
    return Layout(f"You get this because it belongs to “{name}”.")


@cache
def frame() -> str:
    """The layout as HTML, made once for each process; it includes nothing from anywhere."""
    options = mrml.ParserOptions(include_loader=mrml.noop_loader())
    return mrml.to_html(FILE.read_text(encoding="utf-8"), options).content
