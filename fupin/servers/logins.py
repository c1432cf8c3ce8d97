"""The database logins: an owner for migrations and one for each kind of work: a wall behind the code.

`fupin_owner` owns the tables and logs in for migrations only. Row policies hold for `fupin_web`,
`fupin_worker`, `fupin_ent` (enterprises' portal), `fupin_stats` (prepared totals) and `fupin_audit` (history
and logs); `fupin_backup` passes them, because a dump must be whole.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as PgConnection  # noqa: N812  (a class all the same)

from fupin.servers import postgres
from fupin.servers.errors import ServerFailed

OWNER = "fupin_owner"
BACKUP = "fupin_backup"
WORKER = "fupin_worker"
DATABASE = "fupin"
VARIABLES: Mapping[str, str] = {
    OWNER: "DATABASE_URL",
    "fupin_web": "DATABASE_URL_WEB",
    WORKER: "DATABASE_URL_WORKER",
    "fupin_ent": "DATABASE_URL_ENT",
    "fupin_stats": "DATABASE_URL_STATS",
    "fupin_audit": "DATABASE_URL_AUDIT",
    BACKUP: "DATABASE_URL_BACKUP",
}
_BYPASSING = frozenset({OWNER, BACKUP})
_PASSWORDS = "passwords.json"


def ensure_logins(dsn: str, home: Path, *, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Create the logins and the database that are missing; return the URLs by the name of their variable.

    `dsn` is the embedded cluster's superuser, or the owner of a database on an outside server (CREATEROLE,
    and BYPASSRLS or superuser for the backup's login). Passwords are kept in `home`/passwords.json, mode
    0600. Logins whose URL stands in `given` (default: the environment) belong to the operator and are left
    alone. Raise ServerFailed.
    """
    given = os.environ if given is None else given
    ours = [login for login, variable in VARIABLES.items() if not given.get(variable)]
    passwords = load_passwords(home, create=ours)
    if _login_of(dsn) == postgres.SUPERUSER and urlsplit(dsn).path == "/postgres":
        with _connected(dsn) as superuser:
            _ensure_owner(superuser, passwords[OWNER])
        dsn = _as_login(dsn, OWNER, passwords[OWNER], database=DATABASE)
    urls = login_urls(dsn, home, given=given)
    with _connected(dsn) as owner:
        for login in ours:
            if login != OWNER:
                _ensure_login(owner, login, passwords[login])
        _ensure_grants(owner, {login: _login_of(urls[variable]) for login, variable in VARIABLES.items()})
    return urls


def login_urls(dsn: str, home: Path, *, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the URL of each login by its variable's name, from the owner's; connects to nothing.

    A URL in `given` (default: the environment) is used as it is. A password that is not kept yet is left out.
    """
    given = os.environ if given is None else given
    passwords = load_passwords(home)
    urls = {
        variable: given.get(variable) or _as_login(dsn, login, passwords.get(login, ""))
        for login, variable in VARIABLES.items()
        if login != OWNER
    }
    return {VARIABLES[OWNER]: dsn, **urls}


def load_passwords(home: Path, *, create: Iterable[str] = ()) -> dict[str, str]:
    """Return the logins' passwords kept in `home`; draw and keep those of `create` that are missing."""
    path = home / _PASSWORDS
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [login for login in create if login not in kept]
    if missing:
        kept |= {login: secrets.token_urlsafe(24) for login in missing}
        write_secret(path, json.dumps(kept, indent=2) + "\n")
    return kept


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _ensure_owner(superuser: PgConnection, password: str) -> None:
    with superuser.cursor() as cursor:
        _create_or_alter(superuser, OWNER, "LOGIN CREATEROLE CREATEDB BYPASSRLS", password)
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )


def _ensure_login(owner: PgConnection, login: str, password: str) -> None:
    attributes = "LOGIN BYPASSRLS" if login in _BYPASSING else "LOGIN"
    try:
        _create_or_alter(owner, login, attributes, password)
    except psycopg2.errors.InsufficientPrivilege as error:
        variable = VARIABLES[login]
        raise ServerFailed(
            f"DATABASE_URL 的登录用户无权建立 {login}(需要 CREATEROLE,备份用户还需要 BYPASSRLS);"
            f"也可自行建立并设置 {variable}",
            f"the login of DATABASE_URL may not create {login} (it needs CREATEROLE, and BYPASSRLS for "
            f"fupin_backup); "
            f"or create it yourself and set {variable}: {_first_line(error)}",
        ) from error


def _create_or_alter(connection: PgConnection, login: str, attributes: str, password: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        cursor.execute(
            sql.SQL("{} ROLE {} WITH {} PASSWORD {}").format(
                sql.SQL(verb), sql.Identifier(login), sql.SQL(attributes), sql.Literal(password)
            )
        )


def _ensure_grants(owner: PgConnection, names: Mapping[str, str]) -> None:
    """Let only these logins into the database; what they may do in it is said by the migrations.

    `names` are the logins by what they are for: an operator may have named them otherwise.
    """
    database = sql.Identifier(owner.info.dbname)
    with owner.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(names.values())])
        there = {name for (name,) in cursor.fetchall()}
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        for name in sorted(there):
            cursor.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(name))
            )
        if names[WORKER] in there:
            # Imports are copied into tables of the session first: row policies let nobody COPY past them.
            worker = sql.Identifier(names[WORKER])
            cursor.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, worker))
        if names[BACKUP] in there:
            backup = sql.Identifier(names[BACKUP])
            for kind in ("SELECT ON TABLES", "SELECT ON SEQUENCES", "USAGE ON SCHEMAS"):
                cursor.execute(
                    sql.SQL("ALTER DEFAULT PRIVILEGES GRANT {} TO {}").format(sql.SQL(kind), backup)
                )


def _login_of(url: str) -> str:
    return unquote(urlsplit(url).username or "")


@contextmanager
def _connected(dsn: str) -> Iterator[PgConnection]:
    """Yield a connection in autocommit; a server that refuses it becomes one line."""
    try:
        connection = psycopg2.connect(dsn, connect_timeout=10)
    except psycopg2.OperationalError as error:
        place = urlsplit(dsn).hostname or "socket"
        raise ServerFailed(
            f"连不上数据库({place}),请检查 DATABASE_URL",
            f"cannot connect to the database, check DATABASE_URL: {_first_line(error)}",
        ) from error
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


def _as_login(dsn: str, login: str, password: str, *, database: str | None = None) -> str:
    """Return the URL with another login (and database)."""
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    who = quote(login) + (f":{quote(password, safe='')}" if password else "")
    path = f"/{quote(database)}" if database else parts.path
    # urlunsplit drops an empty netloc's slashes, but "user@" is never empty
    return urlunsplit((parts.scheme, f"{who}@{place}", path, parts.query, ""))


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
