"""A round, its quotas, and the people who walk cases through it; for tests of cases, rounds and their pages."""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.accounts.scope import enter_scope
from fupin.divisions.codes import PROVINCE_CODE, Level, code_range, cut
from fupin.divisions.models import Division
from fupin.notices.models import Notice
from fupin.notices.services.posting import post
from registry.models import Case, Household, Round, RoundKind
from registry.rules.procedure import FILED, Evidence
from registry.rules.transitions import find
from registry.services.cases import StepGiven, Votes, open_case, take_step
from registry.services.listing import draw_up_list
from registry.services.rounds import open_round, set_quotas
from tests.clock import on_day
from tests.conftest import BAIWEN, LINXIAN, LVLIANG, VILLAGE, person
from tests.registry.factories import card, saved

APPLIED_ON = date(2014, 3, 12)
PASSING = Votes(56, 48, 43)


def act_as(user: User) -> User:
    """Go on in this transaction in the scope of a user."""
    assert user.post is not None
    enter_scope(*user.post.code_range, user_id=user.pk)
    return user


@dataclass
class Office:
    """Everybody who has a hand in a case of the village: nobody enters and passes it, nobody passes it twice in a row."""

    clerk: User
    village: User
    team: User
    township: User
    reviewer: User
    approver: User
    group: User
    city: User
    county_entry: User
    province: User

    @property
    def by_role(self) -> Mapping[str, User]:
        """Return who takes a step under each role."""
        return {
            Role.VILLAGE: self.village,
            Role.TEAM: self.team,
            Role.TOWNSHIP: self.township,
            Role.COUNTY_REVIEW: self.reviewer,
            Role.COUNTY_APPROVE: self.approver,
            Role.LEADING_GROUP: self.group,
        }


def office() -> Office:
    """Return the office of 白文镇 and 临县, complete."""
    return Office(
        clerk=person("clerk", Role.COUNTY_ENTRY, LINXIAN, full_name="柯录"),
        village=person("cun", Role.VILLAGE, VILLAGE, full_name="村改花"),
        team=person("dui", Role.TEAM, VILLAGE, full_name="队长友"),
        township=person("zhen", Role.TOWNSHIP, BAIWEN, full_name="镇海军"),
        reviewer=person("shen", Role.COUNTY_REVIEW, LINXIAN, full_name="审立新"),
        approver=person("pi", Role.COUNTY_APPROVE, LINXIAN, full_name="批晓燕"),
        group=person("zu", Role.LEADING_GROUP, LINXIAN, full_name="组长明"),
        city=person("shi", Role.CITY, LVLIANG, full_name="市建国"),
        county_entry=person("lu", Role.COUNTY_ENTRY, LINXIAN, full_name="录建平"),
        province=person("sheng", Role.PROVINCE, PROVINCE_CODE, full_name="省卫东"),
    )


def round_of(people: Office, *, year: int = 2014, quota: int | None = 1000, **values: Any) -> Round:
    """Return an open round, its whole quota cascaded to the one village."""
    act_as(people.province)
    opened = open_round(
        actor=people.province,
        year=year,
        kind=values.pop("kind", RoundKind.INITIAL),
        opens_on=values.pop("opens_on", date(year, 1, 1)),
        closes_on=values.pop("closes_on", date(year, 12, 31)),
        document="国开办发〔2014〕24号",
        persons=quota,
    )
    if quota is not None:
        for level, setter in (
            (Level.CITY, people.province),
            (Level.COUNTY, people.city),
            (Level.TOWNSHIP, people.approver),
            (Level.VILLAGE, people.township),
        ):
            ours = cut(VILLAGE, level)
            above = cut(VILLAGE, Level(level - 1))
            act_as(setter)
            set_quotas(
                actor=setter,
                in_round=opened,
                above=above,
                persons={ours: quota},
                weights={ours: Decimal(quota)},
                basis="全部分给一处",
            )
    return opened


def poor_household(people: Office, **values: Any) -> Household:
    """Return a household of three below the line of 2013, entered by the county's clerk."""
    act_as(people.clerk)
    return saved(people.clerk, card(**{"year": 2013, **values})).household


def applicant(people: Office, in_round: Round, household: Household | None = None) -> Case:
    """Return the open case of a household that wants to come onto the register."""
    household = household or poor_household(people)
    act_as(people.village)
    return open_case(
        actor=people.village, household=household, track="ENTRY", in_round=in_round, on=APPLIED_ON
    )


def given_for(case: Case, name: str, on: date, **values: Any) -> StepGiven:
    """Return all that a step asks for."""
    step = find(case.track, case.status, name, values.get("target"))
    assert step is not None, (case.status, name)
    evidence = {kind: "第 1 号" for kind in step.evidence - FILED if kind != Evidence.VOTES}
    return StepGiven(
        name,
        on,
        **{
            "evidence": evidence,
            "files": {kind: [scan()] for kind in step.evidence & FILED},
            "opinion": "情况属实",
            "votes": PASSING if step.votes else None,
            **values,
        },
    )


def hang(actor: User, case: Case, state: str, on: date) -> Notice:
    """Return the notice by which a case comes to a state, drawn up and posted with its photograph."""
    act_as(actor)
    draft = draw_up_list(actor=actor, cases=[case], state=state, on=on)
    photo = SimpleUploadedFile("张贴.png", picture())
    with on_day(on):
        return post(
            actor=actor, draft=draft, place="村委会公示栏", photo=photo, photographed_on=on, on=on, today=on
        )


def scan() -> SimpleUploadedFile:
    """Return a paper as it is photographed."""
    return SimpleUploadedFile("材料.png", picture())


def picture() -> bytes:
    """Return a picture of one point."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")


def walk(people: Office, case: Case, *names: str, on: date, **values: Any) -> date:
    """Take steps one after the other, eight days apart, each by whoever holds its role; return the day after the last."""
    for name in names:
        step = find(case.track, case.status, name)
        assert step is not None, (case.status, name)
        role = max(step.actors)
        actor = act_as(people.by_role[role])
        if step.opens_notice:
            hang(actor, case, step.target, on)
        take_step(actor=actor, case=case, given=given_for(case, name, on, **values))
        on += timedelta(days=8)
    return on


TO_THE_REGISTER = (
    "apply",
    "deliberate",
    "post_first",
    "report",
    "pass_township",
    "post_second",
    "pass_county",
    "announce",
)
OFF_THE_REGISTER = (
    "nominate",
    "deliberate_exit",
    "verify_exit",
    "accept_exit",
    "post_exit",
    "confirm_exit",
)


def see_province() -> None:
    """See everything, as nobody."""
    enter_scope(*code_range(PROVINCE_CODE), user_id=None)


def villages_of(township: int) -> list[int]:
    """Return the codes of a township's villages."""
    return list(Division.objects.filter(parent_id=township).order_by("code").values_list("code", flat=True))
