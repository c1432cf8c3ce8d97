"""Pages at the top of the house."""

from fupin.home.views.health import healthz, readyz
from fupin.home.views.home import home

__all__ = ["healthz", "home", "readyz"]
