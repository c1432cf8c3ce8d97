"""The embedded PostgreSQL: comes up from nothing, again, beside itself, and after a kill."""

import os
import signal
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from fupin.servers import postgres
from fupin.servers.errors import ServerFailed


def ask(dsn: str, query: str) -> object:
    """Return the single value that a query answers."""
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
        return row[0] if row else None


def test_trigrams_of_chinese_are_found(cluster: str) -> None:
    ask(cluster, "CREATE EXTENSION IF NOT EXISTS pg_trgm; COMMIT; SELECT 1")
    assert ask(cluster, "SELECT show_trgm('临县') <> '{}'")


def test_it_listens_to_nobody_but_its_owner(cluster: str) -> None:
    folder = Path(str(ask(cluster, "SHOW unix_socket_directories")))
    assert stat.S_IMODE((folder / ".s.PGSQL.5432").stat().st_mode) == 0o700
    assert ask(cluster, "SHOW listen_addresses") == ""


def test_pages_carry_checksums(cluster: str) -> None:
    assert ask(cluster, "SHOW data_checksums") == "on"


def test_starting_twice_and_at_once_is_starting_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        answers = set(pool.map(lambda _: postgres.start(tmp_path, durable=False), range(3)))
    try:
        assert len(answers) == 1
        assert ask(answers.pop(), "SELECT 1") == 1
    finally:
        postgres.stop(tmp_path)
    assert not postgres.is_ready(tmp_path)
    postgres.stop(tmp_path)  # stopping what is down is nothing


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    dsn = postgres.start(tmp_path)
    try:
        ask(dsn, "CREATE TABLE card (no int); INSERT INTO card VALUES (7); COMMIT; SELECT 1")
        os.kill(int((tmp_path / "pgdata/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        assert ask(postgres.start(tmp_path), "SELECT no FROM card") == 7
    finally:
        postgres.stop(tmp_path)


def test_a_half_made_data_folder_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "pgdata.making").mkdir()
    (tmp_path / "pgdata.making" / "base").touch()
    dsn = postgres.start(tmp_path, durable=False)
    try:
        assert ask(dsn, "SELECT 1") == 1
    finally:
        postgres.stop(tmp_path)


def test_a_data_folder_that_lost_something_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "pgdata" / "base").mkdir(parents=True)
    with pytest.raises(ServerFailed, match="PG_VERSION"):
        postgres.start(tmp_path)
    assert (tmp_path / "pgdata" / "base").is_dir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_without_namespaces_becomes_nobody_even_in_a_closed_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_user_namespace", lambda: None)
    tmp_path.chmod(0o700)
    base = tmp_path / "home" / "postgres"
    assert ask(postgres.start(base, durable=False), "SELECT 1") == 1
    try:
        assert (base / "pgdata").owner() == "nobody"
        assert ask(postgres.start(base, durable=False), "SELECT 1") == 1
    finally:
        postgres.stop(base)


def test_data_of_another_version_are_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "pgdata").mkdir()
    (tmp_path / "pgdata/PG_VERSION").write_text("17\n")
    with pytest.raises(ServerFailed, match="PostgreSQL 17") as refused:
        postgres.start(tmp_path)
    assert "\n" not in str(refused.value)


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("深" * 40)
    assert len(os.fsencode(postgres.socket_folder(deep))) < 90
    assert postgres.socket_folder(deep) == postgres.socket_folder(deep)
    assert postgres.socket_folder(tmp_path / "a") == tmp_path / "a"
