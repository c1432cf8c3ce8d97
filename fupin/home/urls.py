"""Addresses of the first page and of the two that machines ask."""

from django.urls import path

from fupin.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
