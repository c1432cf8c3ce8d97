"""Objecting without signing in, and looking up what came of it. What was sent is shown to nobody but the offices."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fupin.accounts import audit
from fupin.accounts.doors import door
from fupin.accounts.limits import exceeded
from fupin.notices.errors import ObjectionRefused
from fupin.notices.forms.public import AnswerForm, ObjectionForm
from fupin.notices.models import Notice
from fupin.notices.services.objecting import grouped_code, look_up, object_to
from fupin.notices.views.answers import too_many

OBJECTIONS_AN_HOUR: Final = 20
"""From one address: a whole village may stand behind it."""
LOOK_UPS_AN_HOUR: Final = 60
HOUR: Final = 3600


@door(None, audit="notices.object", open=True)
@never_cache
@require_http_methods(["GET", "POST"])
def public_objection(request: HttpRequest, number: str) -> HttpResponse:
    """Take an objection and give its receipt: number and code, shown this once."""
    today = timezone.localdate()
    notice = get_object_or_404(
        Notice.objects.select_related("division"), number=number, objectable=True, taken_down_on__isnull=True
    )
    lines = list(notice.lines.order_by("position"))
    context = {"notice": notice, "open": notice.posted_on <= today <= notice.last_on}
    if request.method != "POST":
        form = ObjectionForm(lines=lines)
        return render(request, "public/objection.html", {**context, "form": form})
    if exceeded(f"objection:{audit.address_of(request)}", limit=OBJECTIONS_AN_HOUR, seconds=HOUR):
        return too_many(request, HOUR)
    form = ObjectionForm(request.POST, lines=lines)
    if form.is_trapped:
        form.add_error(None, "提交没有成功，请重新打开本页再填")
    elif form.is_valid():
        asked = form.cleaned_data
        try:
            receipt = object_to(
                notice=notice,
                statement=asked["statement"],
                entry_key=asked["entry_key"],
                on=today,
                position=asked["position"],
                name=asked["name"],
                phone=asked["phone"],
            )
        except ObjectionRefused as refused:
            form.add_error(None, str(refused))
        else:
            given = {"notice": notice, "receipt": receipt, "code": grouped_code(receipt.code)}
            return render(request, "public/receipt.html", given)
    audit.note(outcome=audit.Outcome.REFUSED, object_key=f"notice:{notice.number}")
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "public/objection.html", {**context, "form": form}, status=status)


@door(None, audit="notices.look_up", open=True)
@never_cache
@require_http_methods(["GET", "POST"])
def public_answer(request: HttpRequest) -> HttpResponse:
    """Tell how an objection stands to whoever knows its number and code."""
    form = AnswerForm(
        request.POST if request.method == "POST" else None, label_suffix="", use_required_attribute=False
    )
    found = None
    if request.method == "POST":
        if exceeded(f"answer:{audit.address_of(request)}", limit=LOOK_UPS_AN_HOUR, seconds=HOUR):
            return too_many(request, HOUR)
        if form.is_valid():
            found = look_up(**form.cleaned_data)
            if found is None:
                form.add_error(None, "没有这件异议，或编号与查询码不符")
        if found is None:
            audit.note(outcome=audit.Outcome.REFUSED)
        else:
            audit.note(object_key=f"objection:{found.number}")
    wrong = form.is_bound and found is None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "public/answer.html", {"form": form, "found": found}, status=status)


urlpatterns: list[URLPattern] = [
    path("public/notices/<str:number>/objection/", public_objection, name="public_objection"),
    path("public/answer/", public_answer, name="public_answer"),
]
