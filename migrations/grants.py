"""What the application's role and the reader of the audit log may do; applied after every migration, also elsewhere."""

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

AUDIT_ROLE = "heedful_audit"
APPEND_ONLY = ("audit_entry", "consent_event")
READABLE_BY_AUDIT = ("audit_entry", "audit_verification", "alembic_version")


def apply_grants(connection: Connection, app_url: str) -> None:
    """Gives the two roles what they need and takes away the rest; running it again changes nothing.

    A role that owns the tables keeps its rights: with one role only, the log rests on its triggers alone.
    """
    owner = connection.scalar(text("SELECT current_user"))
    app_role = make_url(app_url).username
    if app_role and app_role != owner and _exists(connection, app_role):
        _grant_app(connection, app_role)
    if AUDIT_ROLE not in {owner, app_role} and _exists(connection, AUDIT_ROLE):
        _grant_audit(connection)


def _grant_app(connection: Connection, role: str) -> None:
    name = _quoted(connection, role)
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {name}"))
    connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"))
    connection.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"))
    for table in _present(connection, APPEND_ONLY):
        connection.execute(text(f"REVOKE ALL ON {table} FROM {name}"))
        connection.execute(text(f"GRANT SELECT, INSERT ON {table} TO {name}"))
    for table in _present(connection, ("alembic_version",)):
        connection.execute(text(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {name}"))


def _grant_audit(connection: Connection) -> None:
    name = _quoted(connection, AUDIT_ROLE)
    connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {name}"))
    for table in _present(connection, READABLE_BY_AUDIT):
        connection.execute(text(f"GRANT SELECT ON {table} TO {name}"))


def _exists(connection: Connection, role: str) -> bool:
    found = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
    return found is not None


def _present(connection: Connection, tables: tuple[str, ...]) -> list[str]:
    return [table for table in tables if connection.scalar(text("SELECT to_regclass(:name)"), {"name": table})]


def _quoted(connection: Connection, role: str) -> str:
    return connection.dialect.identifier_preparer.quote(role)
