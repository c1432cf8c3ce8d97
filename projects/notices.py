"""What is made public of a project, with the elements of procedures §9: before money flows, who gets it, and what came of it."""

from typing import Final

from fupin.lib.money import grouped
from fupin.notices.kinds import Drawing, Group, notice_kind
from fupin.notices.rules import Column
from fupin.policy.cites import cites
from projects.models import Project
from projects.reports.progress import BENEFICIARIES, COUNTY, COUNTY_DONE, VILLAGE, VILLAGE_DONE

_COLUMNS: Final = (Column.NAME, Column.VILLAGE, Column.KIND, Column.AMOUNT)
_LIST: Final = (Column.NAME, Column.NATURAL_VILLAGE, Column.PERSONS, Column.AMOUNT)


def _project(drawing: Drawing) -> Project:
    """The project that the first row of a notice is about."""
    number = drawing.subjects[0].removeprefix("project:").partition("@")[0].partition(":")[0]
    return Project.objects.get(number=number)


def _period(drawing: Drawing) -> str:
    period = drawing.period
    return f"公示期自 {period.first:%Y-%m-%d} 至 {period.last:%Y-%m-%d}，如有异议，请在期内提出。"


def _elements(project: Project) -> str:
    """The elements that a notice of a project has to name, those left empty left out."""
    said = (
        ("建设地点", project.place),
        ("建设内容", project.content),
        ("建设期限", f"{project.planned_start_on:%Y-%m-%d} 至 {project.planned_finish_on:%Y-%m-%d}"),
        ("实施单位及负责人", f"{project.implementing_unit} {project.responsible_person}"),
        ("监管单位及负责人", f"{project.supervising_unit} {project.supervising_person}"),
        ("资金来源与额度", f"{project.money_sources}，计划投资 {grouped(project.planned_yuan)} 元"),
        ("使用方式", project.get_use_way_display()),
        ("补助标准", project.subsidy_standard),
        ("招标采购", project.procurement),
        ("质量与效益目标", project.goals),
    )
    return "；".join(f"{label}：{words}" for label, words in said if words.strip()) + "。"


@notice_kind(
    COUNTY,
    "扶贫项目公示",
    _COLUMNS,
    group=Group.PROJECT,
    days="fund_notice_days",
    name_label="项目",
    unit="项",
)
@cites("§9", "全面推行县级公告公示")
def county(drawing: Drawing) -> str:
    """Say in the county what is to be done, by whom and with how much money."""
    return f"经批准，{drawing.place}拟实施扶贫项目“{_project(drawing).name}”，现予公示。{_elements(_project(drawing))}{_period(drawing)}"


@notice_kind(
    VILLAGE,
    "扶贫项目村级公示",
    _COLUMNS,
    group=Group.PROJECT,
    days="fund_notice_days",
    name_label="项目",
    unit="项",
)
@cites("§9", "继续坚持行政村公告公示")
def village(drawing: Drawing) -> str:
    """Say the same in a village of the project."""
    return f"经批准，拟在{drawing.place}实施扶贫项目“{_project(drawing).name}”，现予公示。{_elements(_project(drawing))}{_period(drawing)}"


@notice_kind(BENEFICIARIES, "扶贫项目受益户公示", _LIST, group=Group.BENEFICIARY, days="fund_notice_days")
def beneficiaries(drawing: Drawing) -> str:
    """Say in a village which of its households a project is for."""
    counted = f"{drawing.sums.rows} 户 {drawing.sums.persons or 0} 人"
    return f"扶贫项目“{_project(drawing).name}”在{drawing.place}拟扶持贫困户 {counted}，现予公示。{_period(drawing)}"


@notice_kind(
    COUNTY_DONE,
    "扶贫项目完成情况公告",
    _COLUMNS,
    group=Group.PROJECT,
    days="fund_notice_days",
    name_label="项目",
    unit="项",
    objectable=False,
)
def county_done(drawing: Drawing) -> str:
    """Say in the county what was achieved."""
    return _done(drawing)


@notice_kind(
    VILLAGE_DONE,
    "扶贫项目完成情况村级公告",
    _COLUMNS,
    group=Group.PROJECT,
    days="fund_notice_days",
    name_label="项目",
    unit="项",
    objectable=False,
)
def village_done(drawing: Drawing) -> str:
    """Say in a village of the project what was achieved."""
    return _done(drawing)


def _done(drawing: Drawing) -> str:
    project = _project(drawing)
    days = f"开工 {project.started_on}，完工 {project.finished_on}，验收合格 {project.accepted_on}"
    return f"{drawing.place}扶贫项目“{project.name}”已完成：{days}。{_elements(project)}现予公告。"
