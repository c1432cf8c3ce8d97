"""Money that has come to a county, projects that may have it, households to be paid: for tests of what a county does with it."""

import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from funds.codes.allotment import AllotmentSource, LineKind, Movement
from funds.codes.document import FundKind, FundLevel
from funds.models import Allotment, Appropriation, PaymentBatch, Placement
from funds.services import documents, line
from funds.services.disclosing import disclose_batch, disclose_placement
from funds.services.paying import BatchFacts, Row, approve_batch, make_batch, send_batch
from funds.services.placing import PlacementFacts, approve_placement, draft_placement
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.divisions.codes import PROVINCE_CODE
from fupin.notices.models import NoticeDraft
from fupin.notices.services.posting import post
from projects.codes import UseWay
from projects.models import Project, ProjectHousehold
from projects.services.pool import ProjectGiven, enter_project
from registry.models import Household
from tests.clock import on_day
from tests.conftest import LINXIAN, VILLAGE, person
from tests.notices.conftest import png
from tests.registry.factories import card, member, saved
from tests.registry.standing import put

Scope = Callable[[User], AbstractContextManager[User]]
TODAY = date(2014, 12, 31)
_serial = count(1)


@dataclass
class Staff:
    """Whoever has a hand in a county's money; nobody twice."""

    province: User
    second: User
    treasury: User
    city: User
    entry: User
    review: User
    approve: User
    finance: User


def staff(*, county: int = LINXIAN, city: int = 141100000000, prefix: str = "") -> Staff:
    """Return the people of a county and of those above it."""
    return Staff(
        person(f"{prefix}m-province", Role.PROVINCE, PROVINCE_CODE, full_name="高省"),
        person(f"{prefix}m-second", Role.PROVINCE, PROVINCE_CODE, full_name="郭省"),
        person(f"{prefix}m-treasury", Role.FINANCE, PROVINCE_CODE, full_name="省财"),
        person(f"{prefix}m-city", Role.FINANCE, city, full_name="市财"),
        person(f"{prefix}m-entry", Role.COUNTY_ENTRY, county, full_name="钱录"),
        person(f"{prefix}m-review", Role.COUNTY_REVIEW, county, full_name="钱审"),
        person(f"{prefix}m-approve", Role.COUNTY_APPROVE, county, full_name="钱批"),
        person(f"{prefix}m-finance", Role.FINANCE, county, full_name="钱财"),
    )


def document(people: Staff, scope: Scope, yuan: str = "3000000.00", **facts: Any) -> Appropriation:
    """Return a central document of 2014 that a second person approved: its money stands at the province."""
    given: dict[str, Any] = {
        "number": f"财农〔2014〕{next(_serial)}号",
        "level": FundLevel.CENTRAL,
        "kind": FundKind.DEVELOPMENT,
        "fiscal_year": 2014,
        "issued_on": date(2014, 5, 9),
        "received_on": date(2014, 5, 12),
        "purpose": "财政专项扶贫发展资金",
        "amount_yuan": Decimal(yuan),
        "needs_prov_approval": True,
        "approval_reason": "须省级审批",
        "exception_reason": "",
    }
    with scope(people.province) as actor:
        found = documents.register(actor=actor, **{**given, **facts})
    with scope(people.second) as actor:
        return documents.approve(actor=actor, document=found, on=date(2014, 5, 12))


def received(
    people: Staff,
    scope: Scope,
    found: Appropriation,
    yuan: str = "3000000.00",
    *,
    county: int = LINXIAN,
    on: date = date(2014, 6, 1),
) -> Allotment:
    """Return what came of a document to a county: issued, passed on by the city, received."""
    amount = Decimal(yuan)
    accounts = {
        "issue": (LineKind.PROVINCE, LineKind.CITY),
        "pass": (LineKind.CITY, LineKind.TRANSIT),
        "receive": (LineKind.TRANSIT, LineKind.COUNTY),
    }

    def moved(actor: User, way: str, movement: Movement) -> Any:
        source, target = accounts[way]
        return line.move(
            actor=actor,
            movement=movement,
            source=line.account_of(source, found, county=None if source == LineKind.PROVINCE else county),
            target=line.account_of(target, found, county=county),
            amount=amount,
            on=on,
            key=f"test/{uuid.uuid4()}",
        )

    with scope(people.province) as actor:
        allotment = Allotment.objects.create(
            division_id=county,
            appropriation=found,
            source=AllotmentSource.PROVINCE_PROJECT,
            amount_yuan=amount,
            document_no="晋财农〔2014〕8号",
            tasks="产业到户",
            answerable="县长",
            issued_on=on,
            issued_by=actor,
            issue_entry=moved(actor, "issue", Movement.ISSUE),
        )
    with scope(people.city) as actor:
        allotment.passed_on, allotment.passed_by = on, actor
        allotment.pass_entry = moved(actor, "pass", Movement.PASS)
        allotment.save(update_fields=["passed_on", "passed_by", "pass_entry"])
    with scope(people.finance) as actor:
        allotment.received_on, allotment.received_by = on, actor
        allotment.receive_entry = moved(actor, "receive", Movement.RECEIVE)
        allotment.save(update_fields=["received_on", "received_by", "receive_entry"])
    return allotment


def planned(actor: User, *, stage: str = "PLANNED", at: int = VILLAGE, **facts: Any) -> Project:
    """Return a project of 2014 in a stage; the steps to it are another test's matter."""
    given: dict[str, Any] = {
        "name": f"核桃种植{'甲乙丙丁戊己庚辛壬癸'[next(_serial) % 10]}",
        "kind": "INDUSTRY",
        "industry": "HERBS",
        "year": 2014,
        "content": "栽植核桃",
        "place": "前庄",
        "planned_yuan": Decimal("3000000.00"),
        "money_sources": "财政专项扶贫资金",
        "goals": "户均增收",
        "use_way": "BUILD_FIRST",
        "implementing_unit": "白文镇人民政府",
        "responsible_person": "郝镇长",
        "supervising_unit": "临县扶贫办",
        "supervising_person": "薄主任",
        "approving_unit": "临县扶贫办",
        "hotline": "0358-4422000",
        "planned_start_on": date(2014, 6, 1),
        "planned_finish_on": date(2014, 11, 30),
        "planned_accept_on": date(2014, 12, 20),
        "is_to_household": True,
    }
    project = enter_project(
        actor=actor, division=at, given=ProjectGiven(**{**given, **facts}), entry_key=uuid.uuid4()
    )
    return at_stage(project, stage)


def at_stage(project: Project, stage: str) -> Project:
    """Put a project at a stage without the steps."""
    import json

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tests_put(%s, %s, %s)", [Project._meta.db_table, project.pk, json.dumps({"stage": stage})]
        )
    project.refresh_from_db()
    return project


def poor_household(actor: User, serial: int, **values: Any) -> Household:
    """Return a household on the register with an account on its card; its head is called 张户 and a letter."""
    name = f"张户{'甲乙丙丁戊己庚辛壬癸'[serial % 10]}{'子丑寅卯辰巳午未申酉'[serial // 10 % 10]}"
    account = values.pop("bank_account", f"62284801230000{serial:05d}")
    given = card(
        member(name=name), phone=f"138{serial:08d}", bank_name="农信社", bank_account=account, **values
    )
    household = saved(actor, given).household
    put(household, "N", first_identified_year=2014)
    household.head_name = name  # type: ignore[attr-defined]  # the tests write it on their lists
    return household


def benefits(actor: User, project: Project, households: Sequence[Household], yuan: str = "5000.00") -> None:
    """Put households on the list of a project, as it was before its approval."""
    stage = project.stage
    at_stage(project, "DRAFT")
    for one in households:
        ProjectHousehold.objects.create(
            division_id=one.division_id,
            project=project,
            household=one,
            promised_yuan=Decimal(yuan),
            added_on=date(2014, 4, 1),
            added_by=actor,
        )
    at_stage(project, stage)


def placed(
    people: Staff,
    scope: Scope,
    found: Appropriation,
    project: Project,
    yuan: str = "200000.00",
    *,
    use_way: str = UseWay.OTHER,
    on: date = date(2014, 6, 2),
    **facts: Any,
) -> Placement:
    """Return money that was put on a project by one and approved by another."""
    given = PlacementFacts(
        appropriation=found,
        amount_yuan=Decimal(yuan),
        use_way=use_way,
        document_no="临扶〔2014〕3号",
        project=project,
        use_way_reason="户数少，直接补助" if use_way == UseWay.OTHER else "",
        **facts,
    )
    assert people.entry.post is not None
    county = people.entry.post.division_id
    with scope(people.entry) as actor:
        draft = draft_placement(actor=actor, county=county, facts=given, on=on, today=TODAY)
    with scope(people.approve) as actor:
        return approve_placement(actor=actor, placement=draft, on=on)


def rows_for(households: Sequence[Household], yuan: str = "5000.00") -> list[Row]:
    """Return the lines of a list that pays households into the accounts of their cards."""
    return [
        Row(payee_name=one.head_name, amount_yuan=Decimal(yuan), household_no=one.household_no)  # type: ignore[attr-defined]
        for one in households
    ]


def listed(
    people: Staff,
    scope: Scope,
    placement: Placement,
    rows: Sequence[Row],
    *,
    item: str = "核桃种植补助",
    period: str = "2014",
    on: date = date(2014, 6, 3),
    kind: str = "HOUSEHOLD",
) -> PaymentBatch:
    """Return a list made by one."""
    with scope(people.entry) as actor:
        return make_batch(
            actor=actor,
            placement=placement,
            facts=BatchFacts(kind, item, period),
            rows=rows,
            key=uuid.uuid4(),
            on=on,
            today=TODAY,
        )


def posted(scope: Scope, people: Staff, drafts: Sequence[NoticeDraft], on: date) -> None:
    """Post drafts on a day; they are recorded on that day."""
    for draft in drafts:
        with scope(people.entry) as actor, on_day(on):
            post(
                actor=actor,
                draft=draft,
                place="公示栏",
                photo=SimpleUploadedFile("wall.png", png()),
                photographed_on=on,
                on=on,
                today=on,
            )


def disclosed(
    people: Staff, scope: Scope, placement: Placement, batch: PaymentBatch | None, on: date = date(2014, 6, 3)
) -> None:
    """Make a placement and a list public in county and villages on a day."""
    with scope(people.entry) as actor:
        drafts = disclose_placement(actor=actor, placement=placement, on=on)
        if batch is not None and batch.kind == "HOUSEHOLD":
            drafts += disclose_batch(actor=actor, batch=batch, on=on)
    posted(scope, people, drafts, on)


def sent(people: Staff, scope: Scope, batch: PaymentBatch, on: date = date(2014, 6, 14)) -> PaymentBatch:
    """Return a list that was approved by another and taken to the bank by a third."""
    with scope(people.approve) as actor:
        batch = approve_batch(actor=actor, batch=batch, on=on)
    with scope(people.finance) as actor:
        return send_batch(actor=actor, batch=batch, on=on)
