"""What the database itself refuses to the application's role: raw SQL, whatever the code forgets."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from fupin.accounts.constraints import name_of
from fupin.accounts.models import User
from fupin.accounts.scope import leave_scope
from fupin.notices.models import Notice, NoticeLine, Objection
from fupin.notices.services.objecting import object_to
from fupin.notices.services.settling import decline_objection
from tests.clock import on_day, on_its_day
from tests.conftest import VILLAGE
from tests.notices.conftest import PASSES, POSTED, draft_of

pytestmark = pytest.mark.django_db
Scope = Callable[[User], Any]


def run(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def counted(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def test_everybody_reads_what_is_posted_and_nobody_a_draft(notice: Notice, du: User, in_scope: Scope) -> None:
    leave_scope()
    assert counted("SELECT count(*) FROM notices_noticeline") == 2
    assert counted("SELECT count(*) FROM notices_noticephoto") == 1
    for table in ("notices_noticedraft", "notices_objection"):
        with pytest.raises(DatabaseError):
            run(f"SELECT count(*) FROM {table}")
    with in_scope(du):
        assert counted("SELECT count(*) FROM notices_noticedraft") == 0
        assert counted("SELECT count(*) FROM notices_notice") == 1


REFUSED = (
    "UPDATE notices_notice SET last_on = posted_on",
    "UPDATE notices_notice SET text = ''",
    "UPDATE notices_noticeline SET name = '别人'",
    "DELETE FROM notices_noticeline",
    "DELETE FROM notices_notice",
    "DELETE FROM notices_noticedraft",
    "UPDATE notices_noticedraft SET rows = '[]'",
    "DELETE FROM notices_noticephoto",
    "TRUNCATE notices_objection",
    "DELETE FROM notices_objection",
    "UPDATE notices_objection SET statement = ''",
    "UPDATE notices_objection SET filed_on = filed_on - 30",
    "INSERT INTO notices_objection SELECT * FROM notices_objection",
)


@pytest.mark.parametrize("sql", REFUSED)
def test_what_was_posted_or_filed_stays_as_it_is(
    sql: str, notice: Notice, tong: User, in_scope: Scope
) -> None:
    with in_scope(tong), pytest.raises(DatabaseError, match="permission denied"):
        run(sql)


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        (
            (
                "INSERT INTO notices_noticeline (notice_id, division, position, name, subject_key, village, natural_village, kind,"
                " reason) SELECT id, division, 3, '别人', '', '', '', '', '' FROM notices_notice"
            ),
            "noticeline_counted",
        ),
        (
            "UPDATE notices_notice SET taken_down_on = posted_on - 1, taken_down_by_id = posted_by_id, taken_down_because = '名单有误'",
            "notice_taken_down_after_posting",
        ),
        ("UPDATE notices_notice SET taken_down_on = last_on", "notice_taken_down_by_somebody"),
        ("UPDATE notices_noticedraft SET status = 'DRAFT'", "noticedraft_is_open"),
    ],
)
def test_what_a_constraint_refuses(
    sql: str, constraint: str, notice: Notice, tong: User, in_scope: Scope
) -> None:
    with in_scope(tong), pytest.raises(IntegrityError) as refused:
        run(sql)
    assert refused.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


COPIED = (
    'INSERT INTO notices_notice (number, kind, kind_title, "group", year, title, doc_no, issuer, contact_office, contact_phone,'
    " text, headings, unit, posted_on, days, objectable, first_on, last_on, passes_on, line_count, place, check_code, posted_at,"
    " taken_down_because, division, draft_id, posted_by_id)"
    " SELECT '9999999999', kind, kind_title, \"group\", year, title, doc_no, issuer, contact_office, contact_phone, text, headings, unit,"
    " posted_on, days, objectable, posted_on + 1, posted_on + {days}, posted_on + {days} + 1, 1, 'x', 'x', now(), '', division, id,"
    " drawn_by_id FROM notices_noticedraft WHERE status = 'DRAFT'"
)


def test_a_period_cannot_be_shortened(notice: Notice, ai: User, in_scope: Scope) -> None:
    with in_scope(ai), on_day(POSTED):
        draft_of(ai)
        with pytest.raises(IntegrityError, match="notice_period_from_the_day_after"):
            run(COPIED.format(days=6))
        run(COPIED.format(days=7))


@pytest.mark.parametrize(("late", "fits"), [(-1, False), (0, True), (3, True), (4, False)])
def test_a_posting_cannot_be_back_dated(
    late: int, fits: bool, notice: Notice, ai: User, in_scope: Scope
) -> None:
    """Written down on its day or within three days after it, by SQL as well; never ahead of it."""
    with in_scope(ai), on_day(POSTED + timedelta(days=late)):
        draft_of(ai)
        if fits:
            run(COPIED.format(days=7))
        else:
            with pytest.raises(IntegrityError) as refused:
                run(COPIED.format(days=7))
            assert name_of(refused.value) == "notice_recorded_in_time"


@pytest.mark.parametrize(("taken", "today"), [(-1, 0), (1, 0)], ids=["before it hung", "tomorrow"])
def test_a_photograph_cannot_be_back_dated(
    taken: int, today: int, notice: Notice, ai: User, in_scope: Scope
) -> None:
    sql = (
        "INSERT INTO notices_noticephoto (notice_id, division, taken_on, file, content_type, size, sha256, uploaded_by_id, uploaded_at)"
        " SELECT notice_id, division, taken_on + %s, 'x', content_type, size, sha256, uploaded_by_id, now() FROM notices_noticephoto"
    )
    with (
        in_scope(ai),
        on_day(POSTED + timedelta(days=today)),
        pytest.raises(IntegrityError) as refused,
    ):
        run(sql % taken)
    assert name_of(refused.value) == "noticephoto_of_these_days"


def test_nobody_posts_in_another_county(notice: Notice, ai: User, du: User, in_scope: Scope) -> None:
    with in_scope(du), pytest.raises(DatabaseError, match="row-level security"):
        NoticeLine.objects.bulk_create(
            [NoticeLine(notice=notice, division_id=VILLAGE, position=1, name="别人")]
        )
    with in_scope(du), on_day(POSTED), pytest.raises(DatabaseError, match="row-level security"):
        run(
            COPIED.format(days=7)
            .replace("FROM notices_noticedraft WHERE status = 'DRAFT'", "FROM notices_notice")
            .replace("division, id, drawn_by_id", "division, draft_id, posted_by_id")
        )


def filed(notice: Notice) -> None:
    leave_scope()
    on_its_day(object_to)(
        notice=notice,
        statement="第二户家在县城有商品房，请核实。",
        entry_key=uuid.uuid4(),
        on=POSTED,
        position=2,
    )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        (
            "status = 'SETTLED', settled_on = filed_on, settled_by_id = %s, upheld = true, answer = 'x'",
            "objection_steps_in_order",
        ),
        ("status = 'ACCEPTED', accepted_on = filed_on", "objection_accepted_by_somebody"),
        ("status = 'DECLINED', settled_on = filed_on, settled_by_id = %s", "objection_answered_when_over"),
    ],
)
def test_an_objection_skips_no_step(
    change: str, constraint: str, notice: Notice, tong: User, in_scope: Scope
) -> None:
    filed(notice)
    with in_scope(tong), on_day(POSTED), pytest.raises(IntegrityError) as refused:
        run(f"UPDATE notices_objection SET {change}", *([tong.pk] if "%s" in change else []))
    assert refused.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


def test_an_answer_given_is_not_taken_back(notice: Notice, tong: User, in_scope: Scope) -> None:
    filed(notice)
    with in_scope(tong):
        on_its_day(decline_objection)(
            actor=tong, objection=Objection.objects.get(), answer="与本次公示的名单无关。", on=POSTED
        )
        with pytest.raises(IntegrityError, match="不能从"):
            run("UPDATE notices_objection SET answer = '另一种答复'")


def test_the_poster_does_not_answer_even_by_sql(notice: Notice, ai: User, in_scope: Scope) -> None:
    filed(notice)
    with in_scope(ai), pytest.raises(IntegrityError, match="张贴人以外"):
        run(
            "UPDATE notices_objection SET status = 'DECLINED', settled_on = filed_on, settled_by_id = %s, answer = '无关'",
            ai.pk,
        )


ACCEPTING = (
    "UPDATE notices_objection SET status = 'ACCEPTED', accepted_by_id = %s,"
    " accepted_on = filed_on + %s, settle_due_on = filed_on + %s"
)
SETTLING = (
    "UPDATE notices_objection SET status = 'SETTLED', upheld = false, answer = '经核实不属实', settled_on = filed_on + %s,"
    " settled_by_id = %s"
)


@pytest.mark.parametrize(
    ("day", "accepted", "due", "constraint"),
    [
        (2, 2, 12, ""),
        (2, 1, 11, "objection_accepted_today"),
        (2, 3, 13, "objection_accepted_today"),
        (2, 2, 13, "objection_settle_due"),
        (2, 2, 11, "objection_settle_due"),
    ],
    ids=["on its day", "back-dated", "dated ahead", "one day more", "one day less"],
)
def test_an_acceptance_is_of_its_day_and_gives_ten_days(
    day: int, accepted: int, due: int, constraint: str, notice: Notice, tong: User, in_scope: Scope
) -> None:
    filed(notice)
    with in_scope(tong), on_day(POSTED + timedelta(days=day)):
        if not constraint:
            run(ACCEPTING, tong.pk, accepted, due)
            return
        with pytest.raises(IntegrityError) as refused:
            run(ACCEPTING, tong.pk, accepted, due)
        assert name_of(refused.value) == constraint


@pytest.mark.parametrize(
    ("settled", "more", "constraint"),
    [
        (4, "", ""),
        (3, "", "objection_settled_today"),
        (5, "", "objection_settled_today"),
        (4, ", accepted_on = accepted_on - 1", "objection_acceptance_stands"),
        (4, ", settle_due_on = settle_due_on + 5", "objection_acceptance_stands"),
    ],
    ids=["on its day", "back-dated", "dated ahead", "acceptance moved", "time stretched"],
)
def test_a_settlement_is_of_its_day_and_leaves_the_acceptance(
    settled: int, more: str, constraint: str, notice: Notice, tong: User, in_scope: Scope
) -> None:
    filed(notice)
    with in_scope(tong):
        with on_day(POSTED + timedelta(days=2)):
            run(ACCEPTING, tong.pk, 2, 12)
        with on_day(POSTED + timedelta(days=4)):
            if not constraint:
                run(SETTLING + more, settled, tong.pk)
                return
            with pytest.raises(IntegrityError) as refused:
                run(SETTLING + more, settled, tong.pk)
        assert name_of(refused.value) == constraint


def test_nobody_acts_in_anothers_name(notice: Notice, tong: User, chen: User, in_scope: Scope) -> None:
    filed(notice)
    with in_scope(tong), on_day(POSTED):
        with pytest.raises(IntegrityError) as refused:
            run(ACCEPTING, chen.pk, 0, 10)
        assert name_of(refused.value) == "objection_accepted_today"
        with pytest.raises(IntegrityError) as refused:
            run(SETTLING.replace("SETTLED", "DECLINED").replace("upheld = false, ", ""), 0, chen.pk)
        assert name_of(refused.value) == "objection_settled_today"


FILING = "SELECT notices_object(%s, 2, %s, %s, %s, 'x', %s, ''::bytea, NULL, NULL, '', NULL, NULL, '')"


@pytest.mark.parametrize(
    ("via", "today", "due", "constraint"),
    [
        ("WEB", 0, 5, ""),
        ("WEB", -1, 5, "objection_filed_in_time"),
        ("WEB", 1, 5, "objection_filed_in_time"),
        ("LETTER", 5, 5, ""),
        ("LETTER", 6, 5, "objection_filed_in_time"),
        ("LETTER", -1, 5, "objection_filed_in_time"),
        ("WEB", 0, 6, "objection_accept_due"),
        ("WEB", 0, 4, "objection_accept_due"),
    ],
)
def test_a_filing_is_of_its_day_and_gives_five_days(
    via: str, today: int, due: int, constraint: str, notice: Notice, ai: User, in_scope: Scope
) -> None:
    with in_scope(ai), on_day(POSTED + timedelta(days=today)):
        values = (notice.pk, POSTED, POSTED + timedelta(days=due), via, uuid.uuid4())
        if not constraint:
            run(FILING, *values)
            return
        with pytest.raises(IntegrityError) as refused:
            run(FILING, *values)
        assert name_of(refused.value) == constraint


def test_the_function_takes_no_objection_after_the_last_day(notice: Notice) -> None:
    leave_scope()
    with pytest.raises(IntegrityError, match="公示期已过"):
        run(
            "SELECT notices_object(%s, 2, %s, %s, 'WEB', 'x', %s, ''::bytea, NULL, NULL, '', NULL, NULL, '')",
            notice.pk,
            PASSES,
            PASSES,
            uuid.uuid4(),
        )


def test_an_office_records_only_in_its_own_divisions(notice: Notice, du: User, in_scope: Scope) -> None:
    with in_scope(du), pytest.raises(DatabaseError, match="not in scope"):
        run(
            "SELECT notices_object(%s, 2, %s, %s, 'VISIT', 'x', %s, ''::bytea, NULL, NULL, '', NULL, NULL, '')",
            notice.pk,
            POSTED,
            POSTED,
            uuid.uuid4(),
        )
