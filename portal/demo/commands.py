"""`flask demo …`: the invented company Tidewell, for looking around on this machine."""

import json
from dataclasses import asdict

import click
from flask.cli import AppGroup

from portal.db import transaction
from portal.demo.operations import DemoRefused, load_company, load_people, remove_company, remove_people, sign_ins
from portal.staff.commands import answered, operator
from portal.staff.operations.accounts import StaffError

commands = AppGroup("demo", help="The invented company Tidewell, on this machine only.")


@commands.command()
def load() -> None:
    """Makes the invented staff and names the company; a second time changes nothing."""
    with answered(DemoRefused, StaffError), transaction():
        made = load_people(operator())
        load_company(operator())
    click.echo(f"Demo staff made: {made}.")


@commands.command()
def remove() -> None:
    """Removes the invented staff and the company's name. Needs an administrator of your own."""
    with answered(DemoRefused, StaffError), transaction():
        removed = remove_people(operator())
        remove_company(operator())
    click.echo(f"Demo staff removed: {removed}.")


@commands.command("sign-ins")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def show_sign_ins(*, as_json: bool) -> None:
    """Prints how to sign in now: address, password and the current second-factor code."""
    with answered(DemoRefused, StaffError):
        found = sign_ins()
    if as_json:
        click.echo(json.dumps([asdict(line) for line in found]))
        return
    for line in found:
        click.echo(f"{line.role:<20} {line.email:<32} {line.password}{f'   code {line.code}' if line.code else ''}")
