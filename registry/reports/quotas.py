"""Quotas of a round as a page shows them: shares with their remainders, who is where on the way, a village's ranked list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.db.models import Count, DecimalField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Sum
from django.db.models.functions import Greatest, Mod

from fupin.accounts.models import User
from fupin.divisions.codes import code_range
from fupin.divisions.models import Division
from fupin.policy.standards import NATIONAL, NoStandard, poverty_line
from registry.codes import HouseholdStatus
from registry.models import Case, HouseholdYear, Quota, Round, VillageYear
from registry.reports.help.substates import substates
from registry.reports.standing import standing_beside, standing_by_place
from registry.reports.villages import on_register
from registry.rules.help.after_exit import ENDED, ON_REGISTER
from registry.rules.help.substates import Substate
from registry.rules.procedure import Track
from registry.rules.quota import Applicant, Place, QuotaMode, Share, quota_mode, ranked, room_left, shared_out
from registry.rules.transitions import ON_THE_WAY

COLUMNS: Final = (
    (HouseholdStatus.APPLIED, "申请"),
    (HouseholdStatus.DELIBERATED, "评议"),
    (HouseholdStatus.FIRST_NOTICE, "一示"),
    (HouseholdStatus.VILLAGE_REPORTED, "村报"),
    (HouseholdStatus.TOWNSHIP_PASSED, "乡审"),
    (HouseholdStatus.SECOND_NOTICE, "二示"),
    (HouseholdStatus.COUNTY_PASSED, "县审"),
    (HouseholdStatus.REGISTERED, "公告"),
    (HouseholdStatus.OBJECTION, "异议"),
    (HouseholdStatus.DELIBERATION_FAILED, "未过"),
)
"""The steps of the matrix, in their order."""


@dataclass(slots=True)
class QuotaRow:
    """A division below the one that is looked at: its share, and how many households stand at each step."""

    division: Division
    quota: Quota | None
    share: Share | None
    listed: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def cells(self) -> list[int]:
        """Return the households at each step of the matrix."""
        return [self.counts.get(status, 0) for status, _ in COLUMNS]

    @property
    def left(self) -> int | None:
        """Return how many persons still fit."""
        return None if self.quota is None else self.quota.persons - self.listed


@dataclass(frozen=True, slots=True)
class Cascade:
    """A division's quota and how it was shared out below."""

    above: Division
    quota: Quota | None
    rows: Sequence[QuotaRow]

    @property
    def shared(self) -> int:
        """Return the sum of the quotas below."""
        return sum(row.quota.persons for row in self.rows if row.quota)

    @property
    def is_set(self) -> bool:
        """Tell whether quotas below are set."""
        return any(row.quota for row in self.rows)

    @property
    def raised(self) -> int:
        """Return how many persons the remainders added."""
        return sum(row.share.raised for row in self.rows if row.share)

    @property
    def totals(self) -> list[int]:
        """Return the households at each step, of all divisions together."""
        return [sum(column) for column in zip(*(row.cells for row in self.rows), strict=True)] or [0] * len(
            COLUMNS
        )

    @property
    def listed(self) -> int:
        """Return the persons listed, of all divisions together."""
        return sum(row.listed for row in self.rows)


def cascade(user: User, in_round: Round, above: Division) -> Cascade:
    """Return a division's quota and those below it, with what is under way there."""
    below = list(
        Division.objects.filter(parent=above).order_by("code")
        if above.code % 1000 == 0
        else Division.objects.none()
    )
    if below and below[0].code % 1000:
        below = [one for one in below if one.is_administrative_village]
    quotas = {
        quota.division_id: quota
        for quota in Quota.objects.visible_to(user)
        .filter(round=in_round, division_id__in=[above.code, *(one.code for one in below)])
        .select_related("set_by")
    }
    own = quotas.get(above.code)
    weights = {one.code: quotas[one.code].weight for one in below if one.code in quotas}
    shares = (
        {share.division: share for share in shared_out(own.persons, weights)}
        if own is not None and any(weights.values())
        else {}
    )
    counts, listed = _under_way(user, in_round, above, below)
    if below and quota_mode(in_round.year) != QuotaMode.OFF:
        low, high = code_range(below[0].code)
        for code, persons in standing_by_place(user, in_round, above.code, high - low).items():
            listed[code] = listed.get(code, 0) + persons
    rows = [
        QuotaRow(
            one,
            quotas.get(one.code),
            shares.get(one.code),
            listed.get(one.code, 0),
            counts.get(one.code, {}),
        )
        for one in below
    ]
    return Cascade(above, own, rows)


def _under_way(
    user: User, in_round: Round, above: Division, below: Sequence[Division]
) -> tuple[dict[int, dict[str, int]], dict[int, int]]:
    """Return households by step, and persons on the way from the first notice on, by the division below."""
    if not below:
        return {}, {}
    low, high = code_range(below[0].code)
    rows = (
        Case.objects.visible_to(user)
        .within(above.code)
        .filter(round=in_round, track=Track.ENTRY)
        .annotate(place=F("division_id") - Mod(F("division_id"), high - low))
        .order_by()
        .values("place", "status")
        .annotate(households=Count("pk"), people=Sum("persons"))
    )
    counts: dict[int, dict[str, int]] = {}
    listed: dict[int, int] = {}
    on_the_way = {*ON_THE_WAY, HouseholdStatus.OBJECTION.value} - {HouseholdStatus.REGISTERED.value}
    for row in rows:
        counts.setdefault(row["place"], {})[row["status"]] = row["households"]
        if row["status"] in on_the_way:
            listed[row["place"]] = listed.get(row["place"], 0) + row["people"]
    return counts, listed


def rural_population(above: Division, year: int) -> dict[int, int]:
    """Return 乡村人口 by the division below, summed from the villages' tables of a year, as far as they are filled."""
    rows = VillageYear.objects.within(above.code).filter(year=year, rural_pop__isnull=False)
    return _by_child(rows, above, "rural_pop")


def poor_last_year(above: Division, year: int) -> dict[int, int]:
    """Return the persons on the register at the end of a year, by the division below."""
    rows = HouseholdYear.objects.within(above.code).filter(on_register(year), year=year)
    return _by_child(rows, above, "member_count")


def _by_child(
    rows: "QuerySet[VillageYear] | QuerySet[HouseholdYear]", above: Division, of: str
) -> dict[int, int]:
    child = Division.objects.filter(parent=above).order_by("code").first()
    if child is None:
        return {}
    low, high = code_range(child.code)
    grouped = (
        rows.annotate(place=F("division_id") - Mod(F("division_id"), high - low))
        .order_by()
        .values("place")
        .annotate(total=Sum(of))
    )
    return {row["place"]: row["total"] or 0 for row in grouped}


@dataclass(frozen=True, slots=True)
class RankedRow:
    """An applicant of the village: his place, his card, his case."""

    place: Place
    card: HouseholdYear
    case: Case
    substate: Substate | None = None
    """How far the help of a household on the register has come (N1–N4)."""

    @property
    def status(self) -> str:
        """Where the case stands, in words."""
        return str(HouseholdStatus(self.case.status).label)


@dataclass(frozen=True, slots=True)
class Ranking:
    """A village's applicants from the poorest, the quota's line drawn through them; those out of the running apart."""

    rows: Sequence[RankedRow]
    failed: Sequence[Case]
    quota: int | None
    standing: int
    """Persons on the register who came on otherwise: they take up quota before any applicant."""
    mode: QuotaMode
    line: Decimal | None

    @property
    def room(self) -> int | None:
        """Return how many persons the quota leaves for the applicants."""
        return None if self.quota is None else room_left(self.quota, self.standing)

    @property
    def listed(self) -> int:
        """Return the persons above the quota's line."""
        return sum(
            row.place.applicant.members
            for row in self.rows
            if row.place.standing == "列入" and row.place.applicant.counts
        )

    @property
    def last_listed(self) -> int:
        """Return the place after which the line is drawn; 0 where nobody is listed."""
        return max((row.place.number for row in self.rows if row.place.standing == "列入"), default=0)


def ranking(user: User, in_round: Round, village: int) -> Ranking:
    """Return the ranked list of a village: by unrounded income per head of the year before, nobody left out."""
    running = list(
        Case.objects.visible_to(user)
        .within(village)
        .filter(round=in_round, track=Track.ENTRY)
        .select_related("household")
        .order_by("number")
    )
    cards = {
        card.household_id: card
        for card in HouseholdYear.objects.filter(
            household_id__in=[case.household_id for case in running], year=in_round.income_year
        )
    }
    failed = [
        case
        for case in running
        if case.status == HouseholdStatus.DELIBERATION_FAILED and case.closed_on is not None
    ]
    by_key = {
        case.household.household_no: (case, cards[case.household_id])
        for case in running
        if case not in failed and case.household and case.household_id in cards
    }
    quota = Quota.objects.filter(round=in_round, division_id=village).first()
    mode = quota_mode(in_round.year)
    bound = quota is not None and mode != QuotaMode.OFF
    ours = [case.household_id for case in running if case.household_id]
    standing = standing_beside(user, in_round, village, ours) if bound else 0
    try:
        line: Decimal | None = poverty_line(in_round.income_year).amount
    except NoStandard:
        line = None
    places = ranked(
        [
            Applicant(key, card.net_income, card.member_count, counts=_counts(case, card))
            for key, (case, card) in by_key.items()
        ],
        quota=room_left(quota.persons, standing) if quota and bound else None,
        line=line,
    )
    marks = substates(
        [case.household_id for case, _ in by_key.values() if case.household_id and _on_register(case)],
        in_round.year,
    )
    rows = []
    for place in places:
        case, card = by_key[place.applicant.key]
        rows.append(RankedRow(place, card, case, marks.get(case.household_id or 0)))
    return Ranking(rows, failed, quota.persons if quota else None, standing, mode, line)


def _on_register(case: Case) -> bool:
    return case.household is not None and case.household.status in ON_REGISTER


def _counts(case: Case, card: HouseholdYear) -> bool:
    """Tell whether an applicant takes up quota: of the national standard, and not gone again since he came on."""
    gone = case.closed_on is not None and case.household is not None and case.household.status in ENDED
    return card.id_standard == NATIONAL and not gone


def may_apply(user: User, in_round: Round, village: int) -> "QuerySet[HouseholdYear]":
    """Return the cards of those who may still apply in a village: not on the register, no case open, the poorest first."""
    under_way = Case.objects.filter(household_id=OuterRef("household_id"), closed_on__isnull=True)
    per_head = ExpressionWrapper(
        F("net_income") / Greatest(F("member_count"), 1),
        output_field=DecimalField(max_digits=24, decimal_places=10),
    )
    return (
        HouseholdYear.objects.visible_to(user)
        .within(village)
        .filter(
            year=in_round.income_year,
            member_count__gt=0,
            household__status__in=[HouseholdStatus.DRAFT, HouseholdStatus.DELIBERATION_FAILED],
        )
        .exclude(Exists(under_way))
        .select_related("household")
        .order_by(per_head, "household__household_no")
    )
