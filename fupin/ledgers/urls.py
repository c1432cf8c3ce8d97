"""Addresses of the books."""

from django.urls import URLPattern, path

from fupin.ledgers import views

urlpatterns: list[URLPattern] = [
    path("funds/accounts/<int:pk>/", views.ledger_account, name="ledger_account"),
    path("funds/entries/<str:number>/", views.ledger_entry, name="ledger_entry"),
]
