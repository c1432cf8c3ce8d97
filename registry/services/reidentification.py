"""Ask for a re-identification, work through it county by county, and let people open the cases that it suggests (policy §3).

A county is one transaction: its findings and the mark that it is done stand or fall together, and its row's lock is held meanwhile, so
that whoever comes next, after whatever was killed, does what is not done and nothing twice. Nothing is decided here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import Refused, require
from fupin.divisions.codes import PROVINCE_CODE, Level, code_range, contains, level_of
from fupin.divisions.models import Division
from fupin.jobs.errors import AlreadyUnderWay
from fupin.jobs.models import JobStatus
from fupin.jobs.services.asking import ask_for
from fupin.policy.cites import cites
from fupin.policy.standards import NATIONAL, NoStandard, poverty_line
from registry.errors import ReidentificationRefused, StepRefused
from registry.models import (
    Case,
    ReidentificationCounty,
    ReidentificationFinding,
    ReidentificationRun,
    Round,
    RoundKind,
)
from registry.models.household_year import FIRST_YEAR
from registry.rules.procedure import Track
from registry.rules.reidentify import Listed
from registry.services.cases import open_case
from registry.services.judging import Counts, judge_division, judged

KIND: Final = "registry.reidentify"
PERMISSION: Final = "registry.reidentify"

TRACKS: Final = {
    Listed.MAY_LEAVE.value: Track.EXIT,
    Listed.NEWLY_BELOW.value: Track.ENTRY,
    Listed.FALLEN_BACK.value: Track.ENTRY,
}
"""The procedure that each list is a list of candidates for."""


@transaction.atomic
def begin(
    *, actor: User | None, division: Division, year: int, in_round: Round | None = None
) -> ReidentificationRun:
    """Write down a run with its counties, and return it; nothing is worked through yet. `actor` is None at the console.

    With a round it is the statutory one, of the whole province. Raise ReidentificationRefused, Refused.
    """
    if actor is not None:
        require(actor, PERMISSION, at=division.pk)
    if in_round is not None and (
        in_round.kind != RoundKind.THREE_YEAR or in_round.year != year or division.pk != PROVINCE_CODE
    ):
        raise ReidentificationRefused("三年动态调整按本年度的轮次、对全省进行")
    if year <= FIRST_YEAR:
        raise ReidentificationRefused(f"{year} 年没有上一年度的户卡，最早为 {FIRST_YEAR + 1} 年")
    try:
        line = poverty_line(year - 1)
    except NoStandard as missing:
        raise ReidentificationRefused(f"{missing}，不能比对") from missing
    run = ReidentificationRun(
        division=division,
        year=year,
        income_year=year - 1,
        standard=NATIONAL,
        line=line.amount,
        line_source=line.source,
        round=in_round,
        asked_by=actor,
    )
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError as violation:
        if in_round is None:
            raise
        raise ReidentificationRefused("本轮三年动态调整已经比对过，或正在进行") from violation
    ReidentificationCounty.objects.bulk_create(
        ReidentificationCounty(run=run, division_id=code) for code in parts_of(division)
    )
    return run


def parts_of(division: Division) -> list[int]:
    """Return the counties of a division by which it is worked through; below the county that is the division itself."""
    if level_of(division.pk) >= Level.COUNTY:
        return [division.pk]
    counties = Division.objects.within(division.pk).filter(level=Level.COUNTY)
    return list(counties.order_by("code").values_list("code", flat=True))


@cites("§3", "扶贫对象每三年进行一次动态调整")
@transaction.atomic
def ask(*, actor: User, division: Division, year: int, in_round: Round | None = None) -> ReidentificationRun:
    """Ask for a run in the background and return it. Raise ReidentificationRefused, Refused."""
    run = begin(actor=actor, division=division, year=year, in_round=in_round)
    _hand_over(run, actor)
    note(object_key=f"run:{run.pk}", division=division.pk, detail={"year": year})
    return run


@transaction.atomic
def go_on(*, actor: User, run: ReidentificationRun) -> None:
    """Go on with a run that was cancelled or failed, from the counties that are not done; somebody else may do it too.

    Raise ReidentificationRefused while it runs or where it is done, Refused.
    """
    run = ReidentificationRun.objects.select_for_update(of=("self",)).select_related("job").get(pk=run.pk)
    require(actor, PERMISSION, at=run.division_id)
    if run.state not in (JobStatus.FAILED, JobStatus.CANCELLED):
        raise ReidentificationRefused("比对正在进行，或已完成")
    _hand_over(run, actor)
    note(object_key=f"run:{run.pk}", division=run.division_id)


def _hand_over(run: ReidentificationRun, actor: User) -> None:
    title = f"{run}：{run.division.path_name or run.division.name}"
    try:
        run.job = ask_for(
            kind=KIND, key=f"{KIND}/{run.pk}", title=title[:120], arguments={"run": run.pk}, actor=actor
        )
    except AlreadyUnderWay as refused:
        raise ReidentificationRefused(str(refused)) from refused
    run.save(update_fields=["job"])


def undone(run: ReidentificationRun) -> list[int]:
    """Return the counties of a run that are not done, whoever is at them."""
    left = ReidentificationCounty.objects.filter(run=run, done_at__isnull=True)
    return list(left.order_by("division_id").values_list("division_id", flat=True))


@transaction.atomic
def work_on(run: ReidentificationRun, code: int | None = None) -> Counts | None:
    """Work through one county of a run that nobody is at, `code` or the first; None where there is none.

    The county's row stays locked until the transaction ends. Needs the scope of the run's division.
    """
    free = ReidentificationCounty.objects.select_for_update(skip_locked=True).filter(
        run=run, done_at__isnull=True
    )
    if code is not None:
        free = free.filter(division_id=code)
    county = free.order_by("division_id").first()
    if county is None:
        return None
    counts = judge_division(county.division_id, income_year=run.income_year, line=run.line, into=run.pk)
    for name, number in asdict(counts).items():
        setattr(county, name, number)
    county.done_at = timezone.now()
    county.save(update_fields=[*asdict(counts), "done_at"])
    return counts


def finish(run: ReidentificationRun) -> None:
    """Mark a run as ended; the database refuses while a county is left."""
    ReidentificationRun.objects.filter(pk=run.pk, finished_at__isnull=True).update(finished_at=timezone.now())


@transaction.atomic
def count_only(*, division: Division, year: int) -> Counts:
    """Return what a run would find, and write nothing. Raise ReidentificationRefused."""
    try:
        line = poverty_line(year - 1)
    except NoStandard as missing:
        raise ReidentificationRefused(f"{missing}，不能比对") from missing
    counts = Counts()
    for code in parts_of(division):
        counts += judge_division(code, income_year=year - 1, line=line.amount)
    return counts


# From findings to cases: an act of people, one by one.


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of findings for which a case was asked: the cases, and why there is none for the others."""

    cases: Sequence[Case]
    refused: Sequence[tuple[ReidentificationFinding, str]]


def rounds_for(run: ReidentificationRun, today: date) -> list[Round]:
    """Return the rounds that are open on a day and go by the same incomes as the run."""
    found = Round.objects.filter(income_year=run.income_year, opens_on__lte=today, closes_on__gte=today)
    return list(found.order_by("-kind", "pk"))


def open_cases(
    *,
    actor: User,
    run: ReidentificationRun,
    findings: Iterable[ReidentificationFinding],
    in_round: Round,
    on: date,
) -> Opened:
    """Open a case for each finding that still holds, each for itself, and keep which one it led to.

    What has changed since is judged anew: whose card or status no longer says so is refused. Raise ReidentificationRefused, Refused.
    """
    require(actor, "registry.open_case")
    if run.finished_at is None:
        raise ReidentificationRefused("比对还没有完成")
    if in_round not in rounds_for(run, on):
        raise ReidentificationRefused(f"请选开放着的、用 {run.income_year} 年收入的轮次")
    cases: list[Case] = []
    refused: list[tuple[ReidentificationFinding, str]] = []
    for finding in findings:
        try:
            cases.append(_open(actor, run, finding, in_round, on))
        except (StepRefused, Refused) as reason:
            refused.append((finding, str(reason)))
    note(
        object_key=f"run:{run.pk}",
        division=run.division_id
        if actor.post and contains(actor.post.division_id, run.division_id)
        else None,
        detail={"opened": len(cases), "refused": len(refused)},
    )
    return Opened(cases, refused)


@transaction.atomic
def _open(
    actor: User, run: ReidentificationRun, finding: ReidentificationFinding, in_round: Round, on: date
) -> Case:
    """Open the case of one finding."""
    finding = (
        ReidentificationFinding.objects.select_for_update(of=("self",))
        .select_related("household")
        .get(pk=finding.pk)
    )
    if finding.case_id is not None:
        raise StepRefused("已经立档")
    low, high = code_range(finding.division_id)
    now = judged(low=low, high=high, income_year=run.income_year, line=run.line)
    if not now.filter(household_id=finding.household_id, listed=finding.listed).exists():
        raise StepRefused("户卡或状态已改，不再符合此清单，请重新比对")
    case = open_case(
        actor=actor,
        household=finding.household,
        track=TRACKS[finding.listed],
        in_round=in_round,
        on=on,
    )
    finding.case = case
    finding.save(update_fields=["case"])
    return case
