"""Deadlines."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DeadlinesConfig(AppConfig):
    """时限."""

    name = "fupin.deadlines"
    label = "deadlines"
    verbose_name = "时限"

    def ready(self) -> None:
        """Load every app's `clocks`: they say what has to be done by when, and by whom."""
        autodiscover_modules("clocks")
