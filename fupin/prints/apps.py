"""The typesetter and what proves a print."""

from django.apps import AppConfig


class PrintsConfig(AppConfig):
    """打印."""

    name = "fupin.prints"
    label = "prints"
    verbose_name = "打印"
