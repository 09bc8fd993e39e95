"""The tables of consent: topics, wordings, the append-only ledger with its evidence, current state, suppression."""

from portal.consent.models.ledger import ConsentEvent, ConsentEvidence, ConsentState
from portal.consent.models.suppression import (
    RemovalState,
    Suppression,
    SuppressionOrigin,
    SuppressionReason,
    SuppressionRemoval,
    SuppressionScope,
)
from portal.consent.models.topics import Topic, TopicWording
from portal.consent.models.words import Happening, LegalBasis, Method, Standing, TopicClass, TopicState

__all__ = [
    "ConsentEvent",
    "ConsentEvidence",
    "ConsentState",
    "Happening",
    "LegalBasis",
    "Method",
    "RemovalState",
    "Standing",
    "Suppression",
    "SuppressionOrigin",
    "SuppressionReason",
    "SuppressionRemoval",
    "SuppressionScope",
    "Topic",
    "TopicClass",
    "TopicState",
    "TopicWording",
]
