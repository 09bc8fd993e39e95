"""Commands about keys. None of them shows a key that is in use."""

import click
from flask.cli import AppGroup

from portal.config.current import current
from portal.config.keys import generate_key
from portal.config.problems import ConfigError
from portal.crypto.errors import RingError
from portal.crypto.keyring import self_test
from portal.crypto.lifecycle import ensure_ring
from portal.db import transaction

keys = AppGroup("keys", help="Keys of this portal.")

PLACE = """\
Put it into .env (mode 600) or the environment as one of:
  DB_ENCRYPTION_KEY  master key of the sealed data. Move the key it replaces to DB_ENCRYPTION_KEY_PREVIOUS first:
                     without it everything sealed until now is lost for ever.
  SECRET_KEY         signs cookies and links. Move the old one to SECRET_KEY_FALLBACKS, or everybody is signed out.
Use a different key for each, keep a copy in a safe place, and never put it into version control."""


@keys.command("generate", with_appcontext=False)
def generate() -> None:
    """Prints a new strong key, and where to put it. Nothing is changed."""
    click.echo(generate_key())
    click.echo(PLACE, err=True)


@keys.command("ensure")
def ensure() -> None:
    """Makes the data keys that are missing, on the first start and after an update. A second run changes nothing."""
    try:
        current()
        with transaction() as session:
            made = ensure_ring(session)
        self_test()
    except (ConfigError, RingError) as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"Made keys for: {', '.join(made)}." if made else "All data keys are there.")
