"""Addresses of money; each module of views lists its own, what is most exact first."""

from django.urls import URLPattern, URLResolver

from funds.views import allotments, board, documents, factors, schemes

urlpatterns: list[URLPattern | URLResolver] = [
    *documents.urlpatterns,
    *schemes.urlpatterns,
    *allotments.urlpatterns,
    *factors.urlpatterns,
    *board.urlpatterns,
]
