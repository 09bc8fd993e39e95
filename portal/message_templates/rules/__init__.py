"""How a wording becomes an email: compiled once for each version, filled in for each person. Reads no database."""

from portal.message_templates.rules.compile import Compiled, compile_email, content_hash, fields_of
from portal.message_templates.rules.fields import FIELDS, SAMPLES, Field, Kind, Origin, asked, client_values
from portal.message_templates.rules.layout import Layout, answering_layout, layout_for
from portal.message_templates.rules.problems import CompileFailed, Part, Problem, RenderFailed, TemplateError
from portal.message_templates.rules.render import Rendered, check_values, render

__all__ = [
    "FIELDS",
    "SAMPLES",
    "CompileFailed",
    "Compiled",
    "Field",
    "Kind",
    "Layout",
    "Origin",
    "Part",
    "Problem",
    "RenderFailed",
    "Rendered",
    "TemplateError",
    "answering_layout",
    "asked",
    "check_values",
    "client_values",
    "compile_email",
    "content_hash",
    "fields_of",
    "layout_for",
    "render",
]
