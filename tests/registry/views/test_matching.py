"""Lists in the browser: handed in and read by a job, hits worked through, 低保衔接 looked at, slips made and answered."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from fupin.accounts.models import AuditRecord, User
from fupin.accounts.roles import Role
from fupin.home.todo import todos
from fupin.jobs.models import Job, JobStatus
from fupin.jobs.services.running import carry_out
from fupin.sheets import incoming
from fupin.sheets.exports import select
from fupin.sheets.kinds import Request
from registry.codes.outside import ListKind
from registry.models import MatchHit, OutsideList, TransferSlip
from registry.rules.card import MemberCard
from registry.services.transfers import make_slip
from tests.conftest import LINXIAN, person
from tests.registry.cases import act_as
from tests.registry.factories import card, income, member, pupil, saved, wife
from tests.registry.lists import STRANGER, load, only_hit, sheet, vehicle
from tests.registry.services.test_transfers import old

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
DAY = date(2014, 9, 1)
WAIVER = {"state": "WAIVED", "reason": "农用三轮车", "evidence": "行驶证，镇档 3"}


@pytest.fixture
def clerk(db: None) -> User:
    return person("clerk", Role.COUNTY_ENTRY, LINXIAN, full_name="柯录")


@pytest.fixture
def civil(db: None) -> User:
    return person("min", Role.CIVIL_AFFAIRS, LINXIAN, full_name="闵政")


@pytest.fixture
def man(clerk: User) -> MemberCard:
    """The head of a household of three."""
    head = member()
    act_as(clerk)
    saved(clerk, card(head, wife(), pupil()))
    return head


def sent(content: bytes, **more: str) -> dict[str, Any]:
    return {
        "kind": "VEHICLE",
        "source": "临县公安局",
        "document": "临公函〔2014〕8号",
        "as_of": "2014-06-30",
        "file": SimpleUploadedFile("车辆.csv", content),
        **more,
    }


def handed_in(browser: Client, content: bytes, **more: str) -> Job:
    """Return the job after it has run."""
    answer = browser.post(reverse("matching_load"), sent(content, **more))
    job = Job.objects.latest("queued_at")
    assert answer.url == reverse("job_detail", args=[job.pk])  # type: ignore[attr-defined]
    carry_out(job.pk, on=DAY)
    job.refresh_from_db()
    return job


HEADS = ("姓名", "身份号码", "号牌号码")


def test_a_list_is_handed_in_read_by_a_job_and_matched(
    man: MemberCard, bo: User, client_for: ClientFor
) -> None:
    browser = client_for(bo)
    assert "下载 xlsx" in browser.get(reverse("matching_load")).content.decode()
    job = handed_in(browser, sheet(HEADS, ("张建国", man.id_no, "晋J1"), ("某某", STRANGER, "晋J2")))
    assert (job.status, job.result["rows"], job.result["hits"]) == (JobStatus.DONE, 2, 1)
    page = browser.get(job.result["url"]).content.decode()
    assert "临公函〔2014〕8号" in page
    assert "名下有机动车" in page
    assert list(incoming._folder().iterdir()) == [], "the file is gone once it was read"
    lists = browser.get(reverse("matching_lists")).content.decode()
    assert "临县公安局" in lists
    record = AuditRecord.objects.get(action="job.registry.load_list")
    assert record.detail["rows"] == 2
    assert str(man.id_no) not in str(record.detail) + str(job.arguments) + str(job.result)


def test_bad_rows_are_told_by_number_and_nothing_is_taken(bo: User, client_for: ClientFor) -> None:
    browser = client_for(bo)
    job = handed_in(browser, sheet(HEADS, ("甲", "123", "x"), ("乙", STRANGER, "y"), ("", STRANGER, "z")))
    assert job.result["label"] == "没有装入：2 行要改，逐行看"
    page = browser.get(job.result["url"]).content.decode()
    assert "身份号码应为18位" in page
    assert "没有姓名，请补填" in page
    assert not OutsideList.objects.exists()


def test_a_file_that_is_none_ends_the_job_in_words(bo: User, client_for: ClientFor) -> None:
    browser = client_for(bo)
    job = handed_in(browser, b"PK\x03\x04rubbish")
    assert (job.status, job.message) == (
        JobStatus.FAILED,
        "文件的内容不是 .csv，没有读取；请用 Excel 或 WPS 打开后另存为 .xlsx 再上传",
    )
    job = handed_in(browser, sheet(("姓名",), ("甲",)))
    assert "没有“身份号码”列" in job.message


def test_the_same_file_again_is_refused_in_words(bo: User, client_for: ClientFor) -> None:
    browser = client_for(bo)
    content = sheet(HEADS, ("某某", STRANGER, "晋J2"))
    handed_in(browser, content)
    assert "已经装入过" in handed_in(browser, content).message


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"as_of": "2999-01-01"}, "截止日期不能晚于今天"),
        ({"division": "140929000000"}, "不在您的岗位所属区划之内"),
        ({"kind": "NOTHING"}, "NOTHING"),
        ({"source": ""}, "必填"),
    ],
)
def test_the_form_names_its_faults(bo: User, client_for: ClientFor, more: dict[str, str], why: str) -> None:
    answer = client_for(bo).post(reverse("matching_load"), sent(b"x", **more))
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize("kind", list(ListKind))
def test_the_template_has_the_columns_that_are_looked_for(
    bo: User, client_for: ClientFor, kind: ListKind
) -> None:
    answer = client_for(bo).get(reverse("matching_template", args=[kind.value]))
    book = load_workbook(BytesIO(answer.content))
    assert [cell.value for cell in book.worksheets[0][1]][:2] == ["姓名", "身份号码"]
    assert book.worksheets[0].column_dimensions["B"].width >= 20


def test_hits_are_worked_through_many_for_one_reason(
    man: MemberCard, clerk: User, bo: User, tong: User, client_for: ClientFor
) -> None:
    act_as(bo)
    load(bo, ListKind.VEHICLE, sheet(HEADS, ("张建国", man.id_no, "晋J1"), ("张建国", man.id_no, "晋J2")))
    browser = client_for(tong)
    page = browser.get(reverse("hit_list")).content.decode()
    assert "号牌号码 晋J1" in page
    assert [one.count for one in todos(tong) if "比对结果" in one.label] == [2]
    keys = list(MatchHit.objects.values_list("pk", flat=True))
    without = browser.post(reverse("hits_decide"), {"hit": keys, **WAIVER, "evidence": ""})
    assert without.status_code == 422
    assert "请写明材料名称和存放处" in without.content.decode()
    back = f"{reverse('hit_list')}?state=OPEN"
    answer = browser.post(reverse("hits_decide"), {"hit": keys, "back": back, **WAIVER}, follow=True)
    assert "已核实 2 条" in answer.content.decode()
    assert set(MatchHit.objects.values_list("state", flat=True)) == {"WAIVED"}
    settled = browser.get(reverse("hit_list") + "?state=WAIVED").content.decode()
    assert "行驶证，镇档 3" in settled
    undone = browser.post(reverse("hit_undo", args=[keys[0]]), {"reason": "证不对"}, follow=True)
    assert "已撤销结论" in undone.content.decode()
    assert sorted(MatchHit.objects.values_list("state", flat=True)) == ["OPEN", "WAIVED"]


def test_who_typed_the_card_is_told_that_another_decides(bo: User, tong: User, client_for: ClientFor) -> None:
    head = member()
    act_as(tong)
    saved(tong, card(head, wife()))
    vehicle(bo, str(head.id_no))
    answer = client_for(tong).post(reverse("hits_decide"), {"hit": [only_hit().pk], **WAIVER})
    assert answer.status_code == 422
    assert "须由另一人核实" in answer.content.decode()


def test_the_queue_is_asked_by_list_kind_place_and_state(
    man: MemberCard, bo: User, tong: User, client_for: ClientFor
) -> None:
    first = vehicle(bo, str(man.id_no)).list
    load(bo, ListKind.DEATH, sheet(("姓名", "身份号码"), ("张建囯", man.id_no)))
    browser = client_for(tong)

    def shown(query: str) -> int:
        page = browser.get(f"{reverse('hit_list')}?{query}")
        return len(page.context["rows"])

    assert shown("state=OPEN") == 2
    assert shown("state=OPEN&kind=DEATH") == 1
    assert shown(f"list={first.pk}") == 1
    assert shown("name=0") == 1
    assert shown("state=WAIVED") == 0
    assert shown("division=141124101000") == 2
    assert shown("division=141124102000") == 0
    assert shown("case=1") == 0
    assert shown("q=张建国") == 2


def test_the_card_shows_the_hits_to_whoever_may_see_them(
    man: MemberCard, bo: User, tong: User, civil: User, client_for: ClientFor
) -> None:
    vehicle(bo, str(man.id_no))
    url = reverse("household_card", args=[only_hit().household.household_no, 2014])
    assert "名册比对" in client_for(tong).get(url).content.decode()
    assert "号牌号码" not in client_for(civil).get(url).content.decode()


def test_the_three_lists_and_their_files(clerk: User, bo: User, civil: User, client_for: ClientFor) -> None:
    both, claims = member(name="甲两金"), member(name="乙户卡", is_dibao=True)
    allowance = {"poor_type": "02", "income": income(tr_dibao=Decimal(1800))}
    act_as(clerk)
    saved(clerk, card(both, wife(name="丙家属"), year=2013))
    saved(clerk, card(claims, wife(name="丁家属"), year=2013, phone="13800000002", **allowance))
    heads = ("姓名", "身份号码", "乡镇", "村")
    load(
        civil,
        ListKind.DIBAO,
        sheet(heads, ("甲两金", both.id_no, "白文镇", ""), ("戊未建", STRANGER, "白文镇", "庙坪村")),
    )
    load(civil, ListKind.WUBAO, sheet(heads, ("甲两金", both.id_no, "白文镇", "")))
    browser = client_for(civil)
    for kind, name in (("unregistered", "戊未建"), ("unlisted", "乙户卡"), ("double", "甲两金")):
        page = browser.get(f"{reverse('linkage_list')}?list={kind}").content.decode()
        others = {"戊未建", "乙户卡", "甲两金"} - {name}
        assert name in page, kind
        assert not [one for one in others if one in page], kind
        act_as(bo)
        selection = select(f"linkage_{kind}", Request(bo, 2013, QueryDict("")))
        rows = [selection.tables[0].resource.export_resource(row) for row in selection.rows]
        assert [name in row for row in rows] == [True], kind


def test_without_a_list_nothing_is_said_of_a_card(clerk: User, client_for: ClientFor) -> None:
    act_as(clerk)
    saved(
        clerk, card(member(is_dibao=True), year=2013, poor_type="02", income=income(tr_dibao=Decimal(1800)))
    )
    page = client_for(clerk).get(f"{reverse('linkage_list')}?list=unlisted").content.decode()
    assert "这一张单子没有人" in page


def test_a_newer_list_takes_the_place_of_the_older(clerk: User, civil: User, client_for: ClientFor) -> None:
    heads = ("姓名", "身份号码")
    load(civil, ListKind.DIBAO, sheet(heads, ("戊未建", STRANGER)), as_of=date(2014, 3, 31))
    url = f"{reverse('linkage_list')}?list=unregistered"
    assert "戊未建" in client_for(civil).get(url).content.decode()
    act_as(clerk)
    load(civil, ListKind.DIBAO, sheet(heads, ("己新来", member().id_no)), as_of=date(2014, 6, 30))
    page = client_for(civil).get(url).content.decode()
    assert "戊未建" not in page
    assert "己新来" in page


def test_hits_leave_as_a_file(man: MemberCard, bo: User) -> None:
    vehicle(bo, str(man.id_no))
    selection = select("match_hits", Request(act_as(bo), 2014, QueryDict("state=OPEN&kind=VEHICLE")))
    (row,) = [selection.tables[0].resource.export_resource(row) for row in selection.rows]
    assert "号牌号码 晋J12345" in row
    assert str(man.id_no) not in str(row)


def test_households_are_handed_over_and_answered_in_the_browser(
    bo: User, tong: User, civil: User, client_for: ClientFor
) -> None:
    mine = old(clerk=bo)
    number = mine.household.household_no
    browser = client_for(tong)
    page = browser.get(reverse("transfer_new")).content.decode()
    assert "高老汉" in page
    assert browser.post(reverse("transfer_new"), {}).status_code == 422
    browser.post(reverse("transfer_new"), {"household": [number], f"situation-{number}": "年老多病"})
    slip = TransferSlip.objects.get()
    url = reverse("transfer_page", args=[slip.number])
    assert "登记送达" in browser.get(url).content.decode()
    assert browser.get(reverse("transfer_print", args=[slip.number]))["Content-Type"] == "application/pdf"
    browser.post(reverse("transfer_send", args=[slip.number]), {"sent_on": slip.made_on.isoformat()})
    assert [one.count for one in todos(_again(civil)) if "回执" in one.label] == [1]
    theirs = client_for(civil)
    assert "填写回执" in theirs.get(url).content.decode()
    line = slip.lines.get()
    answer = {
        f"result-{line.pk}": "DECLINED",
        f"on-{line.pk}": slip.made_on.isoformat(),
        f"note-{line.pk}": "",
    }
    wrong = theirs.post(reverse("transfer_answer", args=[slip.number]), answer)
    assert wrong.status_code == 422
    assert "写明原因" in wrong.content.decode()
    answer[f"note-{line.pk}"] = "子女有赡养能力"
    done = theirs.post(reverse("transfer_answer", args=[slip.number]), answer, follow=True)
    assert "已填 1 户回执" in done.content.decode()
    assert "子女有赡养能力" in browser.get(url).content.decode()
    shown = browser.get(reverse("household_card", args=[number, 2013])).content.decode()
    assert slip.number in shown


def _again(user: User) -> User:
    return act_as(user)


def test_another_countys_slip_does_not_exist(bo: User, tong: User, du: User, client_for: ClientFor) -> None:
    mine = old(clerk=bo)
    act_as(tong)
    slip = make_slip(actor=tong, cards=[mine], situations={}, on=date(2014, 6, 30))
    assert client_for(du).get(reverse("transfer_page", args=[slip.number])).status_code == 404
