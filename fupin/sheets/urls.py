"""Addresses of exports."""

from django.urls import path

from fupin.sheets import views

urlpatterns = [
    path("sheets/exports/", views.export_list, name="export_list"),
    path("sheets/exports/start/", views.export_start, name="export_start"),
    path("sheets/exports/ask/", views.export_ask, name="export_ask"),
    path("sheets/exports/approvals/", views.export_approval_list, name="export_approval_list"),
    path("sheets/exports/approvals/<int:pk>/", views.export_approval, name="export_approval"),
    path("sheets/exports/<slug:serial>/file/", views.export_download, name="export_download"),
]
