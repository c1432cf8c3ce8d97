"""Addresses of the register; each module of views lists its own, what is most exact first."""

from registry.views import cards, drafts, history, lists, prints, search

urlpatterns = [
    *lists.urlpatterns,
    *cards.urlpatterns,
    *drafts.urlpatterns,
    *history.urlpatterns,
    *prints.urlpatterns,
    *search.urlpatterns,
]
