"""Households are put on a project's list, by their numbers, and taken off it (policy §2, §3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.codes import contains
from fupin.policy.cites import cites
from projects.errors import BeneficiariesRefused, ProjectRefused
from projects.models import Project, ProjectHousehold, ProjectVillage
from projects.services.refusing import told
from registry.models import AssistMeasure, Household, MeasureRecipient, Member
from registry.rules.help.after_exit import ON_REGISTER

MOST_ROWS: Final = 2000
"""Rows of one list that is put in at once."""
MOST_PROMISED: Final = Decimal("9999999.99")


@dataclass(frozen=True, slots=True)
class BeneficiaryGiven:
    """One row of a list: a household by its number, or one of its members by his alone, and what is promised."""

    household_no: str = ""
    member_no: str = ""
    promised_yuan: Decimal | None = None
    promised: str = ""
    measure: int | None = None
    """The key of the measure of help that the project carries out for it."""


@cites("§2", "促进帮扶资金直接用于扶贫对象")
@transaction.atomic
def add_households(
    *, actor: User, project: Project, given: Sequence[BeneficiaryGiven], on: date, today: date
) -> list[ProjectHousehold]:
    """Put households on the list of a project; return the rows. The villages they live in become the project's.

    Raise BeneficiariesRefused with what is wrong with each row, by its place from 1: then nothing is written. Raise ProjectRefused
    where the list stands still, Refused.
    """
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    require(actor, "projects.change_beneficiaries", at=project.division_id)
    if not project.is_editable:
        raise ProjectRefused("项目已批准，名单已随批复固定，不能再加户")
    if not given:
        raise ProjectRefused({"numbers": "没有填户编号"})
    if len(given) > MOST_ROWS:
        raise ProjectRefused({"numbers": f"一次最多 {MOST_ROWS} 行"})
    if on > today:
        raise ProjectRefused({"on": "列入日期不能晚于今天"})
    rows, wrong = _checked(actor, project, given, on)
    if wrong:
        raise BeneficiariesRefused(wrong)
    known = set(ProjectVillage.objects.filter(project=project).values_list("division_id", flat=True))
    new = sorted({row.division_id for row in rows} - known)
    with told(ProjectRefused):
        ProjectVillage.objects.bulk_create(
            ProjectVillage(project=project, division_id=village, added_by=actor) for village in new
        )
        made = ProjectHousehold.objects.bulk_create(rows)
    note(
        action="projects.add_households",
        object_key=project.number,
        division=project.division_id,
        detail={"households": len({row.household_id for row in made}), "rows": len(made)},
    )
    return made


@transaction.atomic
def remove_household(
    *, actor: User, row: ProjectHousehold, on: date, because: str, today: date
) -> ProjectHousehold:
    """Take a household off a project's list, with the reason; its row stays. Raise ProjectRefused, Refused."""
    row = ProjectHousehold.objects.select_for_update(of=("self",)).select_related("project").get(pk=row.pk)
    require(actor, "projects.change_beneficiaries", at=row.project.division_id)
    because = because.strip()
    if row.removed_on is not None:
        raise ProjectRefused("已移出名单")
    if len(because) < 4:
        raise ProjectRefused({"because": "请写明移出原因，至少 4 个字"})
    if not row.added_on <= on <= today:
        raise ProjectRefused({"on": "移出日期应在列入日期至今天之间"})
    row.removed_on, row.removed_because, row.removed_by = on, because[:200], actor
    with told(ProjectRefused):
        row.save(update_fields=["removed_on", "removed_because", "removed_by"])
    note(
        action="projects.remove_household",
        object_key=row.project.number,
        division=row.division_id,
        reason=because,
    )
    return row


def _checked(
    actor: User, project: Project, given: Sequence[BeneficiaryGiven], on: date
) -> tuple[list[ProjectHousehold], dict[int, str]]:
    """Return the rows to be written, and what is wrong with the others by their place."""
    members = {
        one.member_no: one
        for one in Member.objects.visible_to(actor)
        .filter(member_no__in={one.member_no for one in given if one.member_no})
        .select_related("household")
    }
    numbers = {one.household_no for one in given if one.household_no}
    households = {
        one.household_no: one for one in Household.objects.visible_to(actor).filter(household_no__in=numbers)
    }
    measured = set(
        MeasureRecipient.objects.filter(
            measure__in={one.measure for one in given if one.measure}
        ).values_list("measure_id", "household_id")
    )
    measures = AssistMeasure.objects.in_bulk({one.measure for one in given if one.measure})
    seen: set[tuple[int, int | None]] = set(
        project.households.standing().values_list("household_id", "member_id")
    )
    rows: list[ProjectHousehold] = []
    wrong: dict[int, str] = {}
    for place, one in enumerate(given, start=1):
        member = members.get(one.member_no) if one.member_no else None
        household = households.get(one.household_no) or (member.household if member else None)
        why = _why_not(project, one, household, member, seen, measured)
        if why or household is None:
            wrong[place] = why
            continue
        seen.add((household.pk, member.pk if member else None))
        rows.append(
            ProjectHousehold(
                division_id=household.division_id,
                project=project,
                household=household,
                member=member,
                measure=measures.get(one.measure) if one.measure else None,
                promised_yuan=one.promised_yuan,
                promised=one.promised.strip()[:100],
                added_on=on,
                added_by=actor,
            )
        )
    return rows, wrong


def _why_not(
    project: Project,
    one: BeneficiaryGiven,
    household: Household | None,
    member: Member | None,
    seen: set[tuple[int, int | None]],
    measured: set[tuple[int, int]],
) -> str:
    """Return why a row cannot be written, or nothing."""
    if household is None:
        return f"{one.member_no or one.household_no} 在您的区划内查不到"
    if not contains(project.county, household.division_id):
        return f"{household.household_no} 不在项目所在的县"
    if household.status not in ON_REGISTER:
        return f"{household.household_no} 现在是“{household.get_status_display()}”，不在册，不能列入"
    if one.member_no and (member is None or member.household_id != household.pk):
        return f"{one.member_no} 不是 {household.household_no} 的成员"
    if (household.pk, member.pk if member else None) in seen:
        return f"{one.member_no or household.household_no} 已在名单中或重复填写"
    if one.promised_yuan is not None and not 0 <= one.promised_yuan <= MOST_PROMISED:
        return "承诺金额应在 0 至 9999999.99 元之间"
    if one.measure and (one.measure, household.pk) not in measured:
        return f"{household.household_no} 不在这项帮扶措施的受益名单中"
    return ""
