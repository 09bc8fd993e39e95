"""What imports hold about a person: perhaps a row of a file that is not deleted yet. Nobody can tell whose."""

import uuid
from typing import Any

from portal.db import db
from portal.imports.operations import purge_files
from portal.web.actor import Actor

TABLES = ("client_import", "import_chunk")


def export_for(client_id: uuid.UUID) -> dict[str, Any]:  # noqa: ARG001 - the signature of every feature
    """Nothing of its own: what a file said about somebody stands in their client."""
    return {}


def erase_for(client_id: uuid.UUID, actor: Actor) -> dict[str, int]:  # noqa: ARG001 - the signature of every feature
    """Deletes the rows of every import that has ended: one may be this person's."""
    return {"client_import": 0, "import_chunk": purge_files(db.session(), actor)}
