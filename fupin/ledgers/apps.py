"""Double entries for every book: money, village funds, quotas of land."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LedgersConfig(AppConfig):
    """账簿."""

    name = "fupin.ledgers"
    label = "ledgers"
    verbose_name = "账簿"

    def ready(self) -> None:
        """Load every app's `books`: they say in words what their accounts and entries are."""
        autodiscover_modules("books")
