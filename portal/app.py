"""Puts the portal together: the one module that knows every feature."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from click import Command, Context, UsageError, get_current_context
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import Migrate
from sqlalchemy.exc import OperationalError

from portal.analytics import contributions as analytics_contributions
from portal.analytics.views import blueprint as analytics_views
from portal.audit import contributions as audit_contributions
from portal.audit import jobs as audit_jobs
from portal.audit.commands import commands as audit_commands
from portal.audit.views import blueprint as audit_views
from portal.clients import contributions as clients_contributions
from portal.clients.commands import commands as clients_commands
from portal.clients.views import blueprint as clients_views
from portal.config.configuration import Config
from portal.config.current import current
from portal.config.problems import ConfigError
from portal.consent import contributions as consent_contributions
from portal.consent import jobs as consent_jobs
from portal.consent.commands import commands as consent_commands
from portal.consent.views import blueprint as consent_views
from portal.credentials.commands import keys
from portal.crypto.errors import RingError
from portal.crypto.keyring import self_test
from portal.db import db, dispose_after_fork
from portal.demo.commands import commands as demo_commands
from portal.health import commands as health_commands
from portal.health import contributions as health_contributions
from portal.health import jobs as health_jobs
from portal.health.commands import config as config_commands
from portal.health.views.health import blueprint as health_views
from portal.health.views.home import blueprint as home_views
from portal.imports import contributions as imports_contributions
from portal.imports import jobs as imports_jobs
from portal.imports.commands import import_clients
from portal.imports.views import blueprint as imports_views
from portal.installation import install
from portal.message_templates import contributions as message_templates_contributions
from portal.message_templates.views import blueprint as message_templates_views
from portal.messages import contributions as messages_contributions
from portal.messages import jobs as messages_jobs
from portal.messages.views import about_clients as may_we_write_views
from portal.messages.views import blueprint as messages_views
from portal.preferences import contributions as preferences_contributions
from portal.preferences import jobs as preferences_jobs
from portal.preferences.views import blueprint as preferences_views
from portal.privacy import contributions as privacy_contributions
from portal.queue.periodic import run_periodically
from portal.queue.processes import forget_lost_processes
from portal.settings import contributions as settings_contributions
from portal.settings.queries import value
from portal.settings.rules import organisation, sending
from portal.settings.views import blueprint as settings_views
from portal.staff import contributions as staff_contributions
from portal.staff.commands import commands as staff_commands
from portal.staff.views import blueprint as staff_views
from portal.staff.views import install as install_sign_in
from portal.verification import contributions as verification_contributions
from portal.verification import jobs as verification_jobs
from portal.web import floor, pages
from portal.web.mode import sending_mode
from portal.web.views import blueprint as web_views

MIGRATIONS = Path(__file__).parents[1] / "migrations"
MAX_BODY = 1024 * 1024  # a page that takes files raises it for itself


class NotReady(Exception):
    """The portal cannot serve; the message is one sentence with the remedy."""


def create_app() -> Flask:
    """A ready application. Reads no database, so that commands work while it is down."""
    config = current()
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    app.config.update(flask_settings(config))
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), compare_type=True)
    with app.app_context():
        dispose_after_fork(db.engine)
    floor.install(app, config, shell_facts(config))
    register_features(app)
    return app


def flask_settings(config: Config) -> dict[str, Any]:
    """Our settings in the words of Flask and its extensions."""
    general, database, secure = config.general, config.database, config.general.is_https
    return {
        "DEBUG": general.debug,
        "MAX_CONTENT_LENGTH": MAX_BODY,
        "SECRET_KEY": config.security.secret_key.reveal(),
        "SECRET_KEY_FALLBACKS": [key.reveal() for key in config.security.secret_key_fallbacks],
        # Browsers refuse the __Host- name without https, some even on this machine.
        "SESSION_COOKIE_NAME": "__Host-heedful" if secure else "heedful",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SQLALCHEMY_DATABASE_URI": database_url(config),
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": database.pool_size,
            "max_overflow": database.max_overflow,
            "pool_timeout": database.pool_timeout,
            "pool_recycle": database.pool_recycle,
            "connect_args": database.connect_args,
        },
    }


def database_url(config: Config) -> str:
    """The address of the application's role, always by way of psycopg 3."""
    scheme, _, rest = config.database.url.reveal().partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else config.database.url.reveal()


def shell_facts(config: Config) -> pages.Shell:
    """What every page says about this installation; the settings store knows, the environment may lock."""
    return pages.Shell(
        organisation=lambda: value(organisation.NAME) or "Heedful",
        time_zone=lambda: value(organisation.TIME_ZONE),
        mode=lambda: sending_mode(config, sending=value(sending.ENABLED)),
        security_contact=lambda: value(organisation.SECURITY_CONTACT),
    )


def register_features(app: Flask) -> None:
    """Every feature's pages, commands, slots and jobs; each owner adds lines, sorted."""
    register_pages(app)
    register_commands(app)
    analytics_contributions.fill(app)
    audit_contributions.fill(app)
    audit_jobs.register()
    clients_contributions.fill(app)
    consent_contributions.fill(app)
    consent_jobs.register()
    imports_contributions.fill(app)
    imports_jobs.register()
    message_templates_contributions.fill(app)
    messages_contributions.fill(app)
    messages_jobs.register()
    preferences_contributions.fill(app)
    preferences_jobs.register()
    privacy_contributions.fill(app)
    install_sign_in(app)
    run_periodically("workers.forget_lost", timedelta(minutes=1), forget_lost_processes)
    health_contributions.fill(app)
    health_jobs.register()
    settings_contributions.fill(app)
    staff_contributions.fill(app)
    verification_contributions.fill(app)
    verification_jobs.register()


def register_commands(app: Flask) -> None:
    """The commands of every feature, sorted."""
    app.cli.add_command(audit_commands)
    clients_commands.add_command(import_clients)
    app.cli.add_command(clients_commands)
    app.cli.add_command(config_commands)
    app.cli.add_command(consent_commands)
    app.cli.add_command(demo_commands)
    app.cli.add_command(install)
    app.cli.add_command(keys)
    app.cli.add_command(staff_commands)
    health_commands.register(app)


def register_pages(app: Flask) -> None:
    """The pages of every feature, sorted."""
    app.register_blueprint(analytics_views)
    app.register_blueprint(audit_views)
    app.register_blueprint(clients_views)
    app.register_blueprint(consent_views)
    app.register_blueprint(health_views)
    app.register_blueprint(home_views)
    app.register_blueprint(imports_views)
    app.register_blueprint(message_templates_views)
    app.register_blueprint(messages_views)
    app.register_blueprint(may_we_write_views)
    app.register_blueprint(preferences_views)
    app.register_blueprint(settings_views)
    app.register_blueprint(staff_views)
    app.register_blueprint(web_views)


class RepairCommands(AppGroup):
    """The commands that work without settings; every other one answers with what is wrong with them."""

    def __init__(self, reason: ConfigError) -> None:
        super().__init__()
        self.reason = reason
        self.add_command(config_commands)
        self.add_command(keys)

    def get_command(self, ctx: Context, cmd_name: str) -> Command:
        command = super().get_command(ctx, cmd_name)
        if command is None:
            raise UsageError(str(self.reason))
        return command


def repair_app(reason: ConfigError) -> Flask | None:
    """While the flask command still looks for a subcommand: an application whose commands mend the settings."""
    context = get_current_context(silent=True)
    if context is None or context.parent is not None:
        return None
    app = Flask(__name__)
    app.cli = RepairCommands(reason)
    return app


def prepare(app: Flask) -> None:
    """Makes sure that this process can serve: the database answers and has this version's tables, the keys fit."""
    # Before the server forks, so that its processes share the compiled templates.
    pages.warm_up(app)
    with app.app_context():
        try:
            check_migrations()
            self_test()
        except RingError as problem:
            raise NotReady(str(problem)) from None
        except OperationalError:
            raise NotReady(
                "PostgreSQL does not answer. Start it, or correct DATABASE_URL; "
                "`flask --app wsgi config check --live` says what is wrong."
            ) from None
        finally:
            db.engine.dispose()


def check_migrations() -> None:
    """Refuses tables of another version than the code's, older or newer."""
    directory = current_app.extensions["migrate"].directory
    expected = set(ScriptDirectory(directory).get_heads())
    with db.engine.connect() as connection:
        present = set(MigrationContext.configure(connection).get_current_heads())
    if present != expected:
        raise NotReady(
            f"The database is at version {', '.join(sorted(present)) or 'none'}, this portal needs "
            f"{', '.join(sorted(expected))}. Run `flask --app wsgi db upgrade`."
        )
