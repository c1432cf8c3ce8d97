"""`python -m benchmarks.match`: a list of another department against everybody on the register, in one run.

Ours from the file to the hits, in parts; the floor, the plain hash join of the two columns; and what one would otherwise have, the
ORM asked for each row. Uses the register that `python -m benchmarks --keep` left behind, or seeds a small one with `--households`.
"""

import argparse
import json
import os
import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2

from benchmarks.place import FULL, ROOT, Place

NOBODYS = "149900"
"""An address code under which neither GB/T 2260 nor the synthetic register has anybody."""
SAMPLE = 500


class Watch:
    """Seconds by part, in the order in which they were taken."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time a block."""
        began = time.perf_counter()
        yield
        self.parts[name] = time.perf_counter() - began


def main() -> None:
    """Measure, print the parts and ratios, keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.match", description="名册比对的耗时")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--share", type=float, default=0.05, help="名册上在册成员的比例")
    parser.add_argument("--households", type=int, default=0, help="先另造这么多户；不给则用 --keep 留下的库")
    options = parser.parse_args()
    home = Path(os.environ.get("FUPIN_HOME") or ROOT / "var").resolve() / "bench"
    place = Place(home)
    if options.households:
        place.begin()
        place.seed(options.households)
    else:
        place.resume()
    try:
        figures = _measure(place, options)
    finally:
        if options.households:
            place.end()
    (home / "report-match.json").write_text(json.dumps(figures, ensure_ascii=False, indent=2))


def _measure(place: Place, options: argparse.Namespace) -> dict[str, Any]:
    from fupin.servers import postgres

    url = postgres.url(place.home / "postgres", login="postgres", database=FULL)
    owner = psycopg2.connect(url)
    owner.autocommit = True
    members = _one(owner, "SELECT count(*) FROM registry_member")
    content = _file(owner, options)
    watch = Watch()
    list_id = 0
    try:
        list_id, people = _ours(content, watch)
        hits = _one(owner, "SELECT count(*) FROM registry_matchhit WHERE list_id = %s", list_id)
        # Taking the rows in and matching them is one statement; the match alone, once more on the same rows.
        _run(owner, "DELETE FROM registry_matchhit WHERE list_id = %s", list_id)
        with watch.part("match"):
            _run(owner, "SELECT registry_match_list(%s)", list_id)
        watch.parts["rows"] = watch.parts["take"] - watch.parts["match"]
        with watch.part("floor"):
            joined = _one(
                owner,
                "SELECT count(*) FROM registry_outsiderow r JOIN registry_member m ON m.id_no_index = r.id_no_index"
                " WHERE r.list_id = %s",
                list_id,
            )
        _by_orm([one.index for one in random.Random(2).sample(people, SAMPLE)], watch)
    finally:
        for table, column in (("matchhit", "list_id"), ("outsiderow", "list_id"), ("outsidelist", "id")):
            _run(owner, f"DELETE FROM registry_{table} WHERE {column} = %s", list_id)
        owner.close()
    return _told(watch, options, members=members, hits=hits, joined=joined, size=len(content))


def _file(owner: Any, options: argparse.Namespace) -> bytes:
    """Return a list of vehicles as a CSV file: a share of its owners from the register, drawn all over it, the rest nobody's."""
    from fupin.lib.idnumber import compose
    from fupin.vault.cipher import decrypt

    wanted = int(options.rows * options.share)
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT m.name, s.id, s.ciphertext FROM (SELECT * FROM registry_member TABLESAMPLE BERNOULLI"
            " (least(100, 130.0 * %s / (SELECT count(*) FROM registry_member))) REPEATABLE (1) WHERE id_type = '01' LIMIT %s) m"
            " JOIN vault_sealed s ON s.id = m.id_no_sealed",
            [wanted, wanted],
        )
        rows = [
            (name, decrypt(bytes(sealed), row=uuid.UUID(str(key)), kind="id_no"))
            for name, key, sealed in cursor.fetchall()
        ]
    chance = random.Random(1)
    first = date(1935, 1, 1)
    serial = 0
    while len(rows) < options.rows:
        rows.append(("车主", compose(NOBODYS, first + timedelta(days=serial % 25_000), serial // 25_000)))
        serial += 1
    chance.shuffle(rows)
    lines = [f"{name},{number},晋{at:07},小型轿车" for at, (name, number) in enumerate(rows)]
    return "\r\n".join(["姓名,身份号码,号牌号码,车辆类型", *lines]).encode()


def _ours(content: bytes, watch: Watch) -> tuple[int, Any]:
    """Take the list in as the service does, the parts timed one by one."""
    from fupin.accounts.models import User
    from fupin.accounts.scope import whole_province
    from fupin.divisions.codes import PROVINCE_CODE
    from fupin.sheets.opening import Sent
    from fupin.vault.cipher import blind_index
    from registry.codes.outside import ListKind
    from registry.models import OutsideList
    from registry.services.matching.loading import stage, take
    from registry.services.matching.reading import read_list

    numbers = [line.split(",")[1] for line in content.decode().splitlines()[1:]]
    with watch.part("index"):
        for number in numbers:
            blind_index("id_no", number)
    with watch.part("read"):
        people = read_list(
            Sent("名册.csv", content),
            kind=ListKind.VEHICLE,
            division=PROVINCE_CODE,
            places=(),
            on=datetime.now(UTC).date(),
        )
    with whole_province():
        made = OutsideList.objects.create(
            division_id=PROVINCE_CODE,
            kind=ListKind.VEHICLE,
            source="测量",
            document="测量",
            as_of=date(2014, 6, 30),
            file_name="测量.csv",
            file_sha256=uuid.uuid4().hex * 2,
            row_count=len(people),
            loaded_by=User.objects.get(username="province"),
        )
        with watch.part("copy"):
            stage(made.pk, people)
        with watch.part("take"):
            take(made.pk)
    return made.pk, people


def _by_orm(indexes: list[bytes], watch: Watch) -> None:
    """Ask the ORM for each of a sample of rows, as the web login."""
    from fupin.accounts.scope import whole_province
    from registry.models import Member

    with whole_province(), watch.part("orm"):
        for index in indexes:
            list(Member.objects.filter(id_no_index=index).select_related("household"))


def _told(watch: Watch, options: argparse.Namespace, **figures: Any) -> dict[str, Any]:
    parts = watch.parts
    whole = parts["read"] + parts["copy"] + parts["take"]
    orm = parts["orm"] / SAMPLE * options.rows
    labels = (
        ("read", "读表、逐行校验、算盲索引"),
        ("index", "　其中盲索引"),
        ("copy", "COPY 到暂存表"),
        ("rows", "入名册表（两个索引）"),
        ("match", "比对并写入命中"),
        ("floor", "基线：两列散列连接 count(*)"),
    )
    print(
        f"名册 {options.rows:,} 行（{figures['size'] / 1e6:.1f} MB），全库 {figures['members']:,} 人，"
        f"命中 {figures['hits']:,} 条"
    )
    for key, label in labels:
        print(f"{label:<24}{parts[key]:8.2f} 秒")
    print(f"{'合计':<24}{whole:8.2f} 秒")
    print(f"{'逐行查 ORM（按样本推算）':<20}{orm:8.2f} 秒")
    print(
        f"比对为基线的 {parts['match'] / parts['floor']:.2f} 倍；逐行查 ORM 为比对的 {orm / parts['match']:.0f} 倍、"
        f"为全过程的 {orm / whole:.0f} 倍；{os.cpu_count()} 核，{datetime.now(UTC):%Y-%m-%d}"
    )
    return {"rows": options.rows, "parts": parts, "whole": whole, "orm": orm, **figures}


def _one(owner: Any, statement: str, *values: object) -> int:
    with owner.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])


def _run(owner: Any, statement: str, *values: object) -> None:
    with owner.cursor() as cursor:
        cursor.execute(statement, values)


if __name__ == "__main__":
    main()
