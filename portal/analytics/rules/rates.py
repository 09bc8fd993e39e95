"""Opt-outs beside what was handed over, against the limit that staff set."""

from dataclasses import dataclass

from portal.analytics.rules.hiding import Cell

ENOUGH = 100  # of fewer messages, a rate says nothing


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One channel: opt-outs, marketing messages handed over, and how many of a hundred opted out, where it is told."""

    name: str
    opt_outs: Cell
    handed: int
    rate: float | None
    is_above: bool


def channel_line(name: str, opt_outs: Cell, handed: int, limit: float) -> ChannelLine:
    """The line of one channel. No rate where its count is hidden or where too few messages went out."""
    if opt_outs.number is None or handed < ENOUGH:
        return ChannelLine(name, opt_outs, handed, None, is_above=False)
    rate = 100 * opt_outs.number / handed
    return ChannelLine(name, opt_outs, handed, rate, rate > limit)
