"""因素法切块分配: a pool shared out to counties by factors, to the cent, each amount explained (funds F-01, policy-trace 5.1, 5.6)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from funds.errors import MoneyRefused, NotComplete
from funds.rules import Refusals
from fupin.lib.apportion import CannotShare, apportion
from fupin.lib.money import FEN, whole_fen
from fupin.policy.cites import cites

Values = Mapping[str, Mapping[int, Decimal | None]]
"""Code of a factor → county → its figure; None or absent where it is not known."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor with its weight. An inverse one gives more to whoever has less: income, fiscal capacity."""

    code: str
    title: str
    weight: Decimal
    inverse: bool = False


# Weights and figures ------------------------------------------------------------------------------------------------------------------


@cites("§5", "综合考虑农村贫困人口、农民人均纯收入、人均地方财力和绩效考评结果等因素")
def weight_refusals(
    factors: Collection[Factor], *, before: Mapping[str, Decimal] | None = None, document_no: str = ""
) -> Refusals:
    """Return what is wrong with weights: below zero, not adding up to 1, or changed against those before without a document."""
    weights = {one.code: one.weight for one in factors}
    if len(weights) < len(factors):
        return {"weights": "同一因素列了两次"}
    if negative := [one.title for one in factors if one.weight < 0]:
        return {"weights": "权重不能小于零：" + "、".join(negative)}
    whole = sum(weights.values(), Decimal(0))
    if whole != 1:
        return {"weights": f"权重合计须为 1，现为 {whole}"}
    carried = {code: weight for code, weight in weights.items() if weight}
    if before is not None and not document_no.strip():
        held = {code: weight for code, weight in before.items() if weight}
        if carried != held:
            return {"weights_document": "权重有改动，须填文号"}
    return {}


@cites("§5", "在兼顾公平的基础上……综合考虑农村贫困人口、农民人均纯收入、人均地方财力和绩效考评结果等因素")
def missing(
    factors: Sequence[Factor], values: Values, counties: Collection[int]
) -> dict[int, tuple[str, ...]]:
    """Return the counties whose figures are not there or cannot be reckoned with, each with what is wrong; empty: complete.

    A factor without weight is not asked for. No county is left out and none gets nothing for want of a figure (policy-trace 5.6).
    """
    found: dict[int, tuple[str, ...]] = {}
    for county in sorted(counties):
        flaws = [
            flaw
            for one in factors
            if one.weight and (flaw := _flaw(one, values.get(one.code, {}).get(county)))
        ]
        if flaws:
            found[county] = tuple(flaws)
    return found


def _flaw(factor: Factor, value: Decimal | None) -> str | None:
    if value is None:
        return f"缺{factor.title}"
    if factor.inverse and value <= 0:
        return f"{factor.title}须大于零"
    return f"{factor.title}不能小于零" if value < 0 else None


def borrowed(
    values: Values, earlier: Values, counties: Collection[int]
) -> tuple[Values, set[tuple[str, int]]]:
    """Return the figures with gaps filled from an earlier year, and which those are: to look at a trial by, never to approve."""
    filled = {code: dict(of) for code, of in values.items()}
    lent: set[tuple[str, int]] = set()
    for code, of in filled.items():
        for county in counties:
            known = earlier.get(code, {}).get(county)
            if of.get(county) is None and known is not None:
                of[county] = known
                lent.add((code, county))
    return filled, lent


# The run ------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """What one factor does for one county. Its parts `yuan` add up to the county's amount exactly."""

    factor: Factor
    value: Decimal
    share: Fraction
    """The county's share of all counties by this factor alone."""
    yuan: Decimal
    """What the factor brought."""

    @property
    def score(self) -> Fraction:
        """Share × weight: its part of the county's score."""
        return self.share * Fraction(self.factor.weight)


@dataclass(frozen=True, slots=True)
class CountyShare:
    """A county's amount, with its score and what each factor brought of it."""

    division: int
    score: Fraction
    amount: Decimal
    parts: tuple[Part, ...]

    def brought(self) -> dict[str, Decimal]:
        """Return the yuan that each factor brought, by its code."""
        return {one.factor.code: one.yuan for one in self.parts}


@dataclass(frozen=True, slots=True)
class Run:
    """A pool shared out: counties by code, whose amounts add up to it."""

    pool: Decimal
    unit: Decimal
    counties: tuple[CountyShare, ...]

    def amounts(self) -> dict[int, Decimal]:
        """Return the counties' amounts in yuan."""
        return {one.division: one.amount for one in self.counties}


def shares(values: Mapping[int, Decimal], *, inverse: bool) -> dict[int, Fraction]:
    """Return each county's share by one factor: x ÷ Σx, of an inverse one (1/x) ÷ Σ(1/x); they add up to 1.

    Raise CannotShare where nobody has anything of it.
    """
    pulls = {code: 1 / Fraction(value) if inverse else Fraction(value) for code, value in values.items()}
    whole = sum(pulls.values(), Fraction(0))
    if not whole:
        raise CannotShare("各县都是零")
    return {code: pull / whole for code, pull in pulls.items()}


def unit_for(pool: Decimal, wanted: Decimal) -> Decimal:
    """Return the unit that a pool is shared out in: the one wanted, one fen where the pool is no multiple of it."""
    return wanted if wanted > 0 and pool % wanted == 0 else FEN


@cites("§5", "综合考虑农村贫困人口、农民人均纯收入、人均地方财力和绩效考评结果等因素……主要资金切块到县")
def allot(
    pool: Decimal,
    factors: Sequence[Factor],
    values: Values,
    *,
    counties: Collection[int],
    unit: Decimal,
) -> Run:
    """Share a pool out: score = Σ weight × share, amount = pool × score in whole units, largest remainders first.

    Equal remainders go by division code. Raise NotComplete naming each county whose figures are missing, MoneyRefused where weights
    do not add up to 1, the pool is negative, or no county has anything of a factor.
    """
    if refused := weight_refusals(factors):
        raise MoneyRefused(refused)
    if pool < 0 or not counties:
        raise MoneyRefused({"counties": "没有可分的县" if pool >= 0 else "切块池不能小于零"})
    if gaps := missing(factors, values, counties):
        raise NotComplete(gaps)
    by_factor = {one.code: _shares_of(one, values[one.code], counties) for one in factors if one.weight}
    weighed = [one for one in factors if one.weight]
    scores = {
        county: sum((by_factor[one.code][county] * Fraction(one.weight) for one in weighed), Fraction(0))
        for county in counties
    }
    step = unit_for(pool, unit)
    units = apportion(int(pool / step), scores)
    return Run(
        pool,
        step,
        tuple(
            _county(county, units[county] * step, scores[county], weighed, values, by_factor)
            for county in sorted(counties)
        ),
    )


def _shares_of(
    factor: Factor, known: Mapping[int, Decimal | None], counties: Collection[int]
) -> dict[int, Fraction]:
    given = {county: value for county in counties if (value := known[county]) is not None}
    try:
        return shares(given, inverse=factor.inverse)
    except CannotShare as nothing:
        raise MoneyRefused({"weights": f"{factor.title}：{nothing}，不能按它分配"}) from nothing


def _county(
    county: int,
    amount: Decimal,
    score: Fraction,
    factors: Sequence[Factor],
    values: Values,
    by_factor: Mapping[str, Mapping[int, Fraction]],
) -> CountyShare:
    """Return a county's share, its amount parted among the factors to the fen."""
    pulls = {one.code: by_factor[one.code][county] * Fraction(one.weight) for one in factors}
    fen = apportion(whole_fen(amount), pulls)
    parts = tuple(
        Part(one, values[one.code][county] or Decimal(0), by_factor[one.code][county], fen[one.code] * FEN)
        for one in factors
    )
    return CountyShare(county, score, amount, parts)
