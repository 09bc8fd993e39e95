"""Turns a wording into something that fills in quickly and safely; done once for each version."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from liquid import BoundTemplate

from portal.message_templates.rules.fields import SYSTEM_FIELDS
from portal.message_templates.rules.language import HTML, PLAIN
from portal.message_templates.rules.layout import Layout
from portal.message_templates.rules.markup import PARSER, check_links, check_structure, to_html
from portal.message_templates.rules.problems import CompileFailed, Part, Problem
from portal.message_templates.rules.source import parse, used_fields
from portal.message_templates.rules.text_part import to_text
from portal.message_templates.rules.tokens import Hidden

HASH_LABEL = b"heedful-message-template-1"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A version ready to be filled in, and the fields it needs, those of the footer included."""

    subject: BoundTemplate
    text: BoundTemplate
    html: BoundTemplate
    fields: frozenset[str]


def content_hash(subject: str, body: str) -> str:
    """What an approval stands for: the same text of 64 digits for the same wording, another for any other."""
    digest = hashlib.sha256(HASH_LABEL)
    for part in (subject, body):
        digest.update(len(part.encode()).to_bytes(8, "big") + part.encode())
    return digest.hexdigest()


def compile_email(subject: str, body: str, layout: Layout) -> Compiled:
    """The version ready for use. Raises CompileFailed with every problem, each with its place.

    Liquid is hidden first, so that Markdown and the cleaner work on the editor's text alone and a person's data,
    filled in later and escaped, can never become markup or a link.
    """
    heading, problems = parse(Part.SUBJECT, subject)
    source, more = parse(Part.BODY, body)
    problems += [*_subject_problems(subject), *more]
    if not body.strip():
        problems.append(Problem(Part.BODY, 1, 1, "Write the message."))
    if heading is None or source is None or problems:
        raise CompileFailed(problems)
    used = {one.name for template in (heading, source) for one in used_fields(template)}
    if not layout.answers and (ours := sorted(used & SYSTEM_FIELDS)):
        raise CompileFailed([Problem(Part.BODY, 1, 1, f"{ours[0]} is for mails that the portal writes by itself.")])
    text, html = _parts(body, layout)
    return Compiled(heading, PLAIN.from_string(text), HTML.from_string(html), frozenset(used | layout.required))


def fields_of(compiled: Compiled) -> frozenset[str]:
    """The names of all fields a version needs."""
    return compiled.fields


def _subject_problems(subject: str) -> Iterator[Problem]:
    if not subject.strip():
        yield Problem(Part.SUBJECT, 1, 1, "Write a subject.")
    if len(subject.splitlines()) > 1:
        yield Problem(Part.SUBJECT, 1, 1, "A subject has one line.")


def _parts(body: str, layout: Layout) -> tuple[str, str]:
    hidden = Hidden()
    hidden.hide(body)
    tokens = PARSER.parse(hidden.text)
    html = to_html(hidden, tokens)
    if problems := [*check_links(hidden, tokens)] or [*check_structure(hidden, html)]:
        raise CompileFailed(problems)
    return (
        layout.around_text(hidden.show(to_text(hidden, tokens))),
        layout.around_html(hidden.show(html)),
    )
