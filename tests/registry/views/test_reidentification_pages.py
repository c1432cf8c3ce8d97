"""The pages of re-identification and of the ledger: what each role sees, what a form says, what an act leads to."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fupin.accounts.models import User
from fupin.divisions.models import Division
from fupin.jobs.models import Job, JobStatus
from registry.models import Case, ReidentificationFinding, ReidentificationRun
from registry.services import reidentification as runs
from tests.conftest import KELAN, LINXIAN
from tests.registry.cases import act_as, office, round_of
from tests.registry.factories import OTHER_VILLAGE
from tests.registry.reidentifying import FALLEN_BACK, MAY_LEAVE, NEWLY_BELOW, STAYS, YEAR, household

pytestmark = pytest.mark.django_db

LISTS = reverse("reidentification_findings")


def text(browser: Client, url: str, **more: Any) -> str:
    answer = browser.get(url, **more)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def run(bo: User, in_scope: Any) -> ReidentificationRun:
    """A run of 临县 that is done, one household on each list."""
    with in_scope(bo):
        for facts in (MAY_LEAVE, NEWLY_BELOW, FALLEN_BACK, STAYS):
            household(bo, facts)
        begun = runs.begin(actor=bo, division=Division.objects.get(pk=LINXIAN), year=YEAR)
        runs.work_on(begun)
        runs.finish(begun)
        begun.refresh_from_db()
        return begun


def test_a_county_asks_and_the_page_survives_a_reload(
    bo: User, client_for: Any, in_scope: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with in_scope(bo):
        household(bo, MAY_LEAVE)
    browser = client_for(bo)
    form = text(browser, reverse("reidentification_new"))
    assert "不改变任何户的状态" in form
    assert "2014 年（2013 年收入）" in form
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(reverse("reidentification_new"), {"division": str(LINXIAN), "year": "2014"})
    with in_scope(bo):
        run = ReidentificationRun.objects.get()
    page = reverse("reidentification_run", args=[run.pk])
    assert answer["Location"] == page
    shown = text(browser, page)
    assert "1 / 1 · 100%" in shown
    assert "临县" in shown
    part = text(browser, page, headers={"HX-Request": "true"})
    assert "<html" not in part
    assert "1 / 1 · 100%" in part


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"division": str(KELAN), "year": "2014"}, "请选择您岗位所属区划之内的区划"),
        ({"division": "x", "year": "2014"}, "请选择您岗位所属区划之内的区划"),
        ({"division": str(LINXIAN), "year": "2099"}, "2099"),
    ],
)
def test_a_form_says_what_is_wrong(
    bo: User, client_for: Any, in_scope: Any, sent: dict[str, str], said: str
) -> None:
    with in_scope(bo):
        household(bo, MAY_LEAVE)
    answer = client_for(bo).post(reverse("reidentification_new"), sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_run_under_way_shows_its_counties_and_can_be_gone_on_with(
    bo: User, chen: User, client_for: Any, in_scope: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with in_scope(bo):
        household(bo, MAY_LEAVE)
        run = runs.ask(actor=bo, division=Division.objects.get(pk=LINXIAN), year=YEAR)
    page = reverse("reidentification_run", args=[run.pk])
    waiting = text(client_for(bo), page)
    assert "等待" in waiting
    assert reverse("job_cancel", args=[run.job_id]) in waiting
    assert "取消" not in text(client_for(chen), page).partition("进度")[2].partition("结果")[0]
    with in_scope(bo):
        Job.objects.filter(pk=run.job_id).update(status=JobStatus.CANCELLED, finished_at=timezone.now())
    browser = client_for(chen)
    assert "继续比对" in text(browser, page)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("reidentification_go_on", args=[run.pk]))
    assert "1 / 1 · 100%" in text(browser, page)
    again = browser.post(reverse("reidentification_go_on", args=[run.pk]), follow=True)
    assert "比对正在进行，或已完成" in again.content.decode()


def test_lists_with_every_reason(bo: User, ai: User, client_for: Any, run: ReidentificationRun) -> None:
    browser = client_for(ai)  # the village reads what its county has found
    assert "临县" in text(browser, reverse("reidentification_list"))
    leaving = text(browser, LISTS)
    assert "8,209.00 元，标准为每人 2,736 元、3 人合计 8,208.00 元，高于标准" in leaving
    assert "全家 3 人都参加了新农合；住房不是 C、D 级危房；饮水安全。" in leaving
    back = text(browser, f"{LISTS}?run={run.pk}&listed=3")
    assert "8,207.99 元，标准为每人 2,736 元、3 人合计 8,208.00 元，低于标准。" in back
    assert "查无" not in back
    for query, hits in (
        ("listed=3&reason=2", 1),
        ("listed=3&reason=16", 0),
        ("listed=2&opened=1", 0),
        ("listed=2&opened=0", 1),
        (f"listed=1&division={LINXIAN}", 1),
        (f"listed=1&division={KELAN}", 0),
        ("listed=1&q=1411241012", 1),
        ("listed=1&q=9", 0),
    ):
        assert ("没有符合条件的户" not in text(browser, f"{LISTS}?run={run.pk}&{query}")) is bool(hits), query


def test_tabs_count_what_the_list_below_holds(
    bo: User, ai: User, client_for: Any, in_scope: Any, run: ReidentificationRun
) -> None:
    with in_scope(bo):
        household(bo, MAY_LEAVE, village=OTHER_VILLAGE)
        again = runs.begin(actor=bo, division=Division.objects.get(pk=LINXIAN), year=YEAR)
        runs.work_on(again)
        runs.finish(again)
    url = f"{LISTS}?run={again.pk}"
    assert "可退出 2" in text(client_for(bo), url)
    assert "可退出 1" in text(client_for(bo), f"{url}&division={OTHER_VILLAGE}")
    assert "新低于线 0" in text(client_for(bo), f"{url}&division={OTHER_VILLAGE}")
    assert "可退出 1" in text(client_for(ai), url)


def test_another_countys_run_does_not_exist(du: User, client_for: Any, run: ReidentificationRun) -> None:
    browser = client_for(du)
    assert "还没有比对过" in text(browser, reverse("reidentification_list"))
    assert "还没有比对完的清单" in text(browser, LISTS)
    for url in (reverse("reidentification_run", args=[run.pk]), f"{LISTS}?run={run.pk}", f"{LISTS}?run=x"):
        assert browser.get(url).status_code == 404


def test_cases_are_opened_for_those_ticked(client_for: Any) -> None:
    people = office()
    today = timezone.localdate()
    act_as(people.clerk)
    household(people.clerk, MAY_LEAVE)
    household(people.clerk, NEWLY_BELOW)
    act_as(people.county_entry)
    run = runs.begin(actor=people.county_entry, division=Division.objects.get(pk=LINXIAN), year=YEAR)
    runs.work_on(run)
    runs.finish(run)
    browser = client_for(people.village)
    assert "没有开放的、用 2013 年收入的轮次" in text(browser, LISTS)
    annual = round_of(people, quota=None, opens_on=today, closes_on=today)
    assert "为勾选的户立档" in text(browser, LISTS)
    act_as(people.village)
    finding = ReidentificationFinding.objects.get(listed=1)
    url = reverse("reidentification_open", args=[run.pk])
    nothing = browser.post(url, {"listed": "1", "round": annual.pk}, follow=True)
    assert "请勾选要立档的户" in nothing.content.decode()
    sent = {"listed": "1", "round": annual.pk, "finding": [finding.pk]}
    answer = browser.post(url, sent, follow=True).content.decode()
    act_as(people.village)
    case = Case.objects.get()
    assert "已立档 1 份" in answer
    assert case.number in answer
    assert "没有立档：已经立档" in browser.post(url, sent, follow=True).content.decode()
    assert browser.post(url, {**sent, "finding": [10**9]}).status_code == 404


def test_the_ledger_and_what_stands_behind_its_numbers(
    bo: User, client_for: Any, run: ReidentificationRun
) -> None:
    browser = client_for(bo)
    year = timezone.localdate().year
    shown = text(browser, f"{reverse('register_ledger')}?year={year}")
    assert "临县" in shown
    assert "白文镇" in shown
    assert "台账与在册户不符" not in shown
    behind = f"{reverse('register_ledger_households')}?division={LINXIAN}&year={year}"
    assert "张建国" in text(browser, f"{behind}&part=closing")
    assert "更正" in text(browser, f"{behind}&part=in")
    assert browser.get(f"{behind}&part=x").status_code == 404
    for url in (reverse("register_ledger"), reverse("register_ledger_households")):
        assert browser.get(f"{url}?division={KELAN}").status_code == 404
        assert browser.get(f"{url}?division=5").status_code == 404
