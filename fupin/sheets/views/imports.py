"""Send a workbook in, look at what it would do, let it be written, take it back."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from fupin.accounts import audit
from fupin.accounts.doors import actor, door
from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.jobs.models import Job, JobStatus
from fupin.jobs.services.asking import ask_for
from fupin.lib.paging import page_of
from fupin.sheets import deciding, receiving
from fupin.sheets.intake import IMPORTS
from fupin.sheets.models import ImportBatch, ImportStatus, StagedUnit, Verdict
from fupin.sheets.models.imports import ImportMode
from fupin.sheets.opening import LIMITS, MOST_BYTES, FileRefused, Sent
from fupin.sheets.returning import corrected_workbook
from fupin.sheets.tasks import APPLY, STAGE, UNDO

VIEW: Final = "sheets.view_import"
_MOST_FILES: Final = 4
_BARS: Final = {
    JobStatus.QUEUED: "waiting",
    JobStatus.RUNNING: "running",
    JobStatus.DONE: "done",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "cancelled",
}
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@door(VIEW)
@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    """List the workbooks of one's area, the newest first."""
    user = actor(request)
    batches = ImportBatch.objects.visible_to(user).select_related("uploaded_by", "decided_by", "division")
    page = page_of(batches.order_by("-uploaded_at", "-pk"), request.GET.get("page"), request.GET.get("size"))
    rows = [{"batch": one, "kind": IMPORTS[one.kind].label, "chip": _chip(one)} for one in page.object_list]
    context = {"page": page, "rows": rows, "may_send": may(user, receiving.PERMISSION)}
    return render(request, "sheets/import_list.html", context)


@door(receiving.PERMISSION, audit="sheets.import")
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Choose a file and send it; what cannot be read at all is refused at once."""
    user = actor(request)
    kinds = [one for one in IMPORTS.values() if may(user, one.permission)]
    context: dict[str, Any] = {
        "kinds": kinds,
        "limits": LIMITS,
        "kind": "",
        "refusal": "",
        "division": user.post.division_id if user.post else "",
    }
    if request.method != "POST":
        return render(request, "sheets/import_new.html", context)
    context["kind"] = request.POST.get("kind", "")
    try:
        batch = receiving.receive(kind=context["kind"], files=_sent(request), actor=user)
    except (FileRefused, receiving.ImportRefused) as refused:
        audit.note(outcome=audit.Outcome.REFUSED)
        context["refusal"] = str(refused)
        return render(request, "sheets/import_new.html", context, status=422)
    _ask(batch, STAGE, f"核对 {batch.title}", user)
    return redirect("import_detail", batch.serial)


def _sent(request: HttpRequest) -> Sequence[Sent]:
    """Return the files of a request; raise FileRefused for what was not kept because it is too large."""
    uploads = request.FILES.getlist("file")[:_MOST_FILES]
    told = request.META.get("CONTENT_LENGTH") or "0"
    if (not uploads and int(told) > MOST_BYTES) or any((one.size or 0) > MOST_BYTES for one in uploads):
        raise FileRefused(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请分开上传")
    return [Sent(one.name or "", one.read()) for one in uploads]


@door(VIEW)
@require_GET
def import_detail(request: HttpRequest, serial: str) -> HttpResponse:
    """Show how far a workbook is and what it would do, row by row; HTMX asks for the progress alone."""
    user = actor(request)
    batch = _batch(user, serial)
    context: dict[str, Any] = {
        "batch": batch,
        "kind": IMPORTS[batch.kind].label,
        "chip": _chip(batch),
        "going": not batch.is_stuck
        and batch.status in {ImportStatus.READING, ImportStatus.APPLYING, ImportStatus.UNDOING},
        "job": batch.job,
        "bar": _BARS[JobStatus(batch.job.status)] if batch.job else "",
        "mine": batch.uploaded_by_id == user.pk,
        "may_decide": may(user, deciding.PERMISSION) and batch.uploaded_by_id != user.pk,
        "may_cancel": batch.job is not None and batch.job.requested_by_id == user.pk,
    }
    if request.headers.get("HX-Request") and context["going"]:
        return render(request, "sheets/_import_progress.html", context)
    chosen = request.GET.get("verdict", "")
    counts = [(one, getattr(batch, one.name.lower())) for one in Verdict]
    if chosen not in Verdict.values:
        chosen = next(
            (one.value for one in (Verdict.WRONG, Verdict.AMBIGUOUS, Verdict.CHANGED) if dict(counts)[one]),
            Verdict.NEW.value,
        )
    here = reverse("import_detail", args=[batch.serial])
    context["tabs"] = [
        (f"{one.label} {count:,}", f"{here}?verdict={one.value}", one.value == chosen)
        for one, count in counts
    ]
    units = (
        StagedUnit.objects.filter(batch=batch, verdict=chosen).defer("payload", "before").order_by("ordinal")
    )
    context["page"] = page_of(units, request.GET.get("page"), request.GET.get("size"))
    response = render(request, "sheets/import_detail.html", context)
    if request.headers.get("HX-Request"):
        response["HX-Refresh"] = "true"
    return response


@door(deciding.PERMISSION, audit="sheets.apply_import")
@require_POST
def import_decide(request: HttpRequest, serial: str) -> HttpResponse:
    """Let a workbook be written."""
    user = actor(request)
    batch = _batch(user, serial)
    mode = ImportMode.ALL if request.POST.get("mode") == "ALL" else ImportMode.GOOD
    try:
        batch = deciding.decide(batch=batch, mode=mode, actor=user)
    except (receiving.ImportRefused, Refused) as refused:
        return _refused(request, batch, str(refused))
    _ask(batch, APPLY, f"写入 {batch.title}", user)
    messages.success(request, "已开始写入，可以离开这一页")
    return redirect("import_detail", batch.serial)


@door(VIEW, audit="sheets.discard_import")
@require_POST
def import_discard(request: HttpRequest, serial: str) -> HttpResponse:
    """Give a workbook up that has not been written."""
    user = actor(request)
    batch = _batch(user, serial)
    try:
        deciding.discard(batch=batch, actor=user)
    except (receiving.ImportRefused, Refused) as refused:
        return _refused(request, batch, str(refused))
    messages.success(request, "已放弃，登记表没有改动")
    return redirect("import_list")


@door(deciding.PERMISSION, audit="sheets.undo_import")
@require_POST
def import_undo(request: HttpRequest, serial: str) -> HttpResponse:
    """Take a written workbook back."""
    user = actor(request)
    batch = _batch(user, serial)
    try:
        batch = deciding.ask_to_undo(batch=batch, actor=user, reason=request.POST.get("reason", ""))
    except (receiving.ImportRefused, Refused) as refused:
        return _refused(request, batch, str(refused))
    _ask(batch, UNDO, f"撤销 {batch.title}", user)
    return redirect("import_detail", batch.serial)


@door(receiving.PERMISSION)
@require_safe
def import_result(request: HttpRequest, serial: str) -> HttpResponseBase:
    """Give the sender his wrong rows back, reason by reason; they hold the whole numbers that he had typed."""
    user = actor(request)
    batch = _batch(user, serial)
    if batch.uploaded_by_id != user.pk:
        raise Http404("只有上传人能取回自己的表")
    try:
        content = corrected_workbook(batch)
    except FileNotFoundError:
        raise Http404("文件已过保留期") from None
    about = audit.Note(
        request_id=request.request_id,  # type: ignore[attr-defined]  # given by the first middleware
        action="sheets.import_result",
        user=user,
        post=user.post,
        division=batch.division_id,
        object_key=batch.serial,
        address=audit.address_of(request),
    )
    audit.write(about, audit.Outcome.DONE, using="record")
    return attached(content, f"{batch.title} 待改 {batch.serial}.xlsx")


def attached(content: bytes, name: str) -> HttpResponse:
    """Return a workbook to save."""
    answer = HttpResponse(content, content_type=_WORKBOOK)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer


def _batch(user: User, serial: str) -> ImportBatch:
    found = ImportBatch.objects.visible_to(user).select_related(
        "uploaded_by", "post", "decided_by", "undone_by", "division", "job"
    )
    batch: ImportBatch = get_object_or_404(found, serial=serial)
    audit.note(object_key=batch.serial, division=batch.division_id)
    return batch


def _ask(batch: ImportBatch, kind: str, title: str, user: User) -> Job:
    job = ask_for(
        kind=kind,
        key=f"{kind}/{batch.pk}",
        title=title[:120],
        arguments={"batch": str(batch.pk)},
        actor=user,
    )
    ImportBatch.objects.filter(pk=batch.pk).update(job=job)
    return job


def _refused(request: HttpRequest, batch: ImportBatch, text: str) -> HttpResponse:
    audit.note(outcome=audit.Outcome.REFUSED)
    messages.error(request, text)
    return redirect("import_detail", batch.serial)


def _chip(batch: ImportBatch) -> str:
    if batch.status == ImportStatus.APPLIED:
        return "ok"
    if batch.status == ImportStatus.REFUSED:
        return "bad"
    return "quiet" if batch.status in {ImportStatus.DISCARDED, ImportStatus.UNDONE} else "warn"
