"""`flask staff …`: accounts made and reset by whoever runs the server, so that a lost phone locks nobody out."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from portal.config.current import current
from portal.crypto.blind_index import NotAnAddress
from portal.crypto.errors import RingError
from portal.db import transaction
from portal.staff.models import Role, StaffMember
from portal.staff.operations.accounts import (
    StaffError,
    change_role,
    create_member,
    disable_member,
    enable_member,
    issue_link,
    reset_member,
)
from portal.staff.queries import find_member
from portal.web.actor import Actor, ActorKind

commands = AppGroup("staff", help="Accounts of the people who use the portal.")
ROLES = click.Choice([role.value for role in Role])


class Unavailable(click.ClickException):
    """The command could not run at all."""

    exit_code = 2


@commands.command()
@click.option("--email", prompt="Work email", help="The address they sign in with.")
@click.option("--name", prompt="Full name", help="The name colleagues see.")
@click.option("--role", prompt="Role", type=ROLES, help="What they are here to do.")
def create(email: str, name: str, role: str) -> None:
    """Makes an account and prints a one-time link to choose a password."""
    with answered(StaffError, NotAnAddress), transaction():
        member = create_member(email.strip(), name.strip(), Role(role), str(current().general.time_zone), operator())
        token = issue_link(member)
    show_link(token)


@commands.command()
@click.argument("email")
def reset(email: str) -> None:
    """Takes password and second factor away, ends all sessions, and prints a new one-time link."""
    with answered(StaffError, NotAnAddress), transaction():
        token = reset_member(named(email), operator())
    show_link(token)


@commands.command()
@click.argument("email")
def disable(email: str) -> None:
    """Shuts an account at once; its history stays. The last administrator cannot be shut out."""
    with answered(StaffError, NotAnAddress), transaction():
        disable_member(named(email), operator())
    click.echo("The account is disabled and its sessions are ended.")


@commands.command()
@click.argument("email")
def enable(email: str) -> None:
    """Opens a disabled account again."""
    with answered(StaffError, NotAnAddress), transaction():
        enable_member(named(email), operator())
    click.echo("The account is open again.")


@commands.command("role")
@click.argument("email")
@click.argument("role", type=ROLES)
def set_role(email: str, role: str) -> None:
    """Gives a member another role and ends their sessions. The last administrator stays one."""
    with answered(StaffError, NotAnAddress), transaction():
        change_role(named(email), Role(role), operator())
    click.echo("The role is changed; they have to sign in again.")


@contextmanager
def answered(*refusals: type[Exception]) -> Iterator[None]:
    """Turns what went wrong into one sentence and an exit code: 1 where it was refused, 2 where it could not run."""
    try:
        yield
    except refusals as problem:
        raise click.ClickException(str(problem)) from None
    except RingError as problem:
        raise Unavailable(str(problem)) from None
    except OperationalError:
        raise Unavailable("The database does not answer. Start it, or check DATABASE_URL.") from None


def named(email: str) -> StaffMember:
    """The account with this address."""
    member = find_member(email)
    if member is None:
        raise StaffError("There is no account with this address. `flask --app wsgi staff create` makes one.")
    return member


def operator() -> Actor:
    """Whoever runs the command, by the name of their account on the server."""
    return Actor(ActorKind.COMMAND, f"Command line, {getpass.getuser()}")


def show_link(token: str) -> None:
    """The link, shown this once."""
    click.echo("Give this link to the person. It works once and for 24 hours:")
    click.echo(f"{current().general.public_base_url}/set-up/{token}")
