"""Every write about imports, each with its audit row: upload, mapping, check, import, cancelling, deletion."""

from portal.imports.operations.control import (
    ImportRefused,
    MappingIncomplete,
    cancel_import,
    confirm_import,
    note_report,
    note_viewed,
)
from portal.imports.operations.keeping import purge_ended, purge_files
from portal.imports.operations.mapping import map_columns
from portal.imports.operations.pump import work_on
from portal.imports.operations.upload import start_import
from portal.imports.operations.work import advance

__all__ = [
    "ImportRefused",
    "MappingIncomplete",
    "advance",
    "cancel_import",
    "confirm_import",
    "map_columns",
    "note_report",
    "note_viewed",
    "purge_ended",
    "purge_files",
    "start_import",
    "work_on",
]
