"""Closing a year: what it puts beyond change is named and counted before anybody confirms it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fupin.accounts.doors import actor, door
from registry.errors import CloseRefused
from registry.models import YearClose
from registry.reports.closing import closing_figures
from registry.reports.years import entry_year
from registry.services.years import close_year


class CloseForm(forms.Form):
    """By which document, and the year once more in one's own hand."""

    document = forms.CharField(label="依据文号", max_length=100, help_text="如：晋扶办〔2015〕3号")
    typed_year = forms.CharField(
        label="再输一遍年度",
        max_length=4,
        help_text="确认要关的是哪一年",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, year: int, **kwargs: Any) -> None:
        self.year = year
        super().__init__(data, label_suffix="", use_required_attribute=False, **kwargs)

    def clean_typed_year(self) -> str:
        """Ask for the year that is going to be closed."""
        typed: str = self.cleaned_data["typed_year"].strip()
        if typed != str(self.year):
            raise forms.ValidationError(f"要关的是 {self.year} 年度，请输入 {self.year}")
        return typed


@door("registry.close_year", audit="year.close", proof=True)
@require_http_methods(["GET", "POST"])
def year_close(request: HttpRequest) -> HttpResponse:
    """Show what closing the year being entered would leave unfinished, and close it when it was confirmed."""
    user = actor(request)
    year = entry_year()
    figures = closing_figures(year)
    form = CloseForm(request.POST if request.method == "POST" else None, year=year)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["seen"] != figures.fingerprint:
            form.add_error(None, "在您查看之后数字有变，请按现在的数字再确认一次")
        else:
            try:
                close_year(
                    actor=user,
                    year=year,
                    on=timezone.localdate(),
                    document=form.cleaned_data["document"],
                )
            except CloseRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, f"{year} 年度已关账，现在录入 {year + 1} 年度")
                return redirect("year_close")
    context = {
        "form": form,
        "year": year,
        "figures": figures,
        "closed": YearClose.objects.select_related("closed_by").order_by("-year"),
        "over": year < timezone.localdate().year,
    }
    return render(request, "registry/year_close.html", context, status=422 if form.errors else 200)


urlpatterns: list[URLPattern] = [path("years/close/", year_close, name="year_close")]
