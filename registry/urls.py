"""Addresses of the register; each module of views lists its own."""

from registry.views import cards, lists

urlpatterns = [*lists.urlpatterns, *cards.urlpatterns]
