"""`manage.py restore FOLDER`: put a backup in place after every count and sum has been checked."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from fupin import env
from fupin.servers import backup, embedded, manifest, place
from fupin.servers.errors import ServerFailed


class Command(BaseCommand):
    """Restore a backup; what stood there before is kept under another name."""

    help = "从备份恢复:先装入旁边的新库,逐表核对行数、合计与内容,全部相符才替换;原库改名保留"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where, and how to answer."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the backup, restore beside, compare, change places."""
        folder: Path = options["folder"]
        home = env.home()
        try:
            taken = manifest.read(folder)
            if taken.keys != env.load_or_create_keys(home).fingerprint():
                raise ServerFailed(
                    f"密钥与备份时不同,恢复后身份证号等无法读出;请先把当时的 keys.json 放到 {home}",
                    f"the keys differ from the backup's: put that installation's keys.json into {home} first",
                )
            place.occupy(home)
            with embedded.running(home):
                old = backup.restore(
                    folder,
                    taken,
                    dsn=env.database_urls()["DATABASE_URL"],
                    media=Path(settings.MEDIA_ROOT),
                    now=timezone.localtime(),
                )
        except ServerFailed as failure:
            raise CommandError(str(failure)) from failure
        rows = sum(figures["rows"] for figures in taken.tables.values())
        if options["json"]:
            answer = {"tables": len(taken.tables), "rows": rows, "kept": old}
            self.stdout.write(json.dumps(answer))
            return
        self.stdout.write(
            f"已恢复并核对 {len(taken.tables)} 张表、{rows} 行(备份于 {taken.taken_at})"
            f" / restored and checked {rows} rows"
        )
        if old:
            self.stdout.write(f"原数据库保留为 {old} / the former database is kept as {old}")
