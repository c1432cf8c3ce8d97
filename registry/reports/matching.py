"""What lists say and what was found: the newest ones, the queue of hits, the three lists of procedures §5."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from fupin.accounts.models import User
from fupin.divisions.codes import code_range
from registry.codes.outside import HitState, ListKind
from registry.models import (
    LIVE,
    Case as CaseFile,
    HouseholdYear,
    MatchHit,
    MemberYear,
    OutsideList,
    OutsideRow,
)
from registry.rules.matching import LINKED, Linkage


class CurrentList(Func):
    """The newest list of a kind that covers a place, wherever it lies; nothing where there is none."""

    function = "registry_current_list"
    output_field = IntegerField()

    def __init__(self, kind: str, place: str) -> None:
        super().__init__(Value(kind), F(place))


class OnList(Func):
    """Whether a blind index stands on the newest list of a kind that covers a place."""

    function = "registry_on_list"
    output_field = BooleanField()

    def __init__(self, kind: str, index: str, place: str) -> None:
        super().__init__(Value(kind), F(index), F(place))


@dataclass(frozen=True, slots=True)
class ListLine:
    """A list with what came of it, as far as the user sees."""

    list: OutsideList
    hits: int
    waiting: int


def lists_with_hits(user: User, lists: Sequence[OutsideList]) -> list[ListLine]:
    """Return lists, each with its hits within the user's post, and those that wait; counted from an index alone."""
    found: Iterable[Any] = (
        MatchHit.objects.visible_to(user)
        .filter(list__in=[one.pk for one in lists])
        .values("list_id")
        .annotate(all=Count("*"), waiting=Count("state", filter=Q(state=HitState.OPEN)))
        .order_by()
    )
    counts: Mapping[int, dict[str, int]] = {row["list_id"]: row for row in found}
    return [
        ListLine(one, counts.get(one.pk, {}).get("all", 0), counts.get(one.pk, {}).get("waiting", 0))
        for one in lists
    ]


def queue(user: User) -> "QuerySet[MatchHit]":
    """Return the hits of households that still stand, with what their rows show."""
    head = HouseholdYear.objects.filter(household=OuterRef("household_id")).order_by("-year")
    holding_up = CaseFile.objects.filter(
        household_id=OuterRef("household_id"), closed_on__isnull=True, track="ENTRY"
    )
    return (
        MatchHit.objects.visible_to(user)
        .filter(household__status__in=LIVE)
        .annotate(
            head_name=Subquery(head.values("head_name")[:1], output_field=CharField()),
            case_number=Subquery(holding_up.values("number")[:1], output_field=CharField()),
        )
    )


def waiting_hits(user: User) -> int:
    """Return how many hits wait for a decision."""
    return MatchHit.objects.visible_to(user).filter(state=HitState.OPEN, household__status__in=LIVE).count()


def hits_of(household_id: int) -> "QuerySet[MatchHit]":
    """Return a household's hits, those that stand in the way first."""
    first = Case(
        When(state=HitState.OPEN, then=0),
        When(state=HitState.CONFIRMED, then=1),
        default=2,
        output_field=IntegerField(),
    )
    return (
        MatchHit.objects.filter(household_id=household_id)
        .select_related("member", "decided_by")
        .annotate(first=first)
        .order_by("first", "kind", "pk")
    )


def compared_for(division: int, household_id: int) -> str:
    """Return in one sentence what a household was compared with: the evidence 比对结果 of the county's step."""
    lists = [one for one in (_current(kind, division) for kind in ListKind) if one is not None]
    if not lists:
        return ""
    said = "、".join(f"{one.get_kind_display()}（{one.as_of}）" for one in lists)
    counts = MatchHit.objects.filter(household_id=household_id).aggregate(
        all=Count("pk"), settled=Count("pk", filter=~Q(state__in=[HitState.OPEN, HitState.CONFIRMED]))
    )
    hits = f"命中 {counts['all']} 条，办结 {counts['settled']} 条" if counts["all"] else "没有命中"
    return f"已比对 {said}：{hits}"[:200]


def _current(kind: ListKind, division: int) -> OutsideList | None:
    above = [division - division % span for span in (1, 1_000, 10**6, 10**8, 10**10)]
    return (
        OutsideList.objects.standing()
        .filter(kind=kind, division_id__in=above)
        .order_by("-as_of", "-pk")
        .first()
    )


def _newest_rows(user: User, *kinds: ListKind) -> "QuerySet[OutsideRow]":
    """Return the rows of the newest lists of some kinds: of a place that list which was made last among those that cover it."""
    newest = Q(pk__in=[])
    for kind in kinds:
        lists = OutsideList.objects.visible_to(user).standing().filter(kind=kind)
        newer: list[tuple[int, int]] = []
        for key, division in lists.order_by("-as_of", "-pk").values_list("pk", "division_id"):
            low, high = code_range(division)
            if not any(at <= low and high <= to for at, to in newer):
                elsewhere = Q()
                for at, to in newer:
                    if low <= at < high:
                        elsewhere |= Q(division_id__gte=at, division_id__lt=to)
                newest |= Q(list_id=key) & ~elsewhere if elsewhere else Q(list_id=key)
            newer.append((low, high))
    return OutsideRow.objects.visible_to(user).filter(newest).select_related("list", "division")


def unregistered(user: User) -> "QuerySet[OutsideRow]":
    """Return those on civil affairs' lists of whom nobody within the post keeps a card (①)."""
    on_card = MemberYear.objects.visible_to(user).filter(
        id_no_index=OuterRef("id_no_index"), is_counted=True, is_live=True
    )
    return _newest_rows(user, *LINKED).filter(~Exists(on_card))


def unlisted(user: User, year: int) -> "QuerySet[MemberYear]":
    """Return those whose card says 低保 or 五保 while civil affairs' newest lists don't (②); without a list nothing is said."""
    people = MemberYear.objects.visible_to(user).filter(year=year, is_counted=True, is_live=True)
    people = people.filter(Q(is_dibao=True) | Q(is_wubao=True)).annotate(
        dibao_list=CurrentList("DIBAO", "division_id"),
        wubao_list=CurrentList("WUBAO", "division_id"),
        on_dibao=OnList("DIBAO", "id_no_index", "division_id"),
        on_wubao=OnList("WUBAO", "id_no_index", "division_id"),
    )
    judged = Q(is_dibao=True, dibao_list__isnull=False) | Q(is_wubao=True, wubao_list__isnull=False)
    return people.filter(judged, Q(("on_dibao", False), ("on_wubao", False))).select_related(
        "member__household", "household_year", "division__parent"
    )


def double(user: User) -> "QuerySet[OutsideRow]":
    """Return those who stand on both of civil affairs' newest lists (③)."""
    member = MemberYear.objects.visible_to(user).filter(
        id_no_index=OuterRef("id_no_index"), is_counted=True, is_live=True
    )
    return (
        _newest_rows(user, ListKind.DIBAO)
        .annotate(on_wubao=OnList("WUBAO", "id_no_index", "division_id"))
        .filter(on_wubao=True)
        .annotate(
            household_no=Subquery(
                member.order_by("-year").values("member__household__household_no")[:1],
                output_field=CharField(),
            )
        )
    )


def linkage(kind: Linkage, user: User, year: int) -> "QuerySet[Any]":
    """Return one of the three lists, in a fixed order."""
    if kind == Linkage.UNLISTED:
        return unlisted(user, year).order_by("division_id", "member_id", "pk")
    rows = unregistered(user) if kind == Linkage.UNREGISTERED else double(user)
    return rows.order_by("division_id", "list_id", "number")
