"""Dates as boxes of browsers want them and as clerks type them."""

from datetime import date

import pytest
from django import forms
from django.template import Context, Template


class DayForm(forms.Form):
    day = forms.DateField(widget=forms.DateInput({"type": "date"}))


def test_a_date_box_is_filled_in_iso() -> None:
    assert 'value="2014-04-29"' in str(DayForm(initial={"day": date(2014, 4, 29)})["day"])


def test_a_date_is_written_in_iso() -> None:
    assert Template("{{ day }}").render(Context({"day": date(2014, 4, 29)})) == "2014-04-29"


@pytest.mark.parametrize("typed", ["2014-04-29", "20140429", "2014/4/29", "2014.4.29", "2014年4月29日"])
def test_a_date_is_read_as_clerks_type_it(typed: str) -> None:
    form = DayForm({"day": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == date(2014, 4, 29)
