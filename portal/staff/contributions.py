"""What staff shows elsewhere: its place in the navigation, and a word when recovery codes run out."""

from flask import Flask, url_for

from portal.staff.queries import find_recovery_state
from portal.web.actor import Actor
from portal.web.permissions import Permission
from portal.web.slots import HOME_ATTENTION, NAVIGATION, Attention, NavigationEntry

FEW_CODES = 3


def fill(app: Flask) -> None:
    """Fills the slots."""
    NAVIGATION.fill(app, navigation)
    HOME_ATTENTION.fill(app, attention)


def navigation() -> list[NavigationEntry]:
    """The list of staff, for those who may see it."""
    return [NavigationEntry("staff.staff", "Staff", "staff", Permission.STAFF_VIEW, "Operate", 180, key="p")]


def attention(actor: Actor) -> list[Attention]:
    """Tells a person who could soon be locked out of their own account."""
    state = find_recovery_state(actor.id) if actor.id else None
    if state is None or (state.kept and state.left >= FEW_CODES):
        return []
    title = "You have not confirmed that you saved your recovery codes"
    if state.kept:
        title = f"You have {state.left or 'no'} recovery {'code' if state.left == 1 else 'codes'} left"
    text = "Without one, a lost phone means asking an administrator for a reset."
    return [Attention("warn", "key", title, text, url_for("staff.security"), "Make new recovery codes")]
