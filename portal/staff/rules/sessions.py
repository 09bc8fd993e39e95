"""How long sessions and set-up links live, and the words for why a session is over."""

from datetime import datetime, timedelta

from portal.staff.models import SessionEnd

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
HALF_SIGNED_IN = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)
LINK_LIFE = timedelta(hours=24)


END_SENTENCES = {
    SessionEnd.SIGNED_OUT: "You are signed out.",
    SessionEnd.REVOKED: "This session was ended from another one. Sign in to go on.",
    SessionEnd.IDLE: "You were signed out after 30 minutes without activity. Sign in to go on where you were.",
    SessionEnd.TOO_OLD: "You were signed out: a session lasts at most 12 hours. Sign in to go on where you were.",
    SessionEnd.DISABLED: "You are signed out.",
    SessionEnd.RESET: "You were signed out because your sign-in was reset. Use your new password.",
    SessionEnd.ROLE_CHANGED: "You were signed out because your role changed. Sign in to go on.",
    SessionEnd.REPLACED: "You are signed out.",
    SessionEnd.TOO_MANY_CODES: "Too many wrong codes. Start again with your password.",
}


def end_by_age(started: datetime, seen: datetime, now: datetime, *, complete: bool) -> SessionEnd | None:
    """Whether time has ended a session. One that still lacks its second factor lives for ten minutes only."""
    if now - started >= (ABSOLUTE if complete else HALF_SIGNED_IN):
        return SessionEnd.TOO_OLD if complete else SessionEnd.IDLE
    return SessionEnd.IDLE if now - seen >= IDLE else None
