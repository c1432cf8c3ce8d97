"""What stands where: lists of the public pages and of the offices, and whether something may go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q

from fupin.divisions.codes import Level, level_of, lineage
from fupin.divisions.models import Division
from fupin.notices.kinds import Group
from fupin.notices.models import Notice, NoticeQuerySet

OVER = "over"
"""The tab of those whose days are over, beside the groups."""


def passed(subject_key: str, kind: str, on: date) -> bool:
    """Tell whether the last notice of a kind about something is over and nothing speaks against it (SQL `notices_passed`).

    False where there was none, where it was taken down early, or while an objection to the row or to the whole list is open.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT notices_passed(%s, %s, %s)", [subject_key, kind, on])
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Tab:
    """A heading of the public list with how many stand under it."""

    key: str
    label: str
    count: int


def posted_in(code: int, today: date) -> NoticeQuerySet:
    """Return the notices posted at and below a division up to today."""
    return Notice.objects.within(code).filter(posted_on__lte=today)


def tabs(code: int, today: date) -> list[Tab]:
    """Return the headings of the public list: all that stand now, by group, and those that are over."""
    now = Q(last_on__gte=today, taken_down_on__isnull=True)
    counted = posted_in(code, today).aggregate(
        all=Count("pk", filter=now),
        over=Count("pk", filter=Q(last_on__lt=today)),
        **{group.value: Count("pk", filter=now & Q(group=group)) for group in Group},
    )
    return [
        Tab("", "公示中", counted["all"]),
        *(Tab(group.value, group.label, counted[group.value]) for group in Group),
        Tab(OVER, "已期满", counted["over"]),
    ]


def listed(
    code: int, today: date, *, tab: str = "", since: date | None = None, until: date | None = None
) -> NoticeQuerySet:
    """Return the notices of a tab, those that end first on top; those that are over the latest first."""
    rows = posted_in(code, today).select_related("division__parent")
    rows = rows.over_on(today) if tab == OVER else rows.standing_on(today)
    if tab in Group.values:
        rows = rows.filter(group=tab)
    if since:
        rows = rows.filter(last_on__gte=since)
    if until:
        rows = rows.filter(posted_on__lte=until)
    return rows.order_by("-last_on", "-pk") if tab == OVER else rows.order_by("last_on", "pk")


@dataclass(frozen=True, slots=True)
class Step:
    """One box of the picker: a level, what may be chosen there, and what is."""

    name: str
    label: str
    choices: list[Division]
    chosen: int | None


_STEPS = (
    ("city", "市", Level.CITY),
    ("county", "县", Level.COUNTY),
    ("township", "乡镇", Level.TOWNSHIP),
    ("village", "村", Level.VILLAGE),
)


def picker(code: int, today: date) -> list[Step]:
    """Return the boxes from the city down to the division: the tree is public, whatever somebody's post may be."""
    above = list(lineage(code))
    parents = above[: len(_STEPS)]
    children: dict[int, list[Division]] = {parent: [] for parent in parents}
    for division in Division.objects.filter(parent__in=parents).valid_on(today).order_by("code"):
        children[division.parent_id or 0].append(division)
    return [
        Step(name, label, children[parent], above[level - 1] if level <= level_of(code) else None)
        for (name, label, level), parent in zip(_STEPS, parents, strict=False)
    ]


def named(words: str, today: date, *, limit: int = 20) -> list[Division]:
    """Return the divisions that somebody may mean by a name, pinyin, initials or a code, the higher first."""
    typed = "".join(words.lower().split())
    if not typed:
        return []
    rows = Division.objects.valid_on(today)
    if typed.isdecimal():
        if not 2 <= len(typed) <= 12:
            return []
        low = int(typed) * 10 ** (12 - len(typed))
        rows = rows.filter(code__gte=low, code__lt=low + 10 ** (12 - len(typed)))
    elif typed.isascii():
        rows = rows.filter(Q(initials=typed) | Q(pinyin=typed))
    else:
        rows = rows.filter(name__startswith=typed)
    return list(rows.order_by("level", "code")[:limit])


def trail(code: int) -> Iterator[tuple[int, str]]:
    """Yield code and name of the divisions from the province down to one."""
    yield from (
        Division.objects.filter(code__in=list(lineage(code))).order_by("level").values_list("code", "name")
    )
