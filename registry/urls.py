"""Addresses of the register; each module of views lists its own, what is most exact first."""

from registry.views import cards, drafts, grid, history, lists, prints, search, villages

urlpatterns = [
    *lists.urlpatterns,
    *cards.urlpatterns,
    *drafts.urlpatterns,
    *grid.urlpatterns,
    *history.urlpatterns,
    *prints.urlpatterns,
    *search.urlpatterns,
    *villages.urlpatterns,
]
