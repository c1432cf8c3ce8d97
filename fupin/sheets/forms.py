"""What is said of an export: what it is for, what the second person says to it."""

from typing import Any

from django import forms
from django.http import QueryDict


class ReasonForm(forms.Form):
    """What the file is for."""

    reason = forms.CharField(
        label="用途",
        min_length=4,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明用在什么工作、交给谁、用完怎样处理",
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, **kwargs)
