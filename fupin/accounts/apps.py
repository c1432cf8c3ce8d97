"""Who may do what, where: users, posts, sign-in, doors and the audit record."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


def _begin_sign_in(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    from fupin.accounts import sign_ins

    sign_ins.begin(request, user)


class AccountsConfig(AppConfig):
    """账号与权限."""

    name = "fupin.accounts"
    label = "accounts"
    verbose_name = "账号与权限"

    def ready(self) -> None:
        """Give every session that signs in its row, and every text column the prefix search."""
        from fupin.accounts import lookups  # noqa: F401  (registers itself)

        user_logged_in.connect(_begin_sign_in, dispatch_uid="accounts.begin_sign_in")
