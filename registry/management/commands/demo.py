"""`manage.py demo`: what `make run` shows at first: accounts, two counties, a closed year and an open one."""

import json
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import transaction
from django.utils import timezone

from fupin.accounts.services.demo import create_demo_accounts
from fupin.divisions.models import Division
from registry.models import Household
from registry.seeding.demo import SEED, demo_shares
from registry.seeding.load import NothingToFill, RegisterInUse, refuse_real_data, seed
from registry.seeding.offices import open_offices
from registry.seeding.playing import play


class Command(BaseCommand):
    """Make the demonstration, once; run as the owner of the tables."""

    help = "演示方式下,空库装入演示账号和临县、岢岚县的演示户卡;已有数据则不动"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the form of the answer."""
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create accounts and register where they are missing."""
        if not settings.DEMO:
            raise CommandError("只在演示方式(DEMO=1)下可用 / only with DEMO=1")
        if not Division.objects.exists():
            call_command("load_divisions", verbosity=0)
        try:
            refuse_real_data()
            with transaction.atomic():  # interrupted, it leaves nothing, and the next start makes it whole
                create_demo_accounts()
                if Household.objects.exists():
                    self._say("演示数据已在库中 / the demo data is there", {"households": 0}, options)
                    return
                shares = demo_shares()
                offices = open_offices(share.place.code for share in shares if share.walks)
                done = seed(households=0, seed_text=SEED, shares=shares, processes=1)
                done.seconds += play(offices=offices, shares=shares, now=timezone.now(), seed=SEED)
        except (RegisterInUse, NothingToFill) as refused:
            raise CommandError(str(refused)) from refused
        text = f"演示数据 {done.households:,} 户，{done.rows['registry_member']:,} 人，{done.seconds:.1f} 秒"
        self._say(text, done.as_dict(), options)

    def _say(self, text: str, figures: dict[str, object], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(figures))
        elif options["verbosity"]:
            self.stdout.write(text)
