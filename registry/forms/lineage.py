"""A household split, merged into another, or moved: who goes, who is what to whom, where to, why."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict

from registry.codes import Relation
from registry.models import MemberYear

_CHOICES: Final = [("", ""), *((code, f"{code} {label}") for code, label in Relation.choices)]


class ReasonForm(forms.Form):
    """Why it is done, for the history of both households."""

    reason = forms.CharField(
        label="理由",
        max_length=500,
        min_length=4,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明依据，如：2014-03-12 分户，户口簿已分立",
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, **kwargs)


class _PeopleForm(ReasonForm):
    """A row a person, with what he is to the head of the household that he belongs to afterwards."""

    def __init__(self, data: QueryDict | None = None, *, rows: Sequence[MemberYear], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.rows = rows
        for row in rows:
            number = row.member.member_no
            self.fields[f"relation-{number}"] = forms.ChoiceField(
                label=f"{row.member.name}与户主关系",
                choices=_CHOICES,
                initial=row.relation,
                required=False,
                widget=forms.Select(attrs={"data-plain": "1"}),
            )

    def relations(self) -> dict[str, str]:
        """Return what was chosen, by 人编号."""
        found = {
            row.member.member_no: self.cleaned_data[f"relation-{row.member.member_no}"] for row in self.rows
        }
        return {number: relation for number, relation in found.items() if relation}


class SplitForm(_PeopleForm):
    """Who leaves and founds a household of their own."""

    def __init__(self, data: QueryDict | None = None, *, rows: Sequence[MemberYear], **kwargs: Any) -> None:
        super().__init__(data, rows=rows, **kwargs)
        for row in rows:
            self.fields[f"leaves-{row.member.member_no}"] = forms.BooleanField(
                label=f"{row.member.name}分出", required=False
            )

    def leaving(self) -> list[str]:
        """Return the numbers of those who leave."""
        return [
            row.member.member_no for row in self.rows if self.cleaned_data[f"leaves-{row.member.member_no}"]
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for somebody who leaves, for somebody who stays, and for one head in each household."""
        values = super().clean() or {}
        leaving = [row for row in self.rows if values.get(f"leaves-{row.member.member_no}")]
        staying = [row for row in self.rows if row not in leaving]
        if not leaving:
            raise forms.ValidationError("请勾选分出的成员")
        if not staying:
            raise forms.ValidationError("不能把全部成员分出：原户须至少留一人")
        for rows, which in ((leaving, "新户"), (staying, "原户")):
            heads = [row for row in rows if values.get(f"relation-{row.member.member_no}") == Relation.HEAD]
            if len(heads) != 1:
                raise forms.ValidationError(
                    f"{which}须有且只有一名户主（与户主关系 01），现有 {len(heads)} 名"
                )
        return values

    def people(self) -> list[tuple[MemberYear, forms.BoundField, forms.BoundField]]:
        """Return each person with the box and the choice that are his."""
        return [
            (row, self[f"leaves-{row.member.member_no}"], self[f"relation-{row.member.member_no}"])
            for row in self.rows
        ]


class JoinForm(_PeopleForm):
    """What everybody of a household is to the head of the one that they join."""

    def __init__(self, data: QueryDict | None = None, *, rows: Sequence[MemberYear], **kwargs: Any) -> None:
        super().__init__(data, rows=rows, **kwargs)
        for row in rows:
            self.initial.setdefault(f"relation-{row.member.member_no}", "")

    def clean(self) -> dict[str, Any]:
        """Ask for everybody's relation to the new head."""
        values = super().clean() or {}
        for row in self.rows:
            name = f"relation-{row.member.member_no}"
            if not values.get(name):
                self.add_error(name, f"请填{row.member.name}与并入户户主的关系")
            elif values[name] == Relation.HEAD:
                self.add_error(name, "并入后只能有一名户主，请填与其户主的关系")
        return values

    def people(self) -> list[tuple[MemberYear, forms.BoundField]]:
        """Return each person with the choice that is his."""
        return [(row, self[f"relation-{row.member.member_no}"]) for row in self.rows]


class MergeForm(JoinForm):
    """Into which household everybody goes, and what they are to its head."""

    into = forms.CharField(
        label="并入的户",
        max_length=20,
        help_text="同村另一户的 16 位户编号，或末四位户号",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "list": "households"}),
    )
    field_order = ["into"]

    def __init__(
        self, data: QueryDict | None = None, *, rows: Sequence[MemberYear], village: str, **kwargs: Any
    ) -> None:
        self.village = village
        super().__init__(data, rows=rows, **kwargs)

    def clean_into(self) -> str:
        """Return the whole number of the household."""
        digits = "".join(self.cleaned_data["into"].split())
        if len(digits) == 4 and digits.isdigit():
            return f"{self.village}{digits}"
        if len(digits) != 16 or not digits.isdigit():
            raise forms.ValidationError("户编号应为 16 位，或本村的 4 位户号")
        return digits


class MoveForm(ReasonForm):
    """To which village."""

    to_village = forms.CharField(label="迁往的村", max_length=12)
    natural_village = forms.CharField(label="新村的村民小组/自然村", max_length=50)
    field_order = ["to_village", "natural_village", "reason"]

    def clean_to_village(self) -> int:
        """Return the village's code."""
        code = self.cleaned_data["to_village"].strip()
        if len(code) != 12 or not code.isascii() or not code.isdigit():
            raise forms.ValidationError("请从列表中选择行政村")
        return int(code)


class UndoForm(ReasonForm):
    """Why an act is taken back."""
