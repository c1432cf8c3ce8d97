"""The field tables and code lists as Markdown, for docs/glossary.md, which thus cannot drift."""

from collections.abc import Iterator
from typing import Final

from registry.standard.fields import Field
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING
from registry.standard.lists import CODE_LISTS
from registry.standard.member import MEMBER
from registry.standard.village import VILLAGE_YEAR

BEGIN: Final = "<!-- tables: written by registry/standard/glossary.py -->"

_TABLES: Final[tuple[tuple[str, tuple[Field, ...]], ...]] = (
    ("户 household_year", HOUSEHOLD_YEAR),
    ("收入支出 income", INCOME),
    ("生产生活条件 condition", CONDITION),
    ("易地搬迁 relocation", RELOCATION),
    ("成员 member", MEMBER),
    ("劳动力 labourer", LABOURER),
    ("培训经历 training", TRAINING),
    ("技能证书 certificate", CERTIFICATE),
    ("村 village_year", VILLAGE_YEAR),
)
_NEEDS: Final = {"Y": "必填", "C": "条件必填", "N": "可空", "D": "系统"}


def tables() -> str:
    """Return every field table and code list as Markdown."""
    return "\n".join([*_field_tables(), *_code_lists()]) + "\n"


def _field_tables() -> Iterator[str]:
    for title, fields in _TABLES:
        yield f"### {title}\n"
        yield "| 中文名 | name | 类型 | 填写 | 码表 | 单位 | 国家系统字段 | 说明 |"
        yield "|---|---|---|---|---|---|---|---|"
        for field in fields:
            kind = f"{field.kind}({field.digits})" if field.digits else field.kind
            cells = (field.codes or "", field.unit, field.nat_code, field.note)
            yield f"| {field.label} | `{field.name}` | {kind} | {_NEEDS[field.need]} | {' | '.join(cells)} |"
        yield ""


def _code_lists() -> Iterator[str]:
    yield "### 码表\n"
    yield "| 码表 | 类 | 代码 |"
    yield "|---|---|---|"
    for number, choices in CODE_LISTS.items():
        codes = "；".join(f"{choice.value} {choice.label}" for choice in choices)
        yield f"| {number} | `{choices.__name__}` | {codes} |"
