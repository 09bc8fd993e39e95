"""Puts the portal together: the one module that knows every feature."""

import os
import secrets

from flask import Flask
from flask_migrate import Migrate

from portal.db import db, dispose_after_fork
from portal.settings import contributions as settings_contributions
from portal.settings.views import blueprint as settings_views
from portal.web import assets, errors, forms, guard, headers, htmx, pages, times, trace
from portal.web.views import blueprint as web_views

MAX_BODY = 1024 * 1024


def create_app() -> Flask:
    """A ready application. Reads no database, so that commands work while it is down."""
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    app.config.update(
        SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_urlsafe(48),
        SQLALCHEMY_DATABASE_URI=os.environ.get("DATABASE_URL", "postgresql+psycopg://"),
        MAX_CONTENT_LENGTH=MAX_BODY,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    db.init_app(app)
    Migrate(app, db, compare_type=True)
    with app.app_context():
        dispose_after_fork(db.engine)
    install_web(app)
    register_features(app)
    return app


def install_web(app: Flask) -> None:
    """The floor under every page. The order is the order of checks: name, host, access, CSRF."""
    trace.install(app)
    headers.install_hosts(app, ("127.0.0.1", "localhost"))
    htmx.install(app)
    guard.install(app)
    forms.install(app)
    assets.install(app)
    headers.install(app, enabled=True)
    errors.install(app)
    pages.install(app, pages.Shell())
    times.install(app)


def register_features(app: Flask) -> None:
    """Every feature's pages, commands, slots and jobs; each owner adds lines here, sorted."""
    app.register_blueprint(settings_views)
    app.register_blueprint(web_views)
    settings_contributions.fill(app)
