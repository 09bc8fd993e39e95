"""What health shows on pages below: its lines in the navigation, and the banner while Redis does not answer."""

from flask import Flask, url_for

from portal.db import db
from portal.health.queries.attention import list_broken
from portal.queue import RedisState, redis_state
from portal.web.access import Permission
from portal.web.actor import Actor
from portal.web.slots import BANNERS, HOME_ATTENTION, NAVIGATION, Attention, Banner, NavigationEntry

HOME = NavigationEntry(
    endpoint="home.index", label="Home", icon="home", permission=Permission.HOME_VIEW, order=10, key="h"
)
HEALTH = NavigationEntry(
    endpoint="health.index",
    label="Health",
    icon="pulse",
    permission=Permission.HEALTH_VIEW,
    group="Operate",
    order=170,
)
REDIS_DOWN = Banner(
    kind="warn",
    title="Redis does not answer. Sending goes on by polling.",
    text="Messages may start up to 5 seconds later. Nothing is lost: the database holds the queue.",
)


def banners() -> list[Banner]:
    """The banner while Redis is configured and does not answer."""
    return [REDIS_DOWN] if redis_state() is RedisState.DOWN else []


def attention(actor: Actor) -> list[Attention]:
    """The parts that do not work, for those who can mend them."""
    if "admin" not in actor.roles:
        return []
    url = url_for("health.index")
    return [
        Attention("bad", "pulse", f"{row.name}: {row.state.lower()}", row.remedy, url, "See health")
        for row in list_broken(db.session())
    ]


def fill(app: Flask) -> None:
    """Fills the slots of pages below."""
    NAVIGATION.fill(app, lambda: [HOME, HEALTH])
    BANNERS.fill(app, banners)
    HOME_ATTENTION.fill(app, attention)
