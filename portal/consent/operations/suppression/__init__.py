"""Writing the suppression list: adding addresses, many at once too, and the two ways off it."""

from portal.consent.operations.suppression.adding import suppress, suppress_address
from portal.consent.operations.suppression.bulk import Added, suppress_many
from portal.consent.operations.suppression.lifting import lift_by_person
from portal.consent.operations.suppression.removal import approve_removal, ask_for_removal, deny_removal

__all__ = [
    "Added",
    "approve_removal",
    "ask_for_removal",
    "deny_removal",
    "lift_by_person",
    "suppress",
    "suppress_address",
    "suppress_many",
]
