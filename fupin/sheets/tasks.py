"""Exports and imports as jobs, and the removal of files whose day is over."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from fupin.accounts.models import User
from fupin.history.looking import as_of
from fupin.jobs.errors import JobRefused
from fupin.jobs.kinds import job
from fupin.jobs.work import Work
from fupin.sheets import deciding, exports, incoming, receiving
from fupin.sheets.kinds import NotAsked, Request
from fupin.sheets.models import ExportApproval, ImportBatch, ImportStatus

STAGE, APPLY, UNDO = "sheets.stage", "sheets.apply", "sheets.undo"


@job(exports.EXPORT, permission=exports.PERMISSION)
def export(work: Work) -> Mapping[str, Any]:
    """Write a list to a file, in the scope that its requester's post has now."""
    asked = work.arguments
    with work.scope() as requester:
        try:
            request = Request(requester, asked["year"], QueryDict(asked["query"]))
            selection = exports.select(asked["kind"], request)
            with as_of(selection.day):
                total = selection.rows.order_by().count()
            work.job.total = total
            work.progress(0, total, "正在写文件")
            log = exports.export(
                kind=asked["kind"],
                selection=selection,
                actor=requester,
                format=asked["format"],
                at=timezone.now(),
                key=work.job.pk,
                job_id=work.job.pk,
                approval=_approval(requester, asked.get("approval")),
                progress=lambda done: work.progress(done, total, "正在写文件"),
            )
        except (NotAsked, exports.NotApproved) as refused:
            raise JobRefused(str(refused)) from refused
        result = {
            "url": reverse("export_download", args=[log.serial]),
            "label": f"下载（{log.rows:,} 行，24 小时内有效）",
            "serial": log.serial,
        }
        work.finish(result)
    return result


def _approval(requester: User, pk: int | None) -> ExportApproval | None:
    """Return the requester's own approval that the job was asked on."""
    return ExportApproval.objects.filter(pk=pk, requested_by=requester).first() if pk else None


@job(STAGE, permission=receiving.PERMISSION)
def stage(work: Work) -> Mapping[str, Any]:
    """Read, check and compare a workbook in the scope that its sender's post has now."""
    batch, requester = _batch(work)
    batch.post = requester.post or batch.post
    batch = receiving.stage(batch, on=work.on, told=work.progress)
    if batch.status == ImportStatus.REFUSED:
        raise JobRefused(batch.message)
    return _result(batch, "查看核对结果")


@job(APPLY, permission=deciding.PERMISSION)
def apply(work: Work) -> Mapping[str, Any]:
    """Write a workbook that has been decided on, from where an earlier run left off."""
    batch, requester = _batch(work)
    return _result(deciding.apply(batch, actor=requester, on=work.on, told=work.progress), "查看导入结果")


@job(UNDO, permission=deciding.PERMISSION)
def undo(work: Work) -> Mapping[str, Any]:
    """Take a written workbook back."""
    batch, requester = _batch(work)
    return _result(deciding.undo(batch, actor=requester, on=work.on, told=work.progress), "查看导入结果")


def _batch(work: Work) -> tuple[ImportBatch, User]:
    with work.scope() as requester:
        found = ImportBatch.objects.select_related("uploaded_by", "post__division", "division")
        return found.get(pk=work.arguments["batch"]), requester


def _result(batch: ImportBatch, label: str) -> dict[str, Any]:
    return {"url": reverse("import_detail", args=[batch.serial]), "label": label, "serial": batch.serial}


@shared_task(name="fupin.sheets.tasks.tidy", ignore_result=True)
def tidy() -> None:
    """Remove files a day old, of exports and of what nobody came to read; log rows stay. May run twice."""
    now = timezone.now()
    exports.remove_old(now)
    incoming.remove_old(now)
    receiving.forget_old(now)
