"""`manage.py export_sheet`: a list to a file without a browser, in somebody's scope and under his name."""

import json
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.http import QueryDict
from django.utils import timezone

from fupin.accounts import audit
from fupin.accounts.errors import Refused
from fupin.accounts.models import Post, User
from fupin.accounts.permissions import may
from fupin.accounts.scope import acting_as
from fupin.divisions.codes import contains
from fupin.history.looking import ASKED_BY
from fupin.sheets import exports
from fupin.sheets.kinds import KINDS, NotAsked, Request
from fupin.sheets.models import ExportApproval, ExportLog
from fupin.sheets.writers import NOTE


class Command(BaseCommand):
    """Export what a user may export. A CSV of several sheets lies beside the first: `FILE-成员.csv`, `FILE-说明.txt`."""

    help = "按某人的岗位导出一个列表;csv 的其余各表和说明放在同一目录,文件名加 -表名;--out 以 .zip 结尾则打成一包"

    def add_arguments(self, parser: CommandParser) -> None:
        """What, from where, as whom, to which file."""
        parser.add_argument("--kind", required=True, choices=sorted(KINDS))
        parser.add_argument("--scope", required=True, type=int, metavar="CODE", help="12 位区划代码")
        parser.add_argument("--format", choices=exports.FORMATS, default="xlsx")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")
        parser.add_argument("--as", required=True, dest="user", metavar="USER")
        parser.add_argument("--year", type=int, default=None, help="年度,默认为正在录入的年度")
        parser.add_argument("--as-of", default=None, metavar="DATE", help="某日终了时的数据,如 2014-06-30")
        parser.add_argument("--filter", action="append", nargs="+", default=[], metavar="K=V")
        parser.add_argument(
            "--approval", type=int, default=None, metavar="ID", help="涉及 500 人以上时，已批准的导出审批编号"
        )
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, its log row and the audit record, or say why not."""
        user = _acting(options["user"], options["scope"])
        query = _query(options)
        asked = str(query.get("year", ""))
        year = options["year"] or (int(asked) if asked.isdigit() else None)
        key = uuid.uuid4()
        out: Path = options["out"]
        out.parent.mkdir(parents=True, exist_ok=True)
        is_loose = options["format"] == "csv" and out.suffix != ".zip"
        loose = out.with_name(f".{out.name}.{key.hex}") if is_loose else None
        about = audit.Note(request_id=key, action="sheets.export", user=user, post=user.post)
        try:
            with acting_as(user):
                selection = exports.select(options["kind"], Request(user, year, query))
                log = exports.export(
                    kind=options["kind"],
                    selection=selection,
                    actor=user,
                    format=options["format"],
                    at=timezone.now(),
                    key=key,
                    loose=loose,
                    approval=ExportApproval.objects.filter(pk=options["approval"], requested_by=user).first(),
                )
                about.division, about.object_key = log.division, log.serial
                about.detail = {"console": True, "rows": log.rows, "file_sha256": log.file_sha256}
                audit.write(about, audit.Outcome.DONE)
        except (NotAsked, Refused, exports.NotApproved) as refused:
            audit.write(about, audit.Outcome.REFUSED)
            raise CommandError(str(refused)) from refused
        names = [*(f"{table.name}.csv" for table in selection.tables), f"{NOTE}.txt"]
        files = _deliver(log, out, loose, names)
        self._say(log, files, options)

    def _say(self, log: ExportLog, files: list[Path], options: dict[str, Any]) -> None:
        figures = {
            "serial": log.serial,
            "rows": log.rows,
            "persons": log.persons,
            "sums": log.sums,
            "rows_sha256": log.rows_sha256,
            "files": [str(file) for file in files],
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
        else:
            self.stdout.write(f"已导出 {log.rows:,} 行，编号 {log.serial}：{'、'.join(figures['files'])}")


def _acting(username: str, scope: int) -> User:
    """Return the user under the post of his that may export and covers the scope; raise CommandError."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"没有在用的用户 {username} / no such user")
    held = Post.objects.held_on(timezone.localdate()).filter(user=user).select_related("division")
    for post in held.order_by("pk"):
        user.post = post
        if may(user, exports.PERMISSION) and contains(post.division_id, scope):
            return user
    raise CommandError(f"{username} 没有在 {scope} 导出的岗位 / holds no post that may export there")


def _query(options: dict[str, Any]) -> QueryDict:
    """Return the filters as the list's address has them."""
    query = QueryDict(mutable=True)
    for pair in (one for group in options["filter"] for one in group):
        name, equals, value = pair.partition("=")
        if not equals:
            raise CommandError(f"--filter 应写成 名称=值：{pair}")
        query.appendlist(name, value)
    query["division"] = str(options["scope"])
    if options["as_of"]:
        query[ASKED_BY] = str(options["as_of"])
    return query


def _deliver(log: ExportLog, out: Path, loose: Path | None, names: Sequence[str]) -> list[Path]:
    """Move what was made to where it was asked for; return what lies there now. The list itself is the first."""
    if loose is None:
        shutil.move(exports.path_of(log), out)
        return [out]
    first, *others = names
    places = {first: out, **{name: out.with_name(f"{out.stem}-{name}") for name in others}}
    for name, place in places.items():
        (loose / name).replace(place)
    loose.rmdir()
    return list(places.values())
