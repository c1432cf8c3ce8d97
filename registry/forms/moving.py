"""Forms of a move between counties: asked by the one, answered by the other."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from fupin.divisions.codes import Level, cut
from fupin.divisions.models import Division
from registry.forms.lineage import MoveForm, ReasonForm


class ProposalForm(ReasonForm):
    """Which county is asked, until when it should answer, and why."""

    to_county = forms.TypedChoiceField(
        label="迁往的县", coerce=int, widget=forms.Select(attrs={"data-plain": "1"})
    )
    answer_by = forms.DateField(
        label="请于此日前答复",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="当天答复仍算按时；过期不能再答复，须重新商请",
    )
    field_order = ["to_county", "answer_by", "reason"]

    def __init__(self, data: QueryDict | None = None, *, village: int, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.earliest = today + timedelta(days=1)
        others = (
            Division.objects.filter(level=Level.COUNTY)
            .valid_on(today)
            .exclude(code=cut(village, Level.COUNTY))
            .order_by("code")
            .values_list("code", "path_name")
        )
        field = self.fields["to_county"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = [("", ""), *others]
        self.fields["reason"].help_text = "对方县只看得到户编号、户主、人数、状态和这里写的理由"

    def clean_answer_by(self) -> date:
        """Ask for a day that is still to come."""
        day: date = self.cleaned_data["answer_by"]
        if day < self.earliest:
            raise forms.ValidationError("答复期限须晚于今天")
        return day


class AcceptForm(MoveForm):
    """Into which village and group the household comes."""

    reason = None  # type: ignore[assignment]  # the proposal has said it


class AnswerForm(ReasonForm):
    """Why a proposal is sent back or taken back."""
