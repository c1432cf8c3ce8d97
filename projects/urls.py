"""Addresses of projects; each module of views lists its own, what is most exact first."""

from projects.views import (
    acts,
    cards as cards,
    pool,
)  # the panel of a household's card is known once it is loaded

urlpatterns = [
    *acts.urlpatterns,
    *pool.urlpatterns,
]
