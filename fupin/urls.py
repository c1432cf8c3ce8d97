"""Addresses, app by app (docs: design/contract)."""

from django.urls import URLPattern, URLResolver, include, path

handler400 = "fupin.home.errors.bad_request"
handler403 = "fupin.home.errors.forbidden"
handler404 = "fupin.home.errors.not_found"
handler500 = "fupin.home.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("fupin.home.urls")),
    path("", include("fupin.jobs.urls")),
    path("", include("fupin.deadlines.urls")),
    path("", include("fupin.notices.urls")),
    path("", include("fupin.divisions.urls")),
    path("", include("fupin.accounts.urls")),
    path("", include("fupin.sheets.urls")),
    path("", include("fupin.ledgers.urls")),
    path("registry/", include("registry.urls")),
    path("projects/", include("projects.urls")),
    path("funds/", include("funds.urls")),
    path("public/", include("funds.public_urls")),
    path("", include("fupin.api")),
]
