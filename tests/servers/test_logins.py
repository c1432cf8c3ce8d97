"""Each kind of work has its own login, and none may do more than its kind."""

import json
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from fupin.servers import logins
from fupin.servers.errors import ServerFailed


@pytest.fixture
def superuser(cluster: str) -> Iterator[psycopg2.extensions.connection]:
    with closing(psycopg2.connect(cluster)) as connection:
        connection.autocommit = True
        yield connection


def test_the_logins_and_what_they_may(
    cluster: str, superuser: psycopg2.extensions.connection, tmp_path: Path
) -> None:
    logins.ensure_logins(cluster, tmp_path, given={})
    with superuser.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles "
            "WHERE rolname LIKE 'fupin%' AND rolcanlogin"
        )
        may = {name: rest for name, *rest in cursor.fetchall()}
    nothing = [False, False, False, False]
    assert {name: may[name] for name in logins.VARIABLES} == {
        "fupin_owner": [False, True, True, True],
        "fupin_web": nothing,
        "fupin_worker": nothing,
        "fupin_ent": nothing,
        "fupin_stats": nothing,
        "fupin_audit": nothing,
        "fupin_backup": [False, False, False, True],
    }


def test_a_second_time_changes_nothing_and_all_can_connect(cluster: str, tmp_path: Path) -> None:
    first = logins.ensure_logins(cluster, tmp_path, given={})
    assert logins.ensure_logins(cluster, tmp_path, given={}) == first
    assert set(first) == set(logins.VARIABLES.values())
    for login, variable in logins.VARIABLES.items():
        with closing(psycopg2.connect(first[variable])) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_database()")
            assert cursor.fetchone() == (login, "fupin")


def test_passwords_are_kept_for_their_owner_only(cluster: str, tmp_path: Path) -> None:
    logins.ensure_logins(cluster, tmp_path, given={})
    kept = tmp_path / "passwords.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    passwords = json.loads(kept.read_text())
    assert len(set(passwords.values())) == len(logins.VARIABLES)


def test_a_login_of_the_operators_is_left_alone(cluster: str, tmp_path: Path) -> None:
    given = {"DATABASE_URL_WEB": "postgresql://somebody@db/else"}
    assert (
        logins.ensure_logins(cluster, tmp_path, given=given)["DATABASE_URL_WEB"] == given["DATABASE_URL_WEB"]
    )


def test_the_owner_of_an_outside_database_makes_the_others(cluster: str, tmp_path: Path) -> None:
    owner = logins.ensure_logins(cluster, tmp_path, given={})["DATABASE_URL"]
    elsewhere = tmp_path / "another machine"
    urls = logins.ensure_logins(owner, elsewhere, given={})
    with closing(psycopg2.connect(urls["DATABASE_URL_WORKER"])) as connection:
        assert connection.info.user == "fupin_worker"


def test_an_owner_without_the_right_is_told_so_in_one_line(
    cluster: str, superuser: psycopg2.extensions.connection, tmp_path: Path
) -> None:
    with superuser.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS powerless")
        cursor.execute("CREATE ROLE powerless LOGIN")
    dsn = cluster.replace("postgres@/postgres", "powerless@/postgres")
    with pytest.raises(ServerFailed, match=r"CREATEROLE.*DATABASE_URL_WEB") as refused:
        logins.ensure_logins(dsn, tmp_path, given={})
    assert "\n" not in str(refused.value)


def test_a_server_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="DATABASE_URL") as refused:
        logins.ensure_logins(f"postgresql://fupin_owner:x@/fupin?host={tmp_path}", tmp_path, given={})
    assert "\n" not in str(refused.value)


def test_passwords_with_signs_survive_the_url(tmp_path: Path) -> None:
    (tmp_path / "passwords.json").write_text(json.dumps({"fupin_web": "a/b@c:d"}))
    url = logins.login_urls("postgresql://fupin_owner:x@db:5432/fupin", tmp_path, given={})[
        "DATABASE_URL_WEB"
    ]
    assert psycopg2.extensions.parse_dsn(url) == {
        "user": "fupin_web",
        "password": "a/b@c:d",
        "host": "db",
        "port": "5432",
        "dbname": "fupin",
    }
