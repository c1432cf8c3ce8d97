"""Who may do what, where: users, posts, sign-in, doors and the audit record."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """账号与权限."""

    name = "fupin.accounts"
    label = "accounts"
    verbose_name = "账号与权限"
