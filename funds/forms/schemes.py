"""Forms of schemes: what one is drafted with, its weights, grades of counties, figures pasted from a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms

from funds.forms.base import PLAIN, MoneyForm, NumberField, YuanField, day_input
from funds.forms.documents import FIRST_YEAR, LAST_YEAR
from funds.models import FactorKind, Scheme
from funds.rules.bonus import Grade
from fupin.divisions.models import Division
from fupin.lib.money import parse_decimal

UNITS: Final = (("100.00", "0.01 万元（100 元）"), ("1.00", "1 元"), ("0.01", "1 分"), ("10000.00", "1 万元"))
WHICH: Final = (("NATIONAL", "36 个国定贫困县"), ("ALL_KEY", "国定和省定贫困县"))
_WEIGHT_PLACES: Final = 4


class SchemeForm(MoneyForm):
    """方案 to begin with; the weights follow on the workbench."""

    name = forms.CharField(label="方案", max_length=30, help_text="如 A、B")
    year = forms.IntegerField(label="因素年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    which = forms.ChoiceField(label="参与分配的县", choices=WHICH, widget=forms.Select(attrs=PLAIN))
    bonus_yuan = YuanField(label="奖励池（元）", least=Decimal(0), required=False)
    unit_yuan = forms.ChoiceField(label="取整单位", choices=UNITS, widget=forms.Select(attrs=PLAIN))
    weights_document = forms.CharField(label="权重依据文号", max_length=100, help_text="改权重须填文号")

    def __init__(self, *args: Any, kinds: Sequence[FactorKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds:
            self.fields[f"weight-{kind.code}"] = weight_field(kind)

    @property
    def weights(self) -> dict[str, Decimal]:
        """Return the weights that were given, by code."""
        return weights_in(self.cleaned_data)


class WeightsForm(MoneyForm):
    """权重 of a scheme on the workbench, by a document."""

    weights_document = forms.CharField(label="权重依据文号", max_length=100)
    bonus_yuan = YuanField(label="奖励池（元）", least=Decimal(0), required=False)

    def __init__(self, *args: Any, scheme: Scheme, kinds: Sequence[FactorKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds:
            self.fields[f"weight-{kind.code}"] = weight_field(kind)
        for field in self.fields.values():
            field.widget.attrs["form"] = f"weights-{scheme.pk}"

    @property
    def weights(self) -> dict[str, Decimal]:
        """Return the weights that were given, by code."""
        return weights_in(self.cleaned_data)


def weight_field(kind: FactorKind) -> NumberField:
    """Return a field for the weight of a factor."""
    return NumberField(label=f"{kind.title}权重", places=_WEIGHT_PLACES, required=False)


def weights_in(given: dict[str, Any]) -> dict[str, Decimal]:
    """Return the weights of a form by the factor's code."""
    return {
        name.partition("-")[2]: value
        for name, value in given.items()
        if name.startswith("weight-") and value is not None
    }


class GradeForm(MoneyForm):
    """考核等次 of a county."""

    grade = forms.ChoiceField(
        label="考核等次",
        choices=(("", ""), *Grade.choices),
        required=False,
        widget=forms.Select(attrs=PLAIN),
    )
    is_barred = forms.BooleanField(label="被约谈或问责", required=False)
    grade_document = forms.CharField(label="考核结果文号", max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the document behind a grade."""
        given = super().clean() or {}
        if (given.get("grade") or given.get("is_barred")) and not given.get("grade_document"):
            self.add_error("grade_document", "请填考核结果文号")
        return given


@dataclass(frozen=True, slots=True)
class Pasted:
    """A figure of a pasted line."""

    county: Division
    value: Decimal


class FiguresForm(MoneyForm):
    """因素值 pasted from a workbook: a county a line, its name or code, then the figure."""

    year = forms.IntegerField(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    kind = forms.ModelChoiceField(
        label="因素", queryset=FactorKind.objects.order_by("place", "pk"), widget=forms.Select(attrs=PLAIN)
    )
    data_on = forms.DateField(label="数据日期", widget=day_input())
    source = forms.CharField(label="来源", max_length=200)
    lines = forms.CharField(
        label="各县数值",
        widget=forms.Textarea(attrs={"rows": 16}),
        max_length=20_000,
        help_text="每行一县：县名或 12 位代码，空格或制表符，数值；可从 Excel 直接粘贴",
    )

    def __init__(self, *args: Any, counties: Sequence[Division], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counties, self.today = counties, today

    def clean_data_on(self) -> date:
        """Refuse a day ahead."""
        day: date = self.cleaned_data["data_on"]
        if day > self.today:
            raise forms.ValidationError("数据日期不能晚于今天")
        return day

    def clean_lines(self) -> list[Pasted]:
        """Return the figures; name each line that is wrong."""
        by_name = {
            key: county
            for county in self.counties
            for key in (county.name, str(county.pk), str(county.pk)[:6])
        }
        found: dict[int, Pasted] = {}
        wrong: list[str] = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            words = line.split()
            if not words:
                continue
            county = by_name.get(words[0])
            if county is None or len(words) != 2:
                wrong.append(f"第 {number} 行“{line.strip()[:30]}”：没有这个县，或不是一个数值")
            elif county.pk in found:
                wrong.append(f"第 {number} 行：{county.name}列了两次")
            else:
                try:
                    value = parse_decimal(words[1])
                except ValueError:
                    wrong.append(f"第 {number} 行：“{words[1][:20]}”不是数值")
                    continue
                if not 0 < value < Decimal(10) ** 12:
                    wrong.append(f"第 {number} 行：数值应大于 0；缺数据的不要列，不得填 0")
                else:
                    found[county.pk] = Pasted(county, value)
        if wrong:
            raise forms.ValidationError(wrong)
        return list(found.values())
