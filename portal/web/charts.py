"""The geometry of the small pictures; the macros in components/chart.html draw what this computes."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the scale: its value and its height on the picture."""

    value: float
    y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands and how large it is."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Scale:
    """A rectangle that values are drawn into, from 0 at its bottom to `top` at its top edge."""

    left: float
    upper: float
    width: float
    height: float
    top: float

    def x(self, index: int, count: int) -> float:
        """Where the point with this index lies; a single point lies at the left."""
        return self.left + self.width * index / max(count - 1, 1)

    def y(self, value: float) -> float:
        """The height of a value."""
        return self.upper + self.height * (1 - value / self.top)

    def path(self, values: Sequence[float]) -> str:
        """The line through all values, as the path of an SVG."""
        points = (f"{self.x(index, len(values)):.1f} {self.y(value):.1f}" for index, value in enumerate(values))
        return "M" + "L".join(points)

    def ticks(self, count: int = 5) -> list[Tick]:
        """Lines of the scale, evenly apart, from 0 upwards."""
        values = [self.top * step / count for step in range(count + 1)]
        return [Tick(value, self.y(value)) for value in values]


def round_up(value: float) -> float:
    """The next round figure at or above a value, so that a scale ends at one: 1, 2, 2.5 or 5 of a power of ten."""
    if value <= 0:
        return 1
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(power * step for step in (1, 2, 2.5, 5, 10) if power * step >= value)


def scale(values: Sequence[float], left: float, upper: float, width: float, height: float) -> Scale:
    """A scale that holds all these values."""
    return Scale(left, upper, width, height, round_up(max(values, default=0)))


def bars(values: Sequence[float], width: float, height: float) -> list[Bar]:
    """Upright bars over the whole width; even an empty one is a visible line."""
    if not values:
        return []
    gap, top = 2.0, max(*values, 1.0)
    each = (width - gap * (len(values) - 1)) / len(values)
    heights = [max(1.5, value / top * (height - 2)) for value in values]
    return [Bar(index * (each + gap), height - tall, each, tall) for index, tall in enumerate(heights)]


def waterfall(total: float, parts: Sequence[float]) -> list[tuple[float, float]]:
    """For each part taken off a total: what is left after it, and the part itself."""
    left, steps = total, []
    for part in parts:
        left -= part
        steps.append((left, part))
    return steps


def install(app: Flask) -> None:
    """Gives the macros the geometry."""
    app.jinja_env.globals.update(chart_scale=scale, chart_bars=bars, chart_waterfall=waterfall)
