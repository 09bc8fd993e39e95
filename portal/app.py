"""Puts the portal together: the one module that knows every feature."""

import os

from flask import Flask
from flask_migrate import Migrate

from portal.db import db


def create_app() -> Flask:
    """A ready application. Reads no database, so that commands work while it is down."""
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "postgresql+psycopg://")
    db.init_app(app)
    Migrate(app, db, compare_type=True)
    return app
