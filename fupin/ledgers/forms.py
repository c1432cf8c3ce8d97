"""How an account is looked at."""

from django import forms


class AsOfForm(forms.Form):
    """Up to which business day, and as far as was entered by which day."""

    on = forms.DateField(
        label="业务日期截至",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "日期写作 2014-05-09"},
    )
    known = forms.DateField(
        label="只看到此日为止记的账",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "日期写作 2014-05-09"},
    )
