"""The top of the house: home page, navigation, error pages."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """首页."""

    name = "fupin.home"
    label = "home"
    verbose_name = "首页"
