"""What stands around every email and cannot be edited away: who writes, from where, why, and how to stop it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import mrml
from markupsafe import escape

FILE = Path(__file__).parents[3] / "templates" / "mail" / "layout.mjml"
BODY = "heedfulbodyhere"
REASON = "heedfulreasonhere"
LINKS = "heedfullinkshere"
ALWAYS = frozenset({"sender_name", "postal_address", "preferences_url"})
TEXT = """{body}

--
{{{{ sender_name }}}}
{{{{ postal_address }}}}
{reason}
{links}
"""
LINK = '<a href="{{{{ {field} }}}}" style="color:#566370">{words}</a>'


@dataclass(frozen=True, slots=True)
class Footer:
    """The words of the footer in one language."""

    agreed: str
    belongs: str
    asked: str
    stop: str
    settings: str


FOOTERS: Mapping[str, Footer] = MappingProxyType(
    {
        "en": Footer(
            agreed="You get this because you agreed to “{}”.",
            belongs="You get this because it belongs to “{}”.",
            asked="You get this because somebody asked for it with your address.",
            stop="Stop these messages",
            settings="Change your message settings",
        ),
        "de": Footer(
            agreed="Sie bekommen diese Nachricht, weil Sie „{}“ zugestimmt haben.",
            belongs="Sie bekommen diese Nachricht, weil sie zu „{}“ gehört.",
            asked="Sie bekommen diese Nachricht, weil jemand mit Ihrer Adresse darum gebeten hat.",
            stop="Diese Nachrichten abbestellen",
            settings="Einstellungen ändern",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Layout:
    """
    The frame of an email of one topic. The reason is a sentence for the person who gets it.

    A mail that answers a person, such as a link they asked for, has no link to stop it: there is nothing to stop.
    """

    reason: str
    language: str = "en"
    answers: bool = False

    @property
    def required(self) -> frozenset[str]:
        """The fields that every email of this layout needs."""
        return ALWAYS if self.answers else ALWAYS | {"unsubscribe_url"}

    def around_html(self, body: str) -> str:
        """The whole HTML. The body is put in after MJML has done its work, so that it can never be taken for MJML."""
        links = "<br />".join(LINK.format(field=field, words=escape(words)) for field, words in self._links())
        reason = str(escape(self.reason)).replace("{", "&#123;")
        return frame().replace(LINKS, links).replace(REASON, reason).replace(BODY, body)

    def around_text(self, body: str) -> str:
        """The whole plain text."""
        links = "\n".join(f"{words}: {{{{ {field} }}}}" for field, words in self._links())
        return TEXT.format(body=body, reason=self.reason.replace("{", "{{ '{' }}"), links=links)

    def _links(self) -> list[tuple[str, str]]:
        words = footer_of(self.language)
        stop = [] if self.answers else [("unsubscribe_url", words.stop)]
        return [*stop, ("preferences_url", words.settings)]


def layout_for(topic_name: str, *, marketing: bool, language: str = "en") -> Layout:
    """The layout of a topic's messages."""
    name, words = " ".join(topic_name.split()), footer_of(language)
    return Layout((words.agreed if marketing else words.belongs).replace("{}", name), language)


def answering_layout(language: str) -> Layout:
    """The layout of mails that answer a person."""
    return Layout(footer_of(language).asked, language, answers=True)


def footer_of(language: str) -> Footer:
    """The words of the footer, in English where a language has none."""
    return FOOTERS.get(language, FOOTERS["en"])


@cache
def frame() -> str:
    """The layout as HTML, made once for each process; it includes nothing from anywhere."""
    options = mrml.ParserOptions(include_loader=mrml.noop_loader())
    return mrml.to_html(FILE.read_text(encoding="utf-8"), options).content
