"""``manage.py bootstrap``: create the first pair of security administrators of an empty installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fupin.accounts.errors import NotPossible
from fupin.accounts.services.bootstrap import create_first_pair


class Command(BaseCommand):
    help = "建立首批两位安全管理员，初始口令只显示一次"

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the two first passwords."""
        try:
            pair = create_first_pair()
        except NotPossible as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("首批安全管理员（初始口令只显示这一次，首次登录须改口令并登记动态口令）：")
        for username, first in pair.items():
            self.stdout.write(f"  {username}  {first}")
