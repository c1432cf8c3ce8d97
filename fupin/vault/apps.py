"""The vault: ID numbers, bank accounts, phones and drafts lie encrypted, and open only for a recorded reason."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """密文库."""

    name = "fupin.vault"
    label = "vault"
    verbose_name = "密文库"
