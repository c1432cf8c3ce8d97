"""The city and the province look at the five supervised links of a project; the county mends what they found; they close it (§9)."""

from datetime import date

from django.db import transaction

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.policy.cites import cites
from projects.codes import Link
from projects.errors import CheckRefused
from projects.models import Project, ProjectCheck
from projects.services.refusing import told


@cites("§9", "着力强化省、市两级监管责任")
@transaction.atomic
def record_check(
    *,
    actor: User,
    project: Project,
    link: str,
    on: date,
    finding: str,
    has_problem: bool,
    mend_by: date | None,
    today: date,
) -> ProjectCheck:
    """Write down what a spot check found at one of the five links, and until when it is to be mended. Raise CheckRefused, Refused."""
    require(actor, "projects.check_project", at=project.division_id)
    if link not in Link.values:
        raise CheckRefused("请选择抽查的环节")
    if on > today:
        raise CheckRefused("抽查日期不能晚于今天")
    if not finding.strip():
        raise CheckRefused("请写明抽查情况")
    row = ProjectCheck(
        division_id=project.division_id,
        project=project,
        link=link,
        on=on,
        finding=finding.strip()[:500],
        has_problem=has_problem,
        mend_by=mend_by if has_problem else None,
        by=actor,
        role=actor.post.role if actor.post else "",
    )
    with told(CheckRefused):
        row.save(force_insert=True)
    note(
        object_key=project.number,
        division=project.division_id,
        detail={"check": row.pk, "link": link, "problem": has_problem},
    )
    return row


@transaction.atomic
def mend(*, actor: User, check: ProjectCheck, on: date, how: str, today: date) -> ProjectCheck:
    """Write down how the county mended what was found. Raise CheckRefused, Refused."""
    check = _open(check)
    require(actor, "projects.mend_finding", at=check.division_id)
    if not check.has_problem:
        raise CheckRefused("该次抽查没有发现问题，不用整改")
    if not how.strip():
        raise CheckRefused("请写明整改情况")
    if on > today:
        raise CheckRefused("整改日期不能晚于今天")
    check.mended_on, check.mended_how, check.mended_by = on, how.strip()[:500], actor
    with told(CheckRefused):
        check.save(update_fields=["mended_on", "mended_how", "mended_by"])
    _note("projects.mend_finding", check)
    return check


@transaction.atomic
def close(*, actor: User, check: ProjectCheck, on: date, today: date) -> ProjectCheck:
    """Close a finding that was mended: the level that checked says so. Raise CheckRefused, Refused."""
    check = _open(check)
    require(actor, "projects.check_project", at=check.division_id)
    if check.mended_on is None:
        raise CheckRefused("还没有登记整改情况，不能销号")
    if on > today:
        raise CheckRefused("销号日期不能晚于今天")
    check.closed_on, check.closed_by = on, actor
    with told(CheckRefused):
        check.save(update_fields=["closed_on", "closed_by"])
    _note("projects.close_finding", check)
    return check


def _open(check: ProjectCheck) -> ProjectCheck:
    check = ProjectCheck.objects.select_for_update(of=("self",)).select_related("project").get(pk=check.pk)
    if check.closed_on is not None:
        raise CheckRefused("抽查单已销号，不能再改")
    return check


def _note(action: str, check: ProjectCheck) -> None:
    note(
        action=action, object_key=check.project.number, division=check.division_id, detail={"check": check.pk}
    )
