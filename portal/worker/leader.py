"""Who leads among the tickers: the one that holds a lock of the database, as long as its connection lives."""

import contextlib
import os
from typing import Any

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from portal.db import engine

LEADER_LOCK = 7_203_331_006
log = structlog.get_logger("worker.leader")


class Leader:
    """The claim to lead. The database lets go of it by itself when this process dies or loses its connection."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._leads = False

    def leads(self) -> bool:
        """Whether this ticker leads now; asks the database each time, and tries to take over where nobody leads."""
        try:
            connection = self._connection = self._connection or _own_connection()
            was = self._leads
            question = "SELECT true" if was else f"SELECT pg_try_advisory_lock({LEADER_LOCK})"
            self._leads = bool(connection.scalar(text(question)))
        except SQLAlchemyError as error:
            log.warning("ticker.database_away", error=type(error).__name__)
            self.resign()
            return False
        if self._leads and not was:
            log.info("ticker.leads")
        return self._leads

    def resign(self) -> None:
        """Lets another ticker lead."""
        connection, self._connection, self._leads = self._connection, None, False
        if connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                connection.close()

    def forget_in_child(self) -> None:
        """
        In a forked child: lets go of the socket without a word to the database.

        With the socket open in the child, the lock would outlive a killed ticker.
        """
        if self._connection is not None:
            raw: Any = self._connection.connection.dbapi_connection
            with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - only its number is wanted
                os.dup2(nothing.fileno(), raw.pgconn.socket)


def _own_connection() -> Connection:
    connection = engine().connect().execution_options(isolation_level="AUTOCOMMIT")
    # Out of the pool: closing it really closes it, and with it goes the lock.
    connection.detach()
    return connection
