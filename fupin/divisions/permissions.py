"""Who may look up divisions: everybody at work; each sees those of his own post, and what lies above them."""

from collections.abc import Mapping

from fupin.accounts.roles import Role

PERMISSIONS: Mapping[str, frozenset[Role]] = {"divisions.view": frozenset(Role)}
