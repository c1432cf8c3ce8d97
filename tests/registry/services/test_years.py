"""Closing a year: in order, by a document, for good."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fupin.accounts.models import User
from registry.models import YearClose
from registry.reports.years import entry_year
from tests.conftest import as_owner

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "record", "owner"])


def close(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    with as_owner():
        call_command("close_year", *arguments, "--json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_without_apply_it_only_says() -> None:
    assert close("2013") == {
        "year": 2013,
        "cards": 0,
        "drafts": 0,
        "open_remarks": 0,
        "missing_tables": 0,
        "missing_labourers": 0,
        "closed_before": False,
        "closed": False,
    }
    assert entry_year() == 2013


def test_a_year_is_closed_by_a_document_and_once(gao: User) -> None:
    with pytest.raises(CommandError, match="依据文号"):
        close("2013", "--apply")
    assert close("2013", "--apply", "--document", "晋扶办〔2014〕1号", "--as", "gao")["closed"] is True
    assert YearClose.objects.get().closed_by == gao
    assert close("2013", "--apply", "--document", "晋扶办〔2015〕9号")["closed_before"] is True
    assert YearClose.objects.get().document == "晋扶办〔2014〕1号"
    assert entry_year() == 2014


def test_years_are_closed_in_order_and_by_the_province(bo: User) -> None:
    with pytest.raises(CommandError, match="先后"):
        close("2014", "--apply", "--document", "x")
    with pytest.raises(CommandError, match="省扶贫办"):
        close("2013", "--apply", "--document", "x", "--as", "bo")
    with pytest.raises(CommandError, match="没有在任"):
        close("2013", "--apply", "--document", "x", "--as", "nobody")
