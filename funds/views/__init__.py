"""Pages of money; its panels on the pages of projects and households are known once it is loaded."""

from funds.views import project_money

__all__ = ["project_money"]
