"""`flask demo …`: the invented company Tidewell, for looking around on this machine."""

import json
from dataclasses import asdict

import click
from flask.cli import AppGroup

from portal.db import transaction
from portal.demo.operations import (
    DemoRefused,
    load_company,
    load_people,
    remove_company,
    remove_people,
    sign_ins,
)
from portal.staff.commands import answered, operator
from portal.staff.operations.accounts import StaffError

commands = AppGroup("demo", help="The invented company Tidewell, on this machine only.")


@commands.command()
def load() -> None:
    """Makes the invented staff, clients, texts and messages; a second time changes nothing."""
    with answered(DemoRefused, StaffError), transaction():
        made = load_people(operator())
        company = load_company(operator())
    click.echo(f"Demo clients made: {company.clients}, templates: {company.templates}, messages: {company.messages}.")
    click.echo(f"Demo staff made: {made}.")


@commands.command()
def remove() -> None:
    """Removes everything invented. Needs an administrator of your own; what your own clients have to do with stays."""
    with answered(DemoRefused, StaffError), transaction():
        company = remove_company(operator())
        removed = remove_people(operator())
    click.echo(
        f"Demo clients removed: {company.clients}, templates: {company.templates}, messages: {company.messages}."
    )
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
