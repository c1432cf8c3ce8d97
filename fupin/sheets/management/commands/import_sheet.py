"""`manage.py import_sheet`: the staged import without a browser, under somebody's post and name."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fupin.accounts import audit
from fupin.accounts.errors import Refused
from fupin.accounts.models import Post, User
from fupin.accounts.permissions import may
from fupin.accounts.scope import acting_as
from fupin.sheets import deciding, receiving
from fupin.sheets.intake import IMPORTS, LISTS, ListTaken
from fupin.sheets.models import ImportBatch, ImportStatus
from fupin.sheets.models.imports import ImportMode
from fupin.sheets.opening import MOST_BYTES, FileRefused, Sent


class Command(BaseCommand):
    """Check a workbook, and write it where that is asked; the operator stands as the second person."""

    help = "按某人的岗位核对并导入一个工作簿;csv 的其余各表放在同一目录,文件名加 -表名"

    def add_arguments(self, parser: CommandParser) -> None:
        """What, from which file, as whom."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--kind", required=True, choices=sorted([*IMPORTS, *LISTS]))
        parser.add_argument(
            "--list", default="", metavar="NAME", help="outside_list 的名册种类,如 DIBAO 或 农村低保"
        )
        parser.add_argument("--source", default="", help="outside_list 的提供单位;不给则为岗位所在区划")
        parser.add_argument("--document", default="", help="outside_list 的来函文号;不给则为文件名")
        parser.add_argument(
            "--as-of", default="", metavar="DATE", help="outside_list 的截止日期;不给则为今天"
        )
        parser.add_argument("--as", required=True, dest="user", metavar="USER")
        parser.add_argument(
            "--apply", choices=["all", "good"], default=None, help="写入全部,或只写入无误的;不给则只核对"
        )
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what the workbook would do, and do it where asked; exit 1 where it was refused."""
        user = _acting(options["user"], options["kind"])
        about = audit.Note(request_id=uuid.uuid4(), action="sheets.import", user=user, post=user.post)
        about.detail = {"console": True}
        with audit.gathering(about):
            try:
                if options["kind"] in LISTS:
                    taken = _take_list(user, options)
                    audit.write(about, audit.Outcome.DONE)
                    self._say_list(taken, options)
                    return
                batch = self._take_in(user, options)
                errors = list(_errors(user, batch))
                if batch.status == ImportStatus.READY and options["apply"]:
                    batch = self._write(user, batch, options["apply"])
            except (FileRefused, receiving.ImportRefused, Refused) as refused:
                audit.write(about, audit.Outcome.REFUSED)
                raise CommandError(str(refused)) from refused
            audit.write(about, audit.Outcome.DONE)
        self._say(batch, errors, options)
        if batch.status == ImportStatus.REFUSED:
            raise CommandError(batch.message)
        if options["apply"] == "all" and (bad := batch.wrong + batch.ambiguous) and not batch.applied:
            raise CommandError(f"有 {bad:,} 项有误或不能确定，没有写入 / nothing was written")

    def _take_in(self, user: User, options: dict[str, Any]) -> ImportBatch:
        with acting_as(user):
            batch = receiving.receive(
                kind=options["kind"], files=_files(options["file"], options["kind"]), actor=user, console=True
            )
        return receiving.stage(batch, on=timezone.localdate(), told=_silently)

    def _write(self, user: User, batch: ImportBatch, asked: str) -> ImportBatch:
        mode = ImportMode.ALL if asked == "all" else ImportMode.GOOD
        if not batch.writable or (mode == ImportMode.ALL and batch.wrong + batch.ambiguous):
            return batch
        with acting_as(user):
            batch = deciding.decide(batch=batch, mode=mode, actor=user, console=True)
        return deciding.apply(batch, actor=user, on=timezone.localdate(), told=_silently)

    def _say_list(self, taken: ListTaken, options: dict[str, Any]) -> None:
        """Say how a list ended that is taken in whole or not at all; exit 1 where it should have been."""
        errors = [_said(asdict(one)) for one in taken.faults]
        figures: dict[str, Any] = {
            "serial": taken.serial,
            "status": "APPLIED" if taken.applied else "READY",
            "rows": taken.rows,
            "new": taken.rows - len(errors),
            "changed": 0,
            "unchanged": 0,
            "wrong": len(errors),
            "ambiguous": 0,
            "applied": taken.applied,
            "errors": errors,
        }
        self._print(figures, f"{taken.rows:,} 行，有误 {len(errors):,}，已装入 {taken.applied:,}", options)
        if options["apply"] and errors:
            raise CommandError(f"有 {len(errors):,} 行有误，名册整份装入，没有写入 / nothing was written")

    def _print(self, figures: dict[str, Any], line: str, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        self.stdout.write(line)
        for one in figures["errors"][:50]:
            where = f"{one['sheet']} 第{one['row']}行 {one['column']}"
            self.stdout.write(f"  {where}：{one['message']}（{one['rule']}）")

    def _say(self, batch: ImportBatch, errors: Sequence[dict[str, Any]], options: dict[str, Any]) -> None:
        figures: dict[str, Any] = {
            "serial": batch.serial,
            "status": batch.status,
            "rows": batch.rows,
            "new": batch.new,
            "changed": batch.changed,
            "unchanged": batch.unchanged,
            "wrong": batch.wrong,
            "ambiguous": batch.ambiguous,
            "applied": batch.applied,
            "errors": list(errors),
        }
        line = (
            f"{batch.serial} {batch.get_status_display()}：{batch.rows:,} 行，新增 {batch.new:,}，变更 {batch.changed:,}，"
            f"不变 {batch.unchanged:,}，有误 {batch.wrong:,}，不能确定 {batch.ambiguous:,}，已写入 {batch.applied:,}"
        )
        self._print(figures, line, options)


def _silently(_done: int, _total: int | None, _words: str) -> None:
    """Nobody looks on at the console."""


def _errors(user: User, batch: ImportBatch) -> Sequence[dict[str, Any]]:
    with acting_as(user):
        return [_said(one) for one in receiving.faults_of(batch)]


def _said(fault: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fault[name] for name in ("sheet", "row", "column", "value", "rule", "message")}


def _take_list(user: User, options: dict[str, Any]) -> ListTaken:
    """Read a list and, where asked, take it in whole; raise CommandError for no file."""
    path: Path = options["file"]
    if not path.is_file():
        raise CommandError(f"没有这个文件 / no such file: {path}")
    said = {name: options[name] for name in ("source", "document", "as_of")}
    return LISTS[options["kind"]].take(
        user, _sent(path), options["list"], said, timezone.localdate(), bool(options["apply"])
    )


def _sent(path: Path) -> Sent:
    """Return a file; of one that is too large only so much that it is refused."""
    return Sent(
        path.name, path.read_bytes() if path.stat().st_size <= MOST_BYTES else b"\0" * (MOST_BYTES + 1)
    )


def _files(path: Path, kind: str) -> list[Sent]:
    """Return the file, and those beside it that hold the other sheets of a CSV."""
    if not path.is_file():
        raise CommandError(f"没有这个文件 / no such file: {path}")
    paths = [path]
    if path.suffix.lower() == ".csv":
        layout = IMPORTS[kind].intake.layout(None)
        beside = [path.with_name(f"{path.stem}-{sheet.name}.csv") for sheet in layout.sheets[1:]]
        paths += [one for one in beside if one.is_file()]
        if len(layout.sheets) > 1 and len(paths) == len(layout.sheets):
            first = Sent(f"{layout.first.name}.csv", path.read_bytes())
            return [first, *(Sent(one.name, one.read_bytes()) for one in paths[1:])]
    return [_sent(one) for one in paths]


def _acting(username: str, kind: str) -> User:
    """Return the user under the post of his that may send such a workbook; raise CommandError."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"没有在用的用户 {username} / no such user")
    held = Post.objects.held_on(timezone.localdate()).filter(user=user).select_related("division")
    for post in held.order_by("division_id", "pk"):
        user.post = post
        if may(user, (IMPORTS.get(kind) or LISTS[kind]).permission):
            return user
    raise CommandError(f"{username} 没有可以导入的岗位 / holds no post that may import")
