"""Pages of help."""

from django.urls import URLPattern

from registry.views.help import (
    gaps,
    household,
    leading,
    ledgers,
    links,
    measures,
    people,
    roster,
    teams,
    village,
)

urlpatterns: list[URLPattern] = [
    *household.urlpatterns,
    *measures.urlpatterns,
    *gaps.urlpatterns,
    *people.urlpatterns,
    *village.urlpatterns,
    *teams.urlpatterns,
    *roster.urlpatterns,
    *leading.urlpatterns,
    *links.urlpatterns,
    *ledgers.urlpatterns,
]
