"""`manage.py prepare`: bring the database and the static files to what this version of the program needs."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fupin import env
from fupin.servers import logins
from fupin.servers.console import say
from fupin.servers.errors import ServerFailed


class Command(BaseCommand):
    """Logins, migrations, divisions, demo data, static files; each only where something is missing."""

    help = "准备数据库与静态文件:登录用户、迁移、区划、演示数据;已就绪的不再重复"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is missing; say what is being done."""
        home = env.home()
        if dsn := os.environ.get("DATABASE_URL"):
            try:
                os.environ.update(logins.ensure_logins(dsn, home))
            except ServerFailed as failure:
                raise CommandError(str(failure)) from failure
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            say(f"正在更新数据库结构({len(pending)} 步)", f"applying {len(pending)} migrations")
            call_command("migrate", interactive=False, verbosity=0)
        division = apps.get_model("divisions", "Division")
        if pending or not division._default_manager.exists():
            say("正在装入山西省行政区划", "loading the divisions of Shanxi")
            call_command("load_divisions", verbosity=0)
        if settings.DEMO and not get_user_model()._default_manager.exists():
            say("正在生成演示数据", "making the demo data")
            call_command("demo", verbosity=0)
            call_command("demo_money", verbosity=0)
        _collect_static(home)


def _collect_static(home: Path) -> None:
    """Gather the static files when any is newer than the last gathering."""
    stamp = home / "static.stamp"
    folders = [env.ROOT / "static", env.ROOT / "requirements.lock"]
    newest = max(
        (path.stat().st_mtime for folder in folders for path in [folder, *folder.rglob("*")]), default=0.0
    )
    if stamp.exists() and settings.STATIC_ROOT.exists() and stamp.stat().st_mtime >= newest:
        return
    began = time.time()
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.touch()
    os.utime(stamp, (began, began))
