"""The pages of consent: topics with their wordings, and what one client agreed to."""

from portal.consent.views import ledger, topics
from portal.consent.views.blueprint import blueprint

__all__ = ["blueprint", "ledger", "topics"]
