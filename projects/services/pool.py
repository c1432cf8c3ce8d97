"""A project is put down, changed until it is approved, and given its villages."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, connection, transaction

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.codes import Level, cut, level_of
from fupin.notices.rules import Column, Row, leaks
from fupin.notices.rules.columns import flaws
from fupin.notices.rules.identifying import LANDLINE
from projects.codes import ProjectKind
from projects.errors import ProjectRefused
from projects.models import Project, ProjectVillage
from projects.services.refusing import told, words_of

MOST_YUAN: Final = Decimal("99999999999.99")
"""A project of more than a hundred thousand million yuan is a slip of the hand."""

_PUBLIC: Final = (
    "content",
    "place",
    "money_sources",
    "goals",
    "subsidy_standard",
    "procurement",
    "implementing_unit",
    "responsible_person",
    "supervising_unit",
    "supervising_person",
)
"""Facts that stand in the notices of a project (procedures §9)."""


@dataclass(frozen=True, slots=True)
class ProjectGiven:
    """The facts of a project as they are put down."""

    name: str
    kind: str
    year: int
    content: str
    place: str
    planned_yuan: Decimal
    money_sources: str
    goals: str
    use_way: str
    implementing_unit: str
    responsible_person: str
    supervising_unit: str
    supervising_person: str
    approving_unit: str
    hotline: str
    planned_start_on: date
    planned_finish_on: date
    planned_accept_on: date
    industry: str = ""
    use_way_reason: str = ""
    subsidy_standard: str = ""
    procurement: str = ""
    is_to_household: bool = False
    needs_prov_approval: bool = False
    prov_approval_reason: str = ""

    def facts(self) -> Mapping[str, object]:
        """Return the columns with their values, texts without blanks around them."""
        return {
            name: value.strip() if isinstance(value, str) else value for name, value in asdict(self).items()
        }


@transaction.atomic
def enter_project(
    *, actor: User, division: int, given: ProjectGiven, entry_key: uuid.UUID, is_demo: bool = False
) -> Project:
    """Put a project down in a county, township or village; return it, the same one where it was sent twice.

    Raise ProjectRefused with what is wrong at which field, Refused.
    """
    require(actor, "projects.enter_project", at=division)
    if (known := Project.objects.filter(entry_key=entry_key, entered_by=actor).first()) is not None:
        return known
    if level_of(division) < Level.COUNTY:
        raise ProjectRefused({"division": "项目须落在县、乡镇或村"})
    _refuse(given)
    project = Project(
        division_id=division,
        number=_next_number(cut(division, Level.COUNTY), given.year),
        entry_key=entry_key,
        entered_by=actor,
        is_demo=is_demo,
        **given.facts(),
    )
    _save(project)
    if level_of(division) is Level.VILLAGE:
        ProjectVillage.objects.create(project=project, division_id=division, added_by=actor)
    note(object_key=project.number, division=division, detail={"kind": project.kind})
    return project


@transaction.atomic
def change_project(*, actor: User, project: Project, given: ProjectGiven) -> Project:
    """Change the facts of a project that is not approved yet. Raise ProjectRefused, Refused."""
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    require(actor, "projects.enter_project", at=project.division_id)
    if not project.is_editable:
        raise ProjectRefused(f"项目已{project.get_stage_display()}，内容不能再改")
    _refuse(given)
    changed = {name: value for name, value in given.facts().items() if getattr(project, name) != value}
    for name, value in changed.items():
        setattr(project, name, value)
    if changed:
        _save(project, fields=sorted(changed))
    note(object_key=project.number, division=project.division_id, detail={"changed": sorted(changed)})
    return project


@transaction.atomic
def add_village(*, actor: User, project: Project, village: int) -> ProjectVillage:
    """Say that a project is for a village, too. Raise ProjectRefused, Refused."""
    require(actor, "projects.enter_project", at=project.division_id)
    row = ProjectVillage(project=project, division_id=village, added_by=actor)
    with told(ProjectRefused):
        row.save(force_insert=True)
    note(action="projects.add_village", object_key=project.number, division=village)
    return row


@transaction.atomic
def remove_village(*, actor: User, project: Project, village: int) -> None:
    """Take a village from a project that is not approved yet and has no household there. Raise ProjectRefused, Refused."""
    require(actor, "projects.enter_project", at=project.division_id)
    if village == project.division_id:
        raise ProjectRefused("项目就在该村，不能移除")
    if project.households.standing().filter(division_id=village).exists():
        raise ProjectRefused("该村还有受益户在名单中，请先移出")
    with told(ProjectRefused):
        ProjectVillage.objects.filter(project=project, division_id=village).delete()
    note(action="projects.remove_village", object_key=project.number, division=village)


def _save(project: Project, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            project.save(force_insert=fields is None, update_fields=fields)
    except IntegrityError as violation:
        field, words = words_of(violation)
        raise ProjectRefused({field: words}) from violation


def _refuse(given: ProjectGiven) -> None:
    """Raise ProjectRefused with everything that is wrong, before the database says the first of it."""
    wrong: dict[str, str] = {}
    if given.planned_yuan <= 0 or given.planned_yuan > MOST_YUAN:
        wrong["planned_yuan"] = "计划投资应大于 0，最多 99999999999.99 元"
    if not 2011 <= given.year <= 2030:
        wrong["year"] = "计划年度应在 2011 至 2030 之间"
    if (given.kind == ProjectKind.INDUSTRY) != bool(given.industry):
        wrong["industry"] = "产业开发项目须选产业" if not given.industry else "只有产业开发项目选产业"
    if not given.planned_start_on <= given.planned_finish_on:
        wrong["planned_finish_on"] = "计划完工不能早于计划开工"
    elif not given.planned_finish_on <= given.planned_accept_on:
        wrong["planned_accept_on"] = "计划验收不能早于计划完工"
    if list(flaws(Row(given.name.strip()), [Column.NAME])):
        wrong["name"] = (
            "项目名称最多 40 字，会公示：以汉字或字母开头，不带书名号、引号等符号，不含证件号、账号、电话"
        )
    if not LANDLINE.fullmatch(given.hotline.strip()):
        wrong["hotline"] = "监督电话会公示，须为单位座机（如 0358-4422000）或五位热线（如 12317）"
    for field in _PUBLIC:
        if leaks(str(getattr(given, field))):
            wrong[field] = "此栏会公示，不能写证件号、账号或电话"
    if wrong:
        raise ProjectRefused(wrong)


def _next_number(county: int, year: int) -> str:
    with told(ProjectRefused), connection.cursor() as cursor:
        cursor.execute("SELECT projects_next_number(%s, %s)", [county, year])
        return str(cursor.fetchone()[0])
