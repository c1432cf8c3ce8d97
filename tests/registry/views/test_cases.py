"""Rounds and cases in the browser: quotas previewed and set, applicants ranked, steps taken by whoever's turn it is."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fupin.accounts.models import User
from fupin.divisions.codes import PROVINCE_CODE
from fupin.home.todo import todos
from fupin.notices.models import NoticeDraft
from registry.models import Case, CasePaper, Household, Quota, Round
from registry.rules.procedure import FILED, Evidence
from registry.rules.transitions import find
from registry.services.rounds import set_quotas
from tests.conftest import BAIWEN, LINXIAN, LVLIANG, VILLAGE
from tests.registry.cases import (
    TO_THE_REGISTER,
    Office,
    act_as,
    applicant,
    hang,
    office,
    poor_household,
    round_of,
    scan,
    see_province,
    walk,
)
from tests.registry.factories import income
from tests.registry.standing import put

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def people(db: None) -> Office:
    return office()


def posted(case: Case, name: str, on: date, **more: object) -> dict[str, object]:
    """Return a step as the browser sends it."""
    step = find(case.track, case.status, name)
    assert step is not None
    papers: dict[str, object] = {
        f"paper-{kind}": "第 1 号"
        for kind in step.evidence - FILED
        if kind not in {Evidence.OPINION, Evidence.VOTES}
    } | {f"file-{kind}": scan() for kind in step.evidence & FILED}
    votes = {"representatives": 56, "attending": 48, "in_favour": 43} if step.votes else {}
    return {"on": on.isoformat(), "opinion": "情况属实", **papers, **votes, **more}


def test_the_province_opens_a_round_and_shares_it_out(people: Office, client_for: ClientFor) -> None:
    browser = client_for(people.province)
    form = {
        "year": 2014, "kind": "INITIAL", "opens_on": "2014-01-01", "closes_on": "2014-12-31", "document": "晋扶办〔2014〕1号",
        "persons": 3_290_000,
    }  # fmt: skip
    assert browser.post("/registry/rounds/new/", {**form, "closes_on": "2013-12-31"}).status_code == 422
    assert browser.post("/registry/rounds/new/", form).status_code == 302
    opened = Round.objects.get()
    url = f"/registry/rounds/{opened.pk}/quotas/{PROVINCE_CODE}/"
    cities = list(browser.get(url).context["form"].codes)
    assert LVLIANG in cities
    weights = {f"weight-{code}": place + 1 for place, code in enumerate(cities)}
    assert browser.post(url, {"source": "typed"}).status_code == 422
    shown = browser.post(url, {"source": "typed", **weights})
    assert sum(share.persons for _, share in shown.context["shares"]) == 3_290_000
    see_province()
    assert Quota.objects.count() == 1
    assert browser.post(url, {"source": "typed", **weights, "confirmed": "1"}).status_code == 302
    see_province()
    assert Quota.objects.count() == 1 + len(cities)
    page = browser.get(f"/registry/rounds/{opened.pk}/")
    assert page.context["table"].shared == 3_290_000
    assert browser.get(url).status_code == 302


def test_quotas_are_changed_with_a_reason_and_add_up(people: Office, client_for: ClientFor) -> None:
    opened = round_of(people, quota=None)
    see_province()
    act_as(people.province)
    chain = (
        (people.province, PROVINCE_CODE, LVLIANG),
        (people.city, LVLIANG, LINXIAN),
        (people.approver, LINXIAN, BAIWEN),
    )
    from registry.services.rounds import _write

    _write(people.province, opened, {PROVINCE_CODE: 100}, {}, basis="文件", reason="文件")
    for setter, above, below in chain:
        act_as(setter)
        set_quotas(actor=setter, in_round=opened, above=above, persons={below: 100}, weights={}, basis="一处")
    act_as(people.township)
    persons = {VILLAGE: 60, VILLAGE + 1: 40}
    set_quotas(
        actor=people.township, in_round=opened, above=BAIWEN, persons=persons, weights={}, basis="直接填"
    )
    browser = client_for(people.township)
    url = f"/registry/rounds/{opened.pk}/quotas/{BAIWEN}/change/"
    assert browser.get(url).status_code == 200
    change = {f"persons-{VILLAGE}": 61, f"persons-{VILLAGE + 1}": 40, "reason": "镇办发〔2014〕2号"}
    refused = browser.post(url, change)
    assert refused.status_code == 422
    assert "应当相等" in refused.content.decode()
    assert browser.post(url, {**change, f"persons-{VILLAGE + 1}": 39}).status_code == 302
    see_province()
    assert Quota.objects.get(division_id=VILLAGE).persons == 61


def test_a_case_goes_from_desk_to_desk(people: Office, client_for: ClientFor) -> None:
    """Every step by the browser of whoever's turn it is; each page says whose turn it is and why others may not."""
    case = applicant(people, round_of(people))
    on = date(2014, 3, 12)
    for name in TO_THE_REGISTER:
        step = find(case.track, case.status, name)
        assert step is not None
        user = people.by_role[max(step.actors)]
        act_as(user)
        assert [todo.label for todo in todos(user)].count("等我办的识别、退出档案") == 1
        browser = client_for(user)
        page = browser.get(f"/registry/cases/{case.number}/")
        assert page.context["straight"].open, (name, page.context["straight"].hindrances)
        url = f"/registry/cases/{case.number}/{name}/"
        assert browser.get(url).status_code == 200
        assert browser.post(url, {"on": on.isoformat()}).status_code == 422
        if step.opens_notice:
            assert "请先拟稿" in browser.post(url, posted(case, name, on)).content.decode()
            hang(user, case, step.target, on)
        answer = browser.post(url, posted(case, name, on))
        assert answer.status_code == 302, answer.context["form"].errors
        see_province()
        case.refresh_from_db()
        assert case.status == step.target
        on += timedelta(days=8)
    assert Household.objects.get().status == "N"
    ended = client_for(people.city).get(f"/registry/cases/{case.number}/")
    assert "结档" in ended.content.decode()


def test_refusals_of_the_database_are_said_in_the_form(people: Office, client_for: ClientFor) -> None:
    case = applicant(people, round_of(people))
    browser = client_for(people.village)
    url = f"/registry/cases/{case.number}/apply/"
    for on in (date(2014, 3, 11), timezone.localdate() + timedelta(days=1)):
        answer = browser.post(url, posted(case, "apply", on))
        assert answer.status_code == 422
        assert "不得倒签" in answer.content.decode()
    skipping = browser.get(f"/registry/cases/{case.number}/announce/", follow=True)
    assert "不能办这一步" in skipping.content.decode()
    other = client_for(people.township).get(url, follow=True)
    assert "不由您的岗位办理" in other.content.decode()


def test_the_ranked_list_draws_the_line_and_a_batch_follows_it(people: Office, client_for: ClientFor) -> None:
    opened = round_of(people, quota=7)
    made = [
        applicant(people, opened, poor_household(people, income=income(wage_income=Decimal(1000 * n))))
        for n in (1, 2, 3)
    ]
    for case in made:
        walk(people, case, "apply", "deliberate", on=date(2014, 3, 12))
    browser = client_for(people.village)
    page = browser.get(f"/registry/rounds/{opened.pk}/", {"division": VILLAGE})
    text = page.content.decode()
    assert "规模线 7 人" in text
    assert "整户 3 人，余 1 人：一户不可拆" in text
    url = f"/registry/rounds/{opened.pk}/villages/{VILLAGE}/step/"
    asked = {"status": "M", "step": "post_first"}
    assert len(browser.get(url, asked).context["cases"]) == 3
    for case in made:
        hang(people.village, case, "P1", date(2014, 3, 28))
    sent = {
        **asked,
        **posted(made[0], "post_first", date(2014, 3, 28)),
        "case": [case.number for case in made],
    }
    answer = browser.post(url, sent)
    assert answer.status_code == 422
    assert [(case, "列不下" in why) for case, why in answer.context["refusals"]] == [(made[2], True)]
    see_province()
    assert sorted(Case.objects.values_list("status", flat=True)) == ["M", "P1", "P1"]


def test_a_case_is_opened_from_the_card(people: Office, client_for: ClientFor) -> None:
    today = timezone.localdate()
    opened = round_of(people, year=today.year, kind="ANNUAL", quota=None)
    household = poor_household(people)
    browser = client_for(people.village)
    start = f"/registry/households/{household.household_no}/case/"
    assert "纳入" in browser.get(start).content.decode()
    sent = {"household": household.household_no, "track": "EXIT", "round": opened.pk}
    refused = browser.post("/registry/cases/open/", sent, follow=True)
    assert "没有立档" in refused.content.decode()
    answer = browser.post("/registry/cases/open/", {**sent, "track": "ENTRY"})
    see_province()
    assert answer.url == f"/registry/cases/{Case.objects.get().number}/"  # type: ignore[attr-defined]
    assert browser.get(start).status_code == 302


def test_the_list_shows_what_waits_for_me(people: Office, client_for: ClientFor) -> None:
    case = applicant(people, round_of(people))
    assert case.number in client_for(people.village).get("/registry/cases/").content.decode()
    assert case.number not in client_for(people.township).get("/registry/cases/").content.decode()
    open_ones = client_for(people.city).get(
        "/registry/cases/", {"state": "all", "status": "D", "division": LINXIAN}
    )
    assert case.number in open_ones.content.decode()


def test_a_list_is_drawn_up_hung_and_fills_the_step_in(people: Office, client_for: ClientFor) -> None:
    """From the ranked list to the draft; once it hangs, day and papers of the step are its own."""
    opened = round_of(people, quota=3)
    poorer, richer = (
        applicant(people, opened, poor_household(people, income=income(wage_income=Decimal(1000 * n))))
        for n in (1, 2)
    )
    for case in (poorer, richer):
        walk(people, case, "apply", "deliberate", on=date(2014, 3, 12))
    browser = client_for(people.village)
    url = f"/registry/rounds/{opened.pk}/villages/{VILLAGE}/notice/"
    shown = browser.get(url, {"status": "M"})
    assert [(case, chosen) for case, _, chosen in shown.context["cases"]] == [(poorer, True), (richer, False)]
    answer = browser.post(url, {"status": "M", "case": [poorer.number], "on": "2014-04-10"})
    see_province()
    draft = NoticeDraft.objects.get()
    assert answer.url.endswith(f"/drafts/{draft.number}/")  # type: ignore[attr-defined]
    assert ("第一次公示" in draft.title, draft.days, len(draft.rows)) == (True, 7, 1)
    step = f"/registry/cases/{poorer.number}/post_first/"
    assert "拟公示稿" in browser.get(step).content.decode()
    notice = hang(people.village, poorer, "P1", date(2014, 4, 10))
    filled = browser.get(step).context["form"]
    assert (filled["on"].value(), filled["paper-NOTICE"].value()) == (
        date(2014, 4, 10),
        f"公示 {notice.number}",
    )
    page = browser.get(f"/registry/cases/{poorer.number}/notice/")
    assert page.status_code == 200


def test_the_ranked_list_takes_as_many_queries_however_long(people: Office, client_for: ClientFor) -> None:
    opened = round_of(people)
    browser = client_for(people.village)
    pages = (
        f"/registry/rounds/{opened.pk}/?division={VILLAGE}",
        f"/registry/rounds/{opened.pk}/villages/{VILLAGE}/step/?status=A&step=deliberate",
        f"/registry/rounds/{opened.pk}/villages/{VILLAGE}/applications/",
        "/registry/cases/?state=open",
    )
    counts = []
    for more in (2, 4):
        for _ in range(more):
            poor_household(people)
            walk(people, applicant(people, opened), "apply", on=date(2014, 3, 12))
        taken = []
        for page in pages:
            browser.get(page)
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(page).status_code == 200
            taken.append(len(asked))
        counts.append(taken)
    assert counts[0] == counts[1]


def test_a_village_applies_in_one_go(people: Office, client_for: ClientFor) -> None:
    """Whoever is ticked gets a case; nobody is offered who is on the register or has one; without a tick nothing is opened."""
    opened = round_of(people, closes_on=timezone.localdate())
    made = [poor_household(people) for _ in range(3)]
    put(poor_household(people), "N", first_identified_year=2014)
    browser = client_for(people.village)
    url = f"/registry/rounds/{opened.pk}/villages/{VILLAGE}/applications/"
    shown = [card.household for card, _, _ in browser.get(url).context["rows"]]
    assert set(shown) == set(made)
    nothing = browser.post(url, {})
    assert (nothing.status_code, nothing.context["error"]) == (422, "请勾选申请的户")
    sent = {"household": [one.household_no for one in made[:2]]}
    assert browser.post(url, sent).status_code == 302
    see_province()
    assert set(Case.objects.values_list("household", "status")) == {(one.pk, "D") for one in made[:2]}
    assert [card.household for card, _, _ in browser.get(url).context["rows"]] == made[2:]
    page = browser.get(f"/registry/rounds/{opened.pk}/", {"division": VILLAGE}).content.decode()
    assert "受理申请 2 户" in page


def test_a_paper_is_looked_at_by_who_sees_the_case(people: Office, client_for: ClientFor, du: User) -> None:
    case = applicant(people, round_of(people))
    browser = client_for(people.village)
    url = f"/registry/cases/{case.number}/apply/"
    lacking = posted(case, "apply", date(2014, 3, 12))
    lacking.pop("file-SURVEY")
    answer = browser.post(url, lacking)
    assert (answer.status_code, "file-SURVEY" in answer.context["form"].errors) == (422, True)
    sent = posted(case, "apply", date(2014, 3, 12))
    sent["file-PHOTO"] = [scan(), scan()]
    assert browser.post(url, sent).status_code == 302
    see_province()
    photos = list(CasePaper.objects.filter(case=case, kind="PHOTO"))
    assert len(photos) == 2
    page = browser.get(f"/registry/cases/{case.number}/").content.decode()
    assert "附件 4 件" in page
    paper = f"/registry/case-papers/{photos[0].pk}/"
    assert paper in page
    shown = browser.get(paper)
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
    assert client_for(du).get(paper).status_code == 404
