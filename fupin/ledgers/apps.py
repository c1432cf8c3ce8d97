"""Double entries for every book: money, village funds, quotas of land."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    """账簿."""

    name = "fupin.ledgers"
    label = "ledgers"
    verbose_name = "账簿"
