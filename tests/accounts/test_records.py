"""The log administrator's lists: long ones are counted no further than anybody turns pages."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fupin.accounts.models import AuditRecord, User
from fupin.accounts.models.audit import Outcome
from fupin.accounts.roles import Role
from fupin.divisions.codes import PROVINCE_CODE
from fupin.lib import paging
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["audit_list", "access_list", "user_list", "post_list"])
def test_no_list_counts_all_its_rows(
    bo: User, client_for: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 100)
    AuditRecord.objects.bulk_create(
        AuditRecord(user=bo, action="household.change", outcome=Outcome.DONE, request_id=uuid4())
        for _ in range(130)
    )
    role = Role.LOG_ADMIN if name in {"audit_list", "access_list"} else Role.SECURITY_ADMIN
    browser = client_for(person("looks", role, PROVINCE_CODE))
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(reverse(name))
    counts = [one["sql"] for one in asked if "COUNT(*)" in one["sql"] and "accounts_" in one["sql"]]
    assert counts
    assert all("LIMIT 101" in sql for sql in counts)
    if name == "audit_list":
        assert "100 以上" in page.content.decode()
