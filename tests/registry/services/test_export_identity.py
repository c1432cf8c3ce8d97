"""What was taken out comes back in: whatever became of the cards since, the workbook makes them what it says, and says the same again."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies as st
from python_calamine import CalamineWorkbook

from fupin.accounts.models import User
from fupin.accounts.scope import acting_as
from fupin.sheets import deciding, exports, receiving
from fupin.sheets.kinds import Request
from fupin.sheets.models import ImportBatch, ImportStatus
from fupin.sheets.opening import Sent
from registry.reports.cards import read_card
from registry.rules.card import Card
from registry.standard.household import HOUSEHOLD_YEAR
from registry.standard.values import parse
from tests.registry import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HOUSEHOLDS = 2

LETTERS = "=+-@'\"，,;、|%前庄后沟号 0129Aa\u3000"


def words(field: str) -> Any:
    """Return texts as every way in stores them: some look like formulas, some have signs that CSV quotes."""
    (of,) = (one for one in HOUSEHOLD_YEAR if one.name == field)
    return st.text(LETTERS, min_size=1, max_size=12).map(partial(parse, of)).filter(bool)


areas = st.decimals(0, 500, places=2)
sums = st.decimals(0, 3000, places=2)
answers = st.booleans()


def sure(strategy: Any) -> Any:
    """Return a strategy that may also leave the field empty."""
    return st.none() | strategy


households = st.fixed_dictionaries(
    {
        "natural_village": words("natural_village"),
        "address": words("address"),
        "bank_name": sure(words("bank_name")),
        "cause_other": st.sampled_from([(), ("07",), ("05", "07")]),
        "plan_exit_year": st.integers(2015, 2020),
        "is_one_child": sure(answers),
        "filler": sure(words("filler")),
        "fill_date": sure(st.dates(date(2014, 1, 1), make.TODAY)),
    }
)
incomes = st.fixed_dictionaries(
    {"wage_income": sums, "business_income": sums, "tr_other": sums, "tr_eco": sums, "business_expense": sums}
)
conditions = st.fixed_dictionaries(
    {
        "arable_area": st.decimals(10, 500, places=2),
        "fruit_area": areas,
        "has_tv": answers,
        "tap_water": answers,
        "road_distance": st.decimals(0, 50, places=2),
        "road_type": st.sampled_from(["01", "02", "03"]),
        "fuel_type": st.sampled_from(["01", "02", "03"]),
    }
)
heads = st.fixed_dictionaries(
    {
        "political": st.sampled_from(["01", "13"]),
        "education": st.sampled_from(["02", "03", "04"]),
        "is_soldier": answers,
        "in_pension": answers,
    }
)
facts = st.tuples(households, incomes, conditions, heads)


def described(card: Card, about: Any) -> Card:
    """Return a card that says other things of the same people."""
    household, income, condition, head = about
    card = replace(
        card,
        **household,
        income=replace(card.income, **income, lines=()),
        condition=replace(card.condition, **condition),
    )
    return make.with_member(card, 0, **head)


def taken(actor: User, how: Any) -> bytes:
    with acting_as(actor):
        selection = exports.select("households", Request(actor, 2014, QueryDict("")))
        log = exports.export(
            kind="households", selection=selection, actor=actor, format=how, at=timezone.now(), key=uuid4()
        )
    return exports.path_of(log).read_bytes()


def parts(content: bytes, how: str) -> dict[str, Any]:
    """Return what must be the same: the bytes of each file of csv, the cells of each sheet of xlsx; not the note."""
    if how == "csv":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return {name: packed.read(name) for name in packed.namelist() if name.endswith(".csv")}
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names if name != "说明"}


def unlike(now: dict[str, Any], then: dict[str, Any]) -> list[Any]:
    """Return what differs: the cells of a workbook one by one, files of CSV as they are."""
    assert now.keys() == then.keys()
    found: list[Any] = []
    for name in now:
        if isinstance(now[name], bytes):
            found += [(name, now[name], then[name])] if now[name] != then[name] else []
            continue
        assert len(now[name]) == len(then[name])
        for row, was in zip(now[name][1:], then[name][1:], strict=True):
            pairs = zip(now[name][0], row, was, strict=True)
            found += [(name, *three) for three in pairs if three[1] != three[2]]
    return found


def brought_back(sender: User, approver: User, content: bytes, how: str) -> ImportBatch:
    files = [Sent("导出.xlsx", content)]
    if how == "csv":
        files = [Sent(name, part) for name, part in parts(content, how).items()]
    with acting_as(sender):
        batch = receiving.receive(kind="households", files=files, actor=sender)
    batch = receiving.stage(batch, on=make.TODAY, told=lambda *_: None)
    assert batch.status == ImportStatus.READY, batch.message
    assert (batch.wrong, batch.ambiguous, batch.new) == (0, 0, 0), list(receiving.faults_of(batch))
    if batch.changed:
        with acting_as(approver):
            deciding.decide(batch=batch, mode="ALL", actor=approver)
        batch = ImportBatch.objects.select_related("post__division", "uploaded_by").get(pk=batch.pk)
        deciding.apply(batch, actor=approver, on=make.TODAY, told=lambda *_: None)
    return batch


@given(
    st.lists(facts, min_size=HOUSEHOLDS, max_size=HOUSEHOLDS),
    st.lists(facts, min_size=HOUSEHOLDS, max_size=HOUSEHOLDS),
    st.sampled_from(exports.FORMATS),
)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_out_in_and_out_again_is_the_same(
    bo: User, chen: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: Any, since: Any, how: str
) -> None:
    monkeypatch.setattr(django_settings, "HOME", tmp_path)
    before = transaction.savepoint()
    try:
        with acting_as(bo):
            saved = [
                make.saved(bo, described(make.card(phone=f"1380000000{n}"), about))
                for n, about in enumerate(then)
            ]
        first = taken(bo, how)
        with acting_as(bo):
            for one, about in zip(saved, since, strict=True):
                make.change(bo, one, described(read_card(one.household_year), about))
        assert then == since or parts(taken(bo, how), how) != parts(first, how)
        brought_back(bo, chen, first, how)
        again = taken(bo, how)
        assert unlike(parts(again, how), parts(first, how)) == []
        if how == "xlsx":  # the same files of CSV are the same sending
            unchanged = brought_back(bo, chen, again, how)
            assert (unchanged.unchanged, unchanged.changed) == (HOUSEHOLDS, 0)
    finally:
        transaction.savepoint_rollback(before)
