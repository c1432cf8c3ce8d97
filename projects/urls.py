"""Addresses of projects; each module of views lists its own, what is most exact first."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
