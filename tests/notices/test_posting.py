"""From a draft to a notice on the wall and back down: who, when, with which photograph."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.divisions.models import Division
from fupin.lib.idnumber import compose
from fupin.notices.errors import NoticeError, NotPublishable, PhotoRefused
from fupin.notices.kinds import notice_kind
from fupin.notices.models import DraftStatus, Notice, NoticeLine
from fupin.notices.reports import passed
from fupin.notices.rules import Row
from fupin.notices.services.drawing import discard, draw_up, redate
from fupin.notices.services.posting import add_photo, post, take_down
from tests.clock import on_day
from tests.conftest import KELAN
from tests.notices.conftest import KIND, LAST, PASSES, POSTED, ROWS, App, draft_of, photo, png, posted_by

pytestmark = pytest.mark.django_db
Scope = Callable[[User], Any]


def test_a_notice_is_written_from_its_rows(notice: Notice) -> None:
    assert notice.text == (
        "经农户申请、村民代表会议评议，下列 2 户 11 人拟列为建档立卡贫困户。"
        "现予公示，自 2014-04-11 起至 2014-04-17 24:00 止，共 7 天。"
    )
    assert (notice.first_on, notice.last_on, notice.passes_on) == (POSTED + timedelta(1), LAST, PASSES)
    assert (notice.line_count, notice.persons, notice.amount) == (2, 11, None)
    assert notice.title.endswith("2014年新识别贫困户第一次公示")
    assert len(notice.check_code) == 12


def test_its_rows_say_what_they_are_about(notice: Notice, ai: User, in_scope: Scope) -> None:
    assert list(NoticeLine.objects.order_by("position").values_list("subject_key", "name", "persons")) == [
        ("case:1", "郝玉生", 6),
        ("case:2", "王四旺", 5),
    ]
    assert list(Notice.objects.of_subject("case:2")) == [notice]


def test_a_number_is_given_once(app: App, ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        first, second = draft_of(ai), draft_of(ai)
    assert first.number.startswith("2014")
    assert int(second.number) == int(first.number) + 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (Row(compose("149901", date(1980, 1, 1), 123)), "第 1 行“户主”中有证件号"),
        (Row("王四旺", village="庙坪村"), "“村”不在此类公示的公开范围内"),
        (Row("王四旺", reason="因病"), "原因只能按大类公开"),
    ],
)
def test_a_list_that_tells_too_much_is_not_drawn_up(
    row: Row, said: str, app: App, ai: User, in_scope: Scope
) -> None:
    with in_scope(ai), pytest.raises(NotPublishable, match=said):
        draft_of(ai, rows=(row,))


@pytest.mark.parametrize("field", ["doc_no", "issuer", "contact_office"])
def test_no_text_carries_a_number(field: str, app: App, ai: User, in_scope: Scope) -> None:
    with in_scope(ai), pytest.raises(NotPublishable, match="电话"):
        draft_of(ai, **{field: "联系 １３８ 0013 8000"})


@pytest.mark.parametrize(("phone", "fits"), [("0358-4422000", True), ("12317", True), ("13800138000", False)])
def test_an_office_answers_at_its_own_telephone(
    phone: str, fits: bool, app: App, ai: User, in_scope: Scope
) -> None:
    with in_scope(ai):
        if fits:
            assert draft_of(ai, contact_phone=phone).contact_phone == phone
        else:
            with pytest.raises(NotPublishable, match="单位座机"):
                draft_of(ai, contact_phone=phone)


def test_an_empty_list_is_no_notice(app: App, ai: User, in_scope: Scope) -> None:
    with in_scope(ai), pytest.raises(NoticeError, match="空"):
        draft_of(ai, rows=())


def test_a_kind_cannot_show_more_than_the_whitelist() -> None:
    with pytest.raises(ValueError, match="whitelist"):
        notice_kind("X", "x", ["phone"], group="EXIT", days="pub1_days")  # type: ignore[list-item, arg-type]


@pytest.mark.parametrize(
    ("late", "fits"),
    [(-1, False), (0, True), (3, True), (4, False)],
    ids=["ahead", "same", "third", "fourth"],
)
def test_a_posting_is_recorded_within_three_days(
    late: int, fits: bool, app: App, ai: User, in_scope: Scope
) -> None:
    today = POSTED + timedelta(days=late)

    def record() -> Notice:
        return post(
            actor=ai,
            draft=draft_of(ai),
            place="公示栏",
            photo=photo(),
            photographed_on=POSTED,
            on=POSTED,
            today=today,
        )

    with in_scope(ai), on_day(today):
        if fits:
            assert record().last_on == LAST
        else:
            with pytest.raises(NoticeError):
                record()


def test_the_day_on_the_sheet_is_the_day_it_hangs(app: App, ai: User, in_scope: Scope) -> None:
    later = POSTED + timedelta(days=2)
    sent: dict[str, Any] = {"place": "公示栏", "photographed_on": later, "on": later, "today": later}
    with in_scope(ai):
        draft = draft_of(ai)
        with pytest.raises(NoticeError, match="稿面日期"):
            post(actor=ai, draft=draft, photo=photo(), **sent)
        draft = redate(actor=ai, draft=draft, on=later)
        assert "2014-04-13 起至 2014-04-19" in draft.text
        with on_day(later):
            assert post(actor=ai, draft=draft, photo=photo(), **sent).passes_on == date(2014, 4, 20)


@pytest.mark.parametrize(
    "taken_on", [POSTED - timedelta(1), POSTED + timedelta(1)], ids=["before", "tomorrow"]
)
def test_the_photograph_is_of_these_days(taken_on: date, app: App, ai: User, in_scope: Scope) -> None:
    with in_scope(ai), on_day(POSTED), pytest.raises(PhotoRefused, match="拍摄日期"):
        post(
            actor=ai,
            draft=draft_of(ai),
            place="公示栏",
            photo=photo(),
            photographed_on=taken_on,
            on=POSTED,
            today=POSTED,
        )


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"", b"MZ\x90\x00", png()[:40]])
def test_what_is_no_photograph_is_refused(content: bytes, app: App, ai: User, in_scope: Scope) -> None:
    with in_scope(ai), on_day(POSTED), pytest.raises(PhotoRefused, match="JPG"):
        post(
            actor=ai,
            draft=draft_of(ai),
            place="公示栏",
            photo=photo(content, "wall.jpg"),
            photographed_on=POSTED,
            on=POSTED,
            today=POSTED,
        )
    assert not Notice.objects.exists()


def test_a_photograph_loses_what_the_camera_hid(notice: Notice, ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        kept = add_photo(
            actor=ai,
            notice=notice,
            photo=photo(png(b"Comment\x0013800138000")),
            photographed_on=LAST,
            today=LAST,
        )
    with kept.file.open() as stored:
        assert stored.read() == png()


def test_a_draft_is_posted_once(notice: Notice, ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        assert notice.draft.status == DraftStatus.POSTED
        with pytest.raises(NoticeError, match="已张贴"):
            post(
                actor=ai,
                draft=notice.draft,
                place="公示栏",
                photo=photo(),
                photographed_on=POSTED,
                on=POSTED,
                today=POSTED,
            )
        with pytest.raises(NoticeError, match="不能再改"):
            discard(actor=ai, draft=notice.draft, reason="重复")


def test_nobody_posts_elsewhere(app: App, ai: User, du: User, he: User, in_scope: Scope) -> None:
    with in_scope(ai):
        draft = draft_of(ai)
        with pytest.raises(Refused):
            draw_up(
                actor=ai, kind=KIND, division=Division.objects.get(pk=KELAN), rows=ROWS, year=2014, on=POSTED
            )
        for stranger in (du, he):
            with pytest.raises(Refused):
                post(
                    actor=stranger,
                    draft=draft,
                    place="公示栏",
                    photo=photo(),
                    photographed_on=POSTED,
                    on=POSTED,
                    today=POSTED,
                )


@pytest.mark.parametrize(
    ("day", "is_passed"), [(POSTED, False), (LAST, False), (PASSES, True)], ids=["posted", "last", "after"]
)
def test_the_next_step_waits_for_the_last_day_to_end(notice: Notice, day: date, is_passed: bool) -> None:
    assert passed("case:1", KIND, day) is is_passed
    assert not passed("case:3", KIND, day)
    assert not passed("case:1", "OTHER", day)


@pytest.mark.parametrize(("on", "counts"), [(LAST, False), (PASSES, True)], ids=["early", "after"])
def test_taken_down_early_it_counts_for_nothing(
    on: date, counts: bool, notice: Notice, tong: User, in_scope: Scope
) -> None:
    with in_scope(tong):
        taken = take_down(actor=tong, notice=notice, because="名单有误，重新公示", on=on)
        assert taken.ended_early() is not counts
        assert passed("case:1", KIND, PASSES) is counts
        with pytest.raises(NoticeError, match="已撤下"):
            take_down(actor=tong, notice=notice, because="名单有误，重新公示", on=on)


def test_the_last_notice_is_the_one_that_counts(notice: Notice, ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        posted_by(ai, on=LAST)
    assert not passed("case:1", KIND, PASSES)
    assert passed("case:1", KIND, LAST + timedelta(days=8))


def test_the_village_does_not_take_down_its_own(notice: Notice, ai: User, in_scope: Scope) -> None:
    with in_scope(ai), pytest.raises(Refused):
        take_down(actor=ai, notice=notice, because="名单有误，重新公示", on=LAST)


def test_a_reason_for_taking_down_is_public_and_tells_no_number(
    notice: Notice, tong: User, in_scope: Scope
) -> None:
    with in_scope(tong), pytest.raises(NotPublishable):
        take_down(actor=tong, notice=notice, because="来电 13800138000 反映", on=LAST)
