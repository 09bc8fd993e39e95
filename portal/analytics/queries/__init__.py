"""Figures over many people. Nothing here names one."""

from portal.analytics.queries.honoured import Honoured, check_honoured
from portal.analytics.queries.opt_outs import OptOut, count_after_templates, count_handed, count_opt_outs

__all__ = ["Honoured", "OptOut", "check_honoured", "count_after_templates", "count_handed", "count_opt_outs"]
