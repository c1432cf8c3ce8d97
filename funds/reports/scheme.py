"""A scheme reckoned: who gets what by which factor, what is missing, and the figures that stand beside each run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from funds.codes.allotment import Direction, SchemeStatus
from funds.errors import MoneyRefused, NotComplete
from funds.models import CarveOut, FactorValue, Scheme, SchemeCounty, SchemeShare, SchemeWeight
from funds.rules import pool as pools
from funds.rules.allotment import CountyShare, Factor, Run, Values, allot, borrowed, missing
from funds.rules.bonus import Grade, Result, bonus_warning, by_grade
from funds.rules.fairness import Fairness, fairness
from funds.rules.pool import Pool, block_warning, pool_of

POOR = "POOR_POPULATION"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A scheme as its figures now stand. `run` is a trial while anything is missing; none where nothing can be reckoned."""

    scheme: Scheme
    factors: tuple[Factor, ...]
    weights: tuple[SchemeWeight, ...]
    counties: tuple[SchemeCounty, ...]
    rows: Mapping[tuple[str, int], FactorValue]
    """The standing figure of a factor and county, of the scheme's year, or lent from the year before."""
    missing: Mapping[int, tuple[str, ...]]
    lent: frozenset[tuple[str, int]]
    pool: Pool | None
    run: Run | None
    bonus: Mapping[int, Decimal]
    fairness: Fairness | None
    last_year: Mapping[int, Decimal]
    refusals: Mapping[str, str]
    warnings: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether it may be submitted."""
        return not self.missing and not self.refusals and self.run is not None

    def share_of(self, county: int) -> CountyShare | None:
        """Return a county's share of the run."""
        shares = self.run.counties if self.run else ()
        return next((one for one in shares if one.division == county), None)


def previous_of(scheme: Scheme) -> Scheme | None:
    """Return the approved scheme of the same kind of money that the year before had, latest first."""
    document = scheme.appropriation
    return (
        Scheme.objects.filter(
            status=SchemeStatus.APPROVED,
            appropriation__level=document.level,
            appropriation__kind=document.kind,
            appropriation__fiscal_year=document.fiscal_year - 1,
        )
        .select_related("appropriation")
        .order_by("-approved_at", "-pk")
        .first()
    )


def amounts_of(scheme: Scheme | None) -> dict[int, Decimal]:
    """Return what each county got by an approved scheme, bonus and all."""
    if scheme is None:
        return {}
    shares = SchemeShare.objects.filter(scheme=scheme).order_by("division_id")
    return {share.division_id: share.amount_yuan + share.bonus_yuan for share in shares}


def factors_of(weights: Sequence[SchemeWeight]) -> tuple[Factor, ...]:
    """Return the factors of a scheme with their weights."""
    return tuple(
        Factor(one.kind.code, one.kind.title, one.weight, inverse=one.kind.direction == Direction.DOWN)
        for one in weights
    )


def _figures(
    codes: Sequence[str], counties: Sequence[int], year: int
) -> tuple[Values, dict[tuple[str, int], FactorValue]]:
    rows = {
        (row.kind.code, row.division_id): row
        for row in FactorValue.objects.standing()
        .filter(division_id__in=counties, year=year, kind__code__in=codes)
        .select_related("kind")
        .order_by("division_id", "kind_id")
    }
    values = {code: {county: _value(rows.get((code, county))) for county in counties} for code in codes}
    return values, rows


def _value(row: FactorValue | None) -> Decimal | None:
    return row.value if row else None


def reckon(scheme: Scheme, *, trial: bool = True) -> Reckoned:
    """Reckon a scheme. A trial fills gaps from the year before to look at; without, it is reckoned only where complete."""
    weights = tuple(scheme.weights.select_related("kind").order_by("kind__place", "kind_id"))
    counties = tuple(scheme.counties.select_related("county__parent").order_by("county_id"))
    codes, divisions = [one.kind.code for one in weights], [one.county_id for one in counties]
    factors = factors_of(weights)
    values, rows = _figures(codes, divisions, scheme.year)
    gaps = missing(factors, values, divisions)
    lent: set[tuple[str, int]] = set()
    if gaps and trial:
        earlier, before = _figures(codes, divisions, scheme.year - 1)
        values, lent = borrowed(values, earlier, divisions)
        rows |= {key: before[key] for key in lent}
    document = scheme.appropriation
    refusals: dict[str, str] = {}
    pool, run = None, None
    try:
        apart = CarveOut.objects.filter(appropriation=document).order_by("pk")
        pool = pool_of(
            document.amount_yuan,
            [pools.CarveOut(one.amount_yuan, one.document_no) for one in apart],
            scheme.bonus_yuan,
        )
        run = allot(pool.amount, factors, values, counties=divisions, unit=scheme.unit_yuan)
    except NotComplete:
        pass  # named in `missing`: even a trial has nothing to go by
    except MoneyRefused as refused:
        refusals |= refused.fields
    bonus: dict[int, Decimal] = {}
    if scheme.bonus_yuan:
        try:
            bonus = by_grade(scheme.bonus_yuan, _results(counties), document.fiscal_year)
        except MoneyRefused as refused:
            refusals |= refused.fields
    last_year = amounts_of(scheme.previous)
    return Reckoned(
        scheme=scheme,
        factors=factors,
        weights=weights,
        counties=counties,
        rows=rows,
        missing=gaps,
        lent=frozenset(lent),
        pool=pool,
        run=run,
        bonus=bonus,
        fairness=_fairness(run, bonus, values, last_year),
        last_year=last_year,
        refusals=refusals,
        warnings=tuple(_warnings(scheme, pool)),
    )


def _results(counties: Sequence[SchemeCounty]) -> dict[int, Result]:
    return {
        one.county_id: Result(Grade(one.grade or Grade.D), one.grade_document, one.is_barred)
        for one in counties
        if one.grade or one.is_barred
    }


def _fairness(
    run: Run | None, bonus: Mapping[int, Decimal], values: Values, last_year: Mapping[int, Decimal]
) -> Fairness | None:
    if run is None:
        return None
    amounts = {code: amount + bonus.get(code, Decimal(0)) for code, amount in run.amounts().items()}
    heads = {code: int(value or 0) for code, value in values.get(POOR, {}).items()}
    return fairness(amounts, heads, {code: last_year[code] for code in amounts if code in last_year})


def _warnings(scheme: Scheme, pool: Pool | None) -> list[str]:
    """Return what the run should be looked at for, though nothing forbids it."""
    if pool is None:
        return []
    found = [block_warning(pool, scheme.appropriation.fiscal_year)]
    if scheme.previous is not None:
        before = scheme.previous
        found.append(
            bonus_warning(
                pool.bonus,
                pool.total,
                bonus_before=before.bonus_yuan,
                total_before=before.appropriation.amount_yuan,
            )
        )
    return [one for one in found if one]
