"""Lay out how an amount parts and meets again: bars in columns, and between them ribbons as wide as what flows.

Coordinates are of a drawing of the given width and height, y downwards, rounded to two places so that the same flow draws the same.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

THINNEST: Final = 1.0
"""Below this height a bar could not be seen; it is drawn as high as this and no ribbon grows with it."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place that an amount passes through or stays in; ``tone`` names how it is to look."""

    key: str
    label: str
    amount: Decimal
    tone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """What flows from one stop to another, of a later column."""

    source: str
    target: str
    amount: Decimal
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stop where it is drawn."""

    stop: Stop
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Where its label stands."""
        return round(self.y + self.height / 2, 2)

    @property
    def right(self) -> float:
        """The right edge."""
        return round(self.x + self.width, 2)


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A flow where it is drawn; ``path`` is its outline in the language of SVG."""

    flow: Flow
    path: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All bars and ribbons, ribbons first to be drawn."""

    width: int
    height: int
    bars: Sequence[Bar]
    ribbons: Sequence[Ribbon]


def draw(
    columns: Sequence[Sequence[Stop]],
    flows: Sequence[Flow],
    *,
    width: int,
    height: int,
    bar: int = 7,
    gap: int = 9,
    margin: int = 12,
    label: int = 130,
) -> Drawing:
    """Return the drawing of flows between stops; stops of no amount are left out, and flows of nothing.

    All columns have one scale, so heights can be compared; ``label`` is kept free to the right of the last column.
    Raise ValueError where a flow begins or ends at no stop.
    """
    shown = [[stop for stop in column if stop.amount > 0] for column in columns]
    known = {stop.key for column in columns for stop in column}
    for flow in flows:
        if not {flow.source, flow.target} <= known:
            raise ValueError(f"no stop for {flow.source} → {flow.target}")
    scale = _scale(shown, height, gap)
    step = (width - margin - bar - label) / max(len(shown) - 1, 1)
    bars: dict[str, Bar] = {}
    for place, column in enumerate(shown):
        y = 0.0
        for stop in column:
            tall = max(float(stop.amount) * scale, THINNEST)
            bars[stop.key] = Bar(stop, round(margin + place * step, 2), round(y, 2), bar, round(tall, 2))
            y += tall + gap
    return Drawing(width, height, tuple(bars.values()), _ribbons(flows, bars, scale))


def _scale(columns: Sequence[Sequence[Stop]], height: int, gap: int) -> float:
    """Height per unit of amount, such that the fullest column fits with its gaps."""
    scales = [
        (height - gap * (len(column) - 1)) / float(sum(stop.amount for stop in column))
        for column in columns
        if column
    ]
    return max(min(scales, default=0.0), 0.0)


def _ribbons(flows: Sequence[Flow], bars: Mapping[str, Bar], scale: float) -> tuple[Ribbon, ...]:
    """Lay ribbons side by side on both bars, in the order of what they lead to and come from, so that few cross."""
    real = [flow for flow in flows if flow.amount > 0]
    leaving: defaultdict[str, float] = defaultdict(float)
    starts: dict[int, float] = {}
    for number in sorted(range(len(real)), key=lambda n: (bars[real[n].target].y, n)):
        flow = real[number]
        starts[number] = bars[flow.source].y + leaving[flow.source]
        leaving[flow.source] += float(flow.amount) * scale
    coming: defaultdict[str, float] = defaultdict(float)
    ends: dict[int, float] = {}
    for number in sorted(range(len(real)), key=lambda n: (bars[real[n].source].y, n)):
        flow = real[number]
        ends[number] = bars[flow.target].y + coming[flow.target]
        coming[flow.target] += float(flow.amount) * scale
    return tuple(
        Ribbon(
            flow,
            _outline(
                bars[flow.source].right,
                starts[number],
                bars[flow.target].x,
                ends[number],
                float(flow.amount) * scale,
            ),
        )
        for number, flow in enumerate(real)
    )


def _outline(left: float, top: float, right: float, bottom: float, thick: float) -> str:
    """A band that leaves level, arrives level, and keeps its thickness."""
    half = (left + right) / 2
    return (
        f"M{left:.2f} {top:.2f}C{half:.2f} {top:.2f} {half:.2f} {bottom:.2f} {right:.2f} {bottom:.2f}"
        f"V{bottom + thick:.2f}C{half:.2f} {bottom + thick:.2f} {half:.2f} {top + thick:.2f} {left:.2f} {top + thick:.2f}Z"
    )
