"""Leaders' villages against their path, villages to recommend, the 36 links and what is wrong with them (policy §18, §19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from fupin.accounts.models import User
from fupin.divisions.codes import Level, cut
from fupin.divisions.models import CountyProfile, Division
from registry.codes import UnitAffiliation, VillageStatus
from registry.models import LeaderVillage, Organ, ThreeInOneLink, VillageYear
from registry.rules.help.doubling import YEARS, Light, light, path, target
from registry.rules.help.terms import village_stays_until

ON_REGISTER = (VillageStatus.REGISTERED, VillageStatus.EXIT_PROPOSED, VillageStatus.EXIT_NOTICE)


def income_of(village: int, year: int) -> Decimal | None:
    """Return 农民人均纯收入 on a village's table of a year, in yuan; None where it is not there."""
    return (
        VillageYear.objects.filter(division_id=village, year=year)
        .values_list("net_income_pc", flat=True)
        .first()
    )


@dataclass(frozen=True, slots=True)
class Poorest:
    """A village to recommend: its code, name and income per head in yuan."""

    code: int
    name: str
    income: Decimal


def is_in_key_county(code: int) -> bool:
    """Tell whether a place lies in a key county of the nation or the province (扶贫开发工作重点县)."""
    key = Q(is_national_key=True) | Q(is_provincial_key=True)
    return CountyProfile.objects.filter(key, pk=cut(code, Level.COUNTY)).exists()


def poorest_villages(village: int, year: int, *, most: int = 3) -> list[Poorest]:
    """Return the poor villages of the key county of `village` that no leader has, by income per head from below.

    Nothing outside the key counties of nation and province (§19 speaks of 扶贫开发工作重点县), nor where no village of it is on the
    register.
    """
    county = cut(village, Level.COUNTY)
    if not is_in_key_county(village):
        return []
    taken = LeaderVillage.objects.filter(division_id=OuterRef("division_id"), done_on__isnull=True)
    tables = (
        VillageYear.objects.within(county)
        .filter(~Exists(taken), year=year, net_income_pc__isnull=False, village__status__in=ON_REGISTER)
        .select_related("division")
        .order_by("net_income_pc", "division_id")
    )
    return [
        Poorest(one.division_id, one.division.name, one.net_income_pc)
        for one in tables[:most]
        if one.net_income_pc is not None
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a leader's village stands: the path's five values, the incomes of the same years, and the light."""

    taken: LeaderVillage
    steps: Sequence[tuple[int, Decimal, Decimal | None]]
    goal: Decimal
    light: Light
    latest: tuple[int, Decimal] | None
    ends_on: date

    @property
    def may_be_done(self) -> bool:
        """Tell whether the target is reached by the latest table."""
        return self.latest is not None and self.latest[1] >= self.goal and self.taken.done_on is None


def standings(taken: Iterable[LeaderVillage]) -> list[Standing]:
    """Return how leaders' villages stand, in the order given, with one query for all incomes."""
    rows = list(taken)
    incomes: dict[int, dict[int, Decimal]] = {row.division_id: {} for row in rows}
    found = VillageYear.objects.filter(division_id__in=list(incomes), net_income_pc__isnull=False)
    for village, year, income in found.values_list("division_id", "year", "net_income_pc"):
        if income is not None:
            incomes[village][year] = income
    return [_standing(row, incomes[row.division_id]) for row in rows]


def _standing(row: LeaderVillage, incomes: dict[int, Decimal]) -> Standing:
    base_year, base = row.base_year, row.base_income
    steps = [
        (base_year + n, value, incomes.get(base_year + n)) for n, value in enumerate(path(base), start=1)
    ]
    later = [year for year in incomes if base_year < year <= base_year + YEARS]
    latest = (max(later), incomes[max(later)]) if later else None
    within = {year: incomes[year] for year in later}
    return Standing(
        row, steps, target(base), light(base_year, base, within), latest, village_stays_until(row.since)
    )


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A national poor county with its link, and what is missing or double."""

    county: Division
    link: ThreeInOneLink | None
    alarms: Sequence[str]


def links_of(user: User, today: date) -> list[LinkRow]:
    """Return the national poor counties that the user sees, each with its link and the alarms: missing parts, doubles.

    A county with two links has two rows. One leader, enterprise or village in two counties is double as well.
    """
    if user.post is None:
        return []
    counties = Division.objects.filter(county_profile__is_national_poor=True)
    within = counties.within(user.post.division_id)
    above = counties.filter(pk=cut(user.post.division_id, Level.COUNTY))
    running = list(
        ThreeInOneLink.objects.visible_to(user)
        .filter(Q(until__isnull=True) | Q(until__gt=today), since__lte=today)
        .select_related("leader", "village", "division")
        .order_by("division_id", "pk")
    )
    rows = []
    for county in (within | above).order_by("code"):
        links = [one for one in running if one.division_id == county.pk]
        if not links:
            rows.append(LinkRow(county, None, ("没有联系",)))
        rows += [LinkRow(county, one, alarms_of(one, running)) for one in links]
    return rows


def alarms_of(link: ThreeInOneLink, running: Sequence[ThreeInOneLink]) -> list[str]:
    """Return what is missing from a link, and what of it stands in another one as well."""
    missing = [
        words
        for words, there in (
            ("缺省领导", link.leader_id),
            ("缺扶贫开发企业", link.enterprise),
            ("缺住村包村点", link.village_id),
        )
        if not there
    ]
    others = [one for one in running if one.pk != link.pk]
    double = [
        words
        for words, twice in (
            ("该县有两条联系", any(one.division_id == link.division_id for one in others)),
            ("省领导重复", link.leader_id and any(one.leader_id == link.leader_id for one in others)),
            ("企业重复", link.enterprise and any(one.enterprise == link.enterprise for one in others)),
        )
        if twice
    ]
    return [*missing, *double]


def organs_without_village(user: User) -> "QuerySet[Organ]":
    """Return the provincial organs whose head has no village (policy-trace 19.2: 未选村单位)."""
    taken = LeaderVillage.objects.filter(
        person__organ_id=OuterRef("pk"), person__heads_organ=True, done_on__isnull=True
    )
    organs = Organ.objects.visible_to(user).filter(affiliation=UnitAffiliation.PROVINCE, must_send=True)
    return organs.filter(~Exists(taken))
