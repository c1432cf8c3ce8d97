"""What may be made public, and how long it stands: rules without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from fupin.lib.idnumber import compose
from fupin.notices.rules import Column, ReasonGroup, Row, leaks, period
from fupin.notices.rules.columns import flaws, reason_group
from fupin.notices.rules.identifying import LeakKind
from registry.codes import Cause

ID_NO = compose("149901", date(1980, 1, 1), 123)
OLD_ID_NO = "110105491231002"
ACCOUNT = "6222021001116245702"
MOBILE = "13800138000"


@pytest.mark.parametrize(
    ("posted", "days", "first", "last", "passes"),
    [
        (date(2014, 4, 10), 7, date(2014, 4, 11), date(2014, 4, 17), date(2014, 4, 18)),  # procedures §4
        (date(2014, 6, 3), 10, date(2014, 6, 4), date(2014, 6, 13), date(2014, 6, 14)),  # funds F-07
        (date(2016, 2, 28), 1, date(2016, 2, 29), date(2016, 2, 29), date(2016, 3, 1)),
        (date(2014, 12, 30), 2, date(2014, 12, 31), date(2015, 1, 1), date(2015, 1, 2)),
    ],
)
def test_a_period_counts_natural_days_from_the_day_after(
    posted: date, days: int, first: date, last: date, passes: date
) -> None:
    found = period(posted, days)
    assert (found.first, found.last, found.passes_on, found.days) == (first, last, passes, days)


def test_a_period_has_at_least_a_day() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        period(date(2014, 4, 10), 0)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_a_period_is_as_long_as_it_says(posted: date, days: int) -> None:
    found = period(posted, days)
    assert found.last - found.first == timedelta(days=days - 1)
    assert found.days_left(found.last) == 0
    assert found.days_left(found.passes_on) == -1


def full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in text)


def chinese(text: str) -> str:
    return "".join("〇一二三四五六七八九"[int(one)] if one.isdigit() else one for one in text)


DISGUISES = {
    "plain": lambda text: text,
    "full-width": full_width,
    "spaced": " ".join,
    "ideographic spaces": "\u3000".join,
    "grouped": lambda text: f"{text[:4]} {text[4:8]} {text[8:]}",
    "hyphens": lambda text: f"{text[:3]}-{text[3:7]}-{text[7:]}",
    "dots": lambda text: f"{text[:6]}.{text[6:10]}·{text[10:]}",
    "invisible": "\u200b".join,
    "Chinese numerals": chinese,
    "in a sentence": lambda text: f"户主{text}，请核实",
    "in other digits": lambda text: f"1{text}0",
}


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())
@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (ID_NO, LeakKind.ID_NO),
        (OLD_ID_NO, LeakKind.ID_NO),
        (ACCOUNT, LeakKind.ACCOUNT),
        (MOBILE, LeakKind.PHONE),
    ],
)
def test_a_persons_number_is_found_however_it_is_written(
    number: str, kind: LeakKind, disguise: object
) -> None:
    assert kind in {leak.kind for leak in leaks(disguise(number))}  # type: ignore[operator]


def test_an_id_number_that_ends_in_x_is_found() -> None:
    number = next(
        found for k in range(1000) if (found := compose("149901", date(1980, 1, 1), k)).endswith("X")
    )
    assert leaks(number.lower())
    assert leaks(full_width(number))


@pytest.mark.parametrize(
    "text", ["0358-4422000", "电话0358 4422000", "（0351）4044114", "０３５８－４４２２０００"]
)
def test_a_landline_is_found(text: str) -> None:
    assert LeakKind.PHONE in {leak.kind for leak in leaks(text)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "自 2014-04-11 起至 2014-04-17 24:00 止，共 7 天",
        "2014-04-11 2014-04-17",
        "白政扶公〔2014〕17 号",
        "下列 8 户 27 人拟列为建档立卡贫困户",
        "补助 48,000.00 元",
        "入户路硬化 2.4 公里",
        "二〇一四年四月十日",
    ],
)
def test_days_amounts_and_document_numbers_are_no_leaks(text: str) -> None:
    assert leaks(text) == []


def test_what_was_found_is_not_repeated() -> None:
    found = leaks(f"{MOBILE}，{MOBILE}")
    assert [str(leak) for leak in found] == ["电话号码"]


def test_illness_and_disability_are_published_as_other() -> None:
    assert {reason_group(cause) for cause in (Cause.ILLNESS, Cause.DISABILITY, Cause.OTHER)} == {
        ReasonGroup.OTHER
    }
    assert "因病" not in ReasonGroup.labels
    assert "因残" not in ReasonGroup.labels


@pytest.mark.parametrize(
    "cause", [cause for cause in Cause if cause not in (Cause.ILLNESS, Cause.DISABILITY)]
)
def test_every_other_cause_keeps_its_name(cause: Cause) -> None:
    assert reason_group(cause).label == cause.label


COLUMNS = (Column.NAME, Column.NATURAL_VILLAGE, Column.PERSONS, Column.KIND, Column.REASON)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (Row("王四旺", natural_village="上庙坪", persons=5, kind="一般贫困户", reason="OTHER"), ""),
        (Row("古丽·买买提", persons=1), ""),
        (Row(""), "没有填"),
        (Row(f"王四旺{ID_NO}"), "证件号"),
        (Row("王四旺", natural_village=full_width(MOBILE)), "电话"),
        (Row("王四旺", kind="2号"), "只能是名称"),
        (Row("王四旺", kind="患重病，需长期治疗，家中无人照看，特此说明情况"), "只能是名称"),
        (Row("王四旺", reason="因病"), "大类"),
        (Row("王四旺", amount=Decimal("1.00")), "不在此类公示的公开范围内"),
        (Row("王四旺", village="庙坪村"), "不在此类公示的公开范围内"),
        (Row("王四旺", persons=-1), "人口不对"),
    ],
)
def test_a_row_holds_only_what_the_whitelist_lets_through(row: Row, said: str) -> None:
    found = list(flaws(row, COLUMNS))
    assert bool(found) == bool(said)
    assert not said or any(said in flaw for flaw in found)
