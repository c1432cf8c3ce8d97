"""Make a list of payments: from the beneficiaries of a project row by row, or for a contractor."""

import uuid
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from funds.errors import MoneyRefused
from funds.forms.use import BatchForm, ContractorForm
from funds.models import PaymentBatch, Placement
from funds.models.payment import BatchKind
from funds.reports.payees import Beneficiary, beneficiaries_named
from funds.services.paying import BatchFacts, Row, make_batch
from funds.views.showing import money_act, put_errors, trail
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.lib.money import grouped, parse_decimal
from registry.views.help.showing import today


def _placement(user: User, pk: int) -> Placement:
    rows = Placement.objects.visible_to(user).standing().filter(project__isnull=False)
    return get_object_or_404(rows.select_related("appropriation", "project", "division"), pk=pk)


@door("funds.prepare_payment", audit="funds.prepare_payment")
@require_http_methods(["GET", "POST"])
def payment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a list from the beneficiaries of the project; each row says at its field what is wrong."""
    user = actor(request)
    placement = _placement(user, pk)
    found = beneficiaries_named(placement)
    key = request.POST.get("key") or str(uuid.uuid4())
    form = BatchForm(request.POST or None, initial={"on": today(), "period": str(today().year)})
    lines = [_line(request, number, one) for number, one in enumerate(found.values(), start=1)]
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid() and (made := _make(user, placement, form, lines, key)) is not None:
            messages.success(
                request, f"已编制 {made.number}，共 {made.rows} 笔 {grouped(made.amount_yuan)} 元"
            )
            return HttpResponseRedirect(reverse("payment_batch", args=[made.pk]))
    back = reverse("placement_page", args=[pk])
    context = {
        "title": "编制到户支付清单",
        "form": form,
        "lines": lines,
        "key": key,
        "back": back,
        "placement": placement,
        "trail": [*trail(placement.division_id), {"label": placement.number, "url": back}],
    }
    return render(request, "funds/payment_new.html", context, status=status)


class _Line:
    """A beneficiary as a row of the form: whether he is on the list, what was typed, what is wrong."""

    def __init__(self, number: int, one: Beneficiary, post: Any) -> None:
        self.number, self.one = number, one
        name = f"rows-{number}"
        asked = bool(post)
        self.chosen = f"{name}-chosen" in post if asked else one.on_register
        head = one.head_name if one.head_name in one.members else next(iter(one.members), "")
        self.payee_name = post.get(f"{name}-payee_name", head) if asked else head
        promised = "" if one.promised_yuan is None else f"{one.promised_yuan}"
        self.amount = post.get(f"{name}-amount_yuan", "") if asked else promised
        self.account = post.get(f"{name}-account", "") if asked else ""
        self.errors: dict[str, str] = {}

    @property
    def warnings(self) -> list[str]:
        """What to look at before it is put on the list."""
        said = []
        if not self.one.on_register:
            said.append(f"{self.one.household.get_status_display()}，不能支付")
        if self.one.account is None:
            said.append("户卡没有账号")
        elif self.one.account[1] in self.one.shared:
            said.append("账号与他户相同")
        return said

    def row(self) -> Row | None:
        """Return it as a row, or None where the amount is no number (said at its field)."""
        try:
            amount = parse_decimal(self.amount)
        except ValueError:
            self.errors["amount_yuan"] = "请填金额，如 5000.00"
            return None
        return Row(
            payee_name=self.payee_name,
            amount_yuan=amount,
            household_no=self.one.household.household_no,
            account=self.account.strip(),
        )


def _line(request: HttpRequest, number: int, one: Beneficiary) -> _Line:
    return _Line(number, one, request.POST if request.method == "POST" else {})


def _make(
    user: User, placement: Placement, form: BatchForm, lines: Sequence[_Line], key: str
) -> PaymentBatch | None:
    """Make the list, or put every refusal at its place and return None."""
    chosen = [line for line in lines if line.chosen]
    rows = [line.row() for line in chosen]
    if any(row is None for row in rows):
        return None
    values = form.cleaned_data
    try:
        entry = uuid.UUID(key)
    except ValueError:
        entry = uuid.uuid4()
    try:
        return make_batch(
            actor=user,
            placement=placement,
            facts=BatchFacts(BatchKind.HOUSEHOLD, values["item"], values["period"]),
            rows=[row for row in rows if row is not None],
            key=entry,
            on=values["on"],
            today=today(),
        )
    except MoneyRefused as refused:
        for name, said in refused.fields.items():
            kind, _, rest = name.partition(".")
            number, _, field = rest.partition(".")
            if kind == "rows" and number.isdigit():
                chosen[int(number) - 1].errors[field] = said
            else:
                put_errors(form, {name: said})
    return None


@door("funds.prepare_payment", audit="funds.prepare_payment")
@require_http_methods(["GET", "POST"])
def payment_contractor(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a list that pays a contractor or supplier."""
    user = actor(request)
    placement = _placement(user, pk)
    form = ContractorForm(request.POST or None, initial={"on": today(), "period": str(today().year)})

    def do(values: dict[str, Any]) -> PaymentBatch:
        row = Row(
            values["payee_name"],
            values["amount_yuan"],
            account=values["account"],
            bank_name=values["bank_name"],
        )
        try:
            return make_batch(
                actor=user,
                placement=placement,
                facts=BatchFacts(BatchKind.CONTRACTOR, values["item"], values["period"]),
                rows=[row],
                key=uuid.uuid4(),
                on=values["on"],
                today=today(),
            )
        except MoneyRefused as refused:
            raise MoneyRefused(
                {name.removeprefix("rows.1."): said for name, said in refused.fields.items()}
            ) from refused

    return money_act(
        request,
        form,
        do,
        title="付施工、供货单位",
        back=reverse("placement_page", args=[pk]),
        said="已编制，由另一人批准",
        division=placement.division_id,
        lead=lambda made: reverse("payment_batch", args=[made.pk]),
    )


urlpatterns: list[URLPattern] = [
    path("placements/<int:pk>/payments/new/", payment_new, name="payment_new"),
    path("placements/<int:pk>/payments/contractor/", payment_contractor, name="payment_contractor"),
]
