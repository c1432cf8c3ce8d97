"""Addresses of exports and imports."""

from django.urls import path

from fupin.sheets import views

urlpatterns = [
    path("sheets/exports/", views.export_list, name="export_list"),
    path("sheets/exports/start/", views.export_start, name="export_start"),
    path("sheets/exports/ask/", views.export_ask, name="export_ask"),
    path("sheets/exports/approvals/", views.export_approval_list, name="export_approval_list"),
    path("sheets/exports/approvals/<int:pk>/", views.export_approval, name="export_approval"),
    path("sheets/exports/<slug:serial>/file/", views.export_download, name="export_download"),
    path("sheets/imports/", views.import_list, name="import_list"),
    path("sheets/imports/new/", views.import_new, name="import_new"),
    path("sheets/imports/templates/<slug:kind>/", views.import_template, name="import_template"),
    path("sheets/imports/<slug:serial>/", views.import_detail, name="import_detail"),
    path("sheets/imports/<slug:serial>/decide/", views.import_decide, name="import_decide"),
    path("sheets/imports/<slug:serial>/discard/", views.import_discard, name="import_discard"),
    path("sheets/imports/<slug:serial>/undo/", views.import_undo, name="import_undo"),
    path("sheets/imports/<slug:serial>/wrong-rows/", views.import_result, name="import_result"),
]
