"""Looking divisions up."""

from fupin.divisions.views.search import division_search
from fupin.divisions.views.tree import division_list

__all__ = ["division_list", "division_search"]
