"""Administrative divisions: the tree that every scope, list and figure is cut by."""

from django.apps import AppConfig


class DivisionsConfig(AppConfig):
    """行政区划."""

    name = "fupin.divisions"
    label = "divisions"
    verbose_name = "行政区划"
