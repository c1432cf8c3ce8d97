"""What samples are drawn from, what was found, and how often card and life disagreed, county by county (policy-trace 3.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import MD5, Cast, Concat

from fupin.accounts.models import User
from fupin.divisions.models import Division
from registry.codes import Cause, HouseholdStatus, PoorType
from registry.codes.sampling import Stratum
from registry.models import HouseholdYear, SampledHousehold, SampleFinding
from registry.reports.on_register import on_register
from registry.rules.sampling import disagreement_rate

_BY: Final[Mapping[str, str]] = {
    Stratum.POOR_TYPE: "poor_type",
    Stratum.CAUSE: "cause_main",
    Stratum.STATUS: "household__status",
}
_NAMES: Final[Mapping[str, Any]] = {
    Stratum.POOR_TYPE: PoorType,
    Stratum.CAUSE: Cause,
    Stratum.STATUS: HouseholdStatus,
}


def frame(division: int, year: int) -> "QuerySet[HouseholdYear]":
    """Return what is drawn from: the cards of a year of the households on the register of a division."""
    return HouseholdYear.objects.within(division).filter(on_register(year), year=year)


def stratified(cards: "QuerySet[HouseholdYear]", stratum: str) -> "QuerySet[Any]":
    """Add to each card the stratum that it belongs to, as text."""
    if stratum == Stratum.TOWNSHIP:
        return cards.annotate(layer=Cast(F("division_id") / 1000 * 1000, CharField()))
    if stratum == Stratum.NONE:
        return cards.annotate(layer=Value(""))
    return cards.annotate(layer=Cast(F(_BY[stratum]), CharField()))


def strata(cards: "QuerySet[Any]") -> dict[str, int]:
    """Return how many households each stratum holds."""
    counted = cards.order_by().values("layer").annotate(households=Count("pk"))
    return dict(counted.values_list("layer", "households"))


def drawn(cards: "QuerySet[Any]", *, layer: str, seed: str, count: int) -> Sequence[Any]:
    """Return the first households of a stratum by the digest of seed and number; twin of `rules.sampling.place_of`."""
    digest = MD5(Concat(Value(f"{seed}/"), F("household__household_no"), output_field=CharField()))
    return list(
        cards.filter(layer=layer)
        .annotate(digest=digest)
        .order_by("digest", "pk")
        .values("pk", "household_id", "division_id", "version", "layer")[:count]
    )


def layer_name(stratum: str, layer: str) -> str:
    """Return a stratum in words."""
    if stratum == Stratum.TOWNSHIP:
        return Division.objects.filter(pk=int(layer)).values_list("name", flat=True).first() or layer
    if stratum == Stratum.NONE:
        return ""
    return str(dict(_NAMES[stratum].choices).get(layer, layer or "未填"))


def latest_findings(sampled: Sequence[int]) -> dict[int, dict[str, SampleFinding]]:
    """Return the finding that stands of each item of some sampled households, one query."""
    found: dict[int, dict[str, SampleFinding]] = {pk: {} for pk in sampled}
    for one in SampleFinding.objects.filter(sampled_id__in=sampled).select_related("by").order_by("pk"):
        found[one.sampled_id][one.item] = one
    return found


def with_results(households: "QuerySet[SampledHousehold]") -> "QuerySet[Any]":
    """Add whether a sampled household was checked, and whether a finding that stands disagrees."""
    findings = SampleFinding.objects.filter(sampled_id=OuterRef("pk"))
    later = SampleFinding.objects.filter(
        sampled_id=OuterRef("sampled_id"), item=OuterRef("item"), pk__gt=OuterRef("pk")
    )
    return households.annotate(
        checked=Exists(findings), disagrees=Exists(findings.filter(~Exists(later), agrees=False))
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """A county's figure: households drawn, checked, with a disagreement, and the last in per cent of the checked."""

    county: Division
    drawn: int
    checked: int
    disagreeing: int

    @property
    def rate(self) -> Decimal | None:
        """The rate of disagreement, None where nothing was checked."""
        return disagreement_rate(self.checked, self.disagreeing)


def rates(user: User, year: int) -> list[Rate]:
    """Return the rate of disagreement of each county with samples of a year; a household drawn twice counts twice."""
    rows = with_results(SampledHousehold.objects.visible_to(user).filter(sample__year=year))
    counted = (
        rows.annotate(county=F("division_id") / 1_000_000 * 1_000_000)
        .order_by()
        .values("county")
        .annotate(
            drawn=Count("pk"),
            looked=Count("pk", filter=Q(checked=True)),
            wrong=Count("pk", filter=Q(disagrees=True)),
        )
    )
    found = {row["county"]: row for row in counted}
    counties = Division.objects.filter(pk__in=found).order_by("pk")
    return [
        Rate(county, *(found[county.pk][name] for name in ("drawn", "looked", "wrong")))
        for county in counties
    ]
