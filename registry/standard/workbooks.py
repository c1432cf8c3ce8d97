"""The workbooks that people fill in, made from the data standard: headings, notes, drop-downs, locked columns."""

from collections.abc import Collection, Iterable
from typing import Final

from fupin.sheets.layouts import CellKind, Heading, Layout, SheetLayout
from registry.standard.fields import Field
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING
from registry.standard.lists import codes_of, shown
from registry.standard.member import MEMBER
from registry.standard.village import VILLAGE_YEAR

NUMBER: Final = "household_no"
SERIAL: Final = "serial"
VERSION: Final = "version"

_NEED: Final = {"Y": "必填", "C": "有此情况的必填", "N": "可空", "D": "系统计算，可空；填了须相符"}
_TYPED_ALL_THE_SAME: Final = frozenset({"birth_date", "member_no", "household_no", "village_code"})
"""Derived fields that a workbook needs: to know rows by, and for persons without an ID number."""

_STANDING: Final = ("exit_year", "relapse_year", "relapse_cause")
"""Written by the steps of identification and exit; a workbook shows them."""

_KINDS: Final[dict[str, CellKind]] = {
    "int": "number",
    "money": "number",
    "wan": "number",
    "mu": "number",
    "km": "number",
    "m2": "number",
    "degree": "number",
    "date": "date",
}


def headings(
    fields: Iterable[Field], *, prefix: str = "", without: Collection[str] = (), locked: Collection[str] = ()
) -> list[Heading]:
    """Return a column for each field that a workbook can hold; derived ones may be missing."""
    return [
        Heading(
            prefix + field.name,
            field.label,
            kind=_KINDS.get(field.kind, "text"),
            note=note_of(field),
            choices=_choices(field),
            needed=field.need == "Y" and not field.attached and not field.defaulted,
            locked=field.name in locked,
            derived=field.need == "D" and field.name not in _TYPED_ALL_THE_SAME,
            decimals=field.decimals if field.numeric else 0,
            longest=field.digits if field.kind == "str" else None,
        )
        for field in fields
        if field.kind != "file" and field.name not in without
    ]


def note_of(field: Field) -> str:
    """Return what the note at a heading says: whether it is asked, unit, length, codes, and the standard's own words."""
    said = [_NEED[field.need]]
    if field.defaulted:
        said = ["可空"]
    if field.unit:
        said.append(f"单位：{field.unit}")
    if field.kind == "date":
        said.append("日期，如 2014-04-29")
    if field.kind == "bool":
        said.append("填 是 或 否")
    if field.kind == "enums":
        said.append("可填几项，用“、”隔开")
    if field.digits and field.kind == "str":
        said.append(f"最多 {field.digits} 字")
    if field.note:
        said.append(field.note)
    if field.name in {"id_no", "bank_account", "disability_no", "phone"}:
        said.append("请用文本格式；带 * 的掩码表示不变")
    if field.codes and field.kind in {"enum", "enums"}:
        said.append("；".join(shown(field.codes, code) for code in codes_of(field.codes)))
    return "。".join(said)


def _choices(field: Field) -> list[str]:
    if field.kind == "bool":
        return ["是", "否"]
    if field.kind == "enum" and field.codes:
        return [shown(field.codes, code) for code in codes_of(field.codes)]
    return []


def _key_columns(*, version: bool) -> list[Heading]:
    keys = [
        Heading(
            NUMBER,
            "户编号",
            note="系统编号，已有的户照原样保留；新户留空，填户序号",
            needed=False,
            locked=True,
        ),
        Heading(SERIAL, "户序号", note="没有户编号的新户：自编序号，成员表用同一序号", needed=False),
    ]
    if version:
        note = "系统填写：此表据以填写的版本；户卡其后被他人修改的，不会被覆盖"
        keys.append(Heading(VERSION, "版本", kind="number", note=note, needed=False, locked=True))
    return keys


def _version() -> Heading:
    note = "系统填写：此表据以填写的版本；其后被他人修改的，不会被覆盖"
    return Heading(VERSION, "版本", kind="number", note=note, needed=False, locked=True)


def _key(name: str, text: str, note: str) -> Heading:
    return Heading(name, text, note=note, locked=True)


def _said(name: str, text: str) -> Heading:
    return Heading(name, text, note="供核对，不导入", needed=False, locked=True)


OF_ONE_HOUSEHOLD: Final = frozenset(
    {"danger_appraiser", "danger_appraised_on", "fuel_other", "coop_code", "leading_ent_code"}
)
"""Living conditions that are typed on the card of the household that they are about."""

YEAR_UPDATE: Final = Layout(
    (
        SheetLayout(
            "年度更新",
            (
                _key(NUMBER, "户编号", "系统编号，照原样保留"),
                _version(),
                _said("head_name", "户主姓名"),
                *headings([field for field in HOUSEHOLD_YEAR if field.name == "year"]),
                *headings([field for field in INCOME if field.need != "D"], prefix="income."),
                *headings(
                    [field for field in CONDITION if field.need != "D"],
                    prefix="condition.",
                    without=OF_ONE_HOUSEHOLD,
                ),
            ),
            keys=(NUMBER,),
        ),
    )
)
"""This year's income and living conditions of households that stand: one row a household."""

VILLAGES: Final = Layout(
    (
        SheetLayout(
            "村",
            (_version(), *headings(VILLAGE_YEAR, locked=("village_code",))),
            keys=("village_code",),
        ),
    )
)
"""§6 villages of a year."""

LABOURERS: Final = Layout(
    (
        SheetLayout(
            "劳动力",
            (
                _key("member_no", "人编号", "系统编号，照原样保留"),
                _version(),
                _said("name", "姓名"),
                *headings(LABOURER, without=("member_no",)),
            ),
            keys=("member_no",),
        ),
        SheetLayout(
            "培训经历", (_key("member_no", "人编号", "系统编号"), *headings(TRAINING)), keys=("member_no",)
        ),
        SheetLayout(
            "技能证书", (_key("member_no", "人编号", "系统编号"), *headings(CERTIFICATE)), keys=("member_no",)
        ),
    )
)
"""§5 labourers of a year, with their trainings and certificates."""

HOUSEHOLDS: Final = Layout(
    (
        SheetLayout(
            "户",
            (
                *_key_columns(version=True),
                *headings(HOUSEHOLD_YEAR, without=(NUMBER,), locked=_STANDING),
                *headings(INCOME, prefix="income."),
                *headings(CONDITION, prefix="condition."),
            ),
            keys=(NUMBER, SERIAL),
        ),
        SheetLayout(
            "成员",
            (*_key_columns(version=False), *headings(MEMBER, locked=("member_no",))),
            keys=(NUMBER, SERIAL),
        ),
    )
)
"""Households of a year with their members (docs/contract: workbook of households)."""
