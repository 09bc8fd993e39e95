"""Works on an import chunk by chunk; it commits each one, so that a killed worker leaves none half done."""

import time
import uuid

from portal.clients.operations.bulk import AddressTaken
from portal.db import db, transaction
from portal.imports.operations.work import advance
from portal.queue import stop_requested

TRIES = 5


def work_on(import_id: uuid.UUID, until: float) -> bool:
    """Chunk after chunk until nothing is left, the time is up or a stop is asked for; whether more is left."""
    tries = 0
    while True:
        try:
            with transaction() as session:
                more = advance(session, import_id)
        except AddressTaken:
            # Somebody else added one of these clients in the same moment; looked at anew, they are here.
            tries += 1
            if tries == TRIES:
                raise
            continue
        finally:
            # Nothing of a chunk is needed for the next one.
            db.session().expunge_all()
        tries = 0
        if not more or stop_requested() or time.monotonic() >= until:
            return more
