"""Turns facts into pages: one function for whole page and fragment, and what every layout needs."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app, render_template, url_for
from jinja2 import StrictUndefined
from jinja2.runtime import Macro
from jinja2_fragments.flask import render_block

from portal.web.access import Permission, User, known_user
from portal.web.htmx import is_partial, request
from portal.web.keyboard import single_keys
from portal.web.mode import Mode
from portal.web.slots import BANNERS, NAVIGATION, Banner, NavigationEntry


def render(template: str, block: str | None = None, **facts: Any) -> str:
    """The whole page, or only its named block when a fragment is asked for: one source, so they cannot drift."""
    if block and is_partial():
        return render_block(template, block, **facts)
    return render_template(template, **facts)


def navigation(user: User | None) -> list[tuple[str, list[NavigationEntry]]]:
    """The side navigation as this person may use it, by group, in the order the entries ask for."""
    groups: dict[str, list[NavigationEntry]] = defaultdict(list)
    for entry in sorted(NAVIGATION.collect(), key=lambda entry: entry.order):
        if user and user.may(Permission(entry.permission)) and entry.endpoint in current_app.view_functions:
            groups[entry.group].append(entry)
    return list(groups.items())


def is_here(endpoint: str) -> bool:
    """Whether the present page is this one or lies below it, so that the navigation can mark where the reader is."""
    url = url_for(endpoint)
    return request.path == url or (url != "/" and request.path.startswith(f"{url}/"))


def banners() -> list[Banner]:
    """What every page must say above its content while something does not work."""
    return list(BANNERS.collect())


@dataclass(frozen=True, slots=True)
class Shell:
    """What the layouts say about this installation; asked anew for each page, because staff may change it."""

    organisation: Callable[[], str]
    time_zone: Callable[[], str]
    mode: Callable[[], Mode]
    security_contact: Callable[[], str]


def shell() -> Shell:
    """The shell's facts of the running application."""
    return cast("Shell", current_app.extensions["heedful_shell"])


def initials(label: str) -> str:
    """`PR` for Priya Raman: the first letters of the first and the last word."""
    words = label.split()
    ends = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in ends).upper()


class Components:
    """Every macro of templates/components as one namespace; imports at a page's top do not reach its blocks."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def load(self) -> None:
        """Compiles them all. Done by the first page, so that commands and workers do not wait for it."""
        folder = Path(self._app.root_path, self._app.template_folder or "", "components")
        for path in sorted(folder.glob("*.html")):
            module = self._app.jinja_env.get_template(f"components/{path.name}").module
            vars(self).update({name: value for name, value in vars(module).items() if isinstance(value, Macro)})

    def __getattr__(self, name: str) -> Macro:
        self.load()
        try:
            return cast("Macro", vars(self)[name])
        except KeyError:
            raise AttributeError(name) from None


def warm_up(app: Flask) -> None:
    """Compiles the components now and not with the first page."""
    cast("Components", app.jinja_env.globals["ui"]).load()


def install(app: Flask, facts: Shell) -> None:
    """Gives templates the components as `ui`, and the facts of the shell."""
    app.extensions["heedful_shell"] = facts
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters["initials"] = initials
    app.jinja_env.globals.update(
        ui=Components(app),
        navigation=navigation,
        banners=banners,
        is_here=is_here,
        sending_mode=facts.mode,
        organisation=facts.organisation,
        single_keys=single_keys,
    )
    app.context_processor(lambda: {"user": known_user()})
