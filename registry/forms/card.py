"""The household's card as forms, in the order of the paper.

The same forms show a stored card, a draft as typed, and a card that was refused: every finding of the rules
stands at the field that it names.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from registry.codes import LEAVING_CHANGES
from registry.errors import FieldConflict
from registry.forms.fields import StandardField, StandardForm
from registry.forms.income_lines import LineForm, shown, sums
from registry.rules.card import Card, Condition, Income, MemberCard, Relocation
from registry.rules.findings import Finding, errors_in, warnings_in
from registry.rules.people import age
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.member import MEMBER
from registry.standard.values import parse

MOST_MEMBERS: Final = 30
MOST_LINES: Final = 60
_REASON, _TAKE, _THEIRS = "reason-", "take-", "theirs-"
_MEMBER_PREFIX = re.compile(r"members-(\d+)-")
_LINE_PREFIX = re.compile(r"lines-(\d+)-")
_MEMBER_PATH = re.compile(r"members\[(\d+)\](?:\.(\w+))?")


class BasicForm(StandardForm):
    """一、基本情况."""

    table = HOUSEHOLD_YEAR
    left_out = frozenset({"year", "village_code", "exit_year", "relapse_year", "relapse_cause"})


class IncomeForm(StandardForm):
    """三、收入支出."""

    table = INCOME
    prefix = "income"


class ConditionForm(StandardForm):
    """四、生产生活条件."""

    table = CONDITION
    prefix = "condition"


class RelocationForm(StandardForm):
    """五、易地搬迁; left empty by those who were not asked."""

    table = RELOCATION
    prefix = "relocation"


class MemberForm(StandardForm):
    """A person in 二、家庭成员. ``member_no`` tells who he is; a masked number means unchanged."""

    table = MEMBER
    member_no = forms.CharField(required=False, widget=forms.HiddenInput, max_length=18)
    FIRST: Final = (
        "name",
        "id_type",
        "id_no",
        "sex",
        "relation",
        "ethnic",
        "political",
        "education",
        "student",
        "health",
    )
    SECOND: Final = (
        "labor",
        "work_area",
        "work_months",
        "in_ncms",
        "in_major_ins",
        "in_pension",
        "is_dibao",
        "is_wubao",
        "is_soldier",
    )

    def __init__(self, *args: Any, born: date | None = None, age: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.born, self.age = born, age
        self.doubts: dict[str, list[str]] = {}

    def first_row(self) -> list[forms.BoundField]:
        """Who the person is: the row that every card needs."""
        return [self[name] for name in self.FIRST]

    def second_row(self) -> list[forms.BoundField]:
        """Work and insurance."""
        return [self[name] for name in self.SECOND]

    def more(self) -> list[forms.BoundField]:
        """What only some persons have: school, illness, certificate, place of work, leaving and joining."""
        shown = {"member_no", *self.FIRST, *self.SECOND}
        return [self[name] for name in self.fields if name not in shown]

    def has_more(self) -> bool:
        """Tell whether anything of ``more`` is filled, wrong, or doubtful, so that the row is shown open."""
        return any(bound.value() or bound.errors or bound.name in self.doubts for bound in self.more())

    def has_left(self) -> bool:
        """Tell whether the person no longer counts."""
        return self["change_type"].value() in LEAVING_CHANGES

    def is_blank(self) -> bool:
        """Tell whether nobody was typed here: an empty row is dropped, not refused."""
        return not any(self[name].value() for name in self.fields if name != "id_type")


@dataclass(frozen=True, slots=True)
class Choice:
    """A conflict on the page: the box that it is about, and what the other person put there."""

    conflict: FieldConflict
    box: str
    theirs: Sequence[str]


def _values(part: Any) -> dict[str, Any]:
    """The fields of a part of a card by name."""
    return {} if part is None else {one.name: getattr(part, one.name) for one in fields(part)}


class CardForms:
    """All sections of one card: what was posted or kept as a draft in ``data``, else the stored ``card``."""

    def __init__(
        self, *, year: int, data: QueryDict | None = None, card: Card | None = None, disabled: bool = False
    ) -> None:
        self.year, self.data, self.stored, self.disabled = year, data, card, disabled
        self.general: list[Finding] = []
        self.doubts: dict[str, list[str]] = {}
        self.doubted: list[Finding] = []

    def _build(self, form: type[StandardForm], part: Any) -> StandardForm:
        built = form(self.data, initial=_values(part))
        for field in built.fields.values():
            field.disabled = self.disabled
        return built

    @cached_property
    def basic(self) -> StandardForm:
        """一、基本情况."""
        return self._build(BasicForm, self.stored)

    @cached_property
    def income(self) -> StandardForm:
        """三、收入支出."""
        return self._build(IncomeForm, self.stored and self.stored.income)

    @cached_property
    def condition(self) -> StandardForm:
        """四、生产生活条件."""
        return self._build(ConditionForm, self.stored and self.stored.condition)

    @cached_property
    def relocation(self) -> StandardForm:
        """五、易地搬迁."""
        return self._build(RelocationForm, self.stored and self.stored.relocation)

    @cached_property
    def members(self) -> list[MemberForm]:
        """二、家庭成员, one form a person; a new card begins with one empty row, the head's."""
        stored = {member.member_no: member for member in (self.stored.members if self.stored else ())}
        if self.data is None:
            people: Sequence[MemberCard] = tuple(stored.values()) or (
                MemberCard(id_type="01", relation="01"),
            )
            return [self._member(number, member, None) for number, member in enumerate(people)]
        numbers = sorted({int(match[1]) for key in self.data if (match := _MEMBER_PREFIX.match(key))})
        built = []
        for number in numbers[:MOST_MEMBERS]:
            known = stored.get(self.data.get(f"members-{number}-member_no", ""))
            form = self._member(number, known, self.data)
            if not form.is_blank():
                built.append(form)
        return built

    def _member(self, number: int, member: MemberCard | None, data: QueryDict | None) -> MemberForm:
        born = member.birth_date if member else None
        form = MemberForm(
            data,
            initial=_values(member),
            prefix=f"members-{number}",
            born=born,
            age=age(member, self.year) if member else None,
        )
        for field in form.fields.values():
            field.disabled = self.disabled
        return form

    @cached_property
    def lines_typed(self) -> list[LineForm]:
        """收入明细, one form a line."""
        if self.data is None:
            stored = shown(self.stored.income.lines) if self.stored else []
            built = [
                LineForm(None, initial=_values(line), prefix=f"lines-{n}") for n, line in enumerate(stored)
            ]
        else:
            numbers = sorted({int(match[1]) for key in self.data if (match := _LINE_PREFIX.match(key))})[
                :MOST_LINES
            ]
            built = [LineForm(self.data, prefix=f"lines-{n}") for n in numbers]
            built = [form for form in built if not form.is_blank()]
        for form in built:
            for field in form.fields.values():
                field.disabled = self.disabled
        return built

    @cached_property
    def empty_line(self) -> LineForm:
        """The row that 添加明细 copies."""
        return LineForm(None, prefix="lines-__n__")

    @cached_property
    def empty_member(self) -> MemberForm:
        """The row that 添加成员 copies; its number is put in by the script."""
        return MemberForm(None, prefix="members-__n__", initial={"id_type": "01"})

    def everyone(self) -> Iterable[StandardForm]:
        """All forms of the card."""
        return [self.basic, *self.members, self.income, *self.lines_typed, self.condition, self.relocation]

    def is_readable(self) -> bool:
        """Tell whether every box could be read; what could not stands as an error at its field."""
        wrong = [form for form in self.everyone() if not form.is_valid()]  # each says what is wrong with it
        return not wrong

    def read(self, *, year: int, village_code: str | None, household_no: str | None) -> Card:
        """Return the card as typed. Boxes that could not be read are None."""
        relocation = self.relocation.values()
        asked = any(value not in (None, (), "") for value in relocation.values())
        return Card(
            year=year,
            village_code=village_code,
            household_no=household_no,
            **_tuples(self.basic.values()),
            income=self._read_income(),
            condition=Condition(**self.condition.values()),
            members=tuple(self._read_member(form) for form in self.members),
            relocation=Relocation(**relocation) if asked else None,
        )

    def _read_income(self) -> Income:
        """Amounts with lines are what the lines come to; the others are as typed."""
        lines = tuple(form.line() for form in self.lines_typed if form.is_valid())
        return Income(**{**self.income.values(), **sums(lines)}, lines=lines)

    def _read_member(self, form: MemberForm) -> MemberCard:
        values = _tuples(form.values())
        values["member_no"] = values.get("member_no") or None
        if values.get("birth_date") is None and "*" in (values.get("id_no") or ""):
            values["birth_date"] = form.born
        return MemberCard(**values)

    def show(self, findings: Iterable[Finding], *, answered: Container[tuple[str, str]] = ()) -> None:
        """Put findings at their fields: errors, and as doubts the warnings that nobody has answered yet."""
        findings = list(findings)
        for finding in errors_in(findings):
            form, name = self._at(finding.field)
            if form is None or name not in form.fields or not form.is_bound:
                self.general.append(finding)
            elif not form.has_error(name):
                form.add_error(name, finding.message)
        self.doubted = [
            finding for finding in warnings_in(findings) if (finding.rule, finding.field) not in answered
        ]
        for finding in self.doubted:
            form, name = self._at(finding.field)
            if isinstance(form, MemberForm):
                form.doubts.setdefault(name, []).append(finding.message)
            else:
                self.doubts.setdefault(finding.field, []).append(finding.message)

    def _at(self, path: str) -> tuple[StandardForm | None, str]:
        """The form and the field that a finding's path means."""
        if match := _MEMBER_PATH.match(path):
            number = int(match[1])
            return (self.members[number] if number < len(self.members) else None), match[2] or ""
        section, _, name = path.rpartition(".")
        part = {
            "": self.basic,
            "income": self.income,
            "condition": self.condition,
            "relocation": self.relocation,
        }.get(section)
        return part, name

    def anchor(self, path: str) -> str:
        """Return the id of the box that a finding's path means, for the summary's links."""
        form, name = self._at(path)
        return str(form[name].id_for_label) if form is not None and name in form.fields else "card-form"

    def lines(self) -> list[dict[str, str]]:
        """Return what is wrong as lines for the summary on top."""
        lines = [{"href": "", "label": finding.rule, "text": finding.message} for finding in self.general]
        for form in self.everyone():
            who = f"第 {self.members.index(form) + 1} 人 " if isinstance(form, MemberForm) else ""
            if form.is_bound:
                lines += [
                    {"href": f"#{bound.id_for_label}", "label": f"{who}{bound.label}", "text": str(text)}
                    for bound in form
                    for text in bound.errors
                ]
        return lines

    def doubt_lines(self) -> list[dict[str, str]]:
        """Return the warnings that a reason may answer, each with the box for the reason."""
        data: Mapping[str, Any] = self.data or {}
        return [
            {
                "rule": finding.rule,
                "href": f"#{self.anchor(finding.field)}",
                "text": finding.message,
                "name": (name := f"{_REASON}{finding.rule} {finding.field}"),
                "reason": data.get(name, ""),
            }
            for finding in self.doubted
        ]

    def choices(self, conflicts: Iterable[FieldConflict]) -> list[Choice]:
        """Return what two people left different, with the boxes that hold it."""
        found = []
        for conflict in conflicts:
            form, name = self._at(conflict.field)
            field = form.fields.get(name) if form is not None else None
            if form is not None and isinstance(field, StandardField):
                raw = field.prepare_value(parse(field.standard, conflict.theirs))
                found.append(Choice(conflict, form.add_prefix(name), raw if isinstance(raw, list) else [raw]))
        return found


def confirmed(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the reasons typed for warnings, by rule and field."""
    return {
        key.removeprefix(_REASON): str(value).strip()
        for key, value in data.items()
        if key.startswith(_REASON) and str(value).strip()
    }


def chosen(data: QueryDict) -> QueryDict:
    """Return what was posted with the other person's values put in where they were preferred."""
    preferred = [
        key.removeprefix(_TAKE) for key, value in data.items() if key.startswith(_TAKE) and value == "theirs"
    ]
    if not preferred:
        return data
    merged = data.copy()
    for box in preferred:
        merged.setlist(box, data.getlist(f"{_THEIRS}{box}"))
    return merged


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
