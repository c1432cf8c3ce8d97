"""A backup restores to the same figures, and a restore that differs changes nothing."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg2
import pytest

from fupin.servers import backup, logins, manifest
from fupin.servers.errors import ServerFailed

NOW = datetime(2014, 11, 3, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
REGISTER = """
    DROP TABLE IF EXISTS household;
    CREATE TABLE household (
        no bigint PRIMARY KEY, division bigint NOT NULL, income numeric(12, 2), name text,
        status varchar(1) DEFAULT 'A' CHECK (status IN ('A', 'O')));  -- its text is another one after a reload
    ALTER TABLE household ENABLE ROW LEVEL SECURITY;
    ALTER TABLE household FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON household USING (division >= current_setting('app.lo')::bigint);
    GRANT SELECT ON household TO fupin_web;
    INSERT INTO household SELECT n, 141124101200, n * 1.25, '户主' || n FROM generate_series(1, 500) n;
"""


class Place:
    """An installation with a register and one photo."""

    def __init__(self, cluster: str, home: Path) -> None:
        self.urls = logins.ensure_logins(cluster, home, given={})
        self.media = home / "media"
        self.media.mkdir()
        (self.media / "照片.jpg").write_bytes(b"\xff\xd8photo")
        self.into = home / "backups"
        self.run(REGISTER)

    def run(self, statements: str) -> None:
        with closing(psycopg2.connect(self.urls["DATABASE_URL"])) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statements)

    def income(self) -> object:
        with (
            closing(psycopg2.connect(self.urls["DATABASE_URL"])) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT count(*), sum(income)::text FROM household")
            return cursor.fetchone()

    def take(self) -> Path:
        return backup.take(
            dsn=self.urls["DATABASE_URL_BACKUP"], media=self.media, keys="k", into=self.into, now=NOW
        )

    def restore(self, folder: Path) -> str | None:
        taken = manifest.read(folder)
        return backup.restore(folder, taken, dsn=self.urls["DATABASE_URL"], media=self.media, now=NOW)


@pytest.fixture
def here(cluster: str, tmp_path: Path) -> Iterator[Place]:
    place = Place(cluster, tmp_path)
    yield place
    with closing(psycopg2.connect(cluster)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS fupin_before_20141103093000")


def test_what_was_lost_comes_back(here: Place) -> None:
    folder = here.take()
    before = here.income()
    here.run("DELETE FROM household WHERE no > 100; UPDATE household SET income = 0")
    (here.media / "照片.jpg").unlink()
    assert here.restore(folder) == "fupin_before_20141103093000"
    assert here.income() == before
    assert (here.media / "照片.jpg").read_bytes() == b"\xff\xd8photo"


def test_the_wall_comes_back_too(here: Place) -> None:
    folder = here.take()
    here.restore(folder)
    with (
        closing(psycopg2.connect(here.urls["DATABASE_URL_WEB"])) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.UndefinedObject),
    ):
        cursor.execute("SELECT * FROM household")


def test_the_manifest_says_what_is_in_it(here: Place) -> None:
    taken = manifest.read(here.take())
    assert taken.tables["public.household"]["rows"] == 500
    assert taken.tables["public.household"]["sums"]["income"] == "156562.50"
    assert set(taken.files) == {"database.dump", "globals.sql", "media.tar"}


def test_no_password_lies_in_a_backup(here: Place) -> None:
    folder = here.take()
    text = (folder / "globals.sql").read_text()
    assert "fupin_web" in text
    assert "PASSWORD" not in text


def test_a_damaged_file_is_refused(here: Place) -> None:
    folder = here.take()
    with (folder / "database.dump").open("ab") as dump:
        dump.write(b"x")
    with pytest.raises(ServerFailed, match=r"database\.dump"):
        manifest.read(folder)


def test_a_figure_that_differs_leaves_everything_as_it_was(here: Place) -> None:
    folder = here.take()
    taken = manifest.read(folder)
    taken.tables["public.household"] = {**taken.tables["public.household"], "digest": "1"}
    here.run("DELETE FROM household WHERE no = 1")
    before = here.income()
    with pytest.raises(ServerFailed, match=r"public\.household"):
        backup.restore(folder, taken, dsn=here.urls["DATABASE_URL"], media=here.media, now=NOW)
    assert here.income() == before
    assert (here.media / "照片.jpg").exists()


def test_a_restore_under_somebodys_hands_is_refused(here: Place) -> None:
    folder = here.take()
    with (
        closing(psycopg2.connect(here.urls["DATABASE_URL_WEB"])),
        pytest.raises(ServerFailed, match="in use"),
    ):
        here.restore(folder)
    assert here.income() == (500, "156562.50")
