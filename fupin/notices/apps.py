"""Notices and objections."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NoticesConfig(AppConfig):
    """公告公示."""

    name = "fupin.notices"
    label = "notices"
    verbose_name = "公告公示"

    def ready(self) -> None:
        """Load every app's `notices`: they say which kinds there are and what an objection does."""
        autodiscover_modules("notices")
