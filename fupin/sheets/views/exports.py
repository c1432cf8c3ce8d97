"""Ask for an export, fetch its file, look at the log."""

import hashlib
import json
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from fupin.accounts import audit
from fupin.accounts.doors import actor, door
from fupin.accounts.permissions import may, words_of
from fupin.jobs.services.asking import ask_for
from fupin.lib.paging import page_of
from fupin.sheets import approvals, exports
from fupin.sheets.forms import ReasonForm
from fupin.sheets.kinds import KINDS, NotAsked, Request, Selection
from fupin.sheets.models import MOST_UNAPPROVED, ExportLog

LONGEST_QUERY = 2000


@door(exports.PERMISSION, audit="sheets.ask_for_export", proof=True)
@require_POST
def export_start(request: HttpRequest) -> HttpResponse:
    """Ask for a list as it is filtered; the job's page shows the progress and then offers the file."""
    user = actor(request)
    asked = asked_in(request.POST)
    try:
        selection = exports.select(asked["kind"], Request(user, asked["year"], QueryDict(asked["query"])))
    except NotAsked as refused:
        audit.note(outcome=audit.Outcome.REFUSED)
        messages.error(request, str(refused))
        return redirect("export_list")
    if approvals.needs_approval(selection):
        audit.note(division=selection.division, detail={"kind": asked["kind"], "approval": "needed"})
        return ask_page(request, asked, selection)
    same = hashlib.sha256(
        json.dumps([user.post and user.post.pk, asked], sort_keys=True).encode()
    ).hexdigest()[:32]
    job = ask_for(
        kind=exports.EXPORT,
        key=f"{exports.EXPORT}/{user.pk}/{same}",
        title=f"导出 {asked['format']}：{selection.title}"[:120],
        arguments=asked,
        actor=user,
    )
    audit.note(object_key=f"job:{job.pk}", division=selection.division, detail={"kind": asked["kind"]})
    return redirect("job_detail", job.pk)


def ask_page(
    request: HttpRequest, asked: dict[str, Any], selection: Selection, *, form: ReasonForm | None = None
) -> HttpResponse:
    """Return the page on which more than 500 people are asked for."""
    form = form or ReasonForm()
    context = {
        "asked": asked,
        "selection": selection,
        "persons": approvals.people_in(selection),
        "most": MOST_UNAPPROVED,
        "form": form,
    }
    return render(request, "sheets/export_ask.html", context, status=422 if form.errors else 200)


@door("sheets.view_log")
@require_GET
def export_list(request: HttpRequest) -> HttpResponse:
    """List one's own exports, the newest first; the log administrator sees everybody's."""
    user = actor(request)
    all_of_them = may(user, "accounts.view_audit")
    logs = ExportLog.objects.select_related("user", "post__division")
    logs = (logs if all_of_them else logs.filter(user=user)).order_by("-at", "-pk")
    page = page_of(logs, request.GET.get("page"), request.GET.get("size"))
    now = timezone.now()
    rows = [
        {
            "log": log,
            "kind": KINDS[log.kind].label if log.kind in KINDS else words_of(log.kind),
            "there": log.user_id == user.pk and exports.is_there(log, now),
        }
        for log in page.object_list
    ]
    context = {
        "page": page,
        "rows": rows,
        "all_of_them": all_of_them,
        "asks": may(user, exports.PERMISSION) or may(user, approvals.APPROVE),
    }
    return render(request, "sheets/export_list.html", context)


@door(exports.PERMISSION)
@require_safe
def export_download(request: HttpRequest, serial: str) -> FileResponse:
    """Give the file of one's own export within a day; anybody else's does not exist."""
    user = actor(request)
    log = get_object_or_404(ExportLog, serial=serial, user=user)
    if not exports.is_there(log, timezone.now()):
        raise Http404("文件只保留 24 小时，请重新导出")
    path = exports.path_of(log)
    about = audit.Note(
        request_id=request.request_id,  # type: ignore[attr-defined]  # given by the first middleware
        action="sheets.download",
        user=user,
        post=user.post,
        division=log.division,
        object_key=log.serial,
        address=audit.address_of(request),
        detail={"file_sha256": log.file_sha256},
    )
    audit.write(about, audit.Outcome.DONE, using="record")
    answer = FileResponse(path.open("rb"), content_type="application/octet-stream")
    name = quote(f"{log.title} {log.serial}{path.suffix}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer["Cache-Control"] = "no-store"
    return answer


def asked_in(posted: QueryDict) -> dict[str, Any]:
    """Return what was posted as a job's arguments; raise BadRequest for what no page of ours posts."""
    year, query = posted.get("year", ""), posted.get("query", "")
    if posted.get("format") not in exports.FORMATS or len(query) > LONGEST_QUERY:
        raise BadRequest("format, query")
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise BadRequest("year")
    return {
        "kind": posted.get("kind", "")[:40],
        "year": int(year) if year else None,
        "query": query,
        "format": posted["format"],
    }
