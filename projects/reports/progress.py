"""How far a project is, and what the next step still needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import BooleanField, DateField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.divisions.models import Division
from fupin.notices.models import Notice
from fupin.notices.reports import passed
from projects.codes import FileKind, Stage
from projects.models import Project, ProjectHousehold, ProjectVillage
from projects.rules.stages import PASSED, REVIEWS, Transition, place_of, steps_from

COUNTY: Final = "projects_county"
VILLAGE: Final = "projects_village"
BENEFICIARIES: Final = "projects_beneficiaries"
COUNTY_DONE: Final = "projects_county_done"
VILLAGE_DONE: Final = "projects_village_done"


def subject_of(project: Project, village: int | None = None, household_no: str = "") -> str:
    """Return how the notices of a project name it, in the county or in one of its villages, or one of its households there."""
    place = f"@{village}" if village else ""
    return f"project:{project.number}{place}" + (f":{household_no}" if household_no else "")


def villages_of(project: Project) -> list[Division]:
    """Return the villages in which a project is disclosed: those that it is for, and those of its households."""
    own = ProjectVillage.objects.filter(project=project).values("division_id")
    of_households = ProjectHousehold.objects.standing().filter(project=project).values("division_id")
    codes = {row["division_id"] for row in [*own, *of_households]}
    if project.division_id % 1000:
        codes.add(project.division_id)
    return list(Division.objects.filter(code__in=codes).select_related("parent").order_by("code"))


def missing_for(
    project: Project, step: Transition, actor: User, *, on: date, document_no: str, opinion: str
) -> list[str]:
    """Return everything that keeps the actor from taking a step of a project on a day, in words; nothing where he may."""
    reasons: list[str] = []
    if actor.post is None or actor.post.role not in step.actors:
        reasons.append(f"此步骤由{'、'.join(sorted(Role(one).label for one in step.actors))}办理")
    if step.others and actor.pk == project.entered_by_id:
        reasons.append("自己录入的项目须由另一人办理")
    if step.name in ("approve", "plan") and project.steps.filter(name__in=REVIEWS, by=actor).exists():
        reasons.append("审核过本项目的人不能再批准，须由另一人办理")
    latest = project.steps.order_by("-position").values_list("on", flat=True).first()
    if latest is not None and on < latest:
        reasons.append(f"日期不能早于上一步的 {latest}")
    if step.opinion and not opinion.strip():
        reasons.append("须写明意见或理由")
    if step.document and not document_no.strip():
        reasons.append("须填文号")
    return [*reasons, *unmet(project, step, on=on)]


def unmet(project: Project, step: Transition, *, on: date) -> list[str]:
    """Return what a project itself still lacks for a step: files, villages, beneficiaries, notices."""
    reasons: list[str] = []
    held = set(project.files.filter(withdrawn_at__isnull=True).values_list("kind", flat=True))
    reasons += [f"缺材料：{FileKind(kind).label}" for kind in FileKind if kind in step.files - held]
    villages = villages_of(project)
    if step.name in ("enter", "approve") and not villages:
        reasons.append("还没有项目村")
    if step.beneficiaries and project.is_to_household and not project.households.standing().exists():
        reasons.append("到户项目须先挂受益户名单")
    if step.after_notices:
        reasons += _not_over(project, villages, on)
    if step.posted:
        reasons += _not_announced(project, villages, on)
    if step.name == "finish" and project.finished_on is not None:
        reasons.append("已登记完工")
    if step.name == "accept" and project.finished_on is None:
        reasons.append("须先登记完工，再验收")
    return reasons


def _not_over(project: Project, villages: Iterable[Division], on: date) -> list[str]:
    words = "{}的公示没有期满，已撤下，或有异议未办结"
    reasons = [] if passed(subject_of(project), COUNTY, on) else [words.format("县级")]
    reasons += [
        words.format(one.name) for one in villages if not passed(subject_of(project, one.code), VILLAGE, on)
    ]
    if listed := unlisted(project, on).count():
        reasons.append(f"{listed} 户受益户的公示没有期满，已撤下，或有异议未办结、异议成立未移出")
    return reasons


def unlisted(project: Project, on: date) -> QuerySet[ProjectHousehold]:
    """Return the beneficiaries of a project whose list has not hung to its end, or against whom something speaks."""
    subject = Concat(
        Value(f"{subject_of(project)}@"),
        Cast("division", TextField()),
        Value(":"),
        F("household__household_no"),
        output_field=TextField(),
    )
    over = Func(
        subject,
        Value(BENEFICIARIES),
        Cast(Value(on), DateField()),
        function="notices_passed",
        output_field=BooleanField(),
    )
    return project.households.standing().annotate(over=over).filter(over=False)


def _not_announced(project: Project, villages: Iterable[Division], on: date) -> list[str]:
    standing = set(
        Notice.objects.filter(
            kind__in=[COUNTY_DONE, VILLAGE_DONE],
            taken_down_on__isnull=True,
            posted_on__lte=on,
            lines__subject_key__startswith=subject_of(project),
        ).values_list("lines__subject_key", flat=True)
    )
    reasons = [] if subject_of(project) in standing else ["县级还没有公告完成情况"]
    return reasons + [
        f"{one.name}还没有公告完成情况" for one in villages if subject_of(project, one.code) not in standing
    ]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage on the line of a project: when it was reached, by whom and by what document, or that it is still to come."""

    stage: Stage
    state: str
    """done, here, or ahead."""
    on: date | None
    by: str
    document_no: str


def line_of(project: Project) -> list[Milestone]:
    """Return the stages of a project as a line; one that failed or left the pool ends in that."""
    reached = {
        step.target: step
        for step in project.steps.select_related("by").order_by("position")
        if step.target != step.source
    }
    here = place_of(project.stage)
    shown: list[Milestone] = []
    for place, stage in enumerate(PASSED):
        step = reached.get(stage)
        past = place <= here if here >= 0 else step is not None or stage == Stage.DRAFT
        if here < 0 and not past:
            continue
        state = "here" if stage == project.stage else "done" if past else "ahead"
        told = step if past else None
        shown.append(
            Milestone(
                stage,
                state,
                told.on if told else None,
                told.by.full_name if told else "",
                told.document_no if told else "",
            )
        )
    if here < 0 and (step := reached.get(project.stage)) is not None:
        shown.append(Milestone(Stage(project.stage), "here", step.on, step.by.full_name, step.document_no))
    return shown


def next_steps(project: Project, actor: User) -> list[Transition]:
    """Return the steps that the actor's post takes next on a project, those of the room of money left out."""
    if actor.post is None:
        return []
    role = actor.post.role
    return [
        one
        for one in steps_from(project.stage, by_province=project.needs_prov_approval)
        if role in one.actors
        and not one.by_money
        and not (one.name == "finish" and project.finished_on is not None)
        and not (one.name == "accept" and project.finished_on is None)
    ]
