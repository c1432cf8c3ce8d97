"""The top of the house: home page, navigation, error pages."""

from importlib import import_module

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """首页."""

    name = "fupin.home"
    label = "home"
    verbose_name = "首页"

    def ready(self) -> None:
        """Make the Celery app the one that tasks are sent through, and the checks of settings known."""
        import_module("fupin.celery")
        import_module("fupin.checks")
