"""Samples: drawn by a seed, printed as field sheets, what was found, and the rate of disagreement by county."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.codes import contains
from fupin.lib.paging import page_of
from registry.codes.sampling import SampleItem, Stratum
from registry.errors import RegistryError
from registry.forms.audit import FindingForm, SampleForm
from registry.models import HouseholdYear, Sample, SampledHousehold
from registry.prints.sampling import recorded
from registry.reports.audit.samples import latest_findings, rates, with_results
from registry.reports.years import entry_year, years_on_file
from registry.services.printing import SAMPLE, people_in_sample
from registry.services.sampling import Look, draw_sample, record_findings
from registry.views import card_page
from registry.views.batch_prints import start_or_ask


@door("registry.audit")
@require_GET
def sample_list(request: HttpRequest) -> HttpResponse:
    """List the samples, and the rate of disagreement of each county in a year."""
    user = actor(request)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in years_on_file() else entry_year()
    samples = Sample.objects.visible_to(user).filter(year=year).select_related("division", "drawn_by")
    context = {
        "page": page_of(samples.order_by("-pk"), request.GET.get("page"), request.GET.get("size")),
        "rates": rates(user, year),
        "year": year,
        "years": years_on_file(),
        "may_draw": may(user, "registry.draw_sample"),
        "trail": card_page.trail(user.post.division_id if user.post else None, page="sample_list"),
    }
    return render(request, "registry/sample_list.html", context)


@door("registry.draw_sample", audit="sample.draw")
@require_http_methods(["GET", "POST"])
def sample_new(request: HttpRequest) -> HttpResponse:
    """Draw a sample."""
    user = actor(request)
    form = SampleForm(request.POST if request.method == "POST" else None, years=years_on_file())
    if request.method == "POST" and form.is_valid() and user.post is not None:
        given = form.cleaned_data
        division = given["division"] or user.post.division_id
        if not contains(user.post.division_id, division):
            form.add_error("division", "请选择您的岗位所属区划之内的")
        else:
            try:
                sample = draw_sample(
                    actor=user,
                    division=division,
                    year=given["year"],
                    seed=given["seed"],
                    stratum=Stratum(given["stratum"]),
                    size=given["size"],
                    purpose=given["purpose"],
                )
            except RegistryError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, f"已抽 {sample.size} 户，总体 {sample.frame} 户")
                return redirect("sample_page", sample.pk)
    context = {
        "form": form,
        "trail": card_page.trail(user.post.division_id if user.post else None, page="sample_list"),
    }
    return render(request, "registry/sample_new.html", context, status=422 if form.errors else 200)


def _sample(user: User, pk: int) -> Sample:
    samples = Sample.objects.visible_to(user).select_related("division", "drawn_by")
    return get_object_or_404(samples, pk=pk)


@door("registry.audit")
@require_GET
def sample_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a sample's households in the order drawn, with which of them was checked."""
    user = actor(request)
    sample = _sample(user, pk)
    households = with_results(SampledHousehold.objects.visible_to(user).filter(sample=sample))
    rows = households.select_related("household", "division__parent").order_by("seat", "pk")
    page = page_of(rows, request.GET.get("page"), request.GET.get("size"))
    heads = dict(
        HouseholdYear.objects.filter(
            household__in=[row.household_id for row in page.object_list], year=sample.year
        ).values_list("household_id", "head_name")
    )
    context = {
        "sample": sample,
        "page": page,
        "rows": [(row, heads.get(row.household_id, "")) for row in page.object_list],
        "checked": households.filter(checked=True).count(),
        "disagreeing": households.filter(disagrees=True).count(),
        "may_draw": may(user, "registry.draw_sample"),
        "trail": card_page.trail(sample.division_id, page="sample_list"),
    }
    return render(request, "registry/sample_page.html", context)


@door("registry.audit")
@require_GET
def sampled_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a sampled household: what its card says, what was found of each item."""
    return _household(request, pk, None)


def _household(request: HttpRequest, pk: int, form: FindingForm | None) -> HttpResponse:
    user = actor(request)
    row = get_object_or_404(
        SampledHousehold.objects.visible_to(user).select_related("sample", "household", "division"), pk=pk
    )
    card = HouseholdYear.objects.select_related("household").get(
        household_id=row.household_id, year=row.sample.year
    )
    found = latest_findings([row.pk])[row.pk]
    may_record = may(user, "registry.record_finding")
    shown: Any = form or FindingForm(today=timezone.localdate())
    lines = []
    for item, agrees, seen, why in shown.lines():
        says, last = recorded(card, item), found.get(item)
        mended = last is not None and not last.agrees and says == last.found
        lines.append((item.label, says, last, mended, agrees, seen, why))
    context = {
        "row": row,
        "card": card,
        "lines": lines,
        "form": shown,
        "may_record": may_record,
        "following": SampledHousehold.objects.visible_to(user)
        .filter(sample=row.sample, seat__gt=row.seat)
        .order_by("seat", "pk")
        .first(),
        "trail": card_page.trail(row.division_id, page="sample_list"),
    }
    return render(request, "registry/sampled_page.html", context, status=422 if form is not None else 200)


@door("registry.record_finding", audit="sample.find")
@require_POST
def sampled_find(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was found at a sampled household."""
    user = actor(request)
    row = get_object_or_404(SampledHousehold.objects.visible_to(user).select_related("sample"), pk=pk)
    form = FindingForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        given = form.cleaned_data
        looks = {
            item: Look(given[f"agrees-{item}"] == "1", given[f"found-{item}"], given[f"note-{item}"])
            for item in SampleItem
            if given[f"agrees-{item}"]
        }
        try:
            record_findings(actor=user, sampled=row, looks=looks, on=given["on"], today=timezone.localdate())
        except RegistryError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"第 {row.seat} 户的复核结果已登记")
            return redirect("sampled_page", pk)
    return _household(request, pk, form)


@door("registry.draw_sample", audit="sample.print", proof=True)
@require_POST
def sample_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the field sheets of a sample."""
    user = actor(request)
    sample = _sample(user, pk)
    return start_or_ask(
        request,
        kind=SAMPLE,
        permission="registry.draw_sample",
        arguments={"sample": sample.pk},
        division=sample.division,
        title=f"复核表 {sample}（{sample.division.name}）",
        filters={"年度": str(sample.year), "种子": sample.seed},
        persons=people_in_sample(sample),
        back=reverse("sample_page", args=[pk]),
    )


urlpatterns: list[URLPattern] = [
    path("audit/samples/", sample_list, name="sample_list"),
    path("audit/samples/new/", sample_new, name="sample_new"),
    path("audit/samples/<int:pk>/", sample_page, name="sample_page"),
    path("audit/samples/<int:pk>/print/", sample_print, name="sample_print"),
    path("audit/sampled/<int:pk>/", sampled_page, name="sampled_page"),
    path("audit/sampled/<int:pk>/find/", sampled_find, name="sampled_find"),
]
