"""Who came onto the list, who left it and who changed between the ends of two days, told by what the triggers recorded.

Nothing is compared that was not there: a household is looked at as it stood when the one day was over, and when the other was.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices

from fupin.accounts.models import User
from fupin.divisions.codes import code_range
from fupin.history.looking import as_of, end_of
from fupin.history.tables import GONE
from registry.codes import HouseholdStatus
from registry.models import HouseholdYear
from registry.reports.cards import cards_with_rows
from registry.reports.differences import Difference, differences
from registry.rules.card import Card
from registry.rules.help.after_exit import ON_REGISTER

BATCH: Final = 200
"""Households whose cards are read together."""

NOT_YET: Final = "未建档"
ELSEWHERE: Final = "不在本区划"


class Turn(TextChoices):
    """What became of a household between the two days."""

    ENTERED = "entered", "进入"
    LEFT = "left", "离开"
    CHANGED = "changed", "改动"


class Whole(TextChoices):
    """Which list is compared."""

    REGISTER = "register", "在册户"
    ALL = "all", "全部建档户"


@dataclass(frozen=True, slots=True)
class Between:
    """Which list of which division is compared between the ends of which days; of cards, those of one year."""

    user: User
    division: int
    year: int
    since: date
    until: date
    whole: Whole

    @property
    def began(self) -> datetime:
        """When the first day was over."""
        return end_of(self.since)

    @property
    def ended(self) -> datetime:
        """When the second day was over."""
        return end_of(self.until)


@dataclass(frozen=True, slots=True)
class Side:
    """How a household stood when a day was over: in words where, and its card of the year if there was one."""

    standing: str
    row: HouseholdYear | None
    card: Card | None

    @property
    def persons(self) -> int | None:
        """家庭人口数."""
        return self.row.member_count if self.row else None

    @property
    def income(self) -> Decimal | None:
        """家庭人均纯收入."""
        return self.row.net_income_pc if self.row else None


@dataclass(frozen=True, slots=True)
class Changed:
    """A household on either side of the time between, and which fields of its card are not what they were."""

    household_no: str
    then: Side
    now: Side
    fields: Sequence[Difference]

    @property
    def row(self) -> HouseholdYear | None:
        """The later card that there is."""
        return self.now.row or self.then.row

    @property
    def said(self) -> str:
        """The changed fields in a line: `家庭住址：前庄→后庄`."""
        return "；".join(f"{one.label}：{one.old or '空'}→{one.new or '空'}" for one in self.fields)


def households(asked: Between, turn: Turn) -> "QuerySet[Any]":
    """Return the households of which a turn is true, each as its last event: of the first day for those that left, else of the second.

    Changed is whose card of the year was saved or whose standing was written in between, also if all is as it was again.
    """
    before, after = _stood(asked, asked.began), _stood(asked, asked.ended)
    then, now = (
        Exists(before.filter(pgh_obj_id=OuterRef("pgh_obj_id"))),
        Exists(after.filter(pgh_obj_id=OuterRef("pgh_obj_id"))),
    )
    between = Q(pgh_created_at__gte=asked.began, pgh_created_at__lt=asked.ended)
    found: QuerySet[Any, Any]
    if turn is Turn.ENTERED:
        found = after.filter(between).filter(~then)
    elif turn is Turn.LEFT:
        moved = _events("HouseholdEvent").filter(between, pgh_obj_id=OuterRef("pgh_obj_id"))
        found = before.filter(Exists(moved)).filter(~now)
    else:
        low, high = code_range(asked.division)
        saved = _events("HouseholdYearEvent").filter(
            between, year=asked.year, division_id__gte=low, division_id__lt=high
        )
        found = after.filter(between | Q(pgh_obj_id__in=saved.values("household_id"))).filter(then)
    return found.order_by("division_id", "pgh_obj_id", "pgh_id")


def told(asked: Between, events: Iterable[Any]) -> Iterator[Changed]:
    """Yield what became of each household, with eleven queries a batch."""
    waiting = iter(events)
    while batch := list(islice(waiting, BATCH)):
        numbers = {event.pgh_obj_id: event.household_no for event in batch}
        then, now = (_sides(asked, day, list(numbers)) for day in (asked.since, asked.until))
        for key, number in numbers.items():
            both = then[key].card, now[key].card
            fields = differences(both[0], both[1]) if both[0] and both[1] else []
            yield Changed(number, then[key], now[key], fields)


def _events(name: str) -> Any:
    return apps.get_model("registry", name)._default_manager.all()


def _stood(asked: Between, moment: datetime) -> Any:
    """Return the last events before a moment of the households that stood on the list at that moment."""
    low, high = code_range(asked.division)
    seen = asked.user.post.code_range if asked.user.post else (0, 0)
    low, high = (
        max(low, seen[0]),
        min(high, seen[1]),
    )  # who came from elsewhere brought a history that lies elsewhere
    stood = _last(moment).filter(division_id__gte=low, division_id__lt=high).exclude(pgh_label__in=GONE)
    return stood.filter(status__in=ON_REGISTER) if asked.whole is Whole.REGISTER else stood


def _last(moment: datetime) -> Any:
    before = _events("HouseholdEvent").filter(pgh_created_at__lt=moment)
    later = before.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id"))
    return before.filter(~Exists(later))


def _sides(asked: Between, day: date, keys: Sequence[int]) -> Mapping[int, Side]:
    low, high = code_range(asked.division)
    last = {
        event.pgh_obj_id: event for event in _last(end_of(day)).filter(pgh_obj_id__in=keys).order_by("pgh_id")
    }
    with as_of(day):
        rows = HouseholdYear.objects.visible_to(asked.user).select_related("division__parent").order_by("pk")
        rows = rows.filter(year=asked.year, household_id__in=keys, division_id__gte=low, division_id__lt=high)
        cards = {row.household_id: (row, card) for row, card in cards_with_rows(rows, chunk=BATCH)}
    return {key: Side(_standing(last.get(key), low, high), *cards.get(key, (None, None))) for key in keys}


def _standing(event: Any | None, low: int, high: int) -> str:
    if event is None:
        return NOT_YET
    if event.pgh_label in GONE or not low <= event.division_id < high:
        return ELSEWHERE
    return str(HouseholdStatus(event.status).label)
