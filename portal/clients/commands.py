"""What administrators do with clients on the command line."""

from typing import NoReturn

import click
from flask.cli import AppGroup

from portal.clients.operations import Backfilled, backfill_phones
from portal.clients.rules import countries
from portal.db import db, transaction
from portal.web.actor import SYSTEM

AT_ONCE = 200

commands = AppGroup("clients", help="The people you write to.")


@commands.command("backfill-e164")
@click.option("--region", default="", help="Country of numbers whose client has none, as two letters such as DE.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")
def backfill_e164(region: str, *, dry_run: bool) -> None:
    """Bring phone numbers that came without a country into their international form. Can be run again at any time."""
    region = region.upper()
    if region and region not in countries():
        stop("Name the region by two letters, such as DE for Germany.")
    so_far = Backfilled()
    while _next_step(so_far, region or None, dry_run=dry_run):
        pass
    _report(so_far, dry_run=dry_run)
    if so_far.left or so_far.taken:
        raise SystemExit(1)


def _next_step(so_far: Backfilled, region: str | None, *, dry_run: bool) -> bool:
    if not dry_run:
        with transaction():
            return backfill_phones(so_far, region, AT_ONCE, SYSTEM)
    try:
        return backfill_phones(so_far, region, AT_ONCE, SYSTEM)
    finally:
        db.session.rollback()


def _report(so_far: Backfilled, *, dry_run: bool) -> None:
    done = "would be brought" if dry_run else "brought"
    gone = "would be removed" if dry_run else "removed"
    click.echo(f"{so_far.seen:,} numbers without a country code.")
    click.echo(f"{so_far.done:,} {done} into their international form.")
    if so_far.double:
        click.echo(f"{so_far.double:,} {gone}: their client has the number already.")
    if so_far.taken:
        click.echo(f"{so_far.taken:,} belong to another client too: merge the two, or remove one contact point.")
    if so_far.left:
        click.echo(f"{so_far.left:,} cannot be read: give their client a country, or name one with --region.")


def stop(message: str) -> NoReturn:
    """Says what could not be done and what to do; exit status 2."""
    click.echo(message, err=True)
    raise SystemExit(2)
