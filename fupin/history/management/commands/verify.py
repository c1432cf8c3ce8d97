"""`manage.py verify`: recompute what must be so, and list every difference."""

import json
from typing import Any

from django.core.management import BaseCommand, CommandParser

from fupin.accounts.scope import whole_province
from fupin.history.services.checking import CHECKS


class Command(BaseCommand):
    """Go through the checks; the exit code is 1 if anything differs."""

    help = "核对历史封条、历史与现状等各项，列出每一处不符；有不符时退出码为 1"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which checks, and how to answer."""
        parser.add_argument("--only", nargs="+", choices=sorted(CHECKS), default=None, help="只查这几项")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, print, and exit."""
        names = options["only"] or sorted(CHECKS)
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        for name in names:
            with whole_province():
                for difference in CHECKS[name]():
                    found[name].append(
                        {
                            "table": difference.table,
                            "row": difference.row,
                            "object": difference.object,
                            "message": difference.said,
                        }
                    )
                    if not options["json"]:
                        self.stdout.write(str(difference))
        total = sum(len(one) for one in found.values())
        if options["json"]:
            self.stdout.write(json.dumps({"differences": total, "checks": found}, ensure_ascii=False))
        else:
            self.stdout.write(f"核对 {'、'.join(names)}：{f'有 {total} 处不符' if total else '全部相符'}")
        if total:
            raise SystemExit(1)
