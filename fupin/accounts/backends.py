"""Who may sign in with a password."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from fupin.accounts.models import User


class PasswordBackend(ModelBackend):
    """Django's own, but accounts of the demonstration open nothing where real people are on the register.

    An unknown name costs as much time as a wrong password: Django hashes in both cases.
    """

    def user_can_authenticate(self, user: User) -> bool:  # type: ignore[override]
        """Return whether the account is in use."""
        return user.is_active and (settings.DEMO or not user.is_demo)
