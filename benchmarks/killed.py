"""`python -m benchmarks.killed`: SIGKILL of the worker at five random points of a county's import; afterwards all is as undisturbed.

The same workbook is imported twice into the same empty register: once left alone, once by a worker that is killed twice while it
reads and checks and three times while it writes, and begun anew each time. What stands then is compared, counts, sums and rows.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg2

from benchmarks.place import FLOOR, FULL, OWNER, ROOT, Place

COUNTY: Final = 141124000000

FACTS: Final = {
    "households": "SELECT count(*), count(DISTINCT household_no), count(DISTINCT entry_key) FROM registry_household",
    "by village": "SELECT md5(string_agg(concat(division, '=', n), ',' ORDER BY division))"
    " FROM (SELECT division, count(*) n FROM registry_household GROUP BY division) v",
    "cards": "SELECT count(*), sum(member_count), sum(wage_income), sum(gross_income), sum(net_income), sum(house_area)"
    " FROM registry_householdyear",
    "cards, row by row": "SELECT md5(string_agg(concat_ws('|', h.household_no, y.head_name, y.address, y.member_count,"
    " y.net_income, y.phone_masked, encode(y.phone_index, 'hex'), y.remarks), E'\\n' ORDER BY h.household_no))"
    " FROM registry_householdyear y JOIN registry_household h ON h.id = y.household_id",
    "members": "SELECT count(*), count(DISTINCT id_no_index) FROM registry_member",
    "members, row by row": "SELECT md5(string_agg(concat_ws('|', m.member_no, m.name, encode(m.id_no_index, 'hex'), y.seat,"
    " y.relation, y.health, y.work_months), E'\\n' ORDER BY m.member_no))"
    " FROM registry_memberyear y JOIN registry_member m ON m.id = y.member_id",
    "sealed values": "SELECT count(*), sum(length(ciphertext)) FROM vault_sealed",
    "history": "SELECT (SELECT count(*) FROM registry_householdevent), (SELECT count(*) FROM registry_householdyearevent),"
    " (SELECT count(*) FROM registry_memberevent), (SELECT count(*) FROM registry_memberyearevent)",
    "units": "SELECT verdict, count(*), count(applied_at) FROM sheets_stagedunit GROUP BY verdict ORDER BY verdict",
    "batch": "SELECT status, rows, new, changed, unchanged, wrong, ambiguous, applied FROM sheets_importbatch",
}


def main() -> None:
    """Import twice and compare; exit 1 where anything differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=20140429)
    parser.add_argument(
        "--home", type=Path, default=Path(os.environ.get("FUPIN_HOME", "var")) / "bench-killed"
    )
    parser.add_argument("--carry-on", type=UUID)
    options = parser.parse_args()
    if options.carry_on:
        _carry_on(options.carry_on)
        return
    place = Place(options.home.resolve())
    place.begin(login="worker")
    try:
        sys.exit(_compare(place, options))
    finally:
        place.end()


def _compare(place: Place, options: argparse.Namespace) -> int:
    from benchmarks import sheets
    from fupin.accounts.scope import whole_province

    path = place.home / "households.xlsx"
    with whole_province():
        households, members = sheets.write(path, options.households, county=COUNTY)
    print(f"{households:,} households, {members:,} members; seed {options.seed}", flush=True)
    place.keep_floor()
    batch = _sent(path)
    reading, writing = (_undisturbed(batch, phase) for phase in ("reads and checks", "writes"))
    expected = _facts(place)
    _empty_again(place)
    batch = _sent(path)
    rng = random.Random(options.seed)
    _killed(batch, rng, times=2, within=reading, phase="reads and checks")
    _killed(batch, rng, times=3, within=writing / 3, phase="writes")
    found = _facts(place)
    for name, rows in expected.items():
        same = found[name] == rows
        print(
            f"{'same     ' if same else 'DIFFERENT'} {name:22} {found[name]}{'' if same else f' was {rows}'}"
        )
    return int(found != expected)


def _sent(path: Path) -> UUID:
    """Send the workbook as the county's clerk; return its batch, which nobody has read yet."""
    from fupin.accounts.scope import acting_as
    from fupin.sheets import receiving
    from fupin.sheets.opening import Sent

    clerk = _user("county")
    with acting_as(clerk):
        sent = Sent(path.name, path.read_bytes())
        return receiving.receive(kind="households", files=[sent], actor=clerk, console=True).pk


def _user(name: str) -> Any:
    from fupin.accounts.models import Post, User

    found = User.objects.get(username=name)
    found.post = Post.objects.select_related("division").filter(user=found).first()
    return found


def _batch(key: UUID) -> Any:
    from fupin.accounts.scope import acting_as
    from fupin.sheets.models import ImportBatch

    with acting_as(_user("county")):
        return ImportBatch.objects.select_related("uploaded_by", "post__division", "division").get(pk=key)


def _worker(batch: UUID) -> "subprocess.Popen[bytes]":
    """Begin, in a process of its own, what the worker does of an import: read and check it, or write it."""
    command = [sys.executable, "-m", "benchmarks.killed", "--carry-on", str(batch)]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "FUPIN_LOGIN": "worker"})


def _carry_on(key: UUID) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from fupin.sheets import deciding, receiving
    from fupin.sheets.models import ImportStatus

    def quiet(_done: int, _total: int | None, _words: str) -> None:
        return

    batch = _batch(key)
    if batch.status == ImportStatus.READING:
        receiving.stage(batch, on=timezone.localdate(), told=quiet)
    else:
        deciding.apply(batch, actor=_user("reviewer"), on=timezone.localdate(), told=quiet)


def _decided(key: UUID) -> None:
    from fupin.accounts.scope import acting_as
    from fupin.sheets import deciding

    reviewer = _user("reviewer")
    with acting_as(reviewer):
        deciding.decide(batch=_batch(key), mode="GOOD", actor=reviewer)


def _undisturbed(batch: UUID, phase: str) -> float:
    """Let the worker end; return the seconds."""
    began = time.perf_counter()
    if _worker(batch).wait():
        raise SystemExit(f"the undisturbed worker failed while it {phase}")
    took = time.perf_counter() - began
    print(f"undisturbed: {phase} {took:.1f} s", flush=True)
    if phase == "reads and checks":
        _decided(batch)
    return took


def _killed(batch: UUID, rng: random.Random, *, times: int, within: float, phase: str) -> None:
    """Kill the worker at so many random points, then let it end."""
    for number in range(times):
        worker = _worker(batch)
        moment = rng.uniform(0.15, 0.9) * within
        try:
            worker.wait(moment)
        except subprocess.TimeoutExpired:
            worker.send_signal(signal.SIGKILL)
        how = worker.wait()
        state = _batch(batch)
        print(f"killed {number + 1}/{times}: {phase}, after {moment:.1f} s; {_standing(state)}", flush=True)
        if how != -signal.SIGKILL:
            raise SystemExit("the worker had ended before it was killed")
    _undisturbed(batch, phase)


def _standing(batch: Any) -> str:
    from fupin.accounts.scope import acting_as
    from fupin.sheets.models import StagedUnit

    with acting_as(_user("county")):
        units = StagedUnit.objects.filter(batch=batch)
        return f"{units.count():,} checked, {units.filter(applied_at__isnull=False).count():,} written"


def _connected(place: Place, login: str, database: str) -> Any:
    from fupin.servers import postgres

    server = psycopg2.connect(postgres.url(place.home / "postgres", login=login, database=database))
    server.autocommit = True
    return server


def _facts(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    server = _connected(place, "postgres", FULL)
    with server.cursor() as cursor:
        for name, question in FACTS.items():
            cursor.execute(question)
            found[name] = cursor.fetchall()
    server.close()
    return found


def _empty_again(place: Place) -> None:
    """Let the register be as it was before the first import."""
    from django.db import connections

    connections.close_all()
    server = _connected(place, "postgres", "postgres")
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {FULL} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {FULL} TEMPLATE {FLOOR} OWNER {OWNER}")
    server.close()


if __name__ == "__main__":
    main()
