"""`manage.py seed`: a synthetic register of any size, to try things out and to measure."""

import json
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from fupin.divisions.codes import Level, level_of
from fupin.divisions.models import Division
from registry.seeding.load import NothingToFill, RegisterInUse, seed
from registry.seeding.scale import pair_everybody
from registry.seeding.shares import TooMany


class Command(BaseCommand):
    """Seed the register; run as the owner of the tables, as the console does."""

    help = "生成演示户卡(可复现)。库中有真实户卡时拒绝执行"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size, the counties and the seed."""
        parser.add_argument("--households", type=int, required=True, help="户数")
        parser.add_argument(
            "--county", action="append", default=[], help="县代码(6 或 12 位),可多次;缺省为全省"
        )
        parser.add_argument("--seed", default="1", help="种子;同一种子、同一参数得同一批数据")
        parser.add_argument("--processes", type=int, help="进程数;缺省为处理器数")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, and say how much."""
        if options["households"] < 1:
            raise CommandError("户数至少为 1 / at least one household")
        if not Division.objects.exists():
            call_command("load_divisions", verbosity=0)
        try:
            done = seed(
                households=options["households"],
                seed_text=options["seed"],
                counties=[_county(text) for text in options["county"]],
                processes=options["processes"],
            )
            paired = pair_everybody(seed_text=options["seed"])
        except (RegisterInUse, NothingToFill, TooMany) as refused:
            raise CommandError(str(refused)) from refused
        done.rows |= paired.rows
        done.seconds += paired.seconds
        if options["json"]:
            self.stdout.write(json.dumps(done.as_dict()))
            return
        rate = done.households / done.seconds
        self.stdout.write(
            f"{done.households:,} 户，{done.rows['registry_member']:,} 人，{done.villages:,} 村，"
            f"户卡 {done.rows['registry_householdyear']:,} 张；{done.seconds:.1f} 秒，每秒 {rate:,.0f} 户"
        )


def _county(text: str) -> int:
    """Return the twelve-digit code of a county given with six digits or twelve."""
    try:
        code = int(text) * (10**6 if len(text) == 6 else 1)
        if level_of(code) == Level.COUNTY and Division.objects.filter(pk=code).exists():
            return code
    except ValueError:
        pass
    raise CommandError(f"没有代码为 {text} 的县 / no county with the code {text}")
