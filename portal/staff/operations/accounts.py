"""Accounts: created, reset, disabled, given another role, removed. The last administrator is never lost."""

from collections.abc import Sequence

from sqlalchemy import delete, update

from portal.audit.operations import diff, record_read, snapshot
from portal.db import db, new_id, utc_now
from portal.staff.events import StaffEvent
from portal.staff.models import MemberState, RecoveryCode, Role, SessionEnd, SetUpLink, StaffMember, Theme
from portal.staff.operations.sessions import end_sessions_of
from portal.staff.operations.trail import note
from portal.staff.queries import count_other_admins, find_link, find_member, index_of
from portal.staff.rules.sessions import LINK_LIFE
from portal.staff.rules.tokens import new_token, token_hash
from portal.web.actor import Actor


class StaffError(Exception):
    """Something about an account cannot be done; the text says why and what to do."""


class EmailTaken(StaffError):
    """There is an account with this address already."""


class LastAdmin(StaffError):
    """Nobody would be left who can administer the portal."""


class AccountDisabled(StaffError):
    """The account is disabled and has to be enabled first."""


def create_member(email: str, full_name: str, role: Role, time_zone: str, actor: Actor) -> StaffMember:
    """An invited member, who can sign in once the set-up link was used."""
    if find_member(email):
        raise EmailTaken("There is an account with this address already. `flask staff reset` makes a new link for it.")
    member = StaffMember(
        id=new_id(), role=role, state=MemberState.INVITED, time_zone=time_zone, email_bidx=index_of(email)
    )
    member.full_name, member.email = full_name, email
    db.session.add(member)
    db.session.flush()
    note(StaffEvent.MEMBER_CREATED, actor, member.id, reason=role)
    return member


def issue_link(member: StaffMember) -> str:
    """The token of a one-time link to choose a password; links given out before stop working."""
    unused = (SetUpLink.staff_id == member.id) & SetUpLink.used_at.is_(None)
    db.session.execute(update(SetUpLink).where(unused).values(used_at=utc_now()))
    token = new_token()
    expires_at = utc_now() + LINK_LIFE
    db.session.add(SetUpLink(id=new_id(), staff_id=member.id, token_hash=token_hash(token), expires_at=expires_at))
    return token


def use_link(token: str, password_hash: str, actor: Actor) -> StaffMember | None:
    """Sets the password and opens the account; of two uses one finds the link gone. Ends every session."""
    link = find_link(token, utc_now(), lock=True)
    if link is None:
        return None
    member = link.member
    link.used_at = utc_now()
    member.password_hash, member.state = password_hash, MemberState.ACTIVE
    note(StaffEvent.PASSWORD_SET, actor, member.id)
    end_sessions_of(member.id, SessionEnd.RESET, actor)
    return member


def reset_member(member: StaffMember, actor: Actor) -> str:
    """Takes password and second factor away, ends all sessions, and answers the token of a new set-up link."""
    if member.state == MemberState.DISABLED:
        raise AccountDisabled("This account is disabled. Enable it first with `flask staff enable`.")
    member.password_hash = None
    member.drop_second_factor()
    member.state = MemberState.INVITED
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == member.id))
    note(StaffEvent.MEMBER_RESET, actor, member.id)
    end_sessions_of(member.id, SessionEnd.RESET, actor)
    return issue_link(member)


def disable_member(member: StaffMember, actor: Actor) -> None:
    """Shuts an account at once: its sessions end, its links die, its history stays."""
    keep_an_admin([member])
    member.state = MemberState.DISABLED
    db.session.execute(delete(SetUpLink).where(SetUpLink.staff_id == member.id, SetUpLink.used_at.is_(None)))
    note(StaffEvent.MEMBER_DISABLED, actor, member.id)
    end_sessions_of(member.id, SessionEnd.DISABLED, actor)


def enable_member(member: StaffMember, actor: Actor) -> None:
    """Opens a disabled account again, with the password it had."""
    member.state = MemberState.ACTIVE if member.password_hash else MemberState.INVITED
    note(StaffEvent.MEMBER_ENABLED, actor, member.id)


def change_role(member: StaffMember, role: Role, actor: Actor) -> None:
    """Gives a member another role. Their sessions end, so that no page keeps what the old role allowed."""
    if role is not Role.ADMIN:
        keep_an_admin([member])
    before = snapshot(member)
    member.role = role
    note(StaffEvent.ROLE_CHANGED, actor, member.id, changes=diff(member, before))
    end_sessions_of(member.id, SessionEnd.ROLE_CHANGED, actor)


def change_preferences(
    member: StaffMember, theme: Theme, time_zone: str, *, shortcuts_enabled: bool, actor: Actor
) -> None:
    """How the portal looks and acts for this person."""
    before = snapshot(member)
    member.theme, member.time_zone, member.shortcuts_enabled = theme, time_zone, shortcuts_enabled
    note(StaffEvent.PREFERENCES_CHANGED, actor, member.id, changes=diff(member, before))


def record_list_viewed(members: Sequence[StaffMember], actor: Actor) -> None:
    """Notes that somebody looked at the names of colleagues; commit it before they are shown."""
    ids = [member.id for member in members]
    record_read(
        StaffEvent.LIST_VIEWED, actor, subject_refs=ids, purpose="work on the list of staff", object_type="staff"
    )


def remove_members(members: Sequence[StaffMember], actor: Actor) -> None:
    """Deletes accounts with all that hangs on them; the audit log keeps what they did."""
    keep_an_admin(members)
    for member in members:
        note(StaffEvent.MEMBER_REMOVED, actor, member.id)
        db.session.delete(member)


def keep_an_admin(leaving: Sequence[StaffMember]) -> None:
    """Refuses whatever would leave the portal without an administrator."""
    admins = [one.id for one in leaving if one.role == Role.ADMIN and one.state != MemberState.DISABLED]
    if admins and count_other_admins(admins) == 0:
        raise LastAdmin(
            "This is the last administrator. Make another one first: "
            "`flask --app wsgi staff create --role admin --email … --name …`."
        )
