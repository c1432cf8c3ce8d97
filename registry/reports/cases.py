"""A case as its page shows it: the steps behind, whose turn it is, what is still wanted, and who may not act and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet

from fupin.accounts.models import Post, User
from fupin.accounts.roles import Role
from fupin.divisions.codes import contains, lineage
from fupin.notices.models import Notice, Objection
from fupin.policy.standards import figure
from registry.codes import HouseholdStatus, VillageStatus
from registry.models import Case, CasePaper, CaseStep, HouseholdYear, VillageYear
from registry.rules.procedure import Evidence, Track, Transition
from registry.rules.transitions import NOTICE_DAYS, TRANSITIONS, steps_from, subject_key

_WAYS: Final = {
    Track.ENTRY: (
        "apply",
        "deliberate",
        "post_first",
        "report",
        "pass_township",
        "post_second",
        "pass_county",
        "announce",
    ),
    Track.EXIT: (
        "nominate",
        "deliberate_exit",
        "verify_exit",
        "accept_exit",
        "post_exit",
        "confirm_exit",
    ),
    Track.VILLAGE_ENTRY: (
        "apply_village",
        "pass_village_township",
        "post_village",
        "review_village",
        "approve_village",
        "announce_village",
    ),
    Track.VILLAGE_EXIT: ("propose_village_exit", "post_village_exit", "confirm_village_exit"),
    Track.CLEARANCE: ("clear",),
    Track.CLOSURE: ("close",),
}
"""The straight way of each kind of case, as its stepper shows it."""

_STAGES: Final[dict[str, str]] = {
    HouseholdStatus.APPLIED: "申请",
    HouseholdStatus.DELIBERATED: "评议",
    HouseholdStatus.FIRST_NOTICE: "第一次公示",
    HouseholdStatus.VILLAGE_REPORTED: "村上报",
    HouseholdStatus.TOWNSHIP_PASSED: "乡镇审核",
    HouseholdStatus.SECOND_NOTICE: "第二次公示",
    HouseholdStatus.COUNTY_PASSED: "县级复审",
    HouseholdStatus.REGISTERED: "公告",
    HouseholdStatus.EXIT_NOMINATED: "村提名",
    HouseholdStatus.EXIT_DELIBERATED: "评议",
    HouseholdStatus.EXIT_VERIFIED: "核实",
    HouseholdStatus.EXIT_ACCEPTED: "农户认可",
    HouseholdStatus.EXIT_NOTICE: "退出公示",
    HouseholdStatus.EXITED: "公告销号",
}
"""The stages of a household's way in a few characters; a village's are called by their steps."""

LABELS: Final[dict[tuple[str, str], str]] = {(one.name, one.source): one.label for one in TRANSITIONS}


def status_label(status: str) -> str:
    """Return a status of a household or a village in words."""
    labels = {**dict(HouseholdStatus.choices), **dict(VillageStatus.choices)}
    return str(labels.get(status, status))


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken, with its papers in words."""

    step: CaseStep
    label: str
    files: Sequence[CasePaper] = ()

    @property
    def papers(self) -> list[tuple[str, str]]:
        """Return the kind of each paper that is no file, with its number or place; opinion and votes stand beside them anyway."""
        filed = {one.kind for one in self.files}
        return [
            (str(Evidence(one["kind"]).label), one["note"])
            for one in self.step.evidence
            if one["kind"] not in {Evidence.OPINION, Evidence.VOTES, *filed}
        ]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the stepper: done with its step, now, or to come with who is to act."""

    number: int
    label: str
    code: str
    state: str
    taken: Taken | None
    actors: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose role takes the next step here, and why he may not, if so."""

    user: User
    role: str
    hindrance: str
    is_me: bool


@dataclass(frozen=True, slots=True)
class Period:
    """A notice's days: first and last, and the day from which the next step may be taken."""

    first: date
    last: date
    passes_on: date

    def days(self) -> list[date]:
        """Return each of its days."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, slots=True)
class Act:
    """A step that may be next: by whom, with what, from when, and what stands in the user's way."""

    step: Transition
    actors: str
    mine: bool
    hindrances: Sequence[str]
    earliest: date

    @property
    def open(self) -> bool:
        """Tell whether the user may take it now."""
        return self.mine and not self.hindrances


def taken_steps(case: Case) -> list[Taken]:
    """Return the steps of a case in their order."""
    rows = CaseStep.objects.filter(case=case).select_related("actor").order_by("number")
    files: dict[int, list[CasePaper]] = {}
    for paper in CasePaper.objects.filter(case=case).order_by("number", "kind", "pk"):
        files.setdefault(paper.number, []).append(paper)
    return [
        Taken(row, LABELS.get((row.name, row.source), row.name), files.get(row.number, ())) for row in rows
    ]


def names_of_roles(roles: Iterable[str]) -> str:
    """Return roles in words."""
    return "、".join(str(Role(role).label) for role in sorted(roles))


def stages(case: Case, taken: Sequence[Taken]) -> list[Stage]:
    """Return the stepper: the straight way, each stage with the last step that reached it since the file was last sent back."""
    way = _straight(case.track)
    at = {one.target: number for number, one in enumerate(way)}
    now = at.get(case.status, -1)
    if case.status == HouseholdStatus.OBJECTION:
        suspended = [one.step.source for one in taken if one.step.name == "suspend"]
        now = at.get(suspended[-1], -1) if suspended else -1
    last = {one.step.target: one for one in taken if one.step.name != "resume"}
    found = []
    for number, one in enumerate(way):
        ended = case.closed_on is not None and number <= now
        state = "done" if number < now or ended else "now" if number == now else "todo"
        found.append(
            Stage(
                number + 1,
                _STAGES.get(one.target, one.label),
                one.target,
                state,
                last.get(one.target) if state != "todo" else None,
                names_of_roles(one.actors),
            )
        )
    return found


def _straight(track: str) -> list[Transition]:
    """Return the steps of the straight way, one for each stage, whatever status the file began from."""
    first: dict[str, Transition] = {}
    for one in TRANSITIONS:
        if one.track == track:
            first.setdefault(one.name, one)
    return [first[name] for name in _WAYS[Track(track)]]


def notice_period(case: Case, taken: Sequence[Taken]) -> Period | None:
    """Return the notice that hangs now: natural days, counted from the day after the posting (procedures §4)."""
    key = NOTICE_DAYS.get(case.status)
    posted = [
        one.step.on for one in taken if one.step.target == case.status and one.step.name.startswith("post_")
    ]
    if key is None or not posted:
        return None
    days = int(figure(key, posted[-1].year))
    first = posted[-1] + timedelta(days=1)
    return Period(first, posted[-1] + timedelta(days=days), first + timedelta(days=days))


def makers(case: Case) -> set[int]:
    """Return whoever entered or last changed what the case decides on: they may not pass it."""
    if case.household_id is not None:
        cards = HouseholdYear.objects.filter(household_id=case.household_id)
        if case.round is not None:
            cards = cards.filter(year=case.round.income_year)
        found = {card.updated_by_id for card in cards.order_by("-year")[:1]}
        return found | ({case.household.entered_by_id} if case.household else set())
    tables = VillageYear.objects.filter(village=case.village).order_by("-year")[:1]
    return {table.updated_by_id for table in tables} | (
        {case.village.entered_by_id} if case.village else set()
    )


def next_acts(case: Case, taken: Sequence[Taken], *, user: User, today: date) -> list[Act]:
    """Return every step that may follow, the straight one first; those of others too, so that it shows whose turn it is."""
    if case.closed_on is not None:
        return []
    period = notice_period(case, taken)
    not_before = taken[-1].step.on if taken else case.opened_on
    found = []
    for step in steps_from(case.status, case.track):
        if (
            step.source == HouseholdStatus.OBJECTION
            and step.track == case.track
            and not _leads_back(step, taken)
        ):
            continue
        earliest = period.passes_on if step.after_notice and period else not_before
        mine = (
            user.post is not None
            and user.post.role in step.actors
            and contains(user.post.division_id, case.division_id)
        )
        hindrances = [hindrance_of(user, case, step, taken)] if mine else []
        if step.after_notice and (period is None or today < earliest):
            hindrances.append(f"公示未满，{earliest:%m-%d} 起可办" if period else "还没有公示")
        found.append(
            Act(
                step,
                names_of_roles(step.actors),
                mine,
                [one for one in hindrances if one],
                max(earliest, not_before),
            )
        )
    straight = _WAYS[Track(case.track)]
    found.sort(key=lambda act: (act.step.name not in straight, act.step.track != case.track))
    return found


def _leads_back(step: Transition, taken: Sequence[Taken]) -> bool:
    """Tell whether a step out of the objection leads to where the file was suspended from, or one level before."""
    suspended = [one.step.source for one in taken if one.step.name == "suspend"]
    if not suspended or step.name == "resume":
        return bool(suspended) and step.target == suspended[-1]
    back = [one.target for one in TRANSITIONS if one.source == suspended[-1] and one.name == "send_back"]
    return step.target in back


def hindrance_of(user: User, case: Case, step: Transition, taken: Sequence[Taken]) -> str:
    """Return why a user may not take a level of approval, nothing where he may."""
    if not step.level:
        return ""
    if user.pk in makers(case):
        return "录入或修改过此卡的人不能审核"
    levels = [one.step for one in taken if one.step.is_level]
    if levels and levels[-1].actor_id == user.pk and levels[-1].name != step.name:
        return "同一人不得连续办理两级审批"
    return ""


def who_may(case: Case, step: Transition, taken: Sequence[Taken], *, user: User, today: date) -> list[Person]:
    """Return the people whose post takes a step here, each with what stands in his way."""
    posts = (
        Post.objects.held_on(today)
        .filter(role__in=step.actors, division_id__in=list(lineage(case.division_id)))
        .select_related("user")
        .order_by("role", "user_id")
    )
    return [
        Person(
            post.user,
            post.get_role_display(),
            hindrance_of(post.user, case, step, taken),
            post.user_id == user.pk,
        )
        for post in posts
    ]


def waiting_for(user: User) -> "QuerySet[Case]":
    """Return the open cases whose next step is the user's to take."""
    if user.post is None:
        return Case.objects.none()
    role = user.post.role
    mine: dict[str, set[str]] = {}
    for one in TRANSITIONS:
        if role in one.actors and one.name in {*_WAYS[Track(one.track)], "resume", "vote_down"}:
            mine.setdefault(one.track, set()).add(one.source)
    found = Case.objects.none()
    open_cases = Case.objects.visible_to(user).filter(closed_on__isnull=True)
    for track, sources in mine.items():
        found = found | open_cases.filter(track=track, status__in=sources)
    return found


def cases_asked(user: User, state: str) -> "QuerySet[Case]":
    """Return the cases of a tab of their list: `mine` those that wait for the user, `open`, `ended`, or all."""
    if state == "mine":
        return waiting_for(user)
    rows = Case.objects.visible_to(user)
    if state == "open":
        return rows.filter(closed_on__isnull=True)
    return rows.filter(closed_on__isnull=False) if state == "ended" else rows


@dataclass(frozen=True, slots=True)
class Hung:
    """A notice that the case stood on, with the objections to its row or to the whole list."""

    notice: Notice
    objections: Sequence[Objection]


def notices_of(case: Case) -> list[Hung]:
    """Return the notices that a case stood on, in the order in which they hung."""
    key = subject_key(case.number)
    notices = list(Notice.objects.of_subject(key).order_by("posted_on", "pk"))
    found: dict[int, list[Objection]] = {}
    if notices:
        rows = Objection.objects.filter(notice__in=notices, subject_key__in=["", key]).order_by("pk")
        for one in rows:
            found.setdefault(one.notice_id, []).append(one)
    return [Hung(one, found.get(one.pk, ())) for one in notices]
