"""Projects as their list shows them, and the beneficiaries of one."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from fupin.sheets.words import in_words
from projects.forms.project_filters import ProjectFilter
from projects.models import Project, ProjectHousehold
from projects.reports.beneficiaries import beneficiaries
from projects.rules.stages import DONE
from registry.resources.asking import scope_of


def _day(value: date) -> date:
    return value


def _yuan(value: Decimal) -> Decimal:
    return value


def _is(value: bool) -> str:
    return "是" if value else "否"


@columns(
    {
        "number": Column("项目编号", "number"),
        "name": Column("项目名称", "name"),
        "division": Column("所在地", "division__path_name"),
        "year": Column("计划年度", "year", said=int),
        "kind": Column("类别", "get_kind_display"),
        "industry": Column("产业", "get_industry_display"),
        "stage": Column("环节", "get_stage_display"),
        "stage_on": Column("进入环节日期", "stage_on", said=_day),
        "planned_yuan": Column("计划投资（元）", "planned_yuan", said=_yuan, decimals=2, summed=True),
        "money_sources": Column("资金来源", "money_sources"),
        "use_way": Column("使用方式", "get_use_way_display"),
        "use_way_reason": Column("未用竞争方式的理由", "use_way_reason"),
        "is_to_household": Column("到户项目", "is_to_household", said=_is),
        "needs_prov_approval": Column("须省级审批", "needs_prov_approval", said=_is),
        "prov_approval_reason": Column("须省级审批的理由", "prov_approval_reason"),
        "approving_unit": Column("审批单位", "approving_unit"),
        "approved_by": Column("审批人", "approved_by__full_name"),
        "approved_on": Column("批准日期", "approved_on", said=_day),
        "implementing_unit": Column("实施（使用责任）单位", "implementing_unit"),
        "responsible_person": Column("实施负责人", "responsible_person"),
        "supervising_unit": Column("监管责任单位", "supervising_unit"),
        "supervising_person": Column("监管责任人", "supervising_person"),
        "planned_start_on": Column("计划开工", "planned_start_on", said=_day),
        "started_on": Column("实际开工", "started_on", said=_day),
        "planned_finish_on": Column("计划完工", "planned_finish_on", said=_day),
        "finished_on": Column("实际完工", "finished_on", said=_day),
        "planned_accept_on": Column("计划验收", "planned_accept_on", said=_day),
        "accepted_on": Column("实际验收", "accepted_on", said=_day),
        "ended_on": Column("结束日期", "ended_on", said=_day),
    }
)
class ProjectResource(SheetResource):
    """扶贫项目: where it stands, what it costs, who answers for it, and its days."""


@sheet_kind("projects", "扶贫项目", permission="projects.view_project")
def projects(asked: Request) -> Selection:
    """Return the projects as their list is filtered."""
    scope = scope_of(asked)
    filtered = ProjectFilter(asked.query, Project.objects.visible_to(asked.actor), day=timezone.localdate())
    if not filtered.form.is_valid():
        raise NotAsked("筛选条件有误，请回到列表改正")
    rows = filtered.qs
    order = rows.query.order_by if asked.query.get("order") else ("-pk",)
    return Selection(
        title=f"扶贫项目（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=None,
        filters=in_words(filtered.form),
        tables=(Table("扶贫项目", ProjectResource()),),
        rows=rows.select_related("division", "approved_by").order_by(*order, "pk"),
        about_people=False,
        counts={"已验收": lambda row: row.stage in DONE},
    )


@columns(
    {
        "number": Column("项目编号", "project__number"),
        "project": Column("项目名称", "project__name"),
        "household_no": Column("户编号", "household__household_no"),
        "head": Column("户主", "head"),
        "village": Column("村", "division__path_name"),
        "persons": Column("人口", "persons", said=int, decimals=0, summed=True),
        "member_no": Column("劳动力人编号", "member__member_no"),
        "member": Column("劳动力姓名", "member__name"),
        "promised_yuan": Column("承诺金额（元）", "promised_yuan", said=_yuan, decimals=2, summed=True),
        "promised": Column("承诺内容", "promised"),
        "status": Column("户状态", "household__get_status_display"),
        "added_on": Column("列入日期", "added_on", said=_day),
    }
)
class BeneficiaryResource(SheetResource):
    """项目受益户: the households of a project's list."""


@sheet_kind("project_households", "项目受益户", permission="projects.view_project")
def project_households(asked: Request) -> Selection:
    """Return the beneficiaries of a project as far as they live in the asker's division."""
    scope = scope_of(asked)
    project = Project.objects.visible_to(asked.actor).filter(number=asked.query.get("project", "")).first()
    if project is None:
        raise NotAsked("没有这个项目")
    rows = beneficiaries(project).filter(pk__in=ProjectHousehold.objects.visible_to(asked.actor).values("pk"))
    return Selection(
        title=f"{project.name} 受益户",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=None,
        filters=[("项目", str(project))],
        tables=(Table("项目受益户", BeneficiaryResource()),),
        rows=rows.select_related("project"),
        persons="人口",
        persons_column="persons",
    )
