"""Addresses of exports."""

from django.urls import path

from fupin.sheets import views

urlpatterns = [
    path("sheets/exports/", views.export_list, name="export_list"),
    path("sheets/exports/start/", views.export_start, name="export_start"),
    path("sheets/exports/<slug:serial>/file/", views.export_download, name="export_download"),
]
