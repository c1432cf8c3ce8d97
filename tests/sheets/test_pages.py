"""An export asked for on a page: a job, then a file that only its owner fetches, for a day."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from fupin.accounts.models import AuditRecord, User
from fupin.accounts.roles import Role
from fupin.jobs.models import Job, JobStatus
from fupin.jobs.services.running import carry_out
from fupin.sheets import exports
from fupin.sheets.models import ExportLog
from fupin.sheets.tasks import tidy
from registry.services.cards import SavedCard
from tests.conftest import LINXIAN, PROVINCE_CODE, person

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
ASKED = {"kind": "households", "year": "2014", "query": "poor_type=01", "format": "xlsx"}


def ask(browser: Client, **changes: str) -> Any:
    return browser.post(reverse("export_start"), {**ASKED, **changes})


def done(browser: Client, **changes: str) -> Job:
    """Ask for an export and let a worker do it; what is committed is what the worker finds."""
    answer = ask(browser, **changes)
    assert answer.status_code == 302, answer.content
    job = Job.objects.latest("queued_at")
    assert answer["Location"] == reverse("job_detail", args=[job.pk])
    carry_out(job.pk, on=timezone.localdate())
    job.refresh_from_db()
    return job


def test_it_is_asked_for_done_and_fetched(bo: User, client_for: Browser, households: list[SavedCard]) -> None:
    browser = client_for(bo)
    job = done(browser)
    assert (job.status, job.title) == (JobStatus.DONE, "导出 xlsx：2014 年度贫困户（临县）")
    log = ExportLog.objects.get()
    assert (log.job, log.rows, log.user, log.serial) == (job, 2, bo, job.result["serial"])
    assert "下载" in browser.get(reverse("job_detail", args=[job.pk])).content.decode()
    answer = browser.get(job.result["url"])
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    content = b"".join(answer.streaming_content)
    assert CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names == ["户", "成员", "说明"]
    assert set(AuditRecord.objects.values_list("action", flat=True)) == {
        "sheets.ask_for_export",
        "job.sheets.export",
        "sheets.download",
    }


def test_run_again_it_is_the_same_export(bo: User, client_for: Browser, households: list[SavedCard]) -> None:
    job = done(client_for(bo))
    carry_out(job.pk, on=timezone.localdate())
    assert ExportLog.objects.count() == 1


def test_asked_twice_it_is_one_job(bo: User, client_for: Browser, households: list[SavedCard]) -> None:
    browser = client_for(bo)
    assert ask(browser)["Location"] == ask(browser)["Location"]
    assert ask(browser, format="csv")["Location"] != ask(browser)["Location"]


def test_the_file_of_somebody_else_does_not_exist(
    bo: User, chen: User, jin: User, client_for: Browser, households: list[SavedCard]
) -> None:
    url = done(client_for(bo)).result["url"]
    for other in (chen, jin):
        assert client_for(other).get(url).status_code == 404
        assert "DC20" not in client_for(other).get(reverse("export_list")).content.decode()


def test_the_file_dies_in_a_day_and_the_log_stays(
    bo: User, client_for: Browser, households: list[SavedCard], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_for(bo)
    url = done(browser).result["url"]
    serial = ExportLog.objects.get().serial
    assert url in browser.get(reverse("export_list")).content.decode()
    monkeypatch.setattr(exports, "KEPT", timedelta(0))
    assert browser.get(url).status_code == 404
    tidy()
    assert list(exports.folder().iterdir()) == []
    page = browser.get(reverse("export_list")).content.decode()
    assert serial in page
    assert url not in page


def test_it_asks_for_the_password_again(bo: User, client_for: Browser) -> None:
    browser = client_for(bo)
    session = browser.session
    session["proved_at"] = timezone.now().timestamp() - 301
    session.save()
    answer = ask(browser)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("sign_in_again"))
    assert not Job.objects.exists()


def test_who_may_not_export_cannot_ask(
    ai: User, he: User, kang: User, client_for: Browser, households: list[SavedCard]
) -> None:
    for user in (ai, he, kang):
        assert ask(client_for(user)).status_code == 403
    assert not Job.objects.exists()


def test_civil_affairs_takes_out_what_it_may_see(client_for: Browser, households: list[SavedCard]) -> None:
    """Cards and the lists compared with its own, each logged; never what other departments' lists say of people."""
    civil = person("civil", Role.CIVIL_AFFAIRS, LINXIAN)
    browser = client_for(civil)
    for kind, rows in (("households", 2), ("linkage_unlisted", 0)):
        job = done(browser, kind=kind, query="")
        log = ExportLog.objects.get(serial=job.result["serial"])
        assert (log.user, log.kind, log.rows, log.division) == (civil, kind, rows, LINXIAN)
        fetched = browser.get(job.result["url"])
        assert fetched.status_code == 200
        assert b"".join(fetched.streaming_content)  # read to its end it closes the file
        assert log.serial in browser.get(reverse("export_list")).content.decode()
    assert AuditRecord.objects.filter(user=civil, action="sheets.download").count() == 2
    assert ask(browser, kind="match_hits", query="").status_code == 403
    assert ExportLog.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"format": "pdf"}, 400),
        ({"year": "20x4"}, 400),
        ({"query": "q=" + "x" * 3000}, 400),
        ({"kind": "users"}, 302),
        ({"query": "division=140929000000"}, 302),
        ({"query": "income=nowhere"}, 302),
    ],
)
def test_nonsense_makes_no_job(bo: User, client_for: Browser, changes: dict[str, str], status: int) -> None:
    assert ask(client_for(bo), **changes).status_code == status
    assert not Job.objects.exists()


def test_nothing_is_taken_out_after_the_post_has_ended(
    bo: User, client_for: Browser, households: list[SavedCard]
) -> None:
    ask(client_for(bo))
    job = Job.objects.get()
    assert bo.post is not None
    type(bo.post).objects.filter(pk=bo.post.pk).update(revoked_at=timezone.now())
    carry_out(job.pk, on=timezone.localdate())
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert not ExportLog.objects.exists()
    assert list(exports.folder().iterdir()) == []


def test_the_log_administrator_sees_every_export_and_opens_none(
    bo: User, client_for: Browser, households: list[SavedCard]
) -> None:
    url = done(client_for(bo)).result["url"]
    log_admin = client_for(person("logs", Role.LOG_ADMIN, PROVINCE_CODE))
    page = log_admin.get(reverse("export_list")).content.decode()
    assert ExportLog.objects.get().serial in page
    assert "薄录" in page
    assert url not in page
    assert log_admin.get(url).status_code == 403


def test_the_log_cannot_be_changed(bo: User, client_for: Browser, households: list[SavedCard]) -> None:
    done(client_for(bo))
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('sheets_exportlog', 'UPDATE, DELETE, TRUNCATE')")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("kind", ["villages", "labourers"])
def test_the_other_lists_go_the_same_way(
    bo: User, client_for: Browser, households: list[SavedCard], kind: str
) -> None:
    assert done(client_for(bo), kind=kind, query="").status == JobStatus.DONE


@pytest.mark.parametrize("name", ["household_list", "village_list", "labourer_list"])
def test_every_list_offers_its_export_to_whoever_may(
    bo: User, ai: User, client_for: Browser, households: list[SavedCard], name: str
) -> None:
    address = reverse(name)
    assert reverse("export_start") in client_for(bo).get(address).content.decode()
    assert reverse("export_start") not in client_for(ai).get(address).content.decode()
