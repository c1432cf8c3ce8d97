"""The village's table as a form, in the sections and order of the paper."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict

from fupin.lib.plaintext import plain
from registry.errors import FieldConflict
from registry.forms.fields import StandardForm
from registry.reports.villages import TYPED
from registry.rules.findings import Finding, errors_in, warnings_in

SECTIONS: Final[Sequence[tuple[str, str, str]]] = (
    ("一、基本情况", "head", "dev_tags"),
    ("二、自然条件与组织", "landform", "natural_villages"),
    ("三、人口", "households", "migrant"),
    ("四、土地", "arable_area", "water_area"),
    ("五、收入与社会保障", "net_income_pc", "employee_pension_pop"),
    ("六、道路、饮水、用电、住房", "paved_to_town", "danger_d"),
    ("七、产业", "coops", "tourism_income"),
    ("八、卫生与文化", "clinics", "info_staff"),
    ("九、教育与搬迁", "kindergartens", "disasters"),
    ("十、帮扶力量", "team", "plan_exit_year"),
)
"""Each section with its first and its last field."""
WIDE: Final = {"dev_dir": 2, "tags": 2, "dev_tags": 2, "disasters": 2, "team": 2}


class VillageForm(StandardForm):
    """贫困村登记表; what can be counted from the cards is not typed."""

    table = TYPED

    def __init__(self, data: QueryDict | None = None, *, disabled: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.general: list[Finding] = []
        self.doubts: dict[str, list[str]] = {}
        self.doubted: list[Finding] = []
        for field in self.fields.values():
            field.disabled = disabled

    def show(self, findings: Sequence[Finding], answered: frozenset[tuple[str, str]] = frozenset()) -> None:
        """Put findings at their fields: errors as errors, warnings as doubts, but for those already answered."""
        for finding in errors_in(findings):
            if finding.field not in self.fields or not self.is_bound:
                self.general.append(finding)
            elif not self.has_error(finding.field):
                self.add_error(finding.field, finding.message)
        self.doubted = [one for one in warnings_in(findings) if (one.rule, one.field) not in answered]
        for finding in self.doubted:
            self.doubts.setdefault(finding.field, []).append(finding.message)

    def lines(self) -> list[dict[str, str]]:
        """Return what is wrong as lines for the summary on top."""
        found = [{"href": "", "label": one.rule, "text": one.message} for one in self.general]
        if self.is_bound:
            found += [
                {"href": f"#{bound.id_for_label}", "label": str(bound.label), "text": str(text)}
                for bound in self
                for text in bound.errors
            ]
        return found

    def doubt_lines(self) -> list[dict[str, str]]:
        """Return the warnings that a reason may answer, each with the box for the reason."""
        return [
            {
                "rule": one.rule,
                "href": f"#id_{one.field}",
                "text": one.message,
                "name": (name := f"reason-{one.rule} {one.field}"),
                "reason": self.data.get(name, ""),
            }
            for one in self.doubted
        ]

    def sections(self) -> list[tuple[str, list[tuple[Any, int, str, list[str]]]]]:
        """Return the sections with their cells: box, width, unit, doubts."""
        names = list(self.fields)
        units = {field.name: field.unit for field in TYPED}
        built = []
        for title, first, last in SECTIONS:
            part = names[names.index(first) : names.index(last) + 1]
            built.append(
                (
                    title,
                    [
                        (
                            self[name],
                            WIDE.get(name, 1),
                            units[name],
                            self.doubts.get(name, []),
                        )
                        for name in part
                    ],
                )
            )
        return built

    def conflict_rows(self, conflicts: Sequence[FieldConflict]) -> Sequence[FieldConflict]:
        """Return what somebody else left different from what was typed here."""
        return [one for one in conflicts if one.field in self.fields]


class NaturalVillageForm(forms.Form):
    """A natural village to add."""

    name = forms.CharField(label="自然村（村民小组）名称", max_length=50)

    def clean_name(self) -> str:
        """Return the name without what does not show."""
        name = plain(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("请填名称")
        return name
