"""A backup that can be believed: one consistent snapshot, its files, and the figures to check a restore by.

A backup is a folder: `database.dump` (pg_dump, custom format), `globals.sql` (logins without passwords),
`media.tar` and `manifest.json`. The keys of the sealed values are not in it: whoever finds a backup must not
be able to read ID numbers. The manifest keeps their fingerprint: a restore under other keys is refused.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import make_dsn, parse_dsn

from fupin.servers import manifest as figures, postgres
from fupin.servers.errors import ServerFailed
from fupin.servers.manifest import Manifest

_DUMP, _GLOBALS, _MEDIA = "database.dump", "globals.sql", "media.tar"


def take(*, dsn: str, media: Path, keys: str, into: Path, now: datetime) -> Path:
    """Back the database and the uploaded files up into a new folder under `into`; return it.

    `dsn` is the backup's login, which passes the row policies. The folder gets its name when it is complete.
    Raise ServerFailed.
    """
    target = into / f"{now:%Y-%m-%dT%H-%M-%S}"
    making = into / f".{target.name}.making"
    making.mkdir(mode=0o700, parents=True)
    try:
        with closing(psycopg2.connect(dsn)) as connection:
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            snapshot = figures.scalar(connection, "SELECT pg_export_snapshot()")
            _tool("pg_dump", "-d", dsn, "-Fc", "-Z", "gzip:3", f"--snapshot={snapshot}", "-f", making / _DUMP)
            tables, structure = figures.describe(connection)
            server = connection.info.parameter_status("server_version") or ""
        _tool("pg_dumpall", "-d", dsn, "--globals-only", "--no-role-passwords", "-f", making / _GLOBALS)
        # after the snapshot: a row never names a file that was not there yet
        _pack(media, making / _MEDIA)
        files = {path.name: figures.measure(path) for path in sorted(making.iterdir())}
        Manifest(figures.FORMAT, now.isoformat(), server, keys, files, tables, structure).write(making)
        making.rename(target)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return target


def restore(folder: Path, manifest: Manifest, *, dsn: str, media: Path, now: datetime) -> str | None:
    """Restore beside the present database, check every figure, then change places; return the old one's name.

    `dsn` is the owner's. Nobody may be connected. What stood there before is kept under another name; None if
    nothing did. Raise ServerFailed, leaving everything as it was, when a figure differs.
    """
    name = urlsplit(dsn).path.lstrip("/")
    fresh, old = f"{name}_restoring", f"{name}_before_{now:%Y%m%d%H%M%S}"
    keeper = with_database(dsn, "postgres")
    _administer(keeper, "DROP DATABASE IF EXISTS {} WITH (FORCE)", fresh)
    _administer(keeper, "CREATE DATABASE {} TEMPLATE template0", fresh)
    fresh_dsn = with_database(dsn, fresh)
    unpacked = media.with_name(f"{media.name}.restoring")
    try:
        _tool("pg_restore", "-d", fresh_dsn, "--no-owner", "--exit-on-error", "-j", "2", folder / _DUMP)
        with closing(psycopg2.connect(fresh_dsn)) as connection:
            tables, structure = figures.describe(connection)
        if found := manifest.differences(tables, structure):
            raise ServerFailed(
                f"恢复后核对不符,未作改动:{found[0]}(共 {len(found)} 处)",
                f"the restored data differ, nothing was changed: {'; '.join(found[:5])}",
            )
        _unpack(folder / _MEDIA, unpacked)
    except BaseException:
        _administer(keeper, "DROP DATABASE IF EXISTS {} WITH (FORCE)", fresh)
        shutil.rmtree(unpacked, ignore_errors=True)
        raise
    there = _exists(keeper, name)
    if there:
        _administer(keeper, "ALTER DATABASE {} RENAME TO {}", name, old)
    _administer(keeper, "ALTER DATABASE {} RENAME TO {}", fresh, name)
    if media.exists():
        media.rename(media.with_name(f"{media.name}.before-{now:%Y%m%d%H%M%S}"))
    unpacked.rename(media)
    return old if there else None


def with_database(dsn: str, database: str) -> str:
    """Return the URL with another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{database}"))


def _exists(keeper: str, name: str) -> bool:
    with closing(psycopg2.connect(keeper)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _administer(keeper: str, statement: str, *names: str) -> None:
    with closing(psycopg2.connect(keeper)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            try:
                cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
            except psycopg2.errors.ObjectInUse as error:
                raise ServerFailed(
                    "还有程序连着数据库,请先停止全部服务", "the database is in use, stop everything first"
                ) from error


def _tool(name: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's programs: the wheel's, or the machine's where there is no wheel."""
    try:
        program: str | Path = postgres.program(name)
    except ServerFailed:
        program = shutil.which(name) or name
    # in the environment, not in the arguments: everybody on a machine can read those
    plain, password = _without_password([str(argument) for argument in arguments])
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    try:
        done = subprocess.run(
            [str(program), *plain], env=environment, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise ServerFailed(f"找不到程序 {name}", f"cannot run {name}: {error}") from error
    if done.returncode:
        words = (done.stderr.strip().splitlines() or ["?"])[0]
        raise ServerFailed(f"{name} 失败", f"{name} failed: {words}")


def _without_password(arguments: list[str]) -> tuple[list[str], str | None]:
    plain, password = [], None
    for argument in arguments:
        if re.match(r"postgres(ql)?://", argument):
            parts = parse_dsn(argument)
            password = parts.pop("password", None)
            plain.append(make_dsn(**parts))
        else:
            plain.append(argument)
    return plain, password


def _pack(media: Path, archive: Path) -> None:
    with tarfile.open(archive, "w") as tar:
        if media.exists():
            tar.add(media, arcname=".")


def _unpack(archive: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
