"""Addresses of money; each module of views lists its own, what is most exact first."""

from django.urls import URLPattern, URLResolver

from funds.views import allotments, board, documents, donations, factors, interest, interest_pot, schemes

urlpatterns: list[URLPattern | URLResolver] = [
    *documents.urlpatterns,
    *schemes.urlpatterns,
    *allotments.urlpatterns,
    *factors.urlpatterns,
    *board.urlpatterns,
    *interest_pot.urlpatterns,
    *interest.urlpatterns,
    *donations.urlpatterns,
]
