"""Files about more than 500 people: asked for, decided by a second person, then made."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fupin.accounts import audit
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from fupin.sheets import approvals, exports
from fupin.sheets.forms import ReasonForm
from fupin.sheets.kinds import NotAsked, Request
from fupin.sheets.models import ApprovalStatus, ExportApproval
from fupin.sheets.views.exports import ask_page, asked_in


@door(exports.PERMISSION, audit="sheets.ask_for_approval", proof=True)
@require_POST
def export_ask(request: HttpRequest) -> HttpResponse:
    """Ask a second person for a file about more than 500 people."""
    user = actor(request)
    asked = asked_in(request.POST)
    form = ReasonForm(request.POST)
    try:
        selection = exports.select(asked["kind"], Request(user, asked["year"], QueryDict(asked["query"])))
    except NotAsked as refused:
        audit.note(outcome=audit.Outcome.REFUSED)
        messages.error(request, str(refused))
        return redirect("export_list")
    if not form.is_valid():
        return ask_page(request, asked, selection, form=form)
    approval = approvals.ask_for_approval(
        actor=user, asked=asked, selection=selection, reason=form.cleaned_data["reason"]
    )
    messages.success(request, "已提交审批；批准后回到这里导出")
    return redirect("export_approval", approval.pk)


@door("sheets.view_log")
@require_GET
def export_approval_list(request: HttpRequest) -> HttpResponse:
    """List what waits for one's word, what one has asked for, and what was decided in one's division."""
    user = actor(request)
    now = timezone.now()
    seen = ExportApproval.objects.visible_to(user)
    lists: dict[str, tuple[str, Any]] = {
        "mine": ("我申请的", approvals.mine(user).order_by("-asked_at", "-pk"))
    }
    if may(user, approvals.APPROVE):
        decided = seen.exclude(status=ApprovalStatus.WAITING).order_by("-decided_at", "-pk")
        lists = {
            "waiting": ("等我审批", approvals.to_decide(user, now).order_by("asked_at", "pk")),
            **lists,
            "decided": ("已审批", decided),
        }
    which = request.GET.get("list", "")
    which = which if which in lists else next(iter(lists))
    rows = lists[which][1].select_related("requested_by", "post__division", "decided_by", "log")
    context = {
        "page": page_of(rows, request.GET.get("page")),
        "tabs": [(label, f"?list={name}", name == which) for name, (label, _) in lists.items()],
        "now": now,
    }
    return render(request, "sheets/export_approval_list.html", context)


@door("sheets.view_log", audit="sheets.decide_approval", proof=True)
@require_http_methods(["GET", "POST"])
def export_approval(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an asking to whoever made it and to whoever may answer for it; carry out what they decide."""
    user = actor(request)
    approval = _seen(user, pk)
    refusal = ""
    if request.method == "POST":
        try:
            return _decided(request, user, approval)
        except approvals.ApprovalRefused as refused:
            refusal = str(refused)
            approval = _seen(user, pk)
    now = timezone.now()
    own = approval.requested_by_id == user.pk
    waiting = approval.status == ApprovalStatus.WAITING and not approval.is_expired(now)
    context = {
        "approval": approval,
        "refusal": refusal,
        "now": now,
        "own": own,
        "expired": approval.is_expired(now) and approval.made is None,
        "may_decide": waiting and not own and may(user, approvals.APPROVE),
        "may_start": approvals.to_start(user, now).filter(pk=pk).exists(),
        "waiting": waiting,
        "note": request.POST.get("note", ""),
    }
    return render(request, "sheets/export_approval.html", context, status=422 if refusal else 200)


def _seen(user: User, pk: int) -> ExportApproval:
    """The asking, for whoever made it or may answer for it; for everybody else it does not exist."""
    found = ExportApproval.objects.visible_to(user).select_related(
        "division", "requested_by", "post__division", "decided_by", "log"
    )
    approval = get_object_or_404(found, pk=pk)
    if approval.requested_by_id != user.pk and not may(user, approvals.APPROVE):
        raise Http404
    return approval


def _decided(request: HttpRequest, user: User, approval: ExportApproval) -> HttpResponse:
    decision = request.POST.get("decision", "")
    if decision == "start":
        audit.note(action="sheets.start_approved")
        job = approvals.start_approved(actor=user, approval=approval)
        return redirect("job_detail", job.pk)
    if decision not in {"approve", "refuse"}:
        raise approvals.ApprovalRefused("请选择批准或退回")
    said = request.POST.get("note", "")[:500]
    approvals.decide_approval(actor=user, approval=approval, approve=decision == "approve", said=said)
    messages.success(request, "已批准，由申请人导出" if decision == "approve" else "已退回申请人")
    return redirect("export_approval", approval.pk)
