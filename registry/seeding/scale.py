"""Pairs and help for a synthetic register of any size: the same rows that acts would have written, set by set.

Each statement gives only what every trigger of its table would have let through, so the triggers rest meanwhile; a test runs the same
statements with them on. History is written set by set as well.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import uuid4

from django.apps import apps
from django.db import connection, models, transaction

from fupin.accounts.models import User
from fupin.divisions.codes import Level, cut
from fupin.divisions.models import Division
from registry.models import (
    AssistEffect,
    AssistMeasure,
    AssistPair,
    AssistPerson,
    AssistPlan,
    Household,
    MeasureDelivery,
    MeasureRecipient,
    Organ,
)
from registry.rules.help.after_exit import ON_REGISTER
from registry.seeding.chance import repeatable
from registry.seeding.helping import WAYS
from registry.seeding.load import SEED_USER, refuse_real_data
from registry.seeding.officials import Maker

HOUSEHOLDS_EACH: Final = 40
"""Households that one official answers for, on the average."""

KINDS: Final = ("01", "02", "03", "04", "08")
WRITTEN: Final = (AssistPlan, AssistMeasure, MeasureRecipient, MeasureDelivery, AssistEffect)
_REMEMBERED: Final = (AssistPlan, AssistMeasure, MeasureRecipient, AssistEffect)
_STATUSES: Final = ", ".join(f"'{status.value}'" for status in sorted(ON_REGISTER))

_PAIR: Final = f"""
WITH official AS (
    SELECT division AS county, id, row_number() OVER (PARTITION BY division ORDER BY id) - 1 AS place,
        count(*) OVER (PARTITION BY division) AS total
    FROM registry_assistperson WHERE entered_by_id = %(by)s
)
INSERT INTO registry_assistpair (division, household_id, person_id, start_date, household_left, reason, entered_by_id, entered_at)
SELECT h.division, h.id, o.id, date '2014-07-10' + (h.id %% 20)::int, false, '', %(by)s, now()
FROM registry_household h JOIN official o
    ON o.county = h.division / 1000000 * 1000000 AND o.place = (h.division + h.id %% 3) %% o.total
WHERE h.is_demo AND h.status IN ({_STATUSES}) AND NOT EXISTS (SELECT FROM registry_assistpair p WHERE p.household_id = h.id)
"""  # noqa: S608  (statuses of our own)

_HELPED: Final = f"""
CREATE TEMPORARY TABLE seed_helped ON COMMIT DROP AS
SELECT h.id, h.division, p.person_id AS person
FROM registry_household h JOIN registry_assistpair p ON p.household_id = h.id AND p.end_date IS NULL
WHERE h.is_demo AND h.status IN ({_STATUSES})
    AND NOT EXISTS (SELECT FROM registry_assistplan l WHERE l.household_id = h.id)
    AND NOT EXISTS (SELECT FROM registry_measurerecipient r WHERE r.household_id = h.id);
ANALYZE seed_helped;
"""  # noqa: S608  (statuses of our own)

_STATEMENTS: Final = (
    """
    INSERT INTO registry_assistplan (division, level, household_id, year, cause, kind, goal, project_no, scale, amount, income_gain,
        due_on, person_id, withdrawn_because, entered_by_id, entered_at)
    SELECT h.division, 'HOUSEHOLD', h.id, 2014, y.cause_main, k.kind, k.goal, '', '', k.cost, k.gain, date '2014-12-31', h.person, '',
        %(by)s, now()
    FROM seed_helped h JOIN registry_householdyear y ON y.household_id = h.id AND y.year = 2014
    JOIN seed_way k ON k.place = h.id %% 5 WHERE h.id %% 8 <> 0
    """,
    """
    INSERT INTO registry_assistplan (division, level, household_id, member_id, year, cause, kind, goal, project_no, scale, amount,
        income_gain, due_on, person_id, withdrawn_because, entered_by_id, entered_at)
    SELECT h.division, 'LABOURER', h.id, m.member_id, 2014, '', k.kind, k.goal, '', '', k.cost, k.gain, date '2014-12-31', h.person, '',
        %(by)s, now()
    FROM seed_helped h JOIN registry_householdyear y ON y.household_id = h.id AND y.year = 2014
    JOIN registry_memberyear m ON m.household_year_id = y.id AND m.is_labourer
    JOIN seed_way k ON k.kind = '03' WHERE h.id %% 8 <> 0 AND m.member_id %% 9 <> 0
    """,
    """
    INSERT INTO registry_assistmeasure (division, "on", kind, content, money_source, amount, project_no, led_by, person_id,
        withdrawn_because, entered_by_id, entered_at)
    SELECT h.division, date '2014-08-05' + (h.division / 7 %% 100)::int, k.kind, k.content, '县级财政专项扶贫资金', sum(k.cost), '', '',
        min(h.person), '', %(by)s, now()
    FROM seed_helped h JOIN seed_way k ON k.place = h.id %% 5 WHERE h.id %% 9 <> 0
    GROUP BY h.division, k.kind, k.content ORDER BY h.division, k.kind
    """,
    """
    INSERT INTO registry_measurerecipient (division, measure_id, household_id, amount, stop, stopped_because)
    SELECT h.division, m.id, h.id, k.cost, '', ''
    FROM seed_helped h JOIN seed_way k ON k.place = h.id %% 5
    JOIN registry_assistmeasure m ON m.division = h.division AND m.kind = k.kind AND m.entered_by_id = %(by)s AND m.id > %(measures)s
    WHERE h.id %% 9 <> 0
    """,
    """
    INSERT INTO registry_measuredelivery (division, recipient_id, "on", by, amount, signed_by, account_masked, entered_by_id, entered_at)
    SELECT r.division, r.id, m."on" + 6, 'IN_KIND', r.amount, '户主', '', %(by)s, now()
    FROM registry_measurerecipient r JOIN registry_assistmeasure m ON m.id = r.measure_id
    WHERE r.id > %(recipients)s AND r.id %% 25 <> 0
    """,
    """
    INSERT INTO registry_assisteffect (division, recipient_id, "on", income_gain, jobs, contribution, confirmed_by, confirmed_on,
        entered_by_id, entered_at)
    SELECT r.division, r.id, m."on" + 60, k.gain, 0, k.goal, '户主', m."on" + 60, %(by)s, now()
    FROM registry_measurerecipient r JOIN registry_assistmeasure m ON m.id = r.measure_id JOIN seed_way k ON k.kind = m.kind
    WHERE r.id > %(recipients)s AND r.id %% 33 <> 0
    """,
)


@dataclass(slots=True)
class Helped:
    """What was written, in rows by table, and in how many seconds."""

    rows: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def as_dict(self) -> dict[str, object]:
        """Return the figures as `--json` prints them."""
        return asdict(self) | {"seconds": round(self.seconds, 2)}


@transaction.atomic
def pair_everybody(*, seed_text: str, watched: bool = False) -> Helped:
    """Let somebody answer for each synthetic household on the register for which nobody does (R-91); return what was written.

    Works as the owner of the tables. `watched` leaves their triggers on. Raise RegisterInUse.
    """
    began = time.perf_counter()
    refuse_real_data()
    by = User.objects.get(username=SEED_USER)
    done = Helped()
    done.rows[AssistPerson._meta.db_table] = _officials(by, seed_text)
    last = _last(AssistPair)
    with connection.cursor() as cursor, _resting(AssistPair, watched=watched):
        _in_the_name_of(cursor, by)
        cursor.execute(_PAIR, {"by": by.pk})
        done.rows[AssistPair._meta.db_table] = cursor.rowcount
        if not watched:
            _remember(cursor, AssistPair, last)
    _analyze(done)
    done.seconds = time.perf_counter() - began
    return done


@transaction.atomic
def help_everybody(*, seed_text: str, watched: bool = False) -> Helped:
    """Pair the synthetic households on the register, and help those that nobody helps yet; return what was written.

    Works as the owner of the tables. `watched` leaves their triggers on. Raise RegisterInUse.
    """
    began = time.perf_counter()
    done = pair_everybody(seed_text=seed_text, watched=watched)
    by = User.objects.get(username=SEED_USER)
    last = {model: _last(model) for model in WRITTEN}
    given = {"by": by.pk, "measures": last[AssistMeasure], "recipients": last[MeasureRecipient]}
    with connection.cursor() as cursor, _resting(*WRITTEN, watched=watched):
        _in_the_name_of(cursor, by)
        cursor.execute(_HELPED)
        _ways(cursor)
        for statement in _STATEMENTS:
            cursor.execute(statement, given)
            table = statement.split()[2]
            done.rows[table] = done.rows.get(table, 0) + cursor.rowcount
        if not watched:
            for model in _REMEMBERED:
                _remember(cursor, model, last[model])
    _analyze(done)
    done.seconds = time.perf_counter() - began
    return done


def _last(model: type[models.Model]) -> int:
    return model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0


def _in_the_name_of(cursor: Any, by: User) -> None:
    cursor.execute(
        "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
        [str(uuid4()), json.dumps({"user": by.pk, "reason": "演示数据"})],
    )


def _analyze(done: Helped) -> None:
    with connection.cursor() as cursor:
        for table in done.rows:
            cursor.execute(f"ANALYZE {table}")


def _officials(by: User, seed_text: str) -> int:
    """Add an organ and its officials to each county with households that nobody answers for; return how many officials."""
    maker = Maker(repeatable(seed_text, "officials"), first=AssistPerson.objects.count() + 1)
    helped = Household.objects.filter(is_demo=True, status__in=ON_REGISTER, pairs__isnull=True).order_by()
    counties: dict[int, int] = {}
    for village, number in helped.values_list("division_id").annotate(number=models.Count("pk")):
        county = cut(village, Level.COUNTY)
        counties[county] = counties.get(county, 0) + number
    names = dict(Division.objects.filter(code__in=counties).values_list("code", "name"))
    people = []
    for county, number in sorted(counties.items()):
        organ, _ = Organ.objects.get_or_create(
            division_id=county,
            name=f"{names[county]}派驻干部（演示）",
            defaults={"affiliation": "04", "must_send": False, "added_by": by},
        )
        people += [maker.person(organ, county, by) for _ in range(-(-number // HOUSEHOLDS_EACH))]
    maker.save(people)
    return len(people)


def _ways(cursor: Any) -> None:
    cursor.execute(
        "CREATE TEMPORARY TABLE seed_way (place int, kind text, goal text, content text, cost int, gain int) ON COMMIT DROP"
    )
    for place, kind in enumerate(KINDS):
        way = WAYS[kind]
        cursor.execute(
            "INSERT INTO seed_way VALUES (%s, %s, %s, %s, %s, %s)",
            [place, kind, way.goal, way.content, way.cost, way.gain],
        )


@contextmanager
def _resting(*written: type[models.Model], watched: bool) -> Iterator[None]:
    """Let the triggers of the tables rest while their rows are written, unless they are to be watched."""
    if watched:
        yield
        return
    with connection.cursor() as cursor:
        for model in written:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while keys wait to be looked up
        for model in written:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} ENABLE TRIGGER USER")


def _remember(cursor: Any, model: type[models.Model], after: int) -> None:
    """Write the history of rows that were written while the triggers rested."""
    event = apps.get_model("registry", f"{model.__name__}Event")
    columns = ", ".join(
        f'"{one.column}"' for one in event._meta.concrete_fields if not one.name.startswith("pgh_")
    )
    cursor.execute(
        "INSERT INTO pghistory_context (id, created_at, updated_at, metadata)"
        " VALUES (current_setting('pghistory.context_id')::uuid, now(), now(),"
        " current_setting('pghistory.context_metadata')::jsonb) ON CONFLICT (id) DO NOTHING"
    )
    moment = "now(), 'insert', id, current_setting('pghistory.context_id')::uuid"
    of_rows = f"SELECT {moment}, {columns} FROM {model._meta.db_table}"  # noqa: S608  (names of our own)
    cursor.execute(
        f"INSERT INTO {event._meta.db_table} (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, {columns})"
        f" {of_rows} WHERE id > %s",
        [after],
    )
