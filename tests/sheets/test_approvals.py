"""Files about more than 500 people: a second person answers for them, and before that there is no file and no address."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fupin.accounts.models import AuditRecord, User
from fupin.accounts.roles import Role
from fupin.accounts.scope import enter_scope
from fupin.home.todo import todos
from fupin.jobs.models import Job, JobStatus
from fupin.jobs.services.running import carry_out
from fupin.sheets import exports
from fupin.sheets.models import ApprovalStatus, ExportApproval, ExportLog
from registry.models import HouseholdYear
from registry.services.cards import SavedCard
from tests.conftest import KELAN, LINXIAN, person

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
ASKED = {"kind": "households", "year": "2014", "query": "poor_type=01", "format": "csv"}
REASON = "报省审计厅核对，用后删除"


@pytest.fixture
def approver(db: None) -> User:
    """Whoever approves at the poverty office of 临县."""
    return person("shen", Role.COUNTY_APPROVE, LINXIAN, full_name="申批")


@pytest.fixture
def many(households: list[SavedCard], see_all: Callable[[], None]) -> None:
    """Two households with 600 people between them, as far as their cards say."""
    HouseholdYear.objects.update(member_count=300, labourer_count=1)


def asked(browser: Client) -> ExportApproval:
    page = browser.post(reverse("export_start"), ASKED)
    assert page.status_code == 200
    assert "须由另一人审批" in page.content.decode()
    assert not Job.objects.exists()
    answer = browser.post(reverse("export_ask"), {**ASKED, "reason": REASON})
    assert answer.status_code == 302, answer.content.decode()
    return ExportApproval.objects.latest("pk")


def decide(browser: Client, approval: ExportApproval, decision: str, note: str = "") -> Any:
    return browser.post(reverse("export_approval", args=[approval.pk]), {"decision": decision, "note": note})


def seen_by(user: User) -> None:
    assert user.post is not None
    enter_scope(*user.post.code_range, user_id=user.pk)


def labels(user: User) -> set[str]:
    seen_by(user)
    return {one.label for one in todos(user)}


def test_it_is_made_when_a_second_person_has_answered_for_it_and_once(
    bo: User, approver: User, client_for: Browser, many: None
) -> None:
    clerk, second = client_for(bo), client_for(approver)
    approval = asked(clerk)
    assert (approval.persons, approval.requested_by, approval.division_id) == (600, bo, LINXIAN)
    assert "等我审批的导出" in labels(approver)
    assert decide(clerk, approval, "start").status_code == 422
    assert not Job.objects.exists()
    page = second.get(reverse("export_approval", args=[approval.pk])).content.decode()
    assert REASON in page
    assert "600" in page
    assert decide(second, approval, "approve").status_code == 302
    assert "已经批准、还没有导出的文件" in labels(bo)
    assert decide(second, approval, "start").status_code == 422
    started = decide(clerk, approval, "start")
    job = Job.objects.get()
    assert started.headers["Location"] == reverse("job_detail", args=[job.pk])
    carry_out(job.pk, on=timezone.localdate())
    job.refresh_from_db()
    assert job.status == JobStatus.DONE, job.message
    log = ExportLog.objects.get()
    assert (log.persons, log.approval_id, log.rows) == (600, approval.pk, 2)
    fetched = clerk.get(job.result["url"])
    assert b"".join(fetched.streaming_content)  # type: ignore[attr-defined]
    assert decide(clerk, approval, "start").status_code == 422
    assert set(AuditRecord.objects.values_list("action", flat=True)) >= {
        "sheets.ask_for_approval",
        "sheets.decide_approval",
        "sheets.start_approved",
        "job.sheets.export",
    }


def test_without_approval_neither_file_nor_log_row_is_made(
    bo: User, in_scope: Callable[[User], Any], many: None
) -> None:
    """A job put into the queue past the page, and the log row past the module."""
    assert bo.post is not None
    job = Job.objects.create(
        id=uuid.uuid4(), kind="sheets.export", key="x", title="x", requested_by=bo, post=bo.post,
        arguments={"kind": "households", "year": 2014, "query": "", "format": "csv"},
    )  # fmt: skip
    carry_out(job.pk, on=timezone.localdate())
    job.refresh_from_db()
    assert (job.status, "超过 500 人" in job.message) == (JobStatus.FAILED, True)
    assert list(exports.folder().iterdir()) == []
    row = ExportLog(
        serial="DC1", user=bo, post=bo.post, kind="households", title="x", format="csv", division=LINXIAN,
        as_of=timezone.now(), rows=2, persons=501, rows_sha256="0", file_sha256="0", file_size=1,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="须先由另一人审批"), in_scope(bo):
        row.save(force_insert=True)


def test_whoever_asks_does_not_answer_himself_in_raw_sql_either(
    approver: User, client_for: Browser, many: None, in_scope: Callable[[User], Any]
) -> None:
    browser = client_for(approver)
    approval = asked(browser)
    assert decide(browser, approval, "approve").status_code == 403
    for statement in (
        "UPDATE sheets_exportapproval SET status = 'APPROVED', decided_by_id = %s, decided_at = now() WHERE id = %s",
        "UPDATE sheets_exportapproval SET status = 'APPROVED', decided_by_id = %s + 1, decided_at = now() WHERE id = %s",
    ):
        with (
            pytest.raises(IntegrityError, match="另一人审批"),
            in_scope(approver),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [approver.pk, approval.pk])
    for column in ("persons = 1", "requested_by_id = 1", "expires_at = now()", "asked = '{}'"):
        with pytest.raises(ProgrammingError), in_scope(approver), connection.cursor() as cursor:
            cursor.execute(f"UPDATE sheets_exportapproval SET {column}")


def test_who_may_be_the_second_person(
    bo: User, tong: User, chen: User, du: User, fan: User, gao: User, approver: User, client_for: Browser, many: None
) -> None:  # fmt: skip
    approval = asked(client_for(bo))
    elsewhere = person("kelan-shen", Role.COUNTY_APPROVE, KELAN)
    for user in (tong, chen, du, elsewhere):
        assert client_for(user).get(reverse("export_approval", args=[approval.pk])).status_code == 404
        assert decide(client_for(user), approval, "approve").status_code == 404
        assert "等我审批的导出" not in labels(user)
    for user in (fan, gao, approver):
        assert "等我审批的导出" in labels(user)


def test_it_is_sent_back_with_a_reason(bo: User, approver: User, client_for: Browser, many: None) -> None:
    approval = asked(client_for(bo))
    assert decide(client_for(approver), approval, "refuse").status_code == 422
    assert decide(client_for(approver), approval, "refuse", "用途没有写清").status_code == 302
    page = client_for(bo).get(reverse("export_approval", args=[approval.pk])).content.decode()
    assert "用途没有写清" in page
    assert "生成文件" not in page
    assert decide(client_for(bo), approval, "start").status_code == 422
    assert decide(client_for(approver), approval, "approve").status_code == 422


def test_after_a_week_it_has_to_be_asked_again(
    bo: User, approver: User, client_for: Browser, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    approval = asked(client_for(bo))
    decide(client_for(approver), approval, "approve")
    approval.refresh_from_db()
    assert approval.expires_at is not None
    assert approval.covers(600, approval.expires_at - timedelta(seconds=1))
    assert not approval.covers(600, approval.expires_at)
    assert not approval.covers(601, timezone.now())
    decide(client_for(bo), approval, "start")
    later = approval.expires_at + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    job = Job.objects.get()
    carry_out(job.pk, on=timezone.localdate())
    job.refresh_from_db()
    assert (job.status, "有效期" in job.message) == (JobStatus.FAILED, True)
    assert not ExportLog.objects.exists()


def test_more_people_than_were_approved_are_not_taken_out(
    bo: User, approver: User, client_for: Browser, many: None, see_all: Callable[[], None]
) -> None:
    approval = asked(client_for(bo))
    decide(client_for(approver), approval, "approve")
    decide(client_for(bo), approval, "start")
    see_all()
    HouseholdYear.objects.update(member_count=301)
    carry_out(Job.objects.get().pk, on=timezone.localdate())
    job = Job.objects.get()
    assert (job.status, "审批的是 600 人" in job.message) == (JobStatus.FAILED, True)
    assert list(exports.folder().iterdir()) == []


def test_asked_twice_it_is_one_asking(bo: User, client_for: Browser, many: None) -> None:
    browser = client_for(bo)
    assert asked(browser) == asked(browser)
    assert ExportApproval.objects.count() == 1
    assert ExportApproval.objects.get().status == ApprovalStatus.WAITING


def test_up_to_the_limit_nobody_is_asked(
    bo: User, client_for: Browser, households: list[SavedCard], see_all: Callable[[], None]
) -> None:
    see_all()
    HouseholdYear.objects.update(member_count=250, labourer_count=1)
    assert client_for(bo).post(reverse("export_start"), ASKED).status_code == 302
    carry_out(Job.objects.get().pk, on=timezone.localdate())
    assert ExportLog.objects.get().persons == 500
