"""The pages of a county's money: what they show, at which field they refuse, who is told that another was first."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from funds.codes.allotment import LineKind
from funds.models import Payment, PaymentBatch, Placement, Stranding
from funds.rules.stranded import StrandedReason
from funds.services.paying import Result, record_results
from funds.services.stranding import Recognised, recognise_placement
from fupin.accounts.models import AccessRecord, User
from fupin.sheets.exports import select
from fupin.sheets.kinds import NotAsked, Request
from tests.conftest import LINXIAN, browser_of
from tests.funds.services.test_spending import At
from tests.funds.spending import TODAY, Scope, at_stage, disclosed, listed, rows_for, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(in_scope: Scope) -> At:
    return At(in_scope)


def shown(user: User, name: str, *args: object, query: str = "") -> str:
    answer = browser_of(user).get(reverse(name, args=args) + query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def links_of(page: str) -> set[str]:
    return set(re.findall(r'href="([^"]+)"', page))


def test_each_number_of_the_desk_opens_its_rows(at: At) -> None:
    browser = browser_of(at.people.finance)
    assert browser.get(reverse("fund_desk")).headers["Location"] == reverse("fund_county", args=[LINXIAN])
    page = shown(at.people.finance, "fund_county", LINXIAN)
    for kind, amount in (("COUNTY", "2,800,000.00"), ("PROJECT", "200,000.00")):
        (url,) = {
            one for one in links_of(page) if one.startswith(reverse("fund_lines", args=[LINXIAN, kind]))
        }
        assert re.search(rf'{re.escape(url)}">{re.escape(amount)}<', page)
        assert amount in browser.get(url).content.decode()
    above = shown(at.people.province, "fund_desk")
    assert reverse("fund_county", args=[LINXIAN]) in above
    assert "2,800,000.00" in above


def test_a_placement_is_drafted_and_approved(at: At) -> None:
    entry = browser_of(at.people.entry)
    given = {
        "appropriation": at.document.pk,
        "project": at.project.pk,
        "amount_yuan": "1000",
        "use_way": "OTHER",
        "document_no": "临扶〔2014〕9号",
        "on": "2014-06-05",
    }
    wrong = entry.post(reverse("placement_new"), given)
    assert wrong.status_code == 422
    assert "未用竞争机制的，写明理由" in wrong.content.decode()
    for field, value in (
        ("amount_yuan", "-5"),
        ("amount_yuan", "1234567890123456.00"),
        ("project", "999999"),
    ):
        answer = entry.post(reverse("placement_new"), {**given, "use_way_reason": "少", field: value})
        assert answer.status_code == 422
        assert f'id="id_{field}_error"' in answer.content.decode()
    assert Placement.objects.count() == 1
    assert entry.post(reverse("placement_new"), {**given, "use_way_reason": "户数少"}).status_code == 302
    with at.scope(at.people.entry):
        made = Placement.objects.get(status="DRAFT")
    url = reverse("placement_approve", args=[made.pk])
    approver = browser_of(at.people.approve)
    assert approver.post(url, {"on": "2014-06-05"}).status_code == 302
    late = approver.post(url, {"on": "2014-06-05"})
    assert late.status_code == 409
    assert "钱批" in late.content.decode()
    assert at.balance(LineKind.PROJECT) == Decimal("201000.00")


def rows_posted(at: At, **changed: str) -> dict[str, str]:
    given = {"item": "核桃补助", "period": "2014", "on": "2014-06-03"}
    for number, one in enumerate(sorted(at.households, key=lambda one: one.household_no), start=1):
        given |= {
            f"rows-{number}-chosen": "1",
            f"rows-{number}-payee_name": one.head_name,  # type: ignore[attr-defined]
            f"rows-{number}-amount_yuan": "5,000.00",
        }
    return {**given, **changed}


def test_a_list_is_made_from_the_beneficiaries(at: At) -> None:
    browser = browser_of(at.people.entry)
    url = reverse("payment_new", args=[at.placement.pk])
    page = browser.get(url).content.decode()
    assert all(one.household_no in page for one in at.households)
    for name, value, said in (
        ("rows-2-amount_yuan", "-1", "金额应大于 0"),
        ("rows-2-amount_yuan", "很多", "请填金额，如 5000.00"),
        ("rows-2-payee_name", "王陌生", "户名不是本户在册成员"),
        ("rows-2-account", "12", "账号应为 8 至 30 位数字"),
        ("period", "2014-13", "所属期应为年度或月份"),
    ):
        answer = browser.post(url, rows_posted(at, **{name: value}))
        assert answer.status_code == 422, name
        assert said in answer.content.decode()
    assert PaymentBatch.objects.count() == 0
    done = browser.post(url, rows_posted(at))
    assert done.status_code == 302
    with at.scope(at.people.entry):
        batch = PaymentBatch.objects.get()
        assert (batch.rows, batch.amount_yuan) == (3, Decimal("15000.00"))
    page = shown(at.people.finance, "payment_batch", batch.pk)
    assert "62284801230000" not in page  # accounts by their last four digits


def test_a_contractor_is_paid_by_a_list_of_its_own(at: At) -> None:
    browser = browser_of(at.people.entry)
    url = reverse("payment_contractor", args=[at.placement.pk])
    given = {
        "item": "农机",
        "period": "2014-06",
        "on": "2014-06-03",
        "payee_name": "吕梁农机公司",
        "bank_name": "农行",
        "account": "12",
        "amount_yuan": "100",
    }
    wrong = browser.post(url, given)
    assert wrong.status_code == 422
    assert 'id="id_account_error"' in wrong.content.decode()
    assert browser.post(url, {**given, "account": "0412345678901"}).status_code == 302


def paid_list(at: At) -> PaymentBatch:
    batch = listed(at.people, at.scope, at.placement, rows_for(at.households))
    disclosed(at.people, at.scope, at.placement, batch)
    return sent(at.people, at.scope, batch)


def csv(*rows: str) -> SimpleUploadedFile:
    text = "\n".join(("序号,收款人户名,金额（元）,结果,失败原因", *rows))
    return SimpleUploadedFile("回盘.csv", text.encode())


def test_results_are_read_back_whole_or_not_at_all(at: At) -> None:
    batch = paid_list(at)
    browser = browser_of(at.people.finance)
    url = reverse("payment_results", args=[batch.pk])
    names = [one.head_name for one in at.households]  # type: ignore[attr-defined]
    wrong = csv(
        f"1,{names[0]},5000.01,成功,",
        f"9,{names[1]},5000,成功,",
        "2,王陌生,5000,成功,",
        f"3,{names[2]},5000,失败,",
        f"1,{names[0]},5000,成功,",
    )
    answer = browser.post(url, {"file": wrong, "on": "2014-06-16"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in (
        "金额 5,000.01 与清单的 5,000.00 不符",
        "序号 9 不是本清单待支付的一笔",
        "户名“王陌生”与清单的",
        "失败的须写明原因",
        "序号 1 重复",
    ):
        assert said in page
    good = csv(f"1,{names[0]},5000,成功,", f"2,{names[1]},5000.00,成功,", f"3,{names[2]},5000,失败,户名不符")
    page = browser.post(url, {"file": good, "on": "2014-06-16"}).content.decode()
    assert at.balance(LineKind.PAID) == 0  # shown, not put down
    signed = re.search(r'name="results" value="([^"]+)"', page)
    assert signed is not None
    apply = reverse("payment_results_apply", args=[batch.pk])
    browser.post(apply, {"results": signed[1] + "x"})
    assert at.balance(LineKind.PAID) == 0
    assert browser.post(apply, {"results": signed[1]}).status_code == 302
    assert at.balance(LineKind.PAID) == Decimal("10000.00")
    with at.scope(at.people.finance):
        assert [one.status for one in Payment.objects.order_by("seq")] == ["PAID", "PAID", "FAILED"]


def test_whole_accounts_stand_in_the_bank_s_file_alone(at: At) -> None:
    batch = paid_list(at)
    with at.scope(at.people.finance) as actor:
        from django.http import QueryDict

        from funds.resources.spending import bank_query

        asked = Request(actor, None, QueryDict(bank_query(batch)))
        found = select("bank_file", asked)
        rows = list(found.read(found.rows.iterator()))
        cells = [found.tables[0].resource.export_resource(row) for row in rows]
        assert [row[2] for row in cells] == [f"62284801230000{serial:05d}" for serial in (1, 2, 3)]
        assert AccessRecord.objects.filter(user=actor).count() == 1
    assert "6228480123" not in shown(at.people.finance, "payment_bank", query=f"?batch={batch.pk}")
    with at.scope(at.people.finance) as actor:
        results = [Result(seq, True) for seq in (1, 2, 3)]
        record_results(actor=actor, batch=batch, results=results, on=date(2014, 6, 16), today=TODAY)
        with pytest.raises(NotAsked):
            select("bank_file", asked)


def test_a_household_reads_what_reached_it(at: At, ai: User) -> None:
    batch = paid_list(at)
    with at.scope(at.people.finance) as actor:
        results = [Result(seq, True) for seq in (1, 2, 3)]
        record_results(actor=actor, batch=batch, results=results, on=date(2014, 6, 16), today=TODAY)
    number = at.households[0].household_no
    page = shown(ai, "money_of_household", number)
    assert "5,000.00" in page
    assert "核桃种植补助" in page
    assert "到户资金" in shown(ai, "household_card", number, 2014)


def test_stranded_money_goes_back_through_the_pages(at: At) -> None:
    at_stage(at.project, "FAILED")
    review, finance = browser_of(at.people.review), browser_of(at.people.finance)
    given = {"reason": "NOT_FEASIBLE", "note": "地块被征用", "on": "2014-09-01"}
    assert review.post(reverse("stranded_new", args=[at.placement.pk]), given).status_code == 302
    with at.scope(at.people.review):
        stranding = Stranding.objects.get()
    pk = stranding.pk
    assert "200,000.00" in shown(at.people.review, "stranded_page", pk)
    assert stranding.number in shown(at.people.province, "stranded_list", query="?list=overdue")
    part = {"part": "UNPAID", "amount_yuan": "199999", "document_no": "汇1", "on": "2015-06-01"}
    short = finance.post(reverse("return_send", args=[pk]), part)
    assert short.status_code == 422
    assert "须全额归还 200,000.00 元" in short.content.decode()
    assert (
        finance.post(reverse("return_send", args=[pk]), {**part, "amount_yuan": "200000"}).status_code == 302
    )
    again = finance.post(reverse("return_send", args=[pk]), {**part, "amount_yuan": "200000"})
    assert again.status_code == 409
    with at.scope(at.people.treasury):
        (back,) = stranding.returns.all()
    treasury, province = browser_of(at.people.treasury), browser_of(at.people.province)
    assert treasury.post(reverse("return_receive", args=[back.pk]), {"on": "2015-06-02"}).status_code == 302
    again = {
        "county": "140929000000",
        "amount_yuan": "200000",
        "document_no": "晋调1号",
        "tasks": "产业",
        "answerable": "县长",
        "on": "2015-07-01",
    }
    assert province.post(reverse("return_redistribute", args=[back.pk]), again).status_code == 302
    assert "岢岚县" in shown(at.people.province, "stranded_page", pk)
    assert back.number in shown(at.people.province, "return_list")


def test_what_was_never_placed_is_recognised_on_its_own_page(at: At) -> None:
    url = reverse("stranded_unplaced", args=[LINXIAN, at.document.pk])
    given = {"reason": "NOT_ON_TIME", "note": "没有项目", "on": "2014-12-31"}
    assert browser_of(at.people.finance).post(url, given).status_code == 302
    assert at.balance(LineKind.STRANDED) == Decimal("2800000.00")


def test_a_recovery_and_an_acceptance_are_put_down(at: At) -> None:
    batch = paid_list(at)
    with at.scope(at.people.finance) as actor:
        results = [Result(seq, True) for seq in (1, 2, 3)]
        record_results(actor=actor, batch=batch, results=results, on=date(2014, 6, 16), today=TODAY)
    accept = reverse("acceptance_new", args=[at.placement.pk])
    given: dict[str, Any] = {
        "household_no": at.households[0].household_no,
        "on": "2014-07-01",
        "result": "PASS",
        "inspector": "组",
        "document_no": "验1",
    }
    review = browser_of(at.people.review)
    wrong = review.post(accept, {**given, "household_no": "1"})
    assert wrong.status_code == 422
    assert review.post(accept, given).status_code == 302
    assert at.balance(LineKind.ACCEPTED) == Decimal("5000.00")
    at_stage(at.project, "FAILED")
    with at.scope(at.people.review) as actor:
        stranding = recognise_placement(
            actor=actor,
            placement=at.placement,
            given=Recognised(StrandedReason.NOT_FEASIBLE, "征用"),
            on=date(2014, 9, 1),
            today=TODAY,
        )
    with at.scope(at.people.finance):
        second = Payment.objects.get(seq=2)
    url = reverse("stranded_recover", args=[stranding.pk])
    back = {"payment": second.pk, "amount_yuan": "5000", "document_no": "收1", "on": "2014-10-01"}
    finance = browser_of(at.people.finance)
    assert finance.post(url, back).status_code == 302
    assert finance.post(url, back).status_code == 422  # nothing of it is left
    assert (
        review.post(reverse("stranded_notify", args=[stranding.pk]), {"on": "2014-09-02"}).status_code == 302
    )
