"""What became of the invented company's messages: courses through the states, each with its attempts."""

from dataclasses import dataclass, replace
from datetime import timedelta

from portal.demo.rules.company import CONFIRMATION, NEWSLETTER

TAKEN = ("accepted", "250 2.0.0", "")
GREYLISTED = ("refused", "451 4.7.1", "The receiver takes a first letter only on a later try.")
BUSY = ("refused", "421 4.7.0", "The receiver is busy and asked us to come back.")
UNKNOWN_BOX = ("refused", "550 5.1.1", "The mailbox does not exist.")
CUT_OFF = ("unknown", "connection_lost", "The connection ended before the receiver answered.")
LOST = ("lost", "worker_lost", "Three workers stopped at this message; it is set aside.")
FIRST_AFTER = timedelta(seconds=3)
BETWEEN = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Course:
    """How one message went. The attempts are (outcome, the provider's code, our words)."""

    state: str
    template: str = CONFIRMATION
    reason: str = ""
    verdict: str = "allow:fine"
    attempts: tuple[tuple[str, str, str], ...] = ()
    caught: bool = False

    @property
    def failure_text(self) -> str:
        """The last failure in words."""
        return self.attempts[-1][2] if self.attempts else ""

    def offset(self, number: int) -> timedelta:
        """When an attempt ended, after the order; they count from 0."""
        return FIRST_AFTER + number * BETWEEN


ACCEPTED = Course("accepted", attempts=(TAKEN,))
CAUGHT = Course("accepted", attempts=(("accepted", "simulated", ""),), caught=True)
WAITING = Course("queued", reason="451 4.7.1", attempts=(GREYLISTED,))
NEWS_ACCEPTED = replace(ACCEPTED, template=NEWSLETTER)
COURSES: tuple[tuple[int, Course], ...] = (
    (3, WAITING),
    (3, CAUGHT),
    (3, replace(CAUGHT, template=NEWSLETTER)),
    (2, Course("failed", reason="550 5.1.1", attempts=(UNKNOWN_BOX,))),
    (1, Course("uncertain", reason="connection_lost", attempts=(CUT_OFF, CUT_OFF))),
    (6, ACCEPTED),
    (2, Course("suppressed", NEWSLETTER, "withdrawn", "refuse:withdrawn")),
    (4, Course("accepted", attempts=(GREYLISTED, TAKEN))),
    (5, Course("delivered", attempts=(TAKEN,))),
    (3, Course("suppressed", NEWSLETTER, "never_agreed", "refuse:never_agreed")),
    (9, NEWS_ACCEPTED),
    (1, Course("failed", reason="not_rendered", attempts=(
        ("refused", "not_rendered", "The text could not be filled in for this client."),
    ))),
    (2, Course("bounced", reason="550 5.1.1", attempts=(TAKEN,))),
    (2, Course("expired", reason="421 4.7.0", attempts=(BUSY, BUSY, BUSY))),
    (2, Course("cancelled", verdict="")),
    (1, Course("dead", reason="worker_lost", attempts=(LOST,))),
    (1, Course("suppressed", reason="no_address", verdict="refuse:no_address")),
    (4, Course("read", NEWSLETTER, attempts=(TAKEN,))),
    (6, ACCEPTED),
)  # fmt: skip
SOONEST = timedelta(minutes=2)
APART = timedelta(minutes=157)


def courses(*, is_live: bool) -> list[tuple[timedelta, Course]]:
    """Each course with how long ago it began, the newest first. Where email is live, nothing waits to really leave."""
    flat = [course for count, course in COURSES for _ in range(count)]
    return [
        (SOONEST + max(0, number - 2) * APART, ACCEPTED if is_live and course is WAITING else course)
        for number, course in enumerate(flat)
    ]


UNREACHABLE = "unreachable"


def whom(course: Course) -> str:
    """Where the client stands who fits this course: on the news, or with an address that proved dead; "" is anybody."""
    if course.reason in {"550 5.1.1", "no_address"}:
        return UNREACHABLE
    if course.template != NEWSLETTER:
        return ""
    return {"withdrawn": "withdrawn", "never_agreed": "none"}.get(course.reason, "granted")
