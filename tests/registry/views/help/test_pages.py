"""Pages of help: what stands on them, what an act through them does, who may do it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fupin.accounts.models import AccessRecord, User
from registry.models import (
    AssistMeasure,
    AssistPlan,
    LabourerYear,
    LeaderVillage,
    LinkActivity,
    MeasureRecipient,
    MemberYear,
    Organ,
    RosterEntry,
    ThreeInOneLink,
    Village,
    VillageYear,
    WorkLog,
    WorkTeam,
)
from registry.services.help.measures import For, MeasureFacts, put_down_measure, record_effect
from registry.services.help.plans import PlanFacts, make_plan
from registry.views.help import showing
from tests.registry.factories import OTHER_VILLAGE, VILLAGE, id_number
from tests.registry.helping import LINXIAN, helper, left, organ, registered
from tests.registry.standing import put

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
Scope = Callable[[User], AbstractContextManager[User]]


@pytest.fixture
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Let the pages believe that it is a day."""

    def believe(day: date) -> None:
        from registry.views.help import (
            household,
            leading,
            links,
            measures,
            people,
            roster,
            teams,
            village,
        )

        for module in (showing, household, leading, links, measures, people, roster, teams, village):
            if hasattr(module, "today"):
                monkeypatch.setattr(module, "today", lambda: day)

    return believe


def page(client: Client, name: str, *arguments: object, **query: str) -> str:
    answer = client.get(reverse(name, args=arguments), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_household_is_helped_from_pair_to_confirmed_effect(
    tong: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(tong):
        household = registered(tong, year=2013)
        person, next_one = helper(tong, VILLAGE - 200), helper(tong, VILLAGE - 200)
    number = household.household_no
    client = client_for(tong)
    shown = page(client, "help_household", number)
    assert "没有帮扶责任人" in shown
    assert "贷款贴息" in shown
    answer = client.post(
        reverse("help_pair", args=[number]), {"person": person.pk, "on": "2014-07-01", "reason": ""}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    answer = client.post(
        reverse("help_pair", args=[number]), {"person": next_one.pk, "on": "2014-09-01", "reason": ""}
    )
    assert answer.status_code == 422
    assert "请填写更换原因" in answer.content.decode()
    answer = client.post(
        reverse("help_plan", args=[number]),
        {
            "member": "",
            "cause": "09",
            "kind": "04",
            "goal": "养羊二十只",
            "amount": "5000",
            "due_on": "2014-12-31",
            "person": person.pk,
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    answer = client.post(
        reverse("help_measure", args=[number]),
        {"on": "2014-08-01", "kind": "04", "content": "小额贷款贴息", "amount": "300", "person": person.pk},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    with in_scope(tong):
        recipient = MeasureRecipient.objects.get()
    assert "未到户" in page(client, "help_household", number)
    answer = client.post(
        reverse("help_deliver", args=[recipient.pk]),
        {"on": "2014-08-10", "by": "IN_KIND", "amount": "300", "signed_by": ""},
    )
    assert answer.status_code == 422
    answer = client.post(
        reverse("help_deliver", args=[recipient.pk]),
        {"on": "2014-08-10", "by": "IN_KIND", "amount": "300", "signed_by": "张建国"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    answer = client.post(
        reverse("help_effect", args=[recipient.pk]),
        {"on": "2014-12-01", "income_gain": "1200", "jobs": "", "contribution": "养羊增收"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    with in_scope(tong):
        effect = recipient.effects.get()
    assert "农户确认" in page(client, "help_recipient", recipient.pk)
    answer = client.post(
        reverse("help_confirm", args=[effect.pk]), {"confirmed_by": "张建国", "on": "2014-12-02"}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    answer = client.post(
        reverse("help_visit", args=[number]),
        {"person": person.pk, "on": "2014-08-02", "content": "看望"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    shown = page(client, "help_household", number)
    assert "成效已确认" in shown
    assert "没有帮扶责任人" not in shown
    card_page = page(client, "household_card", number, 2013)
    assert person.name in card_page
    page(client, "help_measure_page", recipient.measure_id)


def test_the_effect_waits_on_the_persons_page_the_day_after_twelve_months(
    tong: User, client_for: ClientFor, in_scope: Scope, on_the_day: Callable[[date], None]
) -> None:
    with in_scope(tong):
        household = registered(tong)
        person = helper(tong, VILLAGE - 200)
        put_down_measure(
            actor=tong,
            village=VILLAGE,
            facts=MeasureFacts(date(2014, 8, 1), "01", "养羊补助一期", person),
            recipients=[For(household)],
            today=date(2014, 8, 1),
        )
    client = client_for(tong)
    empty = "没有等待成效的措施"
    on_the_day(date(2015, 8, 1))
    assert empty in page(client, "help_person", person.pk)
    on_the_day(date(2015, 8, 2))
    assert empty not in page(client, "help_person", person.pk)
    assert "养羊补助一期" in page(client, "help_person", person.pk)
    assert household.household_no in page(client, "help_lists", list="effect")
    with in_scope(tong):
        effect = {"income_gain": 100, "jobs": 0, "contribution": "增收", "today": date(2015, 8, 2)}
        recipient = MeasureRecipient.objects.get()
        record_effect(actor=tong, recipient=recipient, on=date(2015, 8, 2), **effect)  # type: ignore[arg-type]
    assert empty not in page(client, "help_person", person.pk), "recorded, but not confirmed"
    with in_scope(tong):
        record_effect(
            actor=tong,
            recipient=recipient,
            on=date(2015, 8, 2),
            confirmed_by="张建国",
            **effect,  # type: ignore[arg-type]
        )
    assert empty in page(client, "help_person", person.pk)


def test_ones_own_page_is_found(tong: User, ai: User, client_for: ClientFor, in_scope: Scope) -> None:
    with in_scope(tong):
        mine = helper(tong, VILLAGE - 200, user=ai)
    answer = client_for(ai).get(reverse("help_mine"))
    assert answer["Location"] == reverse("help_person", args=[mine.pk])
    assert client_for(tong).get(reverse("help_mine"))["Location"] == reverse("help_people")


class TestGaps:
    """In a village of sixty households the page names each household and each labourer without a plan."""

    def test_sixty_households(self, ai: User, client_for: ClientFor, in_scope: Scope) -> None:
        with in_scope(ai):
            households = [registered(ai, year=2013) for _ in range(60)]
            person = helper(ai, VILLAGE)
            planned = households[:7]
            for one in planned:
                make_plan(
                    actor=ai,
                    village=VILLAGE,
                    facts=_plan(person),
                    household=one,
                )
            labourers = list(
                MemberYear.objects.filter(year=2013, is_labourer=True).select_related("member").order_by("pk")
            )
            for row in labourers[:5]:
                make_plan(
                    actor=ai,
                    village=VILLAGE,
                    facts=_plan(person),
                    household=row.household_year.household,
                    member=row.member,
                )
            put(households[59], "O", exit_year=2014, exited_on=date(2014, 12, 31))
        client = client_for(ai)
        named = _all_of(client, "plan")
        for one in planned:
            assert one.household_no not in named
        for one in households[7:59]:
            assert one.household_no in named
        assert households[59].household_no not in named
        missing = _all_of(client, "labourer")
        for row in labourers[:5]:
            assert row.member.member_no not in missing
        for row in labourers[5:]:
            gone = row.household_year.household_id == households[59].pk
            assert (row.member.member_no in missing) is not gone

    @pytest.mark.parametrize("gap", ["person", "plan", "measure", "labourer", "village_plan", "team"])
    def test_each_kind_has_its_page(self, bo: User, client_for: ClientFor, in_scope: Scope, gap: str) -> None:
        with in_scope(bo):
            household = registered(bo, year=2013)
            put(Village.objects.create(division_id=VILLAGE, entered_by=bo), "VN", first_identified_year=2014)
        shown = page(client_for(bo), "help_gaps", gap=gap)
        wanted = {
            "labourer": f"{household.household_no}01",
            "village_plan": reverse("help_village", args=[VILLAGE]),
            "team": reverse("help_village", args=[VILLAGE]),
        }
        assert wanted.get(gap, household.household_no) in shown


def _plan(person: Any) -> PlanFacts:
    return PlanFacts(
        year=2013,
        kind="01",
        goal="养羊",
        amount=0,
        due_on=date(2014, 12, 31),
        person=person,  # type: ignore[arg-type]
    )


def _all_of(client: Client, gap: str) -> str:
    return "".join(page(client, "help_gaps", gap=gap, size="50", page=str(n)) for n in (1, 2, 3))


def test_the_stop_list_shrinks_as_things_are_stopped(
    tong: User, client_for: ClientFor, in_scope: Scope, on_the_day: Callable[[date], None]
) -> None:
    with in_scope(tong):
        household, other = registered(tong), registered(tong)
        person = helper(tong, VILLAGE - 200)
        for one in (household, other):
            put_down_measure(
                actor=tong,
                village=VILLAGE,
                facts=MeasureFacts(date(2014, 8, 1), "04", "贴息", person),
                recipients=[For(one, None, None, date(2016, 7, 31))],
                today=date(2014, 8, 1),
            )
        left(household, date(2015, 12, 31))
        recipient = MeasureRecipient.objects.get(household=household)
    client = client_for(tong)
    on_the_day(date(2015, 12, 31))
    assert household.household_no not in page(client, "help_lists", list="stop")
    on_the_day(date(2016, 1, 1))
    shown = page(client, "help_lists", list="stop")
    assert household.household_no in shown
    assert other.household_no not in shown
    answer = client.post(
        reverse("help_stop", args=[recipient.pk]),
        {"how": "CONTRACT", "on": "2016-01-01", "reason": "贷款合同 2014-17 号"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    assert household.household_no not in page(client, "help_lists", list="stop")


def test_a_team_and_its_log(
    bo: User, tong: User, ai: User, client_for: ClientFor, in_scope: Scope, on_the_day: Callable[[date], None]
) -> None:
    with in_scope(bo):
        office, first, second = organ(bo), helper(bo, name="甲队长"), helper(bo, name="乙队长")
        household = registered(bo)
    client = client_for(bo)
    new = {
        "name": "县农业局驻村工作队",
        "organ": office.pk,
        "village": str(VILLAGE),
        "leader": first.pk,
        "since": "2014-09-01",
        "document": "临扶〔2014〕1号",
    }
    answer = client.post(reverse("help_team_new"), {**new, "village": str(VILLAGE - 200)})
    assert answer.status_code == 422
    assert "不到乡、片" in answer.content.decode()
    assert client.post(reverse("help_team_new"), new).status_code == 302
    with in_scope(bo):
        team = WorkTeam.objects.get()
    answer = client.post(
        reverse("help_post_team", args=[team.pk]),
        {"village": str(OTHER_VILLAGE), "since": "2019-08-31", "document": "临扶"},
    )
    assert "五年内不能改驻他村" in answer.content.decode()
    answer = client.post(
        reverse("help_leader", args=[team.pk]), {"person": second.pk, "since": "2015-09-01", "reason": ""}
    )
    assert "不满两年更换须写明原因" in answer.content.decode()
    answer = client.post(
        reverse("help_enrol"),
        {
            "village": str(VILLAGE),
            "person": "甲队长",
            "kind": "TEAM_MEMBER",
            "team": team.pk,
            "since": "2014-09-01",
            "is_young_cadre": "on",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    with in_scope(bo):
        entry = RosterEntry.objects.get()
    on_the_day(date(2014, 9, 30))
    assert "县农业局驻村工作队" not in page(client, "help_teams", list="silent")
    on_the_day(date(2014, 10, 1))
    assert "县农业局驻村工作队" in page(client, "help_teams", list="silent")
    log = {
        "on": "2014-10-01",
        "kind": "REGISTERING",
        "household": household.household_no[12:],
        "content": "入户",
    }
    mate = client_for(ai)
    refused = mate.post(reverse("help_log", args=[entry.pk]), {**log, "on": "2014-08-31"})
    assert refused.status_code == 422
    assert "不在名册的任期内" in refused.content.decode()
    assert mate.post(reverse("help_log", args=[entry.pk]), log).status_code == 302
    with in_scope(bo):
        assert WorkLog.objects.get().household == household
    on_the_day(date(2014, 10, 30))
    assert "县农业局驻村工作队" not in page(client, "help_teams", list="silent")
    on_the_day(date(2014, 10, 31))
    assert "县农业局驻村工作队" in page(client, "help_teams", list="silent")
    assert (
        client.post(
            reverse("help_stay", args=[entry.pk]), {"first_day": "2014-10-01", "last_day": "2014-10-05"}
        ).status_code
        == 302
    )
    assert "住村 5 天" in page(client, "help_roster_entry", entry.pk)
    assert "甲队长" in page(client, "help_roster", kind="TEAM_MEMBER")
    for name in ("help_teams", "help_coverage", "help_people", "help_organs"):
        page(client, name)
    page(client, "help_team", team.pk)
    assert "甲队长" in page(client, "help_village", VILLAGE)
    assert client.post(reverse("help_leave", args=[entry.pk]), {"on": "2014-11-01"}).status_code == 302


def _income(actor: User, village: int, **incomes: int) -> None:
    table, _ = Village.objects.get_or_create(division_id=village, defaults={"entered_by": actor})
    put(table, "VN", first_identified_year=2014)
    for year, income in incomes.items():
        VillageYear.objects.create(
            division_id=village,
            village=table,
            year=int(year[1:]),
            net_income_pc=income,
            updated_by=actor,
        )


def test_a_leaders_village_is_kept_until_it_is_done(
    bo: User, fan: User, gao: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(bo):
        _income(bo, VILLAGE, y2013=3200, y2014=3675, y2015=6400)
        _income(bo, OTHER_VILLAGE, y2013=3100, y2014=3200)
        office = organ(bo, name="省直某厅", affiliation="02")
        person = helper(bo, name="包村书记", organ=office, heads_organ=True)
    client = client_for(bo)
    assert f"{OTHER_VILLAGE}（3100.00 元）" in page(client, "lead_village_new")
    new = {"village": str(VILLAGE), "person": person.pk, "since": "2014-06-01", "base_year": "2013"}
    answer = client.post(reverse("lead_village_new"), new)
    assert "原则上选重点县内农民人均纯收入最低的贫困村" in answer.content.decode()
    answer = client.post(reverse("lead_village_new"), {**new, "choice_reason": "产业基础好"})
    assert answer.status_code == 302, answer.context["form"].errors
    with in_scope(bo):
        taken = LeaderVillage.objects.get()
    shown = page(client, "lead_village", taken.pk)
    for value in ("3,675.83", "4,222.43", "4,850.29", "5,571.52", "6,400.00", "产业基础好"):
        assert value in shown
    answer = client.post(
        reverse("lead_village_new"),
        {**new, "village": str(OTHER_VILLAGE), "since": "2015-06-01", "base_year": "2014"},
    )
    assert "一包五年不变" in answer.content.decode()
    answer = client.post(reverse("lead_village_propose", args=[taken.pk]), {"year": "2014"})
    assert "未达到目标 6400.00 元" in answer.content.decode()
    assert client.post(reverse("lead_village_propose", args=[taken.pk]), {"year": "2015"}).status_code == 302
    approve = reverse("lead_village_approve", args=[taken.pk])
    assert client.post(approve).status_code == 403
    assert client_for(fan).post(approve).status_code == 302
    assert "已完成" in page(client, "lead_villages")


def test_the_thirty_six_links_and_their_alarms(
    gao: User, fan: User, client_for: ClientFor, in_scope: Scope
) -> None:
    province = 140000000000
    with in_scope(gao):
        leader = helper(gao, province, name="省领导甲", organ=organ(gao, province, affiliation="02"))
    client = client_for(gao)
    shown = page(client, "help_links")
    assert "36 个国定贫困县" in shown
    assert shown.count("没有联系") == 36
    new = {"leader": leader.pk, "enterprise": "", "enterprise_code": "", "village": "", "since": "2014-05-01"}
    url = reverse("help_link_new", args=[LINXIAN])
    assert client.post(url, {**new, "village": "140929100200"}).status_code == 422
    assert client.post(url, new).status_code == 302
    shown = page(client, "help_links")
    assert shown.count("没有联系") == 35
    assert "缺扶贫开发企业、缺住村包村点" in shown
    other = reverse("help_link_new", args=[140929000000])
    assert client.post(other, {**new, "enterprise": "某集团", "village": "140929100200"}).status_code == 302
    assert "省领导重复" in page(client, "help_links")
    with in_scope(gao):
        link = ThreeInOneLink.objects.get(division_id=LINXIAN)
    activity = {"on": "2014-06-01", "kind": "PROBLEM", "content": "道路不通", "progress": "OPEN"}
    assert client.post(reverse("help_activity", args=[link.pk]), activity).status_code == 302
    assert "待办理" in page(client, "help_link", link.pk)
    with in_scope(gao):
        problem = LinkActivity.objects.get(link=link)
    assert "道路不通" in page(client, "help_problem", problem.pk)
    assert client_for(fan).get(reverse("help_problem", args=[problem.pk])).status_code == 403
    change = {
        "leader": "",
        "enterprise": "某公司",
        "enterprise_code": "",
        "village": str(VILLAGE),
        "until": "",
    }
    assert client.post(reverse("help_link_change", args=[link.pk]), change).status_code == 302
    assert "省领导重复" not in page(client, "help_links")
    assert client_for(fan).get(reverse("help_link_new", args=[LINXIAN])).status_code == 403


def test_organs_that_sent_nobody(bo: User, client_for: ClientFor, in_scope: Scope) -> None:
    with in_scope(bo):
        sent, unsent = organ(bo, name="县财政局"), organ(bo, name="县水利局")
        organ(bo, name="县气象站", must_send=False)
        RosterEntry.objects.create(
            division_id=VILLAGE,
            person=helper(bo, organ=sent),
            kind="STAYING_CADRE",
            since=date(2014, 5, 1),
            entered_by=bo,
        )
    shown = page(client_for(bo), "help_organs")
    assert "县水利局" in shown
    assert "县财政局" not in shown
    assert "县气象站" not in shown
    assert unsent.must_send


def test_a_person_is_registered_with_his_number_sealed(
    bo: User, client_for: ClientFor, in_scope: Scope
) -> None:
    from tests.registry.factories import id_number

    client = client_for(bo)
    assert (
        client.post(reverse("help_organ_new"), {"name": "县教育局", "affiliation": "04"}).status_code == 302
    )
    with in_scope(bo):
        office = Organ.objects.get()
    number = id_number(date(1980, 3, 4))
    new = {"name": "李帮扶", "id_no": number, "organ": office.pk, "position": "科长", "phone": "13800000002"}
    answer = client.post(reverse("help_person_new"), {**new, "id_no": number[:-1]})
    assert answer.status_code == 422
    assert client.post(reverse("help_person_new"), new).status_code == 302
    shown = page(client, "help_people")
    assert "李帮扶" in shown
    assert number not in shown
    answer = client.post(reverse("help_person_new"), new)
    assert "该身份号码已登记为帮扶责任人" in answer.content.decode()


def test_a_villages_measure_names_its_households(ai: User, client_for: ClientFor, in_scope: Scope) -> None:
    with in_scope(ai):
        one, two = registered(ai), registered(ai)
        person = helper(ai, VILLAGE)
    client = client_for(ai)
    url = reverse("help_village_measure", args=[VILLAGE])
    new = {"on": "2014-08-01", "kind": "14", "content": "光伏", "amount": "1000", "person": person.pk}
    assert client.post(url, new).status_code == 302
    assert "光伏" in page(client, "help_lists", list="nobody")
    lines = f"{one.household_no[12:]} 400\n{two.household_no[12:]} 700"
    answer = client.post(url, {**new, "recipients": lines})
    assert "超过措施金额" in answer.content.decode()
    answer = client.post(url, {**new, "recipients": lines.replace("700", "600")})
    assert answer.status_code == 302, answer.context["form"].errors
    assert client.post(url, {**new, "recipients": "9999"}).status_code == 422
    with in_scope(ai):
        assert MeasureRecipient.objects.count() == 2
        named = AssistMeasure.objects.filter(recipients__isnull=False).distinct().get()
    assert two.household_no in page(client, "help_lists", list="reach")
    assert (
        client.post(reverse("help_withdraw_measure", args=[named.pk]), {"reason": "录错"}).status_code == 302
    )
    assert two.household_no not in page(client, "help_lists", list="reach")
    answer = client.post(
        reverse("help_village_plan", args=[VILLAGE]),
        {
            "kind": "01",
            "goal": "整村推进",
            "amount": "0",
            "due_on": "2014-12-31",
            "person": person.pk,
            "cause": "",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    with in_scope(ai):
        plan = AssistPlan.objects.get()
    assert "整村推进" in page(client, "help_village", VILLAGE)
    assert client.post(reverse("help_withdraw_plan", args=[plan.pk]), {"reason": "并入"}).status_code == 302


OWN, FOREIGN = 200, 404
SEES = ("ai", "tong", "bo", "chen", "fan", "gao", "jin")


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("help_household", SEES),
        ("help_pair", ("tong", "bo", "fan", "gao")),
        ("help_end_pair", ("tong", "bo", "fan", "gao")),
        ("help_visit", ("ai", "tong", "bo")),
        ("help_plan", ("ai", "tong", "bo")),
        ("help_measure", ("ai", "tong", "bo")),
    ],
)
def test_who_comes_in_to_a_households_help(
    name: str,
    may: tuple[str, ...],
    request: pytest.FixtureRequest,
    bo: User,
    client_for: ClientFor,
    in_scope: Scope,
) -> None:
    with in_scope(bo):
        household = registered(bo)
    url = reverse(name, args=[household.household_no])
    for who in ("ai", "tong", "bo", "chen", "du", "fan", "gao", "he", "jin", "kang"):
        status = client_for(request.getfixturevalue(who)).get(url).status_code
        if who == "du":
            assert status == (403 if "bo" not in may else FOREIGN), who
        else:
            assert status == (OWN if who in may else 403), who


@pytest.mark.parametrize(
    ("name", "may"),
    [
        *(
            (name, SEES)
            for name in (
                "help_gaps",
                "help_lists",
                "help_people",
                "help_organs",
                "help_teams",
                "help_ledgers",
            )
        ),
        *((name, SEES) for name in ("help_coverage", "help_roster", "lead_villages", "help_links")),
        *(
            (name, ("tong", "bo", "fan", "gao"))
            for name in ("help_person_new", "help_organ_new", "help_team_new", "help_enrol")
        ),
        ("help_coverage_new", ("tong", "bo", "fan", "gao")),
        ("lead_village_new", ("bo", "fan", "gao")),
    ],
)
def test_who_comes_in_to_lists_and_forms(
    name: str, may: tuple[str, ...], request: pytest.FixtureRequest, client_for: ClientFor
) -> None:
    for who in ("ai", "tong", "bo", "chen", "fan", "gao", "he", "jin", "kang"):
        status = client_for(request.getfixturevalue(who)).get(reverse(name)).status_code
        assert status == (OWN if who in may else 403), who


def test_backbones_and_those_who_come_back_have_a_ledger(
    bo: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(bo):
        household = registered(bo, year=2013)
        row = MemberYear.objects.filter(household_year__household=household, is_labourer=True).order_by(
            "seat"
        )[0]
        LabourerYear.objects.create(
            division_id=VILLAGE,
            member=row.member,
            member_year=row,
            year=2013,
            is_away_youth=True,
            return_will=True,
            is_tech_backbone=True,
            updated_by=bo,
        )
        put_down_measure(
            actor=bo,
            village=VILLAGE,
            facts=MeasureFacts(date(2014, 8, 1), "11", "红枣嫁接", helper(bo), led_by="李技术"),
            recipients=[For(household)],
            today=date(2014, 8, 1),
        )
    client = client_for(bo)
    assert "愿返乡" in page(client, "help_ledgers")
    assert row.member.member_no in page(client, "help_ledgers", list="backbone")
    assert "李技术" in page(client, "help_ledgers", list="led", division=str(VILLAGE))


def test_a_helpers_whole_number_is_opened_for_a_reason_and_recorded(
    bo: User, chen: User, tong: User, ai: User, du: User, client_for: ClientFor, in_scope: Scope
) -> None:
    number = id_number(date(1975, 8, 9))
    with in_scope(bo):
        person = helper(bo, id_no=number)
    url = reverse("help_person_reveal", args=[person.pk])
    client = client_for(chen)
    assert url in page(client, "help_person", person.pk)
    assert number not in client.get(url).content.decode()
    row = str(person.id_no_sealed)
    for wrong in ({"reason": "核对派驻名单"}, {"row": row, "reason": "看"}):
        answer = client.post(url, wrong)
        assert (answer.status_code, number in answer.content.decode()) == (422, False)
    assert not AccessRecord.objects.exists()
    answer = client.post(url, {"row": row, "reason": "核对派驻名单"})
    assert number in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    record = AccessRecord.objects.get()
    assert (record.reason, record.object_key) == ("核对派驻名单", f"assist_person/{person.pk}")
    assert client_for(bo).get(url).status_code == 403, "who enters opens nothing"
    assert client_for(ai).get(url).status_code == 403
    assert client_for(tong).get(url).status_code == 404, "the county's official is the county's to open"
    assert url not in page(client_for(tong), "help_person", person.pk)
    assert client_for(du).get(url).status_code == 403


def test_a_measure_is_corrected_and_says_what_it_said(
    ai: User, bo: User, jin: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(bo):
        measure = put_down_measure(
            actor=bo,
            village=VILLAGE,
            facts=MeasureFacts(date(2014, 8, 1), "01", "补助购羊", helper(bo), amount=Decimal(3000)),
            recipients=[For(registered(bo))],
            today=date(2014, 8, 1),
        )
    client, url = client_for(ai), reverse("help_correct_measure", args=[measure.pk])
    assert 'value="补助购羊"' in page(client, "help_correct_measure", measure.pk)
    sent = {
        "on": "2014-08-01",
        "kind": "01",
        "content": "补助购牛",
        "amount": "3000",
        "person": measure.person_id,
    }
    assert client.post(url, sent).status_code == 422, "without a reason"
    assert client.post(url, {**sent, "reason": "录错畜种"}).status_code == 302
    shown = page(client, "help_measure_page", measure.pk)
    for words in ("更正记录", "补助购羊", "补助购牛", "录错畜种", "艾村"):
        assert words in shown
    assert client_for(jin).get(url).status_code == 403


@pytest.mark.parametrize(
    "name",
    [
        "help_recipient",
        "help_deliver",
        "help_effect",
        "help_confirm",
        "help_stop",
        "help_measure_page",
        "help_add_recipient",
        "help_withdraw_measure",
        "help_correct_measure",
        "help_person",
        "help_team",
        "help_post_team",
        "help_leader",
        "help_roster_entry",
        "help_leave",
        "help_log",
        "help_stay",
        "lead_village",
        "lead_village_propose",
        "lead_village_hand_over",
        "help_withdraw_plan",
    ],
)
def test_another_county_finds_nothing(
    name: str, bo: User, du: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(bo):
        household, person = registered(bo), helper(bo)
        measure = put_down_measure(
            actor=bo,
            village=VILLAGE,
            facts=MeasureFacts(date(2014, 8, 1), "01", "补助", person),
            recipients=[For(household)],
            today=date(2014, 8, 1),
        )
        recipient = measure.recipients.get()
        effect = record_effect(
            actor=bo,
            recipient=recipient,
            on=date(2014, 9, 1),
            income_gain=1,  # type: ignore[arg-type]
            jobs=0,
            contribution="增收",
            today=date(2014, 9, 1),
        )
        team = WorkTeam.objects.create(division_id=LINXIAN, name="队", organ=person.organ, entered_by=bo)
        entry = RosterEntry.objects.create(
            division_id=VILLAGE, person=person, kind="STAYING_CADRE", since=date(2014, 5, 1), entered_by=bo
        )
        taken = LeaderVillage.objects.create(
            division_id=VILLAGE,
            person=person,
            since=date(2014, 6, 1),
            base_year=2013,
            base_income=3200,
            entered_by=bo,
        )
        plan = make_plan(actor=bo, village=VILLAGE, facts=_plan(person), household=household)
    of = {
        "help_measure_page": measure,
        "help_add_recipient": measure,
        "help_withdraw_measure": measure,
        "help_correct_measure": measure,
        "help_confirm": effect,
        "help_person": person,
        "help_team": team,
        "help_post_team": team,
        "help_leader": team,
        "help_roster_entry": entry,
        "help_leave": entry,
        "help_log": entry,
        "help_stay": entry,
        "lead_village": taken,
        "lead_village_propose": taken,
        "lead_village_hand_over": taken,
        "help_withdraw_plan": plan,
    }
    url = reverse(name, args=[of.get(name, recipient).pk])
    assert client_for(bo).get(url).status_code == 200
    assert client_for(du).get(url).status_code == 404
    answer = client_for(du).post(url, {"reason": "x"})
    assert answer.status_code in {404, 405}
