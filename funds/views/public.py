"""For everybody, without a sign-in: what became of a gift, by its receipt; and gifts by quarter (8.3 阳光操作)."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from funds.reports.donations import quarters, whereabouts
from fupin.accounts.audit import address_of
from fupin.accounts.doors import door
from fupin.accounts.limits import exceeded
from fupin.notices.views.answers import too_many

LOOKS_A_MINUTE: Final = 30


@door(None, open=True)
@require_safe
def public_donation(request: HttpRequest) -> HttpResponse:
    """Tell the holder of a receipt what became of his gift; never who gave it, nor a household's name."""
    receipt = request.GET.get("receipt", "").strip()[:40]
    if receipt and exceeded(f"public-donation:{address_of(request)}", limit=LOOKS_A_MINUTE, seconds=60):
        return too_many(request, 60)
    context = {
        "receipt": receipt,
        "gift": whereabouts(receipt) if receipt else None,
        "quarters": quarters(),
    }
    return render(request, "public/donation.html", context)


urlpatterns: list[URLPattern] = [path("donations/", public_donation, name="public_donation")]
