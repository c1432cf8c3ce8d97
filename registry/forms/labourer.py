"""The labourer's card as a form: the year's facts, and rows for trainings and certificates."""

import re
from collections.abc import Sequence
from typing import Any, Final

from django.http import QueryDict

from registry.forms.fields import StandardForm
from registry.rules.findings import Finding, errors_in
from registry.rules.labourer import CertificateRow, LabourerCard, TrainingRow
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING

MOST_ROWS: Final = 40
_ROW: Final = re.compile(r"(trainings|certificates)-(\d+)-")
_PATH: Final = re.compile(r"(trainings|certificates)\[(\d+)\]\.(\w+)")
SECTIONS: Final = (
    (
        "二、就业情况",
        (
            *("hukou", "emp_status", "employer", "job", "job_addr", "work_area"),
            *("contract", "contract_start", "contract_end", "wage"),
            *("emp_months", "longest_stay", "project_no", "unemp_reason"),
        ),
    ),
    (
        "三、培训与就业意愿",
        (
            *("train_will", "train_job", "train_time", "job_will"),
            *("train_place", "job_will_area", "job_will_wage"),
            *("return_will", "is_tech_backbone", "certificate_note"),
        ),
    ),
    ("四、帮扶", ("plan", "measure")),
)
WIDE: Final = {"employer": 2, "job_addr": 2, "train_place": 2, "certificate_note": 2, "plan": 4, "measure": 4}


class LabourerForm(StandardForm):
    """The facts of the year; what follows from the household's card is not typed."""

    table = LABOURER
    left_out = frozenset({"year", "member_no"})


class TrainingForm(StandardForm):
    """A course."""

    table = TRAINING

    def is_blank(self) -> bool:
        """Tell whether nothing was typed in the row."""
        return not any(self[name].value() for name in self.fields)


class CertificateForm(TrainingForm):
    """A certificate."""

    table = CERTIFICATE


class LabourerForms:
    """All of one card. ``data`` is what was posted or kept as a draft; without it the forms show ``card``."""

    def __init__(self, *, card: LabourerCard, data: QueryDict | None = None, disabled: bool = False) -> None:
        self.card, self.data, self.disabled = card, data, disabled
        self.general: list[Finding] = []
        self.main = LabourerForm(data, initial={name: getattr(card, name) for name in _names()})
        self.trainings = self._rows("trainings", TrainingForm, card.trainings)
        self.certificates = self._rows("certificates", CertificateForm, card.certificates)
        for form in self.everyone():
            for field in form.fields.values():
                field.disabled = disabled

    def _rows(self, part: str, form: type[TrainingForm], stored: Sequence[Any]) -> list[TrainingForm]:
        if self.data is None:
            return [
                form(None, initial={name: getattr(row, name) for name in form().fields}, prefix=f"{part}-{n}")
                for n, row in enumerate(stored)
            ]
        numbers = sorted({int(m[2]) for key in self.data if (m := _ROW.match(key)) and m[1] == part})[
            :MOST_ROWS
        ]
        rows = [form(self.data, prefix=f"{part}-{n}") for n in numbers]
        return [row for row in rows if not row.is_blank()]

    def everyone(self) -> list[StandardForm]:
        """All forms of the card."""
        return [self.main, *self.trainings, *self.certificates]

    def is_readable(self) -> bool:
        """Tell whether every box could be read."""
        return min(form.is_valid() for form in self.everyone())

    def read(self) -> LabourerCard:
        """Return the card as typed; boxes that could not be read are None."""
        return LabourerCard(
            year=self.card.year,
            member_no=self.card.member_no,
            **self.main.values(),
            trainings=tuple(TrainingRow(**row.values()) for row in self.trainings),
            certificates=tuple(CertificateRow(**row.values()) for row in self.certificates),
        )

    def show(self, findings: Sequence[Finding]) -> None:
        """Put errors at their fields."""
        for finding in errors_in(findings):
            form, name = self._at(finding.field)
            if form is None or name not in form.fields or not form.is_bound:
                self.general.append(finding)
            elif not form.has_error(name):
                form.add_error(name, finding.message)

    def _at(self, path: str) -> tuple[StandardForm | None, str]:
        if match := _PATH.match(path):
            rows = self.trainings if match[1] == "trainings" else self.certificates
            number = int(match[2])
            return (rows[number] if number < len(rows) else None), match[3]
        return self.main, path

    def lines(self) -> list[dict[str, str]]:
        """Return what is wrong as lines for the summary on top."""
        found = [{"href": "", "label": one.rule, "text": one.message} for one in self.general]
        for form in self.everyone():
            if form.is_bound:
                found += [
                    {"href": f"#{bound.id_for_label}", "label": str(bound.label), "text": str(text)}
                    for bound in form
                    for text in bound.errors
                ]
        return found

    def sections(self) -> list[tuple[str, list[tuple[Any, int, str]]]]:
        """Return the sections with their cells: box, width, unit."""
        units = {field.name: field.unit for field in LABOURER}
        return [
            (title, [(self.main[name], WIDE.get(name, 1), units[name]) for name in names])
            for title, names in SECTIONS
        ]

    def empty_training(self) -> TrainingForm:
        """The row that 添加 copies."""
        return TrainingForm(None, prefix="trainings-__n__")

    def empty_certificate(self) -> CertificateForm:
        """The row that 添加 copies."""
        return CertificateForm(None, prefix="certificates-__n__")


def _names() -> list[str]:
    return list(LabourerForm().fields)
