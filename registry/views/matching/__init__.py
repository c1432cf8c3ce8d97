"""Pages of other departments' lists, of what they found, and of what is handed over to civil affairs."""

from django.urls import URLPattern

from registry.views.matching import hits, linkage, lists, transfers

urlpatterns: list[URLPattern] = [
    *lists.urlpatterns,
    *hits.urlpatterns,
    *linkage.urlpatterns,
    *transfers.urlpatterns,
]
