"""The allotment workbench: schemes side by side, county by county, drawn as figures and small bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from funds.models import FactorValue, SchemeCounty
from funds.reports.scheme import Reckoned
from funds.rules.fairness import Standing
from fupin.divisions.models import Division

BAR: Final = 92
"""Width of the bar of the county with the highest score, in pixels."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: from where, how wide, of which factor."""

    x: Decimal
    width: Decimal
    place: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A factor of a county: its figure and share in per cent; `lent` where it is another year's, `row` None where there is none."""

    code: str
    title: str
    row: FactorValue | None
    share: Decimal | None
    lent: bool


@dataclass(frozen=True, slots=True)
class CountyRow:
    """A county on the workbench: its figures, score, what the first scheme gives it, and the second beside it."""

    county: Division
    listed: SchemeCounty
    missing: tuple[str, ...]
    cells: tuple[Cell, ...]
    score: Decimal | None
    bar: tuple[Piece, ...]
    standing: Standing | None
    bonus: Decimal
    beside: Standing | None

    @property
    def difference(self) -> Decimal | None:
        """Yuan that the second scheme gives more."""
        if self.standing is None or self.beside is None:
            return None
        return self.beside.amount - self.standing.amount


def county_rows(first: Reckoned, second: Reckoned | None) -> list[CountyRow]:
    """Return the counties of a scheme, those that lack a figure first, then by amount."""
    most = max((one.score for one in first.run.counties), default=None) if first.run else None
    standings = {one.division: one for one in first.fairness.counties} if first.fairness else {}
    others = (
        {one.division: one for one in second.fairness.counties}
        if second is not None and second.fairness
        else {}
    )
    rows = []
    for listed in first.counties:
        code = listed.county_id
        share = first.share_of(code)
        shares = {part.factor.code: part.share for part in share.parts} if share else {}
        cells = tuple(
            Cell(
                code=one.code,
                title=one.title,
                row=first.rows.get((one.code, code)),
                share=_percent(shares[one.code].numerator, shares[one.code].denominator)
                if one.code in shares
                else None,
                lent=(one.code, code) in first.lent,
            )
            for one in first.factors
        )
        rows.append(
            CountyRow(
                county=listed.county,
                listed=listed,
                missing=first.missing.get(code, ()),
                cells=cells,
                score=_percent(share.score.numerator, share.score.denominator) if share else None,
                bar=_bar([one.score for one in share.parts], most) if share and most else (),
                standing=standings.get(code),
                bonus=first.bonus.get(code, Decimal(0)),
                beside=others.get(code),
            )
        )
    rows.sort(key=lambda row: (not row.missing, -(row.standing.amount if row.standing else 0), row.county.pk))
    return rows


def _percent(numerator: int, denominator: int) -> Decimal:
    return Decimal(numerator) * 100 / denominator


def _bar(scores: Sequence[object], most: object) -> tuple[Piece, ...]:
    at = Decimal(0)
    pieces = []
    for place, score in enumerate(scores):
        width = Decimal(str(round(float(score) / float(most) * BAR, 1)))  # type: ignore[arg-type]
        pieces.append(Piece(at, width, place))
        at += width
    return tuple(pieces)


def by_head(found: Reckoned) -> str:
    """Return highest ÷ lowest by the head of the poor in words."""
    fair = found.fairness
    if fair is None or fair.highest is None or fair.lowest is None or fair.ratio is None:
        return ""
    names = {one.county_id: one.county.name for one in found.counties}
    return (
        f"{fair.ratio}（{names[fair.highest.division]} {fair.highest.per_head} 元"
        f" ÷ {names[fair.lowest.division]} {fair.lowest.per_head} 元）"
    )
