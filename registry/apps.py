"""Who is poor, where, why, and how it stands with them: the register itself."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """建档立卡."""

    name = "registry"
    verbose_name = "建档立卡"
