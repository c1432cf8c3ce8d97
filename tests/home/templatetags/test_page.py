"""The components of pages, rendered without a database but where one names a division."""

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory


class CardForm(forms.Form):
    cause = forms.ChoiceField(label="主要致贫原因", choices=[("", ""), ("01", "01 因病"), ("02", "02 因残")])
    others = forms.MultipleChoiceField(
        label="其他原因", choices=[("01", "01 因病"), ("02", "02 因残"), ("03", "03 因学")], required=False
    )
    area = forms.DecimalField(label="耕地", widget=forms.TextInput({"inputmode": "decimal"}), required=False)


def render(source: str, url: str = "/", **context: object) -> str:
    request = RequestFactory().get(url)
    return engines["django"].from_string("{% load page %}" + source).render(context, request)


def test_cell_ties_label_error_and_control_together() -> None:
    html = render("{% cell form.cause width=2 %}", form=CardForm({"cause": "77"}))
    assert 'class="cell w2 err"' in html
    assert '<label class="name star" for="id_cause">' in html
    assert 'aria-describedby="id_cause_error"' in html
    assert 'id="id_cause_error"' in html
    assert "<code-field>" in html


def test_cell_shows_a_doubt_with_the_name_of_its_field() -> None:
    html = render("{% cell form.area unit='亩' doubts=doubts %}", form=CardForm(), doubts=["人均超过 50 亩"])
    assert "doubt" in html
    assert "<b>耕地</b>：人均超过 50 亩" in html
    assert '<span class="unit">亩</span>' in html
    assert "entry number" in html


def test_errors_on_top_lead_to_their_fields() -> None:
    html = render("{% form_errors form %}", form=CardForm({"cause": "77", "area": "x"}))
    assert "有 2 处要改" in html
    assert 'href="#id_cause"' in html
    assert 'href="#id_area"' in html


def test_no_errors_leave_no_trace() -> None:
    assert render("{% form_errors form %}", form=CardForm({"cause": "01"})).strip() == ""


def test_sort_head_turns_over_and_goes_to_the_first_page() -> None:
    html = render('{% sort_head "人口" "n" number=True %}', "/?order=n&page=3&town=1")
    assert 'aria-sort="ascending"' in html
    assert "order=-n" in html
    assert "town=1" in html
    assert "page" not in html


def test_filter_chips_say_the_values_and_take_one_away() -> None:
    url = "/?others=01&others=02&others=03&area=2&page=4&year=2014"
    request = RequestFactory().get(url)
    form = CardForm({"cause": "01", "others": ["01", "02", "03"], "area": "2"})
    html = render("{% filter_chips form keep=keep %}", url, form=form, keep=["year"])
    assert request.GET["page"] == "4"
    assert "01 因病 等 3 项" in html
    assert 'href="?area=2&amp;year=2014"' in html  # without 其他原因, from the first page on
    assert 'href="?year=2014"' in html  # 清空


@pytest.mark.django_db
def test_a_chip_names_a_division_and_not_its_code() -> None:
    class ListForm(forms.Form):
        division = forms.CharField(label="区划")

    for typed, said in (
        ("141124101000", "吕梁市临县白文镇"),
        ("141", "141"),
        ("149999999999", "149999999999"),
    ):
        url = f"/?division={typed}"
        assert f">{said}</b>" in render("{% filter_chips form %}", url, form=ListForm({"division": typed}))


def test_paging_keeps_the_filters() -> None:
    page = Paginator(range(330), 20).get_page(3)
    html = render('{% paging page noun="户" %}', "/?town=1&page=3", page=page)
    assert "第 41–60 户，共 330 户" in html
    assert "town=1" in html
    assert '<b aria-current="page">3</b>' in html


def test_progress_asks_again_only_while_it_runs() -> None:
    running = render('{% progress done=3 total=9 label="导入" url="/jobs/1/" state="running" %}')
    done = render('{% progress done=9 total=9 label="导入" url="/jobs/1/" state="done" %}')
    assert 'hx-get="/jobs/1/"' in running
    assert "33%" in running
    assert "hx-get" not in done
    assert "完成" in done
