"""Decisions about requests of the people whose data are kept: by when they must be answered. Reads no database."""

from portal.privacy.rules.clock import Clock, UnknownCalendar, may_still_extend

__all__ = ["Clock", "UnknownCalendar", "may_still_extend"]
