"""Addresses of notices: `/public/` for everybody, the rest for the offices."""

from django.urls import URLPattern

from fupin.notices.views import objecting, objections, offices, public

urlpatterns: list[URLPattern] = [
    *public.urlpatterns,
    *objecting.urlpatterns,
    *objections.urlpatterns,
    *offices.urlpatterns,
]
