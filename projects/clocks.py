"""By when a project has to be started, finished and accepted, and what a spot check found mended (policy-trace 6.7, 9.2)."""

from datetime import date, timedelta
from typing import Final

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, Concat

from fupin.accounts.roles import Role
from fupin.deadlines.kinds import Rows, arguments, clock_rule, rows
from fupin.divisions.codes import Level
from projects.codes import Stage
from projects.models import Project, ProjectCheck

KEPT: Final = timedelta(days=400)
"""How long a clock that has stopped is still looked at."""
_GOING: Final = (Stage.PLANNED, Stage.FUNDED, Stage.BUILDING)


def _rows(due_on: str, done_on: str, words: str, today: date) -> Rows:
    """Clocks of the projects in a plan by one of their days; those that stopped long ago are left out."""
    found = Project.objects.filter(
        Q(stage__in=_GOING, **{f"{done_on}__isnull": True}) | Q(**{f"{done_on}__gte": today - KEPT})
    )
    return rows(
        found,
        subject_key="number",
        division="county",
        title=Concat(F("name"), Value(words), output_field=TextField()),
        starts_on="approved_on",
        due_on=due_on,
        done_on=done_on,
        url_args=arguments("number"),
    )


@clock_rule(
    kind="projects.start",
    title="项目开工",
    basis="§6 加快扶贫项目实施进度",
    role=Role.COUNTY_ENTRY,
    level=Level.COUNTY,
    permission="projects.view_project",
    url="project_page",
    warn_days=14,
    escalate_days=30,
)
def starts(today: date) -> Rows:
    """Return until when each project of a plan has to be started."""
    return _rows("planned_start_on", "started_on", " 开工", today)


@clock_rule(
    kind="projects.finish",
    title="项目完工",
    basis="§6 加快扶贫项目实施进度",
    role=Role.COUNTY_ENTRY,
    level=Level.COUNTY,
    permission="projects.view_project",
    url="project_page",
    warn_days=30,
    escalate_days=30,
)
def finishes(today: date) -> Rows:
    """Return until when each project of a plan has to be finished."""
    return _rows("planned_finish_on", "finished_on", " 完工", today)


@clock_rule(
    kind="projects.accept",
    title="项目验收",
    basis="§6 加快扶贫项目实施进度",
    role=Role.COUNTY_REVIEW,
    level=Level.COUNTY,
    permission="projects.view_project",
    url="project_page",
    warn_days=30,
    escalate_days=30,
)
def acceptances(today: date) -> Rows:
    """Return until when each project of a plan has to be accepted."""
    return _rows("planned_accept_on", "accepted_on", " 验收", today)


@clock_rule(
    kind="projects.mend",
    title="项目抽查问题整改",
    basis="§9 对计划、论证、评估、拨付、执行情况等环节实行全程监督",
    role=Role.COUNTY_REVIEW,
    level=Level.COUNTY,
    permission="projects.view_project",
    url="project_page",
    warn_days=7,
    escalate_days=15,
)
def mendings(today: date) -> Rows:
    """Return until when each problem that a spot check found has to be mended."""
    found = ProjectCheck.objects.filter(has_problem=True)
    found = found.filter(Q(mended_on__isnull=True) | Q(mended_on__gte=today - KEPT))
    return rows(
        found,
        subject_key=Cast("pk", TextField()),
        division="project__county",
        title=Concat(F("project__name"), Value(" 抽查问题整改"), output_field=TextField()),
        starts_on="on",
        due_on="mend_by",
        done_on="mended_on",
        url_args=arguments("project__number"),
    )
