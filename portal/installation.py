"""`flask install`: brings the database to this version in one process, because starting Python is what takes long."""

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade

from portal.credentials.commands import ensure
from portal.db import transaction
from portal.demo.commands import load
from portal.preferences.operations.texts import ensure_texts


@click.command()
@click.option("--demo", is_flag=True, help="Load the invented company Tidewell too.")
@with_appcontext
def install(*, demo: bool) -> None:
    """Migrates the database and makes what is missing: data keys, built-in texts. A second run changes nothing."""
    upgrade()
    context = click.get_current_context()
    context.invoke(ensure)
    with transaction():
        ensure_texts()
    if demo:
        context.invoke(load)
