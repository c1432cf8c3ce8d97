"""Slips that hand households over to civil affairs: chosen, made, printed, sent, answered."""

from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from fupin.accounts import audit
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from registry.errors import MatchingRefused
from registry.forms.filters import in_division
from registry.forms.matching import AnswerForm, SendForm
from registry.models import TransferSlip
from registry.prints.transfers import transfer_slip
from registry.reports.transfers import slips, to_transfer
from registry.reports.years import entry_year
from registry.services.transfers import answer_lines, make_slip, send_slip
from registry.views import card_page

MOST_ON_A_SLIP = 100
_TABS = (("waiting", "等回执"), ("draft", "待送达"), ("answered", "已回执"), ("all", "全部"))


def _slip(user: User, number: str) -> TransferSlip:
    return get_object_or_404(slips(user), number=number)


@door("registry.view_matching")
@require_GET
def transfer_list(request: HttpRequest) -> HttpResponse:
    """List slips by where they stand."""
    user, today = actor(request), timezone.localdate()
    state = request.GET.get("state", "")
    state = state if state in dict(_TABS) else "waiting"
    rows = slips(user)
    if state == "waiting":
        rows = rows.filter(sent_on__isnull=False, answered_on__isnull=True)
    elif state == "draft":
        rows = rows.filter(sent_on__isnull=True)
    elif state == "answered":
        rows = rows.filter(answered_on__isnull=False)
    page = page_of(
        rows.order_by("reply_due_on", "-made_on", "pk"), request.GET.get("page"), request.GET.get("size")
    )
    makes = may(user, "registry.make_transfer")
    context = {
        "page": page,
        "rows": [
            (one, one.reply_due_on is not None and one.answered_on is None and one.reply_due_on < today)
            for one in page.object_list
        ],
        "tabs": [(label, f"?state={key}", key == state) for key, label in _TABS],
        "may_make": makes,
        "candidates": to_transfer(user, entry_year()).count() if makes else 0,
        "trail": card_page.trail(user.post.division_id if user.post else None),
    }
    return render(request, "registry/matching/transfers.html", context)


@door("registry.make_transfer", audit="transfer.make")
@require_http_methods(["GET", "POST"])
def transfer_new(request: HttpRequest) -> HttpResponse:
    """Choose households without anybody able to work and make a slip of them."""
    user, year = actor(request), entry_year()
    division = request.GET.get("division", "").strip()
    rows = to_transfer(user, year)
    if division:
        rows = in_division(rows, division)
    rows = rows.order_by("division_id", "household__household_no")
    refusal = ""
    if request.method == "POST":
        numbers = request.POST.getlist("household")[:MOST_ON_A_SLIP]
        cards = list(rows.filter(household__household_no__in=numbers))
        situations = {
            card.pk: request.POST.get(f"situation-{card.household.household_no}", "") for card in cards
        }
        try:
            slip = make_slip(actor=user, cards=cards, situations=situations, on=timezone.localdate())
        except MatchingRefused as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"已制移送单，{len(cards)} 户；请打印盖章，送达后登记日期")
            return redirect("transfer_page", number=slip.number)
    page = page_of(rows, request.GET.get("page"), request.GET.get("size"))
    context = {
        "page": page,
        "rows": page.object_list,
        "year": year,
        "division": division,
        "refusal": refusal,
        "trail": card_page.trail(user.post.division_id if user.post else None),
    }
    return render(request, "registry/matching/transfer_new.html", context, status=422 if refusal else 200)


@door("registry.view_matching")
@require_GET
def transfer_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show a slip with its households and their answers."""
    user = actor(request)
    return _page(request, user, _slip(user, number))


def _page(
    request: HttpRequest, user: User, slip: TransferSlip, form: AnswerForm | SendForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    lines = list(slip.lines.select_related("household", "division__parent", "answered_by").order_by("pk"))
    open_lines = [line for line in lines if not line.result]
    answers = may(user, "registry.answer_transfer") and slip.sent_on is not None and bool(open_lines)
    sends = may(user, "registry.make_transfer") and slip.sent_on is None
    context = {
        "slip": slip,
        "lines": lines,
        "late": slip.reply_due_on is not None and slip.answered_on is None and slip.reply_due_on < today,
        "answer_form": (form if isinstance(form, AnswerForm) else AnswerForm(lines=open_lines, today=today))
        if answers
        else None,
        "send_form": (form if isinstance(form, SendForm) else SendForm(initial={"sent_on": today}))
        if sends
        else None,
        "trail": card_page.trail(slip.division_id),
    }
    wrong = form is not None and bool(form.errors)
    return render(request, "registry/matching/transfer.html", context, status=422 if wrong else 200)


@door("registry.make_transfer", audit="transfer.send")
@require_POST
def transfer_send(request: HttpRequest, number: str) -> HttpResponse:
    """Put down the day on which civil affairs received the slip."""
    user = actor(request)
    slip = _slip(user, number)
    form = SendForm(request.POST)
    if form.is_valid():
        try:
            send_slip(actor=user, slip=slip, sent_on=form.cleaned_data["sent_on"], on=timezone.localdate())
        except MatchingRefused as refused:
            form.add_error(None if slip.sent_on else "sent_on", str(refused))
        else:
            messages.success(request, f"已登记送达，民政应于 {slip.reply_due_on} 前回执")
            return redirect("transfer_page", number=number)
    if slip.sent_on:
        messages.info(request, "移送单已登记送达")
        return redirect("transfer_page", number=number)
    return _page(request, user, slip, form)


@door("registry.answer_transfer", audit="transfer.answer")
@require_POST
def transfer_answer(request: HttpRequest, number: str) -> HttpResponse:
    """Take in civil affairs' answers."""
    user, today = actor(request), timezone.localdate()
    slip = _slip(user, number)
    open_lines = list(slip.lines.filter(result="").order_by("pk"))
    form = AnswerForm(request.POST, lines=open_lines, today=today)
    if form.is_valid():
        try:
            done = answer_lines(actor=user, slip=slip, replies=form.replies())
        except MatchingRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已填 {done} 户回执")
            return redirect("transfer_page", number=number)
    return _page(request, user, slip, form)


@door("registry.view_matching", audit="transfer.print")
@require_safe
def transfer_print(request: HttpRequest, number: str) -> HttpResponse:
    """Return the slip as a PDF with room for the receipt."""
    user = actor(request)
    slip = _slip(user, number)
    manuscript = transfer_slip(slip, printed_on=timezone.localdate(), demo=settings.DEMO)
    about = audit.Note(
        request_id=request.request_id,  # type: ignore[attr-defined]  # given by the first middleware
        action="transfer.print",
        user=user,
        post=user.post,
        division=slip.division_id,
        object_key=slip.number,
        address=audit.address_of(request),
    )
    audit.write(about, audit.Outcome.DONE, using="record")
    answer = HttpResponse(manuscript.typeset(), content_type="application/pdf")
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote('低保移送单')}{slip.number}.pdf"
    answer["Cache-Control"] = "no-store"
    return answer


urlpatterns: list[URLPattern] = [
    path("transfers/", transfer_list, name="transfer_list"),
    path("transfers/new/", transfer_new, name="transfer_new"),
    path("transfers/<str:number>/", transfer_page, name="transfer_page"),
    path("transfers/<str:number>/send/", transfer_send, name="transfer_send"),
    path("transfers/<str:number>/answer/", transfer_answer, name="transfer_answer"),
    path("transfers/<str:number>/print/", transfer_print, name="transfer_print"),
]
