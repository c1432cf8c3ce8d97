"""`manage.py seed_help`: officials, pairs, plans and measures for a synthetic register, to measure the pages of help."""

import json
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from fupin.accounts.models import User
from registry.seeding.load import RegisterInUse
from registry.seeding.scale import help_everybody


class Command(BaseCommand):
    """Help the synthetic households; run as the owner of the tables, as the console does."""

    help = "为演示户卡生成帮扶责任人、结对、计划、措施与成效(可复现)。库中有真实户卡时拒绝执行"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the seed."""
        parser.add_argument("--seed", default="1", help="种子;同一种子、同一批户得同一批数据")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write help, and say how much."""
        try:
            done = help_everybody(seed_text=options["seed"])
        except RegisterInUse as refused:
            raise CommandError(str(refused)) from refused
        except User.DoesNotExist as missing:
            raise CommandError("没有演示户卡，请先 manage.py seed / no synthetic households") from missing
        if options["json"]:
            self.stdout.write(json.dumps(done.as_dict()))
            return
        rows = "，".join(f"{table} {number:,}" for table, number in done.rows.items())
        self.stdout.write(f"{rows}；{done.seconds:.1f} 秒")
