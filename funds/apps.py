"""Where the money is: allotted by factors, passed on in time, followed to the household, returned when stranded."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """资金."""

    name = "funds"
    verbose_name = "资金"
