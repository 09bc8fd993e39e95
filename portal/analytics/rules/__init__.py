"""How figures are cut into periods, and which are too small to be shown. Reads no database."""

from portal.analytics.rules.hiding import LEAST, Cell, cells
from portal.analytics.rules.periods import PERIODS, Period, period_until

__all__ = ["LEAST", "PERIODS", "Cell", "Period", "cells", "period_until"]
