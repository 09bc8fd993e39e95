"""
Makes and removes the invented people of Tidewell. Never on a portal that anybody else can reach.

The codes of their second factors can be asked for on the command line, so such an account is an open door.
"""

from dataclasses import dataclass

from portal.config.current import current
from portal.db import utc_now
from portal.staff.models import MemberState, Role, StaffMember
from portal.staff.operations.accounts import create_member, remove_members
from portal.staff.queries import find_member, list_demo_members
from portal.staff.rules.hashing import hash_password, is_password
from portal.staff.rules.roles import ROLE_LABELS, needs_second_factor
from portal.staff.rules.second_factor import code_at, new_seed
from portal.web.actor import Actor

DEMO_PASSWORD = "harbour lantern violet anchor"  # noqa: S105 - printed at every start, on this machine only
ZONE = "Europe/London"
PEOPLE = (
    ("priya.raman@tidewell.example", "Priya Raman", Role.ADMIN),
    ("mara.kessler@tidewell.example", "Mara Kessler", Role.COMPLIANCE_OFFICER),
    ("ines.duarte@tidewell.example", "Ines Duarte", Role.MARKETER),
    ("tom.berg@tidewell.example", "Tom Berg", Role.VIEWER),
)


class DemoRefused(Exception):
    """Demo data have no place here; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in as one of the invented people, now."""

    email: str
    role: str
    password: str
    code: str


def load_people(actor: Actor) -> int:
    """Makes those who are missing; says how many. A second time changes nothing."""
    refuse_in_public()
    missing = [person for person in PEOPLE if find_member(person[0]) is None]
    password_hash = hash_password(DEMO_PASSWORD) if missing else None
    for email, name, role in missing:
        member = create_member(email, name, role, ZONE, actor)
        member.is_demo = True
        member.password_hash, member.state = password_hash, MemberState.ACTIVE
        if needs_second_factor(role):
            give_second_factor(member)
    return len(missing)


def remove_people(actor: Actor) -> int:
    """Removes the invented people, and nobody else; says how many. An administrator of your own must be there first."""
    members = list_demo_members()
    remove_members(members, actor)
    return len(members)


def sign_ins() -> list[SignIn]:
    """Address, password and present code of each demo account that still works with the demo password."""
    refuse_in_public()
    members = [member for member in list_demo_members() if member.state == MemberState.ACTIVE]
    return [as_sign_in(member) for member in members if is_password(member.password_hash, DEMO_PASSWORD)]


def as_sign_in(member: StaffMember) -> SignIn:
    """What the person at the keyboard has to type."""
    code = code_at(member.totp_secret, utc_now()) if member.totp_secret else ""
    return SignIn(str(member.email), ROLE_LABELS[Role(member.role)], DEMO_PASSWORD, code)


def give_second_factor(member: StaffMember) -> None:
    """A second factor whose codes the command line tells."""
    member.totp_secret = new_seed()
    member.totp_confirmed_at = member.recovery_kept_at = utc_now()


def refuse_in_public() -> None:
    """Stops wherever PUBLIC_BASE_URL is not on this machine."""
    if not current().general.is_local:
        raise DemoRefused(
            "PUBLIC_BASE_URL is not on this machine, and demo accounts are open to everybody who reaches it. "
            "Use 127.0.0.1, or make accounts of your own with `flask --app wsgi staff create`."
        )
