"""The pages of consent: topics with their wordings, what one client agreed to, and who must not be written to."""

from portal.consent.views import ledger, removals, suppression, topics
from portal.consent.views.blueprint import blueprint

__all__ = ["blueprint", "ledger", "removals", "suppression", "topics"]
