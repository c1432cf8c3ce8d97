"""Points of the 财政扶贫资金绩效考评量化指标表 (reckoned as in 2008, in use in 2014): a band such as `4–3`, never a point within it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """The most and the least points of a band; the table leaves what lies between to whoever marks."""

    most: int
    least: int

    def __str__(self) -> str:
        return str(self.most) if self.most == self.least else f"{self.most}–{self.least}"


NONE = Band(0, 0)
"""No points."""
