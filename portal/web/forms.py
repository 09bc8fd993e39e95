"""The form every page's form stands on: CSRF, trimmed text, and one summary of what is wrong."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One line of the summary; it links to its field."""

    field_id: str
    message: str


class Form(FlaskForm):  # type: ignore[misc]
    """A form with CSRF. Its token lives as long as the session, so a page left open keeps working."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            if unbound_field.field_class.__name__ in TRIMMED:
                options = {**options, "filters": [trim, *unbound_field.kwargs.get("filters", ())]}
            return super().bind_field(form, unbound_field, options)

    def summary(self) -> list[FieldProblem]:
        """Everything wrong, in the order of the fields, in the same words as beside each field."""
        return [FieldProblem(field.id, str(message)) for field in self for message in field.errors]


TRIMMED = frozenset({"StringField", "EmailField", "TextAreaField", "TelField", "URLField", "SearchField"})


def trim(value: str | None) -> str | None:
    """Takes away blanks around what was typed, and NULs, which nobody types; passwords are left alone."""
    return value.replace("\0", "").strip() if isinstance(value, str) else value


def install(app: Flask) -> None:
    """Demands a token of every request that changes something, by form field or by htmx's header."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
