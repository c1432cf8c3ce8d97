"""Addresses of money; each module of views lists its own, what is most exact first."""

from django.urls import URLPattern, URLResolver

from funds.views import (
    allotments,
    board,
    desk,
    documents,
    donations,
    factors,
    flow,
    interest,
    interest_pot,
    payment_new,
    payments,
    placements,
    schemes,
    statement,
    stranded,
    village_fund_acts,
    village_funds,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *documents.urlpatterns,
    *schemes.urlpatterns,
    *allotments.urlpatterns,
    *factors.urlpatterns,
    *board.urlpatterns,
    *flow.urlpatterns,
    *desk.urlpatterns,
    *placements.urlpatterns,
    *payment_new.urlpatterns,
    *payments.urlpatterns,
    *stranded.urlpatterns,
    *statement.urlpatterns,
    *village_fund_acts.urlpatterns,
    *village_funds.urlpatterns,
    *interest_pot.urlpatterns,
    *interest.urlpatterns,
    *donations.urlpatterns,
]
