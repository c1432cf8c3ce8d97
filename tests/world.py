"""Two counties with one of everything each, and somebody of every role in the first: what the permission tests walk through."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from funds.rules.interest import Payer
from funds.services import village_fund as village_funds
from funds.services.donations import receive_gift
from funds.services.interest import claim_interest, register_loan
from fupin.accounts.models import ApiToken, Post, SignIn, User
from fupin.accounts.roles import Role
from fupin.accounts.scope import enter_scope
from fupin.deadlines import kinds as clocks
from fupin.deadlines.models import Clock
from fupin.divisions.codes import PROVINCE_CODE, Level, code_range, cut
from fupin.divisions.models import Division
from fupin.jobs.models import Job
from fupin.ledgers.services import Line, open_account, post as post_entry
from fupin.notices.kinds import KINDS, Group, notice_kind
from fupin.notices.rules import Column, Row
from fupin.notices.services.drawing import draw_up
from fupin.notices.services.objecting import object_to
from fupin.notices.services.posting import post
from fupin.sheets.models import ExportApproval, ImportBatch
from projects.codes import FileKind
from projects.services.beneficiaries import BeneficiaryGiven, add_households
from projects.services.checks import record_check
from projects.services.files import add_file
from projects.services.pool import enter_project
from registry.codes import HouseholdStatus
from registry.codes.outside import ListKind
from registry.models import (
    AssistMeasure,
    Case,
    DuplicateTicket,
    Household,
    HouseholdYear,
    MatchHit,
    RoundKind,
    Sample,
    SampledHousehold,
)
from registry.reports.cards import read_card
from registry.rules.procedure import Evidence
from registry.services import reidentification
from registry.services.announced import Announcement, propose_list
from registry.services.attachments import add_attachment
from registry.services.cards import save_card
from registry.services.corrections import propose_correction
from registry.services.drafts import save_draft
from registry.services.labourers import save_labourer_card
from registry.services.lineage import split_household
from registry.services.matching.loading import ListGiven, load_list
from registry.services.moving import propose_move
from registry.services.papers import attach, keep
from registry.services.rounds import open_round
from registry.services.starting import start_year
from registry.services.transfers import make_slip, send_slip
from registry.services.village_tables import add_natural_village, save_village_table
from registry.services.years import close_year
from tests.clock import on_day, on_its_day
from tests.conftest import BAIWEN, KELAN, LINXIAN, LVLIANG, VILLAGE, as_owner, browser_of, person
from tests.funds.money import one_of_each
from tests.funds.world import money_of
from tests.notices.conftest import png
from tests.projects.making import given as project_given
from tests.registry.factories import KELAN_VILLAGE, TODAY, card, member, pupil, saved, wife
from tests.registry.helping import helper
from tests.registry.rules.test_village import village as village_values
from tests.registry.services.test_labourers import labourer
from tests.registry.standing import put

CLOCK: Final = "world.clock"
PNG: Final = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20

THIRD: Final = 140221000000
"""A county to which both have something to say."""

_COUNTY: Final = {
    Role.VILLAGE: VILLAGE,
    Role.TEAM: VILLAGE,
    Role.LEADER: VILLAGE,
    Role.TOWNSHIP: BAIWEN,
    Role.CITY: LVLIANG,
    Role.PROVINCE: PROVINCE_CODE,
    Role.SYSTEM_ADMIN: PROVINCE_CODE,
    Role.SECURITY_ADMIN: PROVINCE_CODE,
    Role.LOG_ADMIN: PROVINCE_CODE,
}
"""Where each role stands; those not named at 临县."""


@dataclass
class County:
    """One of everything, under names that occur nowhere else."""

    village: int
    head: str
    address: str
    natural_village: str
    head_id_no: str = ""
    secrets: list[str] = field(default_factory=list)
    """What nobody may see whole without a reason: numbers, telephones, accounts."""
    names: dict[str, object] = field(default_factory=dict)
    """What stands in addresses: household_no, member_no, pk of the slip, and so on."""

    @property
    def canaries(self) -> list[str]:
        """What tells that something of this county was shown."""
        return [
            self.head,
            self.address,
            self.natural_village,
            str(self.names["household_no"]),
            str(self.names["split_no"]),
        ]


@dataclass
class World:
    """The two counties and the people."""

    own: County
    other: County
    users: dict[Role, User]
    browsers: dict[Role, Client]
    stranger: User
    """Somebody else in the same county: what is his alone is nobody's else either."""


def sees_all(role: Role) -> bool:
    """Tell whether a role's post covers both counties."""
    return _COUNTY.get(role) == PROVINCE_CODE


def build() -> World:
    """Return the world; it lies in the present transaction, but for the closing of 2013, which is committed."""
    users = {role: person(f"role-{role.lower()}", role, _COUNTY.get(role, LINXIAN)) for role in Role}
    stranger = person("stranger", Role.COUNTY_ENTRY, LINXIAN)
    du = person("du-of-kelan", Role.COUNTY_ENTRY, KELAN)
    own = County(VILLAGE, "阙本县", "本县暗沟7号", "本县暗沟")
    other = County(KELAN_VILLAGE, "阚他县", "他县暗沟9号", "他县暗沟")
    for county, clerk in ((own, stranger), (other, du)):
        _first_cards(county, clerk)
    with as_owner():
        close_year(actor=None, year=2013, on=date(2014, 1, 31), document="晋扶办〔2014〕1号")
    for county, clerk in ((own, stranger), (other, du)):
        _of_2014(county, clerk)
        county.names |= _clock(county)
    _cases(users[Role.PROVINCE], (own, stranger), (other, du))
    for county in (own, other):
        county.names |= _books(users[Role.PROVINCE], county)
        county.names |= _project(county, stranger if county is own else du, users[Role.PROVINCE])
        county.names |= one_of_each(cut(county.village, Level.COUNTY), f"{county.head}所在村修路")
    own.names |= _village_fund(own, stranger, users[Role.TOWNSHIP])
    other.names |= _village_fund(other, du, person("reviewer-of-kelan", Role.COUNTY_REVIEW, KELAN))
    for county, clerk in ((own, stranger), (other, du)):
        county.names |= _interest(clerk, county)
    _lists(own, stranger, users[Role.TOWNSHIP])
    _lists(other, du, du)
    for county, clerk in ((other, du), (own, stranger)):
        county.names["run_pk"] = _reidentified(clerk)
    for county in (other, own):
        place = cut(county.village, Level.COUNTY)
        county.names |= money_of(place, cut(place, Level.CITY), county.village)
    _enter(stranger)
    _administration(own, users, stranger)
    other.names |= {
        name: own.names[name] for name in ("user_pk", "gone_pk", "post_pk", "token_pk", "sign_in_pk")
    }
    return World(own, other, users, {role: browser_of(user) for role, user in users.items()}, stranger)


def forget_closing() -> None:
    """Open 2013 again: the closing was committed, and the clocks were."""
    clocks.KINDS.pop(CLOCK, None)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_yearclose")
        cursor.execute("DELETE FROM deadlines_clock")


def _clock(county: County) -> dict[str, object]:
    """A clock of a kind that everybody at the board may look at; only the worker and the owner can write it."""
    clocks.KINDS[CLOCK] = clocks.Kind(
        CLOCK, "村表填报", "§3", Role.VILLAGE, Level.VILLAGE, "deadlines.view", "", 10, 5, _no_rule
    )
    with as_owner():
        clock = Clock.objects.create(
            kind=CLOCK, subject_key=str(county.village), division_id=county.village, title="村表填报", basis="§3",
            starts_on=date(2014, 1, 1), due_on=date(2014, 12, 31), warn_days=10, escalate_days=5,
            role=Role.VILLAGE, at_id=county.village,
        )  # fmt: skip
    return {"clock_pk": clock.pk, "calendar_guess": "guess"}


def _no_rule(today: date) -> clocks.Rows:
    raise NotImplementedError("the world's clock is written by hand")


def _enter(clerk: User) -> None:
    assert clerk.post is not None
    enter_scope(*clerk.post.code_range, user_id=clerk.pk)


def _first_cards(county: County, clerk: User) -> None:
    """A card of 2013 with phone and account."""
    _enter(clerk)
    people = (
        member(name=county.head, phone=_phone(county, 1)),
        wife(),
        pupil(),
        member(name=f"{county.head[0]}大郎", relation="03", born=date(1990, 7, 1)),
    )
    given = card(
        *people,
        year=2013,
        village_code=str(county.village),
        address=county.address,
        natural_village=county.natural_village,
        phone=_phone(county, 2),
        bank_name="农信社",
        bank_account=f"6228480123{county.village % 10**8:08d}",
        plan_exit_year=2015,
    )
    county.secrets += [
        given.phone or "",
        given.bank_account or "",
        *(one.id_no or "" for one in given.members),
    ]
    county.head_id_no = people[0].id_no or ""
    done = saved(clerk, given)
    head = done.household_year.members.select_related("member").order_by("seat")[0].member
    county.names |= {
        "household_no": done.household.household_no,
        "member_no": head.member_no,
        "year": 2014,
        "code": county.village,
    }


def _phone(county: County, serial: int) -> str:
    number = f"139{county.village // 1000 % 10000:04d}{serial:04d}"
    county.secrets.append(number)
    return number


def _of_2014(county: County, clerk: User) -> None:
    """This year's card from it, a split, tables, labourer, attachment, slip, draft, job."""
    _enter(clerk)
    household = Household.objects.get(household_no=county.names["household_no"])
    begun = start_year(actor=clerk, household=household, year=2014, on=TODAY)
    read = read_card(HouseholdYear.objects.select_related("household").get(pk=begun.household_year.pk))
    save_card(
        actor=clerk,
        household=household,
        card=replace(read, plan_exit_year=2016),
        base_version=1,
        entry_key=uuid.uuid4(),
        confirmed={},
        on=TODAY,
    )
    people = begun.household_year.members.select_related("member").order_by("seat")
    son = people[3].member.member_no
    link = split_household(
        actor=clerk,
        household=household,
        leaving=[son],
        relations={son: "01"},
        reason="户口簿已分立",
        on=TODAY,
    )
    assert link.other is not None
    proposal = propose_move(
        actor=clerk,
        household=link.other,
        to_county=THIRD,
        answer_by=timezone.localdate() + timedelta(days=9),
        reason="随子女迁居",
    )
    division = Division.objects.get(pk=county.village)
    values = village_values(village_code=str(county.village), year=2014)
    save_village_table(actor=clerk, division=division, year=2014, values=values, base_version=None, on=TODAY)
    add_natural_village(actor=clerk, division=division, name=f"{county.natural_village}后")
    save_labourer_card(actor=clerk, member=people[0].member, card=labourer(), base_version=None, on=TODAY)
    picture = SimpleUploadedFile("户主.png", PNG)
    attached = add_attachment(
        actor=clerk, household=household, year=2014, kind="PHOTO", upload=picture, on=TODAY
    )
    before = HouseholdYear.objects.select_related("household").get(household=household, year=2013)
    slip = propose_correction(
        actor=clerk,
        household_year=before,
        card=replace(read_card(before), address=f"{county.address}甲"),
        base_version=1,
        reason="入户核实，门牌登记有误",
        on=TODAY,
    )
    draft = uuid.uuid4()
    fields = [("village_code", str(county.village)), ("address", county.address)]
    save_draft(
        actor=clerk, draft_id=draft, form="card", subject="", title=county.head, division=county.village,
        sequence=1, fields=fields,
    )  # fmt: skip
    job = Job(
        id=uuid.uuid4(), kind="sheets.export", key=f"x/{county.village}", title=f"导出 {county.address}"
    )
    job.requested_by, job.post = clerk, clerk.post  # type: ignore[assignment]
    job.save()
    approval = ExportApproval.objects.create(
        division_id=county.village, requested_by=clerk, post=clerk.post, kind="households", title="贫困户",
        asked={"kind": "households", "year": 2014, "query": "", "format": "csv"}, persons=501, reason="核对名册",
    )  # fmt: skip
    batch = ImportBatch(
        id=uuid.uuid4(), serial=f"DR20140630-{county.village % 10**10:010d}", kind="households", title=f"贫困户：{county.address}.xlsx",
        division_id=county.village, uploaded_by=clerk, post=clerk.post, status="READY", sha256="0" * 64,
    )  # fmt: skip
    batch.save(force_insert=True)
    announced_pk = _announced(county, clerk)
    seen = timezone.now()
    ticket = DuplicateTicket.objects.create(
        division_id=county.village, first=household, second=link.other, year=2014, signs=["SPLIT"],
        found_at=seen, seen_at=seen,
    )  # fmt: skip
    county.names |= _posted(county, clerk, division) | {"ticket_pk": ticket.pk}
    county.names |= {
        "split_no": link.other.household_no if link.other else "",
        "link_pk": link.pk,
        "move_pk": proposal.pk,
        "approval_pk": approval.pk,
        "attachment_pk": attached.pk,
        "slip_pk": slip.pk,
        "draft_id": draft,
        "job_id": job.pk,
        "import_serial": batch.serial,
        "announced_pk": announced_pk,
        "import_kind": "households",
        "serial": "E20140630-000001",
        "measure_pk": _measure(county, clerk).pk,
    }


def _announced(county: County, clerk: User) -> int:
    """A list that was announced before, of an import that was written; nobody has signed it yet."""
    written = ImportBatch(
        id=uuid.uuid4(), serial=f"DR20140601-{county.village % 10**10:010d}", kind="households", title="原名册.xlsx",
        division_id=county.village, uploaded_by=clerk, post=clerk.post, status="APPLIED", sha256="1" * 64, new=1, applied=1,
        decided_by=clerk, decided_at="2014-06-01T00:00:00+08:00", at_console=True,
    )  # fmt: skip
    written.save(force_insert=True)
    about = Announcement(2013, "2011 年省定标准", "原名册", "临政发〔2013〕1号", date(2013, 12, 1))
    return propose_list(
        actor=clerk, batch=written, about=about, upload=SimpleUploadedFile("公告.png", PNG)
    ).pk


def _measure(county: County, clerk: User) -> AssistMeasure:
    """A measure of the village, put down by its clerk for an official of the county."""
    return AssistMeasure.objects.create(
        division_id=county.village, on=TODAY, kind="24", content=f"{county.natural_village}修路",
        person=helper(clerk, cut(county.village, Level.COUNTY)), entered_by=clerk,
    )  # fmt: skip


def _cases(province: User, *counties: tuple[County, User]) -> None:
    """A round with a quota for the province, and the first household's application in each county."""
    _enter(province)
    opened = open_round(
        actor=province,
        year=2014,
        kind=RoundKind.INITIAL,
        opens_on=date(2014, 1, 1),
        closes_on=date(2014, 12, 31),
        document="国开办发〔2014〕24号",
        persons=1000,
    )
    for county, clerk in counties:
        _enter(clerk)
        household = Household.objects.get(household_no=county.names["household_no"])
        case = Case.objects.create(
            division_id=county.village,
            household=household,
            round=opened,
            track="ENTRY",
            opened_by=clerk,
            opened_on=TODAY,
        )
        case.refresh_from_db()
        paper = SimpleUploadedFile("申请书.png", png())
        attach(clerk, case, keep({Evidence.APPLICATION: [paper]}))
        county.names |= {
            "round_pk": opened.pk,
            "case_number": case.number,
            "step": "apply",
            "paper_pk": case.papers.get().pk,
        }
        county.names |= _sampled(province, county, household)


def _books(province: User, county: County) -> dict[str, object]:
    """An account that bears the county's canary, with one line, entered where it lies."""
    _enter(province)
    division = cut(county.village, Level.COUNTY)
    given = {"division": division, "book": "WORLD"}
    source = open_account(
        **given, kind="SOURCE", key=f"world/{division}/source", title="来源", low=None, high=Decimal(0)
    )
    account = open_account(
        **given, kind="STORE", key=f"world/{division}/store", title=f"{county.head}互助账户"
    )
    entry = post_entry(
        **given,
        actor=province,
        kind="MOVE",
        on=TODAY,
        lines=[Line(source, Decimal(-5)), Line(account, Decimal(5))],
        key=f"world/{division}",
    )
    return {"account_pk": account.pk, "entry_number": entry.number}


def _project(county: County, clerk: User, province: User) -> dict[str, object]:
    """A project of the village with its first household, a file and a finding; it waits for the pool."""
    _enter(clerk)
    project = enter_project(
        actor=clerk,
        division=county.village,
        given=project_given(
            name=f"{county.natural_village}道路硬化", kind="ROAD", industry="", place=county.address
        ),
        entry_key=uuid.uuid4(),
    )
    file = add_file(
        actor=clerk, project=project, kind=FileKind.DESIGN, upload=SimpleUploadedFile("设计.png", png())
    )
    household = Household.objects.get(household_no=county.names["household_no"])
    before = household.status
    put(household, HouseholdStatus.REGISTERED)
    with on_day(TODAY):
        row = add_households(
            actor=clerk,
            project=project,
            given=[BeneficiaryGiven(household.household_no)],
            on=TODAY,
            today=TODAY,
        )[0]
    put(household, before)
    _enter(province)
    check = record_check(
        actor=province, project=project, link="PLAN", on=TODAY, finding="未附论证意见", has_problem=True,
        mend_by=date(2014, 7, 31), today=TODAY,
    )  # fmt: skip
    return {
        "project_number": project.number,
        "project_file_pk": file.pk,
        "project_household_pk": row.pk,
        "project_check_pk": check.pk,
        "project_step": "enter",
    }


def _village_fund(county: County, keeper: User, lender: User) -> dict[str, object]:
    """The village's fund with one loan that somebody has begun to pay back, and one that is still asked for."""
    _enter(keeper)
    fund = village_funds.register_fund(
        actor=keeper,
        village=county.village,
        name=f"{county.head}互助社",
        registration_no=f"晋社证字{county.village}",
        registered_on=TODAY,
        annual_rate=Decimal(6),
    )
    keeping = {"actor": keeper, "on": TODAY}
    receipt = village_funds.receive(
        **keeping,
        fund=fund,
        kind="GOVERNMENT",
        giver="县扶贫办",
        amount=Decimal(9000),
        document_no="1号",
        key=uuid.uuid4(),
    )
    members = [
        village_funds.join(
            **keeping,
            fund=fund,
            household=None,
            head_name=f"{county.head}{number}",
            share=Decimal(200),
            state_paid=False,
            key=uuid.uuid4(),
        )
        for number in range(3)
    ]
    asked = [
        village_funds.ask_loan(
            **keeping,
            fund=fund,
            borrower="1",
            amount=Decimal(1000),
            months=6,
            purpose="BREEDING",
            purpose_note="买羊",
            guarantors=[2, 3],
        )
        for _ in range(2)
    ]
    _enter(lender)
    lent = village_funds.lend(actor=lender, loan=asked[0], on=TODAY)
    _enter(keeper)
    repaid = village_funds.repay(
        **keeping, loan=lent, principal=Decimal(100), fee=Decimal(0), key=uuid.uuid4()
    )
    return {
        "village_fund_pk": fund.pk,
        "fund_member_pk": members[2].pk,
        "fund_receipt_pk": receipt.pk,
        "asked_loan_pk": asked[1].pk,
        "village_loan_pk": lent.pk,
        "fund_repayment_pk": repaid.pk,
    }


def _interest(clerk: User, county: County) -> dict[str, object]:
    """A firm's loan that bears the county's canary, with interest claimed on it, and a gift of its."""
    _enter(clerk)
    assert clerk.post is not None
    loan = register_loan(
        actor=clerk, division=clerk.post.division_id, borrower_name=county.head, borrower="ENTERPRISE", bank="信用联社",
        contract_no=f"{county.village}", kind="WORKING", purpose="收购", principal_yuan=Decimal(1_000_000), rate=Decimal(6),
        begins_on=date(2014, 6, 1), ends_on=date(2015, 6, 1),
    )  # fmt: skip
    claim = claim_interest(
        actor=clerk, loan=loan, begins_on=loan.begins_on, ends_on=date(2014, 12, 1), document_no="晋财农〔2014〕20号",
        offered={Payer.PROVINCE: Decimal(3)},
    )  # fmt: skip
    gift = receive_gift(
        actor=clerk,
        division=loan.division_id,
        receipt_no=f"捐{county.village}",
        received_on=TODAY,
        amount_yuan=Decimal(500),
        donor=county.head,
    )
    return {
        "donation_pk": gift.pk,
        "interest_pk": loan.pk,
        "claim_pk": claim.pk,
        "county_code": loan.division_id,
        "pot_act": "set-aside",
    }


def _lists(county: County, clerk: User, office: User) -> None:
    """The head of the first household has a car, and the household is handed over to civil affairs."""
    _enter(clerk)
    plate = f"晋Z{county.village % 10**5:05}"
    assert clerk.post is not None
    loaded = load_list(
        actor=clerk,
        given=ListGiven(
            kind=ListKind.VEHICLE, division=clerk.post.division, source="公安局", document="1号",
            as_of=date(2014, 6, 1), file_name="车辆.csv",
        ),
        content=f"姓名,身份号码,号牌号码\n{county.head},{county.head_id_no},{plate}\n".encode(),
        on=TODAY,
    )  # fmt: skip
    _enter(office)
    card_of_2014 = HouseholdYear.objects.get(household__household_no=county.names["household_no"], year=2014)
    slip = make_slip(actor=office, cards=[card_of_2014], situations={}, on=date(2014, 7, 1))
    send_slip(actor=office, slip=slip, sent_on=date(2014, 7, 2), on=date(2014, 7, 2))
    county.names |= {
        "list_kind": ListKind.VEHICLE.value,
        "list_pk": loaded.list.pk,
        "hit_pk": MatchHit.objects.get(list=loaded.list).pk,
        "transfer_no": slip.number,
    }


def _sampled(province: User, county: County, household: Household) -> dict[str, object]:
    """A sample of the county's one village, with its first household."""
    _enter(province)
    sample = Sample.objects.create(
        division_id=county.village, year=2014, seed="0711", stratum="NONE", size=1, frame=1, purpose="年度抽查",
        drawn_by=province,
    )  # fmt: skip
    row = SampledHousehold.objects.create(
        division_id=county.village, sample=sample, household=household, seat=1, card_version=1
    )
    return {"sample_pk": sample.pk, "sampled_pk": row.pk, "question": "shared-account"}


def _posted(county: County, clerk: User, division: Division) -> dict[str, object]:
    """A notice that hangs, an objection to it, and a draft. Notices are public: theirs may be read, nothing else."""
    rows = [Row("某某", f"world:{county.village}", persons=3)]
    columns = (Column.NAME, Column.PERSONS)
    notice_kind("WORLD", "公示", columns, group=Group.EXIT, days="exit_notice_days")(
        lambda _drawing: "现予公示。"
    )
    try:
        posted, draft = (
            draw_up(actor=clerk, kind="WORLD", division=division, rows=rows, year=2014, on=TODAY)
            for _ in range(2)
        )
    finally:
        del KINDS["WORLD"]
    with on_day(TODAY):
        notice = post(
            actor=clerk, draft=posted, place="公示栏", photo=SimpleUploadedFile("墙.png", png()),
            photographed_on=TODAY, on=TODAY, today=TODAY,
        )  # fmt: skip
    said = "所列户在县城有商品房，请核实。"
    receipt = on_its_day(object_to)(
        notice=notice, statement=said, entry_key=uuid.uuid4(), on=TODAY, phone=_phone(county, 9)
    )
    return {
        "notice_no": notice.number,
        "notice_draft_no": draft.number,
        "photo_pk": notice.photos.get().pk,
        "objection_no": receipt.number,
    }


def _reidentified(clerk: User) -> int:
    """A run of the clerk's county by the incomes of 2014, done; the household stands among those newly below the line."""
    _enter(clerk)
    assert clerk.post is not None
    run = reidentification.begin(actor=clerk, division=clerk.post.division, year=2015)
    reidentification.work_on(run)
    reidentification.finish(run)
    return run.pk


def _administration(county: County, users: Mapping[Role, User], stranger: User) -> None:
    """A user, a post, a token and a session that administrators act on."""
    granted = person("somebody", Role.TOWNSHIP, BAIWEN)
    another = person("another-security-admin", Role.SECURITY_ADMIN, PROVINCE_CODE)
    waiting = Post.objects.create(
        user=granted, role=Role.VILLAGE, division_id=VILLAGE, since=date(2014, 5, 1), granted_by=another
    )
    disabled = person("gone", Role.TOWNSHIP, BAIWEN)
    User.objects.filter(pk=disabled.pk).update(is_active=False)
    assert granted.post is not None
    token = ApiToken.objects.create(
        post=granted.post, digest="0" * 64, hint="0000", issued_by=users[Role.SECURITY_ADMIN], expires_at="2030-01-01T00:00:00+08:00"
    )  # fmt: skip
    browser_of(stranger)
    sign_in = SignIn.objects.filter(user=stranger).latest("pk")
    county.names |= {
        "user_pk": granted.pk,
        "gone_pk": disabled.pk,
        "post_pk": waiting.pk,
        "token_pk": token.pk,
        "sign_in_pk": sign_in.pk,
    }


@contextmanager
def provincial() -> Iterator[None]:
    """See the whole province for a moment."""
    enter_scope(*code_range(PROVINCE_CODE), user_id=None)
    yield


def fingerprint() -> str:
    """Return a digest of every row that lies in a division, both counties' alike."""
    with provincial(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relrowsecurity AND a.attname = 'division'"
            " AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        parts = " || ".join(
            f"(SELECT count(*) || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t)"
            for table in tables
        )
        cursor.execute(f"SELECT {parts}")
        (digest,) = cursor.fetchone()
    return str(digest)
