"""`manage.py backup`: a consistent dump with the uploaded files and the figures to check it by."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from fupin import env
from fupin.servers import backup, embedded, manifest
from fupin.servers.errors import ServerFailed


class Command(BaseCommand):
    """Back everything up into a new folder."""

    help = "备份数据库与上传文件,并写明行数、合计与校验值;密钥文件不在其中,须另行保管"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and how to answer."""
        parser.add_argument("--into", type=Path, default=None, help="备份目录,默认 FUPIN_HOME/backups")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the backup, starting the embedded database if it is down."""
        into = options["into"] or env.home() / "backups"
        try:
            with embedded.running(env.home()):
                folder = backup.take(
                    dsn=env.database_urls()["DATABASE_URL_BACKUP"],
                    media=Path(settings.MEDIA_ROOT),
                    keys=env.load_or_create_keys(env.home()).fingerprint(),
                    into=into,
                    now=timezone.localtime(),
                )
        except ServerFailed as failure:
            raise CommandError(str(failure)) from failure
        taken = manifest.read(folder)
        rows = sum(figures["rows"] for figures in taken.tables.values())
        if options["json"]:
            self.stdout.write(json.dumps({"folder": str(folder), "tables": len(taken.tables), "rows": rows}))
            return
        self.stdout.write(f"已备份 {len(taken.tables)} 张表、{rows} 行 / {rows} rows backed up: {folder}")
        self.stdout.write(
            "密钥文件 keys.json 不在备份中,请另行保管 / keys.json is not in it, keep it elsewhere"
        )
