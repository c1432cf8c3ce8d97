"""`manage.py demo_money`: the money that `make run` shows at first."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from funds.seeding.demo import play_money


class Command(BaseCommand):
    """Make the demonstration's money, once; run as the owner of the tables."""

    help = "演示方式下装入两份示意资金文件、因素值和分配方案；已有则不动"

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it where it is missing."""
        if not settings.DEMO:
            raise CommandError("只在演示方式(DEMO=1)下可用 / only with DEMO=1")
        issued = play_money()
        if options["verbosity"]:
            self.stdout.write(f"下达 {issued} 笔" if issued else "演示资金已在库中")
