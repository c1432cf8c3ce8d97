"""Acts of help as services: who may, what is refused in words, what follows."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

import pytest

from fupin.accounts.models import User
from fupin.accounts.permissions import Refused
from registry.errors import HelpRefused
from registry.models import AssistPair, HouseholdYear, LinkActivity
from registry.models.help import Progress
from registry.services.help.leading import (
    link_county,
    log_activity,
    move_problem,
    plan_coverage,
    take_village,
)
from registry.services.help.measures import For, MeasureFacts, deliver, put_down_measure, stop_help
from registry.services.help.pairs import end_pair, log_visit, pair
from registry.services.help.people import register_person
from registry.services.help.plans import PlanFacts, make_plan, withdraw_plan
from tests.registry.factories import KELAN_VILLAGE, VILLAGE, id_number
from tests.registry.helping import LINXIAN, helper, left, organ, registered

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]
JULY, AUGUST = date(2014, 7, 1), date(2014, 8, 1)


def test_a_pair_is_handed_on_without_a_gap_and_ends_when_the_household_left(
    tong: User, in_scope: Scope
) -> None:
    with in_scope(tong):
        household = registered(tong)
        first, second = helper(tong, VILLAGE - 200), helper(tong, VILLAGE - 200)
        pair(actor=tong, household=household, person=first, on=JULY)
        with pytest.raises(HelpRefused, match="更换原因"):
            pair(actor=tong, household=household, person=second, on=AUGUST)
        with pytest.raises(HelpRefused, match="已是该户"):
            pair(actor=tong, household=household, person=first, on=AUGUST, reason="调整")
        pair(actor=tong, household=household, person=second, on=AUGUST, reason="调离")
        assert list(AssistPair.objects.order_by("start_date").values_list("start_date", "end_date")) == [
            (JULY, AUGUST),
            (AUGUST, None),
        ]
        with pytest.raises(HelpRefused, match="仍在册"):
            end_pair(actor=tong, household=household, on=date(2015, 1, 1), reason="脱贫")
        left(household, date(2015, 12, 31))
        end_pair(actor=tong, household=household, on=date(2016, 1, 1), reason="脱贫")
        with pytest.raises(HelpRefused, match="没有在任"):
            end_pair(actor=tong, household=household, on=date(2016, 1, 1), reason="脱贫")
        with pytest.raises(HelpRefused, match="不在册"):
            pair(actor=tong, household=household, person=first, on=date(2016, 1, 2))


@pytest.mark.parametrize(
    ("on", "stands"), [(date(2014, 6, 30), False), (JULY, True), (date(2014, 7, 31), True), (AUGUST, False)]
)
def test_who_answers_visits(tong: User, in_scope: Scope, on: date, stands: bool) -> None:
    with in_scope(tong):
        household = registered(tong)
        first, second = helper(tong, VILLAGE - 200), helper(tong, VILLAGE - 200)
        pair(actor=tong, household=household, person=first, on=JULY)
        pair(actor=tong, household=household, person=second, on=AUGUST, reason="调离")
        act = {"actor": tong, "household": household, "person": first, "content": "看望", "today": AUGUST}
        if stands:
            assert log_visit(on=on, **act).on == on  # type: ignore[arg-type]
        else:
            with pytest.raises(HelpRefused, match="不是此户的帮扶责任人"):
                log_visit(on=on, **act)  # type: ignore[arg-type]


def test_a_plan_says_its_money_and_its_time(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        household, person = registered(tong), helper(tong, VILLAGE - 200)

        def facts(amount: Decimal | None, due_on: date) -> PlanFacts:
            return PlanFacts(2014, "01", "养羊", amount, due_on, person)

        with pytest.raises(HelpRefused, match="计划资金"):
            make_plan(actor=tong, village=VILLAGE, facts=facts(None, AUGUST), household=household)
        with pytest.raises(HelpRefused, match="时限"):
            make_plan(
                actor=tong, village=VILLAGE, facts=facts(Decimal(0), date(2013, 12, 31)), household=household
            )
        made = make_plan(
            actor=tong, village=VILLAGE, facts=facts(Decimal(0), date(2014, 1, 1)), household=household
        )
        withdraw_plan(actor=tong, plan=made, on=AUGUST, reason="录错")
        with pytest.raises(HelpRefused, match="已撤销"):
            withdraw_plan(actor=tong, plan=made, on=AUGUST, reason="录错")


def test_money_goes_to_the_account_on_the_card(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        household = registered(tong)
        measure = put_down_measure(
            actor=tong,
            village=VILLAGE,
            facts=MeasureFacts(AUGUST, "01", "补助", helper(tong, VILLAGE - 200)),
            recipients=[For(household, None, Decimal(500))],
            today=AUGUST,
        )
        recipient = measure.recipients.get()
        act = {
            "actor": tong,
            "recipient": recipient,
            "by": "ACCOUNT",
            "amount": Decimal(500),
            "today": AUGUST,
        }
        with pytest.raises(HelpRefused, match="没有银行账号"):
            deliver(on=AUGUST, **act)  # type: ignore[arg-type]
        HouseholdYear.objects.update(bank_account_masked="***************1234")
        assert deliver(on=AUGUST, **act).account_masked.endswith("1234")  # type: ignore[arg-type]
        with pytest.raises(HelpRefused, match="不能晚于今天"):
            deliver(on=date(2014, 8, 2), **act)  # type: ignore[arg-type]


def test_a_stop_is_by_an_office_for_a_reason(tong: User, ai: User, in_scope: Scope) -> None:
    with in_scope(tong):
        household = registered(tong)
        measure = put_down_measure(
            actor=tong,
            village=VILLAGE,
            facts=MeasureFacts(AUGUST, "04", "贴息", helper(tong, VILLAGE - 200)),
            recipients=[For(household, None, Decimal(500))],
            today=AUGUST,
        )
        recipient = measure.recipients.get()
        left(household, date(2014, 12, 31))
        with pytest.raises(Refused):
            stop_help(actor=ai, recipient=recipient, how="STOPPED", on=date(2015, 1, 1), reason="脱贫")
        with pytest.raises(HelpRefused, match="停止理由"):
            stop_help(actor=tong, recipient=recipient, how="STOPPED", on=date(2015, 1, 1), reason=" ")
        stopped = stop_help(
            actor=tong, recipient=recipient, how="STOPPED", on=date(2015, 1, 1), reason="脱贫"
        )
        assert stopped.stopped_by == tong
        with pytest.raises(HelpRefused, match="已停付"):
            deliver(
                actor=tong,
                recipient=recipient,
                on=date(2015, 1, 1),
                by="IN_KIND",
                amount=Decimal(500),
                signed_by="张建国",
                today=date(2015, 1, 1),
            )


def test_a_number_that_is_none_is_refused(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        given = {"actor": bo, "division": LINXIAN, "name": "李帮扶", "organ": organ(bo), "position": "科员"}
        with pytest.raises(HelpRefused, match="身份号码有误"):
            register_person(id_no="149901197005060011", on=JULY, **given)  # type: ignore[arg-type]
        with pytest.raises(HelpRefused, match="电话号码有误"):
            register_person(id_no=id_number(), phone="12", on=JULY, **given)  # type: ignore[arg-type]


def test_a_village_without_an_income_has_no_base(bo: User, in_scope: Scope) -> None:
    with in_scope(bo), pytest.raises(HelpRefused, match="请先填村表"):
        take_village(actor=bo, person=helper(bo), village=VILLAGE, since=JULY, base_year=2013)


def test_links_stand_in_the_thirty_six_counties_only(gao: User, bo: User, in_scope: Scope) -> None:
    with in_scope(gao):
        with pytest.raises(HelpRefused, match="36 个国定贫困县"):
            link_county(
                actor=gao,
                county=140105000000,
                leader=None,
                enterprise="",
                enterprise_code="",
                village=None,
                since=JULY,
            )
        link = link_county(
            actor=gao,
            county=LINXIAN,
            leader=None,
            enterprise="某公司",
            enterprise_code="",
            village=None,
            since=JULY,
        )
        log_activity(actor=gao, link=link, on=JULY, kind="PROBLEM", content="缺水", progress="OPEN")
        problem = LinkActivity.objects.get()
        move_problem(actor=gao, activity=problem, progress=Progress.SOLVED, on=AUGUST)
        assert problem.solved_on == AUGUST
        with pytest.raises(HelpRefused, match="问题须写明办理进度"):
            log_activity(actor=gao, link=link, on=JULY, kind="PROBLEM", content="缺水")
    with in_scope(bo), pytest.raises(Refused):
        log_activity(actor=bo, link=link, on=JULY, kind="GUIDANCE", content="指导")


def test_nobody_acts_outside_his_division(du: User, bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        household, person = registered(bo), helper(bo)
    with in_scope(du):
        with pytest.raises(Refused):
            pair(actor=du, household=household, person=person, on=JULY)
        with pytest.raises(Refused):
            plan_coverage(actor=du, county=LINXIAN, number=1, due_on=AUGUST, villages=1, households=1)
        with pytest.raises(HelpRefused):
            put_down_measure(
                actor=du,
                village=KELAN_VILLAGE,
                facts=MeasureFacts(AUGUST, "01", "补助", person),
                today=AUGUST,
            )
