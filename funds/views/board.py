"""The board of money: issued against due, county by county, and budgets of each level against the year before."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from funds.errors import MoneyRefused
from funds.forms.documents import BudgetForm
from funds.models import AnnualBudget, Appropriation
from funds.reports import budgets
from funds.reports.passing import by_county, exempt_of, passing
from funds.services.documents import enter_budget
from funds.views.acting import trail
from fupin.accounts.doors import actor, door
from fupin.accounts.permissions import may


def _year(request: HttpRequest, years: list[int]) -> int:
    asked = request.GET.get("year", "")
    if asked.isdigit() and int(asked) in years:
        return int(asked)
    return years[0] if years else timezone.localdate().year


@door("funds.view_money")
@require_GET
def fund_board(request: HttpRequest) -> HttpResponse:
    """Show what of a year's money is out against its due days, and where it lies in each county."""
    user = actor(request)
    today = timezone.localdate()
    seen = Appropriation.objects.visible_to(user).approved()
    years = sorted(set(seen.order_by().values_list("fiscal_year", flat=True)), reverse=True)
    year = _year(request, years)
    rows = passing(user, list(seen.filter(fiscal_year=year).order_by("issued_on", "pk")), today)
    exempt, exempt_percent, exempt_said = exempt_of(year)
    context = {
        "year": year,
        "years": years,
        "rows": rows,
        "counties": by_county(user, year, today),
        "weight": sum(row.weight for row in rows),
        "exempt": exempt,
        "exempt_percent": exempt_percent,
        "exempt_said": exempt_said,
        "today": today,
        "trail": [{"label": "拨付与时限", "url": ""}],
    }
    return render(request, "funds/fund_board.html", context)


@door("funds.view_money")
@require_GET
def budget_list(request: HttpRequest) -> HttpResponse:
    """Show the budgets of a year against the year before, with what is amiss."""
    user = actor(request)
    seen = AnnualBudget.objects.visible_to(user)
    years = sorted(set(seen.order_by().values_list("year", flat=True)), reverse=True)
    year = _year(request, years)
    found = budgets.lines(user, year)
    context = {
        "year": year,
        "years": years,
        "rows": found,
        "against": budgets.comparison(found),
        "may_enter": may(user, "funds.enter_budget"),
        "trail": trail(("年度预算", "")),
    }
    return render(request, "funds/budget_list.html", context)


@door("funds.enter_budget", audit="funds.enter_budget")
@require_http_methods(["GET", "POST"])
def budget_new(request: HttpRequest) -> HttpResponse:
    """Enter a level's budget of a year, in the place of one that stood there."""
    user = actor(request)
    own = user.post.division_id if user.post else 0
    form = BudgetForm(
        request.POST if request.method == "POST" else None,
        within=own,
        initial={"division": own, "year": timezone.localdate().year},
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = enter_budget(actor=user, **form.cleaned_data)
        except MoneyRefused as refused:
            form.refused(refused)
        else:
            messages.success(request, "已登记")
            return redirect(f"{reverse('budget_list')}?year={row.year}")
    context = {"form": form, "trail": trail(("年度预算", reverse("budget_list")), ("登记", ""))}
    return render(request, "funds/budget_new.html", context, status=422 if form.errors else 200)


urlpatterns: list[URLPattern] = [
    path("board/", fund_board, name="fund_board"),
    path("budgets/", budget_list, name="budget_list"),
    path("budgets/new/", budget_new, name="budget_new"),
]
