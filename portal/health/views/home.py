"""The home page: what needs this person, what is left to set up, what they did last."""

from datetime import UTC, datetime

from flask import Blueprint

from portal.audit.queries import recent_actions_of
from portal.db import utc_now
from portal.health.queries.first_steps import Step, first_steps
from portal.health.rules.acts import in_words
from portal.health.rules.greeting import first_name, greeting
from portal.web.access import Permission, User, current_actor, current_user, requires
from portal.web.pages import render
from portal.web.slots import HOME_ATTENTION, Attention
from portal.web.times import reader_zone

blueprint = Blueprint("home", __name__)
ACTIONS = 5
FAR = datetime.max.replace(tzinfo=UTC)
URGENCY = {"bad": 0, "warn": 1, "info": 2}


@blueprint.get("/")
@requires(Permission.HOME_VIEW)
def index() -> str:
    user = current_user()
    assert user is not None  # noqa: S101 - the route asks for a permission, so somebody is signed in
    now = utc_now()
    steps = _steps(user)
    return render(
        "health/home.html",
        block="attention_block",
        attention=_attention(),
        now=now,
        greeting=greeting(now.astimezone(reader_zone())),
        name=first_name(user.label),
        steps=steps,
        left=sum(not step.done for step in steps),
        actions=recent_actions_of(user.id, ACTIONS),
        in_words=in_words,
    )


def _attention() -> list[Attention]:
    """The earliest deadline first; what has none comes after, the most urgent first."""
    found = HOME_ATTENTION.collect(current_actor())
    return sorted(found, key=lambda one: (one.due or FAR, URGENCY.get(one.kind, len(URGENCY))))


def _steps(user: User) -> list[Step]:
    if not user.may(Permission.SETTINGS_CHANGE):
        return []
    return first_steps(protected=not user.mfa_required_missing)
