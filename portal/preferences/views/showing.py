"""Opening the settings by their link, and showing them as things stand; for every page behind that link."""

from datetime import datetime
from typing import Any

from flask import Response

from portal.clients.rules import mask_address
from portal.clients.rules.retention import kept_until
from portal.consent.rules import read_preferences_token
from portal.db import utc_now
from portal.preferences.forms import WishesForm, wishes_of
from portal.preferences.operations.choices import Person
from portal.preferences.queries.centre import Centre, find_centre, find_language
from portal.preferences.rules.choices import Changed
from portal.preferences.rules.languages import Language
from portal.preferences.views.blueprint import page, recipient, spoken, zone_of
from portal.preferences.views.unsubscribe import MASKED
from portal.settings.queries import value
from portal.settings.rules.retention import PROSPECTS
from portal.web.htmx import request
from portal.web.slots import CLIENT_LAST_ACT

NO_CHANGES: tuple[Changed, ...] = ()


def opened(token: str) -> tuple[Centre | None, Language]:
    """Whose settings a link opens, and the language of the page; None for every bad link and every old one."""
    point_id = read_preferences_token(token, utc_now())
    language = spoken(find_language(point_id) if point_id else None)
    return (find_centre(point_id, language.code) if point_id else None), language


def person() -> Person:
    """Whoever opened the page."""
    return Person(recipient(), request.user_agent.string)


def shown(token: str, found: Centre, language: Language, *, status: int = 200, **facts: Any) -> Response:
    """The page as things stand, with what was done just now on top."""
    known = {"done": "", "changes": NO_CHANGES, "wishes_changed": False, "trouble": "", **facts}
    zone = zone_of(found.client.time_zone)
    if "wishes" not in known:
        known["wishes"] = WishesForm(data=wishes_of(found.preference, found.client.language))
        known["wishes"].speak(language, list(found.points), found.client.language)
    addresses = [MASKED.format(mask_address(point.address)) for point in found.points.values() if point.address]
    lines = [line_of(change, language, zone) for change in known["changes"]]
    body = page(
        "preferences/centre.html",
        language,
        ("preferences.centre", {"token": token}),
        token=token,
        centre=found,
        addresses=language.listed(addresses) if addresses else language.say("unsubscribe.this_address"),
        lines=lines,
        now=language.moment(utc_now(), zone),
        kept_until=language.day(kept_until_of(found), zone),
        zone=zone,
        **known,
    )
    return Response(body, status)


def kept_until_of(found: Centre) -> datetime:
    """Until when the client is kept, by the rule that the page of staff shows."""
    last = max((act.at for act in CLIENT_LAST_ACT.collect(found.client.id)), default=None)
    return kept_until(found.client.created_at, last, value(PROSPECTS), utc_now()).until


def line_of(change: Changed, language: Language, zone: str) -> str:
    """One switch that was moved, as a sentence."""
    channel = language.texts[f"by.{change.spot[1]}"]
    words = {"topic": change.topic, "channel": channel, "moment": language.moment(change.at, zone)}
    return language.say(f"saved.{change.became}", **words)
