"""Projects as the people of 临县 put them down and take them through their stages; for tests of projects and of what stands on them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.accounts.scope import enter_scope
from fupin.divisions.codes import PROVINCE_CODE
from fupin.notices.models import Notice
from fupin.notices.services.posting import post
from projects.codes import FileKind, Industry, ProjectKind, UseWay
from projects.models import Project, ProjectStep
from projects.rules.stages import step_named
from projects.services.beneficiaries import BeneficiaryGiven, add_households
from projects.services.disclosing import draw_up_notices
from projects.services.files import add_file
from projects.services.pool import ProjectGiven, add_village, enter_project
from projects.services.stages import move
from registry.codes import HouseholdStatus
from registry.models import Household
from tests.clock import on_day
from tests.conftest import BAIWEN, LINXIAN, LVLIANG, VILLAGE, person
from tests.registry.cases import picture
from tests.registry.factories import card, member, saved
from tests.registry.standing import put

BEGUN = date(2014, 3, 3)
"""The day on which a project of the tests enters the pool."""

WAY = (
    "enter",
    "argue",
    "assess",
    "approve",
    "disclose",
    "plan",
    "fund",
    "start",
    "finish",
    "accept",
    "announce",
    "evaluate",
)


def act_as(user: User) -> User:
    """Go on in this transaction in the scope of a user."""
    assert user.post is not None
    enter_scope(*user.post.code_range, user_id=user.pk)
    return user


@dataclass
class Bureau:
    """Everybody of 临县 and above who has a hand in a project."""

    clerk: User
    reviewer: User
    approver: User
    finance: User
    township: User
    city: User
    province: User
    village: User

    def of(self, role: str) -> User:
        """Return who holds a role."""
        return {
            Role.COUNTY_ENTRY: self.clerk,
            Role.COUNTY_REVIEW: self.reviewer,
            Role.COUNTY_APPROVE: self.approver,
            Role.FINANCE: self.finance,
            Role.TOWNSHIP: self.township,
            Role.CITY: self.city,
            Role.PROVINCE: self.province,
            Role.VILLAGE: self.village,
        }[Role(role)]


def bureau(prefix: str = "", county: int = LINXIAN) -> Bureau:
    """Return the people of a county; village and township are those of 白文镇 in 临县."""
    return Bureau(
        clerk=person(f"{prefix}xm-lu", Role.COUNTY_ENTRY, county, full_name="录项目"),
        reviewer=person(f"{prefix}xm-shen", Role.COUNTY_REVIEW, county, full_name="审项目"),
        approver=person(f"{prefix}xm-pi", Role.COUNTY_APPROVE, county, full_name="批项目"),
        finance=person(f"{prefix}xm-cai", Role.FINANCE, county, full_name="财政局"),
        township=person(f"{prefix}xm-zhen", Role.TOWNSHIP, BAIWEN, full_name="镇项目"),
        city=person(f"{prefix}xm-shi", Role.CITY, LVLIANG, full_name="市项目"),
        province=person(f"{prefix}xm-sheng", Role.PROVINCE, PROVINCE_CODE, full_name="省项目"),
        village=person(f"{prefix}xm-cun", Role.VILLAGE, VILLAGE, full_name="村项目"),
    )


def given(**values: Any) -> ProjectGiven:
    """Return the facts of a walnut orchard; any may be given."""
    facts: dict[str, Any] = {
        "name": "白文镇核桃经济林提质增效",
        "kind": ProjectKind.INDUSTRY,
        "industry": Industry.HERBS,
        "year": 2014,
        "content": "核桃树整形修剪、土壤改良 800 亩",
        "place": "白文镇",
        "planned_yuan": Decimal("640000.00"),
        "money_sources": "中央财政专项扶贫资金",
        "goals": "亩均增收 300 元",
        "use_way": UseWay.AWARD,
        "implementing_unit": "白文镇人民政府",
        "responsible_person": "郝建设",
        "supervising_unit": "临县扶贫开发办公室",
        "supervising_person": "冯监督",
        "approving_unit": "临县扶贫开发办公室",
        "hotline": "0358-4422000",
        "planned_start_on": date(2014, 5, 1),
        "planned_finish_on": date(2014, 9, 30),
        "planned_accept_on": date(2014, 10, 31),
    }
    return ProjectGiven(**{**facts, **values})


def entered(
    people: Bureau, *, division: int = BAIWEN, villages: Sequence[int] = (VILLAGE,), **values: Any
) -> Project:
    """Return a project that stands on nothing but its entry and its villages."""
    act_as(people.clerk)
    project = enter_project(
        actor=people.clerk, division=division, given=given(**values), entry_key=uuid.uuid4()
    )
    for village in villages:
        if village != division:
            add_village(actor=people.clerk, project=project, village=village)
    return project


def poor(
    clerk: User, *, village: int = VILLAGE, status: str = HouseholdStatus.REGISTERED, **values: Any
) -> Household:
    """Return a household of one, at a status; by itself on the register."""
    act_as(clerk)
    done = saved(clerk, card(member(name=values.pop("name", "张老实")), village_code=str(village), **values))
    put(done.household, status, first_identified_year=2014)
    return done.household


def enlist(people: Bureau, project: Project, *households: Household, yuan: Decimal | None = None) -> None:
    """Put households on the list of a project."""
    act_as(people.clerk)
    add_households(
        actor=people.clerk,
        project=project,
        given=[BeneficiaryGiven(one.household_no, promised_yuan=yuan) for one in households],
        on=BEGUN,
        today=BEGUN,
    )


def scan() -> SimpleUploadedFile:
    """Return a paper as it is photographed."""
    return SimpleUploadedFile("材料.png", picture())


def file_all(people: Bureau, project: Project, *kinds: FileKind) -> None:
    """Lay files with a project: those named, else one of every kind."""
    act_as(people.clerk)
    for kind in kinds or FileKind:
        add_file(actor=people.clerk, project=project, kind=kind, upload=scan())


def disclosed(people: Bureau, project: Project, on: date) -> list[Notice]:
    """Draw up and hang all notices that a project needs now."""
    act_as(people.clerk)
    notices = []
    for draft in draw_up_notices(actor=people.clerk, project=project, on=on):
        photo = SimpleUploadedFile("张贴.png", picture())
        with on_day(on):
            notices.append(
                post(
                    actor=people.clerk,
                    draft=draft,
                    place="公示栏",
                    photo=photo,
                    photographed_on=on,
                    on=on,
                    today=on,
                )
            )
    return notices


def taken(people: Bureau, project: Project, name: str, on: date, **values: Any) -> ProjectStep:
    """Take a step by whoever takes it."""
    step = step_named(name, project.stage, by_province=project.needs_prov_approval)
    assert step is not None, (project.stage, name)
    who = act_as(people.of(min(step.actors)))
    return move(
        actor=who,
        project=project,
        name=name,
        on=on,
        **{"document_no": "临扶办〔2014〕12号", "opinion": "符合要求", **values},
    )


def walked(people: Bureau, project: Project, to: str, *, on: date = BEGUN) -> date:
    """Take a project as far as a stage, two days a step, its notices hung to the end; return the day after the last step."""
    if not project.files.exists():
        file_all(people, project)
    for name in WAY:
        if project.stage == to:
            break
        step = step_named(name, project.stage, by_province=project.needs_prov_approval)
        if step is None:
            continue
        if step.after_notices or step.posted:
            notices = disclosed(people, project, on)
            on = max(one.passes_on for one in notices)
        taken(people, project, name, on)
        on += timedelta(days=2)
    assert project.stage == to, (project.stage, to)
    return on
