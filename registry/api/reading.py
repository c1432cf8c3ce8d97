"""What a program sent, read into the plain data that the services take: everything unreadable is told at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, TypeVar

from registry.api.serializers import SUBSIDY
from registry.forms.income_lines import LineForm
from registry.models.income import AMOUNTS
from registry.rules.card import FEN, Card, Condition, Income, IncomeLine, MemberCard, Relocation, Subsidy
from registry.rules.findings import Finding, error
from registry.rules.labourer import CertificateRow, LabourerCard, TrainingRow
from registry.standard.fields import Field, by_name
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING
from registry.standard.member import MEMBER
from registry.standard.values import Unreadable, empty, parse
from registry.standard.village import VILLAGE_YEAR

MOST_MEMBERS: Final = 60
MOST_ROWS: Final = 100
MOST_REASONS: Final = 200

_SYSTEM: Final = frozenset({"year", "household_no", "village_code"})
_STANDING: Final = frozenset({"exit_year", "relapse_year", "relapse_cause", "first_identified_year"})
_BASIC: Final = tuple(
    one
    for one in HOUSEHOLD_YEAR
    if one.need != "D" and one.kind != "file" and one.name not in _SYSTEM | _STANDING
)
_INCOME: Final = tuple(one for one in INCOME if one.need != "D")
_CONDITION: Final = tuple(one for one in CONDITION if one.need != "D" and one.kind != "file")
_DERIVED: Final = {
    "": tuple(by_name(HOUSEHOLD_YEAR)[name] for name in ("member_count", "head_name", "is_zero_employment")),
    "income": tuple(one for one in INCOME if one.need == "D"),
    "condition": tuple(one for one in CONDITION if one.need == "D"),
}
_YEAR: Final = by_name(HOUSEHOLD_YEAR)["year"]
_VILLAGE: Final = by_name(HOUSEHOLD_YEAR)["village_code"]
_LABOURER: Final = tuple(one for one in LABOURER if one.need != "D" and one.name not in {"year", "member_no"})
_LABOURER_DERIVED: Final = tuple(
    one for one in LABOURER if one.need == "D" and one.name not in {"household_no", "village_code"}
)
_TABLE: Final = tuple(one for one in VILLAGE_YEAR if one.name not in {"year", "village_code", "name"})

Row = TypeVar("Row", TrainingRow, CertificateRow)
Values = dict[str, Any]


@dataclass
class Reader:
    """Reads one submission; `wrong` gathers what could not be read, each as a finding at its field."""

    whole: bool
    """A field that was not sent is empty; otherwise it stays as it was."""
    wrong: list[Finding] = field(default_factory=list)

    def refuse(self, path: str, message: str, rule: str = "R-20") -> None:
        """Note what is wrong at a field."""
        self.wrong.append(error(rule, path, message))

    def value(self, one: Field, raw: object, path: str) -> Any:
        """Return the value of one field, None where it cannot be read."""
        try:
            return parse(one, raw)
        except Unreadable as unreadable:
            self.refuse(path, unreadable.message, unreadable.rule)
            return empty(one)

    def values(
        self, table: Iterable[Field], data: Mapping[str, Any], path: str, before: object = None
    ) -> Values:
        """Return the values of a table's fields; those not sent as `before` has them, else empty."""
        kept = None if self.whole else before
        return {
            one.name: self.value(one, data[one.name], f"{path}{one.name}")
            if one.name in data
            else empty(one)
            if kept is None
            else getattr(kept, one.name)
            for one in table
        }

    def part(self, data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        """Return an object inside the submission, an empty one where it was not sent."""
        inner = data.get(name)
        if inner is None:
            return {}
        if isinstance(inner, Mapping):
            return inner
        self.refuse(name, f"{name} 应为对象")
        return {}

    def rows(self, data: Mapping[str, Any], name: str, path: str, most: int) -> list[Mapping[str, Any]]:
        """Return a list of objects inside the submission."""
        inner = data.get(name)
        if inner is None:
            return []
        if (
            not isinstance(inner, Sequence)
            or isinstance(inner, str)
            or not all(isinstance(one, Mapping) for one in inner)
        ):
            self.refuse(f"{path}{name}", f"{name} 应为对象的数组")
            return []
        if len(inner) > most:
            self.refuse(f"{path}{name}", f"{name} 最多 {most} 项")
            return []
        return list(inner)

    def year(self, data: Mapping[str, Any]) -> int | None:
        """Return the year that was sent."""
        year = self.value(_YEAR, data.get("year"), "year")
        return year if isinstance(year, int) else None

    def version(self, data: Mapping[str, Any]) -> int | None:
        """Return the version that the change rests on."""
        version = data.get("version")
        if version is None or (
            isinstance(version, int) and not isinstance(version, bool) and 0 < version < 2**31
        ):
            return version
        self.refuse("version", "version 应为正整数")
        return None

    def reasons(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return the reasons given for warnings."""
        given = data.get("confirmed_warnings") or {}
        if not isinstance(given, Mapping) or not all(
            isinstance(reason, str) and len(reason) <= 500 for reason in given.values()
        ):
            self.refuse(
                "confirmed_warnings", "confirmed_warnings 应为对象：键为规则号，值为理由，不超过 500 字"
            )
            return {}
        if len(given) > MOST_REASONS:
            self.refuse("confirmed_warnings", f"confirmed_warnings 最多 {MOST_REASONS} 项")
            return {}
        return dict(given)


def read_household(
    reader: Reader,
    data: Mapping[str, Any],
    *,
    year: int,
    household_no: str | None = None,
    before: Card | None = None,
) -> Card:
    """Return the card that was sent; `before` is what a change in part starts from."""
    village = reader.value(_VILLAGE, data.get("village_code"), "village_code")
    sent_no = data.get("household_no")
    if sent_no not in (None, "") and str(sent_no) != (household_no or ""):
        said = f"户编号应为 {household_no}" if household_no else "户编号由系统给出，新户请留空"
        reader.refuse("household_no", f"{said}，填的是 {str(sent_no)[:20]}", "R-43")
    return Card(
        year=year,
        village_code=village or (before.village_code if before else None),
        household_no=household_no,
        **reader.values(_BASIC, data, "", before),
        income=_income(reader, reader.part(data, "income"), before.income if before else None),
        condition=Condition(
            **reader.values(
                _CONDITION, reader.part(data, "condition"), "condition.", before.condition if before else None
            )
        ),
        members=_members(reader, data, before.members if before else ()),
        relocation=_relocation(reader, data, before.relocation if before else None),
        posted=_posted(reader, data),
    )


def _posted(reader: Reader, data: Mapping[str, Any]) -> Values:
    """Return the derived values that were sent, for R-43."""
    posted = {}
    for part, table in _DERIVED.items():
        inner = reader.part(data, part) if part else data
        for one in table:
            path = f"{part}.{one.name}" if part else one.name
            value = reader.value(one, inner[one.name], path) if inner.get(one.name) is not None else None
            if value is not None:
                posted[path] = value
    return posted


def _income(reader: Reader, data: Mapping[str, Any], before: Income | None) -> Income:
    amounts = reader.values(_INCOME, data, "income.", before)
    lines = []
    for place, row in enumerate(reader.rows(data, "lines", "income.", MOST_ROWS)):
        path = f"income.lines[{place}]."
        values = reader.values(LineForm.table, row, path)
        kind, amount = row.get("kind"), values["amount"]
        if kind not in AMOUNTS:
            reader.refuse(f"{path}kind", f"第{place + 1}行明细的 kind 应为收入项之一，如 wage_income")
            continue
        if amount is None and None not in (values["quantity"], values["unit_price"]):
            amount = (values["quantity"] * values["unit_price"]).quantize(FEN)
        if amount is None:
            reader.refuse(f"{path}amount", f"第{place + 1}行明细请填金额，或填数量和单价")
            continue
        texts = {name: values[name] or "" for name in ("item", "unit", "evidence")}
        lines.append(
            IncomeLine(kind, amount, quantity=values["quantity"], unit_price=values["unit_price"], **texts)
        )
    if lines:
        _settle(reader, data, amounts, lines)
    return Income(**amounts, lines=tuple(lines))


def _settle(reader: Reader, data: Mapping[str, Any], amounts: Values, lines: Iterable[IncomeLine]) -> None:
    """Let the amounts be what their lines come to; refuse one that was sent beside its lines and differs (R-43).

    Where lines were sent at all, a kind with neither line nor amount came to nothing.
    """
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.kind] = sums.get(line.kind, Decimal(0)) + line.amount
    for one in _INCOME:
        total = sums.get(one.name)
        if total is None:
            if reader.whole and one.name not in data:
                amounts[one.name] = Decimal(0)
            continue
        if data.get(one.name) is not None and amounts[one.name] is not None and amounts[one.name] != total:
            text = f"{one.label}填的是{amounts[one.name]}元，明细之和为{total}元，请改正明细或不填合计"
            reader.refuse(f"income.{one.name}", text, "R-43")
        amounts[one.name] = total


def _members(reader: Reader, data: Mapping[str, Any], before: Sequence[MemberCard]) -> tuple[MemberCard, ...]:
    """Return the members; in a change in part those named by 人编号 are merged, others stay, new ones come behind."""
    sent = reader.rows(data, "members", "", MOST_MEMBERS)
    stored = {} if reader.whole else {member.member_no: member for member in before}
    read: dict[str | int, MemberCard] = dict(stored) if not reader.whole else {}  # type: ignore[arg-type]
    for place, row in enumerate(sent):
        known = stored.get(str(row.get("member_no") or ""))
        member = MemberCard(**reader.values(MEMBER, row, f"members[{place}].", known))
        read[member.member_no if known else place] = member  # type: ignore[index]
    return tuple(read.values())


def _relocation(reader: Reader, data: Mapping[str, Any], before: Relocation | None) -> Relocation | None:
    if data.get("relocation") is None:
        return before
    part = reader.part(data, "relocation")
    values = reader.values(RELOCATION, part, "relocation.", before)
    kept = before.subsidies if before and not reader.whole else ()
    subsidies = []
    for place, row in enumerate(reader.rows(part, "subsidies", "relocation.", MOST_ROWS)):
        path = f"relocation.subsidies[{place}]."
        line = reader.values(SUBSIDY, row, path)
        if line["channel"] is None or line["amount"] is None:
            reader.refuse(path.rstrip("."), "补助请填渠道和金额")
            continue
        subsidies.append(Subsidy(**line))
    follow_up_note = before.follow_up_note if before else None
    given = tuple(subsidies) if "subsidies" in part else kept
    return Relocation(**values, follow_up_note=follow_up_note, subsidies=given)


def read_labourer(
    reader: Reader, data: Mapping[str, Any], *, year: int, member_no: str, before: LabourerCard | None
) -> LabourerCard:
    """Return the labourer's card that was sent."""
    posted = {
        one.name: value
        for one in _LABOURER_DERIVED
        if data.get(one.name) is not None
        and (value := reader.value(one, data[one.name], one.name)) is not None
    }
    return LabourerCard(
        year=year,
        member_no=member_no,
        **reader.values(_LABOURER, data, "", before),
        trainings=_rows_of(
            reader, data, "trainings", TRAINING, TrainingRow, before.trainings if before else ()
        ),
        certificates=_rows_of(
            reader, data, "certificates", CERTIFICATE, CertificateRow, before.certificates if before else ()
        ),
        posted=posted,
    )


def _rows_of(
    reader: Reader,
    data: Mapping[str, Any],
    name: str,
    table: Collection[Field],
    row_type: type[Row],
    before: tuple[Row, ...],
) -> tuple[Row, ...]:
    if name not in data and not reader.whole:
        return before
    rows = reader.rows(data, name, "", MOST_ROWS)
    return tuple(row_type(**reader.values(table, row, f"{name}[{place}].")) for place, row in enumerate(rows))


def read_village_table(reader: Reader, data: Mapping[str, Any], before: Mapping[str, Any] | None) -> Values:
    """Return the table that was sent, derived figures included where they were (R-43)."""
    kept = None if reader.whole or before is None else before
    values = {}
    for one in _TABLE:
        if one.name in data:
            values[one.name] = reader.value(one, data[one.name], one.name)
        elif one.need != "D":
            values[one.name] = kept[one.name] if kept else empty(one)
    return values


def without_unread(findings: Iterable[Finding], wrong: Iterable[Finding]) -> list[Finding]:
    """Return findings but those at fields that could not be read: they were filled in, only not legibly."""
    unread = {finding.field for finding in wrong}
    return [finding for finding in findings if finding.field not in unread]
