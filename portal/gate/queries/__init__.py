"""Reads what the gate decides on, in a few statements for many messages; always on the caller's session."""

from portal.gate.queries.facts import HandOvers, Known, Subject, facts_of
from portal.gate.queries.marketing import Person

__all__ = ["HandOvers", "Known", "Person", "Subject", "facts_of"]
