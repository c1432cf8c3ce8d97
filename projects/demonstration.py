"""The pool of projects in the demonstration: a handful in each county, from what is being written to what is in the year's plan.

What follows the plan follows money, and is the room's of money to show.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from fupin.accounts.models import User
from fupin.accounts.services.demo import BAIWEN, KELAN, LINXIAN
from fupin.divisions.codes import Level, level_of
from fupin.divisions.models import Division
from fupin.notices.services.posting import post
from projects.codes import FileKind, Industry, ProjectKind, Stage, UseWay
from projects.models import Project
from projects.rules.stages import PASSED
from projects.services.beneficiaries import BeneficiaryGiven, add_households
from projects.services.checks import record_check
from projects.services.disclosing import draw_up_notices
from projects.services.files import add_file
from projects.services.pool import ProjectGiven, enter_project
from projects.services.stages import move
from registry.models import Household
from registry.rules.help.after_exit import ON_REGISTER
from registry.seeding.chance import repeatable
from registry.seeding.offices import Offices, acting
from registry.seeding.photograph import photograph
from registry.seeding.playing import also_played

_STEPS: Final = ("enter", "argue", "assess", "approve", "disclose", "plan")
_REACHED: Final = dict(zip(_STEPS, PASSED[1:], strict=False))
_FILES: Final = (
    FileKind.FEASIBILITY,
    FileKind.DESIGN,
    FileKind.ARGUMENT,
    FileKind.ASSESSMENT,
    FileKind.APPROVAL,
)
_DAYS_AGO: Final = 150
"""How long ago the first of them was taken into the pool."""


@dataclass(frozen=True, slots=True)
class Idea:
    """A project of the demonstration: what it is, what it costs, how far it has come, for how many households."""

    name: str
    kind: ProjectKind
    content: str
    goals: str
    yuan: int
    reaches: Stage
    industry: str = ""
    households: int = 0
    each: int = 0
    use_way: UseWay = UseWay.BUILD_FIRST
    rejected: str = ""


IDEAS: Final[Mapping[int, tuple[Idea, ...]]] = {
    LINXIAN: (
        Idea(
            "红枣林提质增效",
            ProjectKind.INDUSTRY,
            "红枣树高接换优、整形修剪 600 亩",
            "亩均增收 300 元",
            480000,
            Stage.PLANNED,
            Industry.PARK,
            20,
            2000,
            UseWay.AWARD,
        ),
        Idea(
            "养羊到户",
            ProjectKind.INDUSTRY,
            "每户补助购买种羊 5 只，配建羊舍",
            "户均增收 3000 元",
            225000,
            Stage.PLANNED,
            Industry.LIVESTOCK,
            15,
            3000,
            UseWay.BUILD_FIRST,
        ),
        Idea(
            "通村道路硬化",
            ProjectKind.ROAD,
            "硬化通村道路 3.2 公里，宽 3.5 米",
            "雨天可通车",
            960000,
            Stage.PLANNED,
        ),
        Idea(
            "集中供水入户",
            ProjectKind.WATER,
            "铺设管道 4.5 公里，入户水表 160 块",
            "全村饮水安全",
            310000,
            Stage.APPROVED,
        ),
        Idea(
            "小杂粮良种推广",
            ProjectKind.INDUSTRY,
            "谷子良种和地膜 500 亩",
            "亩产提高一成",
            175000,
            Stage.ASSESSED,
            Industry.GRAINS,
            12,
            350,
            UseWay.PRIVATE_RUN,
        ),
        Idea(
            "村级光纤宽带",
            ProjectKind.INFORMATION,
            "光缆 6 公里，村委会信息点 1 处",
            "宽带到村",
            120000,
            Stage.POOL,
        ),
        Idea(
            "设施蔬菜大棚",
            ProjectKind.INDUSTRY,
            "新建日光温室 10 座",
            "棚均增收 8000 元",
            600000,
            Stage.DRAFT,
            Industry.FACILITY,
        ),
        Idea(
            "沟口提水灌溉",
            ProjectKind.WATER,
            "提水站 1 座，灌溉 120 亩",
            "旱地变水浇地",
            420000,
            Stage.ARGUED,
            rejected="水源论证未通过，出水量不足",
        ),
    ),
    KELAN: (
        Idea(
            "肉羊规模养殖",
            ProjectKind.INDUSTRY,
            "标准化羊舍 1200 平方米，种羊 200 只",
            "带动农户增收",
            540000,
            Stage.ASSESSED,
            Industry.LIVESTOCK,
            10,
            3000,
            UseWay.AWARD,
        ),
        Idea(
            "沙棘加工技术培训",
            ProjectKind.TRAINING,
            "培训贫困劳动力 60 人，每人 10 天",
            "人人取得证书",
            48000,
            Stage.POOL,
        ),
        Idea("田间道路整修", ProjectKind.ROAD, "整修田间道路 2.6 公里", "农机可到田", 156000, Stage.DRAFT),
    ),
}


@also_played
def play(offices: Offices, today: date, seed: str) -> None:
    """Put the projects down and take each as far as it has come."""
    _Pool(offices, today, seed).play()


class _Pool:
    """Takes the projects of the demonstration through their stages, each step by whoever takes it."""

    def __init__(self, offices: Offices, today: date, seed: str) -> None:
        self._offices, self._today = offices, today
        self._rng = repeatable(seed, "projects")

    def play(self) -> None:
        for county, ideas in IDEAS.items():
            within = BAIWEN if county == LINXIAN else county
            poor = Household.objects.within(within).filter(status__in=ON_REGISTER)
            known = poor.order_by("division_id").values_list("division_id", flat=True).distinct()
            villages = list(
                Division.objects.filter(pk__in=list(known)).select_related("parent").order_by("code")
            )
            if not villages:
                continue
            for place, idea in enumerate(ideas):
                self._project(county, villages[place % len(villages)], idea)

    def _people(self, county: int) -> Mapping[str, User]:
        ours = county == LINXIAN
        people = {
            "clerk": self._offices["county" if ours else "county2"],
            "reviewer": self._offices["reviewer" if ours else "reviewer2"],
        }
        return people | ({"approver": self._offices["approver"]} if ours else {})

    def _project(self, county: int, village: Division, idea: Idea) -> None:
        people = self._people(county)
        on = self._today - timedelta(days=_DAYS_AGO)
        project = self._entered(people["clerk"], county, village, idea, on)
        for name in takewhile(
            lambda name: PASSED.index(_REACHED[name]) <= PASSED.index(idea.reaches), _STEPS
        ):
            if name == "disclose":
                on = self._hung(people["clerk"], project, on)
            who = people[
                {"approve": "approver", "plan": "approver", "disclose": "clerk"}.get(name, "reviewer")
            ]
            with acting(who):
                move(
                    actor=who,
                    project=project,
                    name=name,
                    on=on,
                    document_no=f"临扶办〔{on.year}〕{project.pk + 10}号"
                    if name in ("approve", "plan")
                    else "",
                    opinion="符合规划，方案可行" if name in ("argue", "assess") else "",
                )
            on += timedelta(days=4)
        if idea.rejected:
            with acting(people["reviewer"]) as who:
                move(actor=who, project=project, name="reject", on=on, opinion=idea.rejected)
        if idea.reaches == Stage.APPROVED:
            self._hung(people["clerk"], project, self._today - timedelta(days=3))
        if idea.kind == ProjectKind.ROAD and county == LINXIAN:
            self._checked(project, on)

    def _entered(self, clerk: User, county: int, village: Division, idea: Idea, on: date) -> Project:
        office = f"{'临县' if county == LINXIAN else '岢岚县'}扶贫开发办公室"
        given = ProjectGiven(
            name=f"{village.name.removesuffix('村委会')}{idea.name}"[:40],
            kind=idea.kind,
            industry=idea.industry,
            year=self._today.year,
            content=idea.content,
            place=village.path_name or village.name,
            planned_yuan=Decimal(idea.yuan),
            money_sources="中央财政专项扶贫资金",
            subsidy_standard=f"每户 {idea.each} 元" if idea.each else "",
            goals=idea.goals,
            use_way=idea.use_way,
            is_to_household=idea.households > 0,
            implementing_unit=f"{village.parent.name if village.parent else village.name}人民政府",
            responsible_person="演示负责人",
            supervising_unit=office,
            supervising_person="演示监管人",
            approving_unit=office,
            hotline="12317",
            planned_start_on=on + timedelta(days=70),
            planned_finish_on=on + timedelta(days=240),
            planned_accept_on=on + timedelta(days=270),
        )
        division = village.code if level_of(village.code) is Level.VILLAGE else county
        with acting(clerk):
            project = enter_project(
                actor=clerk,
                division=division,
                given=given,
                entry_key=uuid.uuid5(uuid.NAMESPACE_URL, f"demo/project/{county}/{idea.name}"),
                is_demo=True,
            )
            for kind in _FILES if idea.reaches != Stage.DRAFT else _FILES[:1]:
                picture = SimpleUploadedFile("paper.png", photograph(self._rng))
                add_file(actor=clerk, project=project, kind=kind, upload=picture, title="演示")
            if idea.households:
                self._listed(clerk, project, village, idea, on)
        return project

    def _listed(self, clerk: User, project: Project, village: Division, idea: Idea, on: date) -> None:
        found = Household.objects.within(village.code).filter(status__in=ON_REGISTER)
        numbers = found.order_by("household_no").values_list("household_no", flat=True)[: idea.households]
        add_households(
            actor=clerk,
            project=project,
            given=[
                BeneficiaryGiven(one, promised_yuan=Decimal(idea.each), promised=idea.name) for one in numbers
            ],
            on=on,
            today=self._today,
        )

    def _hung(self, clerk: User, project: Project, on: date) -> date:
        """Hang the notices of a project; return the day on which they are over."""
        with acting(clerk):
            notices = [
                post(
                    actor=clerk,
                    draft=draft,
                    place="公示栏",
                    photo=SimpleUploadedFile("notice.png", photograph(self._rng)),
                    photographed_on=on,
                    on=on,
                    today=on,
                )
                for draft in draw_up_notices(actor=clerk, project=project, on=on)
            ]
        return max(one.passes_on for one in notices)

    def _checked(self, project: Project, on: date) -> None:
        city = self._offices["city"]
        with acting(city):
            record_check(
                actor=city,
                project=project,
                link="ASSESS",
                on=on,
                finding="评估报告未附造价测算表",
                has_problem=True,
                mend_by=on + timedelta(days=30),
                today=self._today,
            )
