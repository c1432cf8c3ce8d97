"""Addresses of the register; each module of views lists its own, what is most exact first."""

from registry.views import (
    attachments,
    cards,
    cases,
    corrections,
    drafts,
    grid,
    history,
    labourers,
    lineage,
    lists,
    prints,
    reveal,
    rounds,
    search,
    village_slips,
    villages,
)

urlpatterns = [
    *lists.urlpatterns,
    *cases.urlpatterns,
    *rounds.urlpatterns,
    *cards.urlpatterns,
    *corrections.urlpatterns,
    *drafts.urlpatterns,
    *grid.urlpatterns,
    *history.urlpatterns,
    *labourers.urlpatterns,
    *lineage.urlpatterns,
    *attachments.urlpatterns,
    *reveal.urlpatterns,
    *prints.urlpatterns,
    *search.urlpatterns,
    *villages.urlpatterns,
    *village_slips.urlpatterns,
]
