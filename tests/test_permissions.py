"""Every address × every role × own and other county: who comes in, and that nothing of another county goes out.

The table below says it a second time, in its own words: an address that is missing fails, and so does a door that was hung elsewhere.
What lies outside one's division does not exist (404), and row-level security says so again when the application forgets to filter.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fupin.accounts.doors import addresses
from fupin.accounts.middleware import scope as scope_middleware
from fupin.accounts.roles import Role
from fupin.accounts.scope import enter_scope
from fupin.accounts.scoped import ScopedQuerySet
from fupin.divisions.codes import PROVINCE_CODE, code_range
from fupin.prints.typesetter import Manuscript
from registry.models import HouseholdYear
from tests.world import PNG, World, build, fingerprint, forget_closing, sees_all

ALL: Final = frozenset(Role)
ENTRY: Final = frozenset({Role.VILLAGE, Role.TEAM, Role.TOWNSHIP, Role.COUNTY_ENTRY})
OFFICES: Final = frozenset({Role.TOWNSHIP, Role.COUNTY_ENTRY})
REVIEW: Final = frozenset({Role.COUNTY_REVIEW})
VIEWERS: Final = ENTRY | {
    Role.COUNTY_REVIEW,
    Role.COUNTY_APPROVE,
    Role.LEADING_GROUP,
    Role.CITY,
    Role.PROVINCE,
    Role.CIVIL_AFFAIRS,
    Role.LEADER,
    Role.AUDITOR,
}
PRINTERS: Final = VIEWERS - {Role.LEADER}
REVEALERS: Final = frozenset(
    {Role.TOWNSHIP, Role.COUNTY_REVIEW, Role.COUNTY_APPROVE, Role.CITY, Role.PROVINCE, Role.AUDITOR}
)
DUPLICATES: Final = REVEALERS | {Role.COUNTY_ENTRY}
EXPORTERS: Final = DUPLICATES | {Role.CIVIL_AFFAIRS}
AUDITING: Final = frozenset({Role.COUNTY_REVIEW, Role.CITY, Role.PROVINCE, Role.AUDITOR})
SAMPLERS: Final = AUDITING - REVIEW
SETTLERS: Final = OFFICES | REVIEW
FINDERS: Final = frozenset({Role.COUNTY_ENTRY, Role.COUNTY_REVIEW, Role.CITY, Role.PROVINCE, Role.AUDITOR})
OPENERS: Final = frozenset({Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY_APPROVE})
TAKERS: Final = OPENERS | {Role.TEAM, Role.COUNTY_REVIEW, Role.LEADING_GROUP, Role.CITY, Role.PROVINCE}
SHARERS: Final = frozenset({Role.TOWNSHIP, Role.COUNTY_APPROVE, Role.CITY, Role.PROVINCE})
LISTERS: Final = OFFICES | {Role.VILLAGE, Role.COUNTY_REVIEW, Role.COUNTY_APPROVE, Role.CITY, Role.PROVINCE}
COMPARERS: Final = OFFICES | {
    Role.COUNTY_REVIEW,
    Role.COUNTY_APPROVE,
    Role.CITY,
    Role.PROVINCE,
    Role.CIVIL_AFFAIRS,
    Role.AUDITOR,
}
LOADERS: Final = frozenset({Role.COUNTY_ENTRY, Role.CITY, Role.PROVINCE, Role.CIVIL_AFFAIRS})
HIT_VIEWERS: Final = VIEWERS - {Role.LEADER, Role.CIVIL_AFFAIRS}
DECIDERS: Final = frozenset({Role.TOWNSHIP, Role.COUNTY_REVIEW})
CIVIL: Final = frozenset({Role.CIVIL_AFFAIRS})
JUDGES: Final = frozenset(
    {Role.COUNTY_ENTRY, Role.COUNTY_REVIEW, Role.COUNTY_APPROVE, Role.CITY, Role.PROVINCE}
)
SECURITY: Final = frozenset({Role.SECURITY_ADMIN})
APPROVERS: Final = SECURITY | {Role.PROVINCE}
NOTICED: Final = ALL - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.LOG_ADMIN, Role.ENTERPRISE}
DRAWERS: Final = frozenset(
    {Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY_ENTRY, Role.COUNTY_REVIEW, Role.COUNTY_APPROVE, Role.CITY, Role.PROVINCE}
)  # fmt: skip
POSTERS: Final = DRAWERS | {Role.TEAM}
HANDLERS: Final = frozenset({Role.TOWNSHIP, Role.COUNTY_REVIEW, Role.CITY, Role.PROVINCE})
COUNTY: Final = frozenset({Role.COUNTY_ENTRY, Role.COUNTY_REVIEW, Role.COUNTY_APPROVE})
SENDERS: Final = ENTRY
DECIDERS: Final = frozenset({Role.TOWNSHIP, Role.COUNTY_REVIEW})
MONEY: Final = COUNTY | {
    Role.TOWNSHIP,
    Role.LEADING_GROUP,
    Role.CITY,
    Role.PROVINCE,
    Role.FINANCE,
    Role.AUDITOR,
}
TREASURERS: Final = frozenset({Role.PROVINCE, Role.FINANCE})
AT_PROVINCE: Final = frozenset({Role.PROVINCE})
BOOKKEEPERS: Final = COUNTY | {Role.CITY, Role.PROVINCE, Role.FINANCE, Role.AUDITOR}
PROJECT_VIEWERS: Final = (VIEWERS - CIVIL) | {Role.FINANCE}
STEPPERS: Final = COUNTY | {Role.TOWNSHIP, Role.PROVINCE, Role.FINANCE}
PROJECT_FILERS: Final = COUNTY | {Role.TOWNSHIP, Role.PROVINCE}
CHECKERS: Final = frozenset({Role.CITY, Role.PROVINCE})
CLERKS: Final = frozenset({Role.COUNTY_ENTRY})
FUND_VIEWERS: Final = BOOKKEEPERS | {Role.VILLAGE, Role.TEAM, Role.TOWNSHIP, Role.LEADING_GROUP}
FUND_KEEPERS: Final = OFFICES | {Role.VILLAGE}
ENTERING: Final = frozenset({Role.COUNTY_ENTRY})
APPROVING: Final = frozenset({Role.COUNTY_APPROVE})
PAYING: Final = frozenset({Role.FINANCE})
LOG: Final = frozenset({Role.LOG_ADMIN})
NOBODY: Final[frozenset[Role]] = frozenset()

DESK_VIEWERS: Final = COUNTY | {
    Role.CITY,
    Role.PROVINCE,
    Role.FINANCE,
    Role.AUDITOR,
    Role.TOWNSHIP,
    Role.LEADING_GROUP,
}
STATEMENTS: Final = DESK_VIEWERS | {Role.VILLAGE, Role.TEAM, Role.LEADER}
MONEY_ENTRY: Final = frozenset({Role.COUNTY_ENTRY})
MONEY_APPROVE: Final = frozenset({Role.COUNTY_APPROVE})
FINANCE: Final = frozenset({Role.FINANCE})
STRANDERS: Final = frozenset({Role.COUNTY_REVIEW, Role.FINANCE, Role.PROVINCE})

OK, FOUND, NO_CONTENT = HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.NO_CONTENT
REFUSED, MISSING, WRONG = HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY
BAD, CREATED, CONFLICT = HTTPStatus.BAD_REQUEST, HTTPStatus.CREATED, HTTPStatus.CONFLICT

NAMES: Final = MappingProxyType(
    {
        "household_no": ("household_no",),
        "household_year": ("household_no", "year"),
        "member": ("member_no",),
        "member_year": ("member_no", "year"),
        "village": ("code",),
        "village_year": ("code", "year"),
    }
)
"""Which of a county's names an address takes, by what it is about."""


@dataclass(frozen=True)
class Address:
    """A line of the table."""

    name: str
    roles: frozenset[Role]
    """Whom the address lets in."""
    takes: Mapping[str, str] = field(default_factory=dict)
    """Arguments of the address: name → name in the county."""
    method: str = "GET"
    data: Mapping[str, Any] = field(default_factory=dict)
    own: frozenset[int] = frozenset({OK})
    """What whoever is let in may be answered about his own."""
    personal: bool = False
    """About what is one person's alone: 404 for everybody else, in the same county too."""
    anonymous: int = FOUND
    json: bool = False
    query: str = ""
    about: bool = True
    """Whether the county that it is about shows in the answer: own names must then be there."""

    @property
    def foreign(self) -> bool:
        """Whether the address names something that lies in a county."""
        return bool(self.takes) and not self.personal

    def url(self, names: Mapping[str, object]) -> str:
        """Return the address of a county's thing."""
        return (
            reverse(self.name, kwargs={taken: names[name] for taken, name in self.takes.items()}) + self.query
        )

    def ask(self, browser: Client, names: Mapping[str, object]) -> HttpResponse:
        """Send the request."""
        data = {key: value(names) if callable(value) else value for key, value in self.data.items()}
        url = self.url(names)
        if self.method == "GET":
            return browser.get(url)  # type: ignore[return-value]
        if self.json:
            return browser.generic(self.method, url, json.dumps(data), content_type="application/json")  # type: ignore[return-value]
        return browser.post(url, data)  # type: ignore[return-value]

    def __str__(self) -> str:
        return f"{self.method} {self.name}{self.query}"


def get(name: str, roles: frozenset[Role], *takes: str, **more: Any) -> Address:
    """Return a line about reading."""
    more["own"] = frozenset(more.pop("own", {OK}))
    return Address(name, roles, {one.partition("=")[0]: one.rpartition("=")[2] for one in takes}, **more)


def post(
    name: str, roles: frozenset[Role], *takes: str, data: Mapping[str, Any] | None = None, **more: Any
) -> Address:
    """Return a line about writing."""
    more.setdefault("own", {OK, FOUND, WRONG})
    return get(name, roles, *takes, method=more.pop("method", "POST"), data=data or {}, about=False, **more)


def key(_names: object) -> str:
    """Return a new entry key for each request."""
    return str(uuid.uuid4())


def picture(_names: object) -> SimpleUploadedFile:
    """Return a new file for each request."""
    return SimpleUploadedFile("a.png", PNG)


def api(name: str, roles: frozenset[Role], *takes: str, **more: Any) -> Address:
    """Return a line about the API."""
    return get(name, roles, *takes, anonymous=HTTPStatus.UNAUTHORIZED, json=True, **more)


def api_write(name: str, roles: frozenset[Role], *takes: str, method: str, **more: Any) -> Address:
    """Return a line about writing through the API."""
    return api(
        name, roles, *takes, method=method, about=False, own={OK, CREATED, BAD, CONFLICT}, **more
    )  # fmt: skip


PROJECT: Final = "number=project_number"
HOUSEHOLD, HOUSEHOLD_YEAR = ("household_no",), ("household_no", "year")
PLACEMENT, BATCH, STRANDING, RETURN = (
    f"pk={one}_pk" for one in ("placement", "batch", "stranding", "return")
)
LATE: Final = {OK, FOUND, WRONG, CONFLICT}


def money(name: str, roles: frozenset[Role], *takes: str) -> Iterator[Address]:
    """Yield the two lines of an act with money: its form, and sending it empty."""
    yield get(name, roles, *takes, about=False)
    yield post(name, roles, *takes, own=LATE)


TABLE: Final = (
    # money of a county
    get("fund_desk", DESK_VIEWERS, own={OK, FOUND}, about=False),
    get("fund_county", DESK_VIEWERS, "code=county_code", own={OK, MISSING}, about=False),
    get("fund_lines", DESK_VIEWERS, "code=county_code", "kind=fund_kind", own={OK, MISSING}, about=False),
    get("placement_list", DESK_VIEWERS, about=False),
    *money("placement_new", MONEY_ENTRY),
    get("placement_page", DESK_VIEWERS, PLACEMENT, own={OK, MISSING}, about=False),
    *money("placement_approve", MONEY_APPROVE, PLACEMENT),
    *money("placement_refuse", MONEY_APPROVE, PLACEMENT),
    *money("placement_disclose", MONEY_ENTRY | {Role.CITY, Role.PROVINCE}, PLACEMENT),
    *money("acceptance_new", frozenset({Role.COUNTY_REVIEW, Role.COUNTY_APPROVE}), PLACEMENT),
    *money("payment_new", MONEY_ENTRY, PLACEMENT),
    *money("payment_contractor", MONEY_ENTRY, PLACEMENT),
    get("payment_list", DESK_VIEWERS, about=False),
    get("payment_batch", DESK_VIEWERS, BATCH, own={OK, MISSING}, about=False),
    *money("payment_approve", MONEY_APPROVE, BATCH),
    *money("payment_disclose", MONEY_ENTRY | {Role.CITY, Role.PROVINCE}, BATCH),
    *money("payment_send", FINANCE, BATCH),
    *money("payment_withdraw", MONEY_ENTRY, BATCH),
    *money("payment_results", FINANCE, BATCH),
    post("payment_results_apply", FINANCE, BATCH),
    *money("payment_stop", MONEY_APPROVE, "pk=payment_pk"),
    get("payment_bank", FINANCE, own={MISSING}, about=False),
    get("stranded_list", DESK_VIEWERS, about=False),
    get("stranded_page", DESK_VIEWERS, STRANDING, own={OK, MISSING}, about=False),
    *money("stranded_notify", STRANDERS, STRANDING),
    *money("stranded_recover", FINANCE, STRANDING),
    *money("return_send", FINANCE, STRANDING),
    *money("stranded_new", STRANDERS, PLACEMENT),
    *money("stranded_unplaced", STRANDERS, "code=county_code", "document=fund_document_pk"),
    get("return_list", DESK_VIEWERS, about=False),
    *money("return_receive", FINANCE | {Role.PROVINCE}, RETURN),
    *money("return_redistribute", frozenset({Role.PROVINCE}), RETURN),
    get("money_of_household", STATEMENTS, "household_no"),
    # everybody
    get("healthz", ALL, anonymous=OK, about=False),
    get("readyz", ALL, anonymous=OK, about=False, own={OK, HTTPStatus.SERVICE_UNAVAILABLE}),
    get("sign_in", ALL, anonymous=OK, own={FOUND}, about=False),
    get("home", ALL, about=False),
    get("job_list", ALL, about=False),
    get("job_detail", NOBODY, "job_id", personal=True),
    post("job_cancel", NOBODY, "job_id", personal=True),
    post("job_again", NOBODY, "job_id", personal=True),
    get("second_factor", ALL, own={OK, FOUND}, about=False),
    get("second_factor_enrol", ALL, own={OK, FOUND}, about=False),
    get("sign_in_again", ALL, about=False),
    post("sign_out", ALL),
    get("password_change", ALL, about=False),
    get("session_list", ALL, about=False),
    post("session_end_others", ALL),
    post("session_end", NOBODY, "pk=sign_in_pk", personal=True),
    get("post_switch", ALL, own={OK, FOUND}, about=False),
    post("auth_token", ALL, data={"username": "x", "password": "x"}, json=True, own={BAD, REFUSED, HTTPStatus.UNAUTHORIZED}, anonymous=BAD),
    get("api_schema", ALL, own={OK}, about=False, anonymous=HTTPStatus.UNAUTHORIZED),
    get("api_docs", ALL, about=False, anonymous=HTTPStatus.UNAUTHORIZED),
    # divisions: names and codes are no secret, what one may look at is one's own
    get("division_list", ALL, about=False),
    get("division_search", ALL, query="?q=bw", about=False),
    get("division_tree", ALL, "code", about=False),
    # administration
    get("user_list", SECURITY, about=False),
    get("user_new", SECURITY, about=False),
    get("user_card", SECURITY, "pk=user_pk", about=False, personal=True),
    post("user_disable", SECURITY, "pk=user_pk", personal=True),
    post("user_enable", SECURITY, "pk=gone_pk", personal=True),
    post("user_reset_password", SECURITY, "pk=user_pk", personal=True),
    post("user_reset_factor", SECURITY, "pk=user_pk", personal=True),
    get("post_list", APPROVERS, about=False),
    get("post_grant", SECURITY, about=False),
    post("post_approve", APPROVERS, "pk=post_pk", personal=True),
    post("post_revoke", SECURITY, "pk=post_pk", personal=True),
    get("token_list", SECURITY, about=False),
    get("token_new", SECURITY, about=False),
    post("token_revoke", SECURITY, "pk=token_pk", personal=True),
    get("audit_list", LOG, about=False),
    get("access_list", LOG, about=False),
    # exports
    get("export_list", EXPORTERS | FINANCE | LOG, about=False),
    post("export_start", EXPORTERS, data={"kind": "households", "year": "2014", "query": "", "format": "csv"}),
    post("export_ask", EXPORTERS, data={"kind": "households", "year": "2014", "query": "", "format": "csv", "reason": "核对"}),
    get("export_approval_list", EXPORTERS | FINANCE | LOG, about=False),
    get("export_approval", SHARERS - {Role.TOWNSHIP}, "pk=approval_pk", personal=True, about=False),
    post("export_approval", SHARERS - {Role.TOWNSHIP}, "pk=approval_pk", data={"decision": "approve"}, personal=True),
    get("export_download", NOBODY, "serial", personal=True),
    # imports: whoever types cards sends them, another lets them be written
    get("import_list", SENDERS | DECIDERS | {Role.COUNTY_APPROVE, Role.AUDITOR}, about=False),
    get("import_new", SENDERS, about=False),
    post("import_new", SENDERS, data={"kind": "households"}, own={WRONG}),
    get("import_template", SENDERS, "kind=import_kind", query="?year=2014", about=False, personal=True),
    get("import_detail", SENDERS | DECIDERS | {Role.COUNTY_APPROVE, Role.AUDITOR}, "serial=import_serial", about=False),
    post("import_decide", DECIDERS, "serial=import_serial", own={FOUND}),
    post("import_discard", SENDERS | DECIDERS | {Role.COUNTY_APPROVE, Role.AUDITOR}, "serial=import_serial", own={FOUND}),
    post("import_undo", DECIDERS, "serial=import_serial", own={FOUND}),
    get("import_result", NOBODY, "serial=import_serial", personal=True),
    # the books: whoever follows money by his office, in his divisions
    get("ledger_account", BOOKKEEPERS, "pk=account_pk"),
    get("ledger_entry", BOOKKEEPERS, "number=entry_number"),
    # money: the province shares out, a second person settles; city and county enter the day on which it came to them
    get("appropriation_list", MONEY, about=False),
    get("appropriation_new", AT_PROVINCE, about=False),
    post("appropriation_new", AT_PROVINCE, own={WRONG}),
    get("appropriation_page", MONEY, "pk=document_pk", about=False, own={OK, MISSING}),
    get("money_flow", MONEY, "pk=document_pk", about=False, own={OK, MISSING}),
    get("money_rows", MONEY, "pk=document_pk", query="?figure=paid", about=False, own={OK, MISSING}),
    post("appropriation_approve", TREASURERS, "pk=document_pk", own={FOUND}),
    get("carve_out_new", AT_PROVINCE, "pk=document_pk", about=False),
    post("carve_out_new", AT_PROVINCE, "pk=document_pk", own={WRONG}),
    get("scheme_new", AT_PROVINCE, "pk=document_pk", about=False),
    post("scheme_new", AT_PROVINCE, "pk=document_pk", own={WRONG}),
    get("scheme_page", MONEY, "pk=scheme_pk", about=False, own={OK, MISSING}),
    post("scheme_weights", AT_PROVINCE, "pk=scheme_pk", own={WRONG}),
    post("scheme_copy", AT_PROVINCE, "pk=scheme_pk", data={"name": ""}, own={FOUND}),
    get("scheme_grade", AT_PROVINCE, "pk=scheme_pk", "code=county_code", about=False),
    post("scheme_grade", AT_PROVINCE, "pk=scheme_pk", "code=county_code", data={"grade": "A"}, own={WRONG}),
    post("scheme_submit", AT_PROVINCE, "pk=scheme_pk", own={FOUND}),
    post("scheme_decide", AT_PROVINCE, "pk=scheme_pk", own={FOUND}),
    get("scheme_issue", TREASURERS, "pk=scheme_pk", about=False, own={OK, MISSING}),
    post("scheme_issue", TREASURERS, "pk=scheme_pk", own={WRONG, MISSING}),
    get("allotment_list", MONEY, about=False),
    get("allotment_page", MONEY, "pk=allotment_pk", own={OK, MISSING}),
    post("allotment_pass", frozenset({Role.CITY, Role.FINANCE}), "pk=allotment_pk", own={FOUND}),
    post("allotment_receive", frozenset({Role.FINANCE}), "pk=allotment_pk", own={FOUND}),
    get("factor_list", MONEY, about=False),
    get("factor_enter", AT_PROVINCE, about=False),
    post("factor_enter", AT_PROVINCE, own={WRONG}),
    post("factor_take", AT_PROVINCE, data={"year": "2013"}, own={FOUND}),
    get("fund_board", MONEY, about=False),
    get("budget_list", MONEY, about=False),
    get("budget_new", TREASURERS | {Role.CITY}, about=False),
    post("budget_new", TREASURERS | {Role.CITY}, own={WRONG}),
    # village funds: the village and the offices above keep them, another person lends and reverses
    get("village_fund_list", FUND_VIEWERS),
    get("village_fund", FUND_VIEWERS, "pk=village_fund_pk"),
    get("village_fund", FUND_VIEWERS, "pk=village_fund_pk", query="?list=members"),
    get("village_fund", FUND_VIEWERS, "pk=village_fund_pk", query="?list=receipts&on=2014-06-30"),
    get("village_loan", FUND_VIEWERS, "pk=village_loan_pk"),
    get("village_fund_new", OFFICES, about=False),
    post("village_fund_new", OFFICES, own={WRONG}),
    get("village_fund_receive", FUND_KEEPERS, "pk=village_fund_pk", about=False),
    post("village_fund_receive", FUND_KEEPERS, "pk=village_fund_pk", own={WRONG}),
    get("village_fund_join", FUND_KEEPERS, "pk=village_fund_pk", about=False),
    post("village_fund_join", FUND_KEEPERS, "pk=village_fund_pk", own={WRONG}),
    get("village_loan_ask", FUND_KEEPERS, "pk=village_fund_pk", about=False),
    post("village_loan_ask", FUND_KEEPERS, "pk=village_fund_pk", own={WRONG}),
    get("fund_member_leave", FUND_KEEPERS, "pk=fund_member_pk", about=False),
    post("fund_member_leave", FUND_KEEPERS, "pk=fund_member_pk", own={WRONG}),
    get("village_loan_repay", FUND_KEEPERS, "pk=village_loan_pk", about=False),
    post("village_loan_repay", FUND_KEEPERS, "pk=village_loan_pk", own={WRONG}),
    get("village_loan_lend", DECIDERS, "pk=asked_loan_pk", about=False),
    post("village_loan_lend", DECIDERS, "pk=asked_loan_pk", own={WRONG}),
    get("village_loan_refuse", DECIDERS, "pk=asked_loan_pk", about=False),
    post("village_loan_refuse", DECIDERS, "pk=asked_loan_pk", own={WRONG}),
    get("fund_receipt_back", DECIDERS, "pk=fund_receipt_pk", about=False),
    post("fund_receipt_back", DECIDERS, "pk=fund_receipt_pk", own={WRONG}),
    get("fund_repayment_back", DECIDERS, "pk=fund_repayment_pk", about=False),
    post("fund_repayment_back", DECIDERS, "pk=fund_repayment_pk", own={WRONG}),
    # interest subsidies: entry drafts, approval approves, finance pays and keeps the pot
    get("interest_list", BOOKKEEPERS),
    get("interest_loan", BOOKKEEPERS, "pk=interest_pk"),
    get("interest_loan_new", ENTERING, about=False),
    post("interest_loan_new", ENTERING, own={WRONG}),
    get("interest_loan_repaid", ENTERING, "pk=interest_pk"),
    post("interest_loan_repaid", ENTERING, "pk=interest_pk", own={WRONG}),
    get("interest_claim_new", ENTERING, "pk=interest_pk"),
    post("interest_claim_new", ENTERING, "pk=interest_pk", own={WRONG}),
    get("interest_claim_decide", APPROVING, "pk=claim_pk"),
    post("interest_claim_decide", APPROVING, "pk=claim_pk", own={WRONG}),
    get("interest_claim_pay", PAYING, "pk=claim_pk"),
    post("interest_claim_pay", PAYING, "pk=claim_pk", own={WRONG}),
    get("interest_pots", BOOKKEEPERS, about=False),
    get("interest_pot", BOOKKEEPERS, "code=county_code", about=False),
    get("interest_pot_act", PAYING, "code=county_code", "act=pot_act", about=False),
    post("interest_pot_act", PAYING, "code=county_code", "act=pot_act", own={WRONG}),
    # gifts: what came, on what it was spent; everybody by the receipt
    get("donation_list", BOOKKEEPERS),
    get("donation", BOOKKEEPERS, "pk=donation_pk"),
    get("donation_new", ENTERING | {Role.PROVINCE}, about=False),
    post("donation_new", ENTERING | {Role.PROVINCE}, own={WRONG}),
    get("donation_spend", PAYING, about=False),
    post("donation_spend", PAYING, own={WRONG}),
    get("public_donation", ALL, anonymous=OK, about=False),
    # lists that were announced before: the county's, two sign
    get("announced_list", COUNTY | {Role.LEADING_GROUP, Role.CITY, Role.PROVINCE, Role.AUDITOR}, about=False),
    get("announced_new", frozenset({Role.COUNTY_ENTRY}), "serial=import_serial", about=False),
    post("announced_new", frozenset({Role.COUNTY_ENTRY}), "serial=import_serial", own={WRONG}),
    get("announced_page", COUNTY | {Role.LEADING_GROUP, Role.CITY, Role.PROVINCE, Role.AUDITOR}, "pk=announced_pk", about=False),
    get("announced_file", COUNTY | {Role.LEADING_GROUP, Role.CITY, Role.PROVINCE, Role.AUDITOR}, "pk=announced_pk", about=False),
    post("announced_approve", frozenset({Role.COUNTY_REVIEW, Role.COUNTY_APPROVE}), "pk=announced_pk", own={FOUND}),
    # deadlines: each kind besides by its own permission; reminders are their receiver's alone
    get("deadline_board", NOTICED, about=False),
    get("deadline_list", NOTICED, about=False),
    get("deadline_detail", NOTICED, "pk=clock_pk", about=False),
    get("reminder_list", NOTICED | {Role.ENTERPRISE}, about=False),
    post("reminder_acknowledge", NOTICED | {Role.ENTERPRISE}, data={"reminder": "1"}, own={FOUND}),
    get("calendar_address", NOTICED | {Role.ENTERPRISE}, about=False),
    post("calendar_renew", NOTICED | {Role.ENTERPRISE}, own={OK}),
    post("calendar_close", NOTICED | {Role.ENTERPRISE}, own={FOUND}),
    get("calendar_file", ALL, "secret=calendar_guess", own={MISSING}, anonymous=MISSING, about=False, personal=True),
    # notices: what is posted everybody reads, and objects to
    get("public_notice_list", ALL, anonymous=OK, about=False),
    get("public_notice", ALL, "number=notice_no", anonymous=OK, about=False, personal=True),
    get("public_sheet", ALL, "number=notice_no", anonymous=OK, about=False, personal=True),
    get("public_photo", ALL, "pk=photo_pk", anonymous=OK, about=False, personal=True),
    get("public_check", ALL, anonymous=OK, about=False),
    get("public_objection", ALL, "number=notice_no", anonymous=OK, about=False, personal=True),
    post("public_objection", ALL, "number=notice_no", anonymous=WRONG, own={WRONG}, personal=True),
    get("public_answer", ALL, anonymous=OK, about=False),
    post("public_answer", ALL, anonymous=WRONG, own={WRONG}),
    get("notice_list", NOTICED, about=False),
    get("notice_draft", NOTICED, "number=notice_draft_no", about=False),
    post("notice_draft", POSTERS, "number=notice_draft_no"),
    get("notice_draft_sheet", NOTICED, "number=notice_draft_no", about=False),
    post("notice_redate", DRAWERS, "number=notice_draft_no", data={"on": "x"}, own={FOUND}),
    post("notice_discard", DRAWERS, "number=notice_draft_no", data={"reason": "名单要重新核对"}, own={FOUND}),
    get("notice_detail", NOTICED, "number=notice_no", about=False),
    get("notice_photo", NOTICED, "pk=photo_pk", about=False),
    post("notice_photo_add", POSTERS, "number=notice_no"),
    post("notice_take_down", HANDLERS, "number=notice_no", data={"reason": "名单有误，重新公示"}, own={FOUND}),
    get("objection_list", NOTICED, about=False),
    get("objection_new", POSTERS, "number=notice_no", about=False),
    post("objection_new", POSTERS, "number=notice_no", own={WRONG}),
    get("objection_detail", NOTICED, "number=objection_no", about=False),
    post("objection_detail", HANDLERS, "number=objection_no", data={"decision": "accept"}, own={FOUND}),
    get("objection_contact", HANDLERS, "number=objection_no", about=False),
    post("objection_contact", HANDLERS, "number=objection_no", own={WRONG}),
    # the register: lists and search
    get("household_list", VIEWERS),
    get("household_list", VIEWERS, query="?year=2013"),
    get("village_identification", VIEWERS, query="?year=2014&rate=1&income=100000", about=False),
    get("village_list", VIEWERS, about=False),
    get("labourer_list", VIEWERS),
    get("correction_list", VIEWERS),
    get("search", VIEWERS, about=False),
    post("search", VIEWERS, data={"q": lambda names: names["household_no"]}),
    # the card
    get("household_new", ENTRY, about=False),
    post("household_new", ENTRY, data={"entry_key": key, "village_code": lambda names: str(names["code"])}, own={WRONG}),
    post("card_check", ENTRY, data={"household_no": lambda names: names["household_no"], "year": "2014"}),
    post("id_lookup", ENTRY, data={"id_no": "11010519491231002X", "year": "2014"}),
    get("household_latest", VIEWERS, *HOUSEHOLD, own={FOUND}, about=False),
    get("household_card", VIEWERS, *HOUSEHOLD_YEAR),
    post("household_card", ENTRY, *HOUSEHOLD_YEAR, data={"year": "2014", "version": "1"}, own={FOUND, WRONG, CONFLICT}),
    get("household_history", VIEWERS, *HOUSEHOLD),
    get("household_recent", VIEWERS, *HOUSEHOLD),
    get("household_print", PRINTERS, *HOUSEHOLD_YEAR),
    get("correction_new", OFFICES, *HOUSEHOLD_YEAR, own={OK, FOUND}, about=False),
    post("correction_new", OFFICES, *HOUSEHOLD_YEAR),
    get("correction_decide", VIEWERS, "pk=slip_pk"),
    post("correction_decide", REVIEW, "pk=slip_pk", data={"decision": "reject", "note": "不符"}),
    get("year_close", frozenset({Role.PROVINCE}), about=False),
    post("year_close", frozenset({Role.PROVINCE}), data={"document": "x"}, own={WRONG}),
    # rounds are the province's, cases lie in their village
    get("round_list", VIEWERS, about=False),
    get("round_new", frozenset({Role.PROVINCE}), about=False),
    post("round_new", frozenset({Role.PROVINCE})),
    get("round_page", VIEWERS, "pk=round_pk", about=False, personal=True),
    get("quota_set", SHARERS, "pk=round_pk", "code", own={OK, FOUND}, about=False),
    post("quota_set", SHARERS, "pk=round_pk", "code"),
    get("quota_change", SHARERS, "pk=round_pk", "code", own={OK, FOUND}, about=False),
    post("quota_change", SHARERS, "pk=round_pk", "code"),
    get("round_applications", OPENERS, "pk=round_pk", "code", about=False),
    post("round_applications", OPENERS, "pk=round_pk", "code", own={WRONG}),
    get("case_paper", VIEWERS, "pk=paper_pk", about=False),
    get("case_list", VIEWERS, query="?state=open"),
    get("round_notice", LISTERS, "pk=round_pk", "code", own={OK, FOUND}, about=False),
    post("round_notice", LISTERS, "pk=round_pk", "code", data={"status": "M", "on": "2014-07-01"}),
    get("case_notice", LISTERS, "number=case_number", own={OK, FOUND}, about=False),
    post("case_notice", LISTERS, "number=case_number", data={"on": "2014-07-01"}),
    get("case_page", VIEWERS, "number=case_number"),
    get("case_step", TAKERS, "number=case_number", "name=step", own={OK, FOUND}, about=False),
    post("case_step", TAKERS, "number=case_number", "name=step"),
    get("case_batch", TAKERS, "pk=round_pk", "code", own={OK, FOUND}, about=False),
    post("case_batch", TAKERS, "pk=round_pk", "code", data={"status": "D", "step": "apply"}),
    get("case_start", VIEWERS, *HOUSEHOLD, own={OK, FOUND}, about=False),
    get("case_start_village", VIEWERS, "code", own={OK, FOUND}, about=False),
    post("case_open", OPENERS, data={"household": lambda names: names["household_no"], "track": "ENTRY"}),
    # other departments' lists, what they found, what is handed over to civil affairs
    get("matching_lists", COMPARERS, about=False),
    get("matching_load", LOADERS, about=False),
    post("matching_load", LOADERS, own={WRONG}),
    get("matching_template", LOADERS, "kind=list_kind", about=False, personal=True),
    get("matching_faults", NOBODY, "job_id", personal=True),
    get("matching_list", COMPARERS, "pk=list_pk", about=False),
    post("matching_withdraw", LOADERS, "pk=list_pk", data={"reason": ""}, own={FOUND}),
    get("hit_list", HIT_VIEWERS),
    post("hits_decide", DECIDERS, data={"hit": lambda names: str(names["hit_pk"])}, own={WRONG}),
    get("hit_undo", DECIDERS, "pk=hit_pk", own={FOUND}, about=False),
    post("hit_undo", DECIDERS, "pk=hit_pk", data={"reason": "看错了"}, own={FOUND}),
    get("linkage_list", COMPARERS, about=False),
    get("transfer_list", COMPARERS, query="?state=all", about=False),
    get("transfer_new", OFFICES, about=False),
    post("transfer_new", OFFICES, own={WRONG}),
    get("transfer_page", COMPARERS, "number=transfer_no"),
    post("transfer_send", OFFICES, "number=transfer_no", data={"sent_on": "2014-07-02"}, own={FOUND}),
    post("transfer_answer", CIVIL, "number=transfer_no", own={WRONG}),
    get("transfer_print", COMPARERS, "number=transfer_no"),
    # re-identification: what was found for a county is read down to its villages; cases are opened by whoever opens them anyway
    get("reidentification_list", VIEWERS, about=False),
    get("reidentification_new", JUDGES, about=False),
    post("reidentification_new", JUDGES, data={"division": "x", "year": "2015"}, own={WRONG}),
    get("reidentification_run", VIEWERS, "pk=run_pk", about=False),
    get("reidentification_findings", VIEWERS, query="?listed=2"),
    post("reidentification_go_on", JUDGES, "pk=run_pk", own={FOUND}),
    post("reidentification_open", OPENERS, "pk=run_pk", data={"listed": "2"}, own={FOUND}),
    get("register_ledger", VIEWERS, about=False),
    get("register_ledger_households", VIEWERS, query="?part=closing", about=False),
    get("household_split", OFFICES, *HOUSEHOLD),
    post("household_split", OFFICES, *HOUSEHOLD),
    get("household_merge", OFFICES, *HOUSEHOLD),
    post("household_merge", OFFICES, *HOUSEHOLD),
    get("household_move", OFFICES, *HOUSEHOLD),
    post("household_move", OFFICES, *HOUSEHOLD),
    get("moving_list", DUPLICATES, query="?list=leaving"),
    get("moving_new", frozenset({Role.COUNTY_ENTRY}), *HOUSEHOLD),
    post("moving_new", frozenset({Role.COUNTY_ENTRY}), *HOUSEHOLD),
    get("moving_page", DUPLICATES, "pk=move_pk"),
    post("moving_page", frozenset({Role.COUNTY_ENTRY}), "pk=move_pk", data={"decision": "withdraw", "reason": "户主不愿迁"}),
    get("household_undo", OFFICES, "pk=link_pk", about=False),
    post("household_undo", OFFICES, "pk=link_pk", data={"reason": "分错了"}),
    # the auditor's bench
    get("audit_questions", AUDITING, about=False),
    get("audit_question", AUDITING, "code=question", about=False, personal=True),
    # projects
    get("project_list", PROJECT_VIEWERS),
    get("project_slow", PROJECT_VIEWERS, about=False),
    get("project_new", CLERKS, about=False),
    post("project_new", CLERKS, data={"name": "道路"}),
    get("project_page", PROJECT_VIEWERS, PROJECT),
    get("project_edit", CLERKS, PROJECT),
    post("project_edit", CLERKS, PROJECT, data={"name": "道路"}),
    get("project_village_add", CLERKS, PROJECT),
    post("project_village_add", CLERKS, PROJECT, data={"village": "141124101201"}),
    get("project_step", STEPPERS, PROJECT, "step=project_step"),
    post("project_step", STEPPERS, PROJECT, "step=project_step", data={"on": "2014-07-01"}),
    get("project_notices", CLERKS, PROJECT),
    post("project_notices", CLERKS, PROJECT, data={"on": "2014-07-01"}),
    get("project_file_add", PROJECT_FILERS, PROJECT),
    post("project_file_add", PROJECT_FILERS, PROJECT, data={"kind": "PHOTO", "file": picture}),
    get("project_file", PROJECT_VIEWERS, "pk=project_file_pk", about=False),
    get("project_file_withdraw", PROJECT_FILERS, "pk=project_file_pk"),
    post("project_file_withdraw", PROJECT_FILERS, "pk=project_file_pk", data={"sure": "1"}),
    get("project_households", PROJECT_VIEWERS, PROJECT),
    get("project_household_add", OFFICES, PROJECT),
    post("project_household_add", OFFICES, PROJECT, data={"on": "2014-07-01", "numbers": "1411241012000001"}),
    get("project_household_remove", OFFICES, "pk=project_household_pk"),
    post("project_household_remove", OFFICES, "pk=project_household_pk", data={"on": "2014-07-01", "because": "举家外迁"}),
    get("project_check_new", CHECKERS, PROJECT),
    post("project_check_new", CHECKERS, PROJECT, data={"link": "PLAN", "on": "2014-07-01", "finding": "齐全", "has_problem": "0"}),
    get("project_check_mend", COUNTY - {Role.COUNTY_APPROVE}, "pk=project_check_pk"),
    post("project_check_mend", COUNTY - {Role.COUNTY_APPROVE}, "pk=project_check_pk", data={"on": "2014-07-01", "how": "已补"}),
    get("project_check_close", CHECKERS, "pk=project_check_pk"),
    post("project_check_close", CHECKERS, "pk=project_check_pk", data={"on": "2014-07-01"}),
    get("audit_changes", AUDITING, about=False),
    get("sample_list", AUDITING, about=False),
    get("sample_new", SAMPLERS, about=False),
    post("sample_new", SAMPLERS, data={"size": "0"}),
    get("sample_page", AUDITING, "pk=sample_pk", about=False),
    post("sample_print", SAMPLERS, "pk=sample_pk"),
    get("sampled_page", AUDITING, "pk=sampled_pk", about=False),
    post("sampled_find", SAMPLERS, "pk=sampled_pk"),
    # bulk prints
    get("print_choose", DUPLICATES, own={OK, FOUND}, about=False),
    get("print_batch", DUPLICATES, "code", "year", about=False),
    post("print_batch", DUPLICATES, "code", "year", data={"what": "cards"}),
    # likely duplicates
    get("duplicate_list", DUPLICATES),
    post("duplicate_find", FINDERS, data={"county": "141124000000"}),
    get("duplicate_page", DUPLICATES, "pk=ticket_pk"),
    post("duplicate_decide", SETTLERS, "pk=ticket_pk", data={"decision": "TWO", "reason": ""}),
    get("duplicate_merge", SETTLERS, "pk=ticket_pk", about=False),
    post("duplicate_merge", SETTLERS, "pk=ticket_pk", data={"keep": "first"}),
    post("duplicate_reopen", SETTLERS, "pk=ticket_pk", data={"reason": "再核一次"}),
    get("attachment_add", ENTRY, *HOUSEHOLD_YEAR, about=False),
    post("attachment_add", ENTRY, *HOUSEHOLD_YEAR, data={"kind": "PHOTO", "file": picture}),
    get("attachment_file", VIEWERS, "pk=attachment_pk", about=False),
    get("attachment_withdraw", ENTRY, "pk=attachment_pk", about=False),
    post("attachment_withdraw", ENTRY, "pk=attachment_pk", data={"reason": "照片模糊"}),
    get("household_reveal", REVEALERS, *HOUSEHOLD_YEAR),
    post("household_reveal", REVEALERS, *HOUSEHOLD_YEAR, data={"reason": ""}),
    get("member_reveal", REVEALERS, "member_no", own={FOUND}, about=False),
    # drafts are their author's alone
    get("draft_list", ENTRY, about=False),
    post("draft_save", NOBODY, "draft_id", personal=True, json=True, data={"form": "card", "sequence": 5, "fields": []}),
    get("draft_discard", NOBODY, "draft_id", personal=True),
    post("draft_discard", NOBODY, "draft_id", personal=True),
    # villages
    get("village_correct", OFFICES, "code", "year", own={OK, FOUND}, about=False),
    post("village_correct", OFFICES, "code", "year"),
    get("village_table", VIEWERS, "code", "year", about=False),
    post("village_table", ENTRY, "code", "year", data={"year": "2014", "version": "1"}, own={FOUND, WRONG, CONFLICT}),
    get("village_grid", VIEWERS, "code", "year"),
    post("village_grid", ENTRY, "code", "year"),
    get("village_print", PRINTERS, "code", "year", about=False),
    get("natural_village_list", VIEWERS, "code"),
    post("natural_village_list", ENTRY, "code", data={"name": "新沟"}),
    # labourers
    get("labourer_card", VIEWERS, "member_no", "year"),
    post("labourer_card", ENTRY, "member_no", "year", data={"year": "2014", "version": "1"}, own={FOUND, WRONG, CONFLICT}),
    get("labourer_correct", OFFICES, "member_no", "year", own={OK, FOUND}, about=False),
    post("labourer_correct", OFFICES, "member_no", "year"),
    get("labourer_print", PRINTERS, "member_no", "year"),
    # programs
    api("api:divisions-list", ALL, about=False),
    api("api:divisions-detail", ALL, "code", about=False),
    api("api:villages-list", VIEWERS, about=False),
    api("api:villages-detail", VIEWERS, "village_code=code", about=False),
    api_write("api:villages-detail", ENTRY, "village_code=code", method="PUT"),
    api_write("api:villages-detail", ENTRY, "village_code=code", method="PATCH"),
    api("api:households-list", VIEWERS),
    api_write("api:households-list", ENTRY, method="POST"),
    api("api:households-detail", VIEWERS, "household_no"),
    api_write("api:households-detail", ENTRY, "household_no", method="PUT"),
    api_write("api:households-detail", ENTRY, "household_no", method="PATCH"),
    api("api:members-list", VIEWERS),
    api("api:members-detail", VIEWERS, "member_no"),
    api("api:labourers-list", VIEWERS),
    api_write("api:labourers-list", ENTRY, method="POST"),
    api("api:labourers-detail", VIEWERS, "member_no"),
    api_write("api:labourers-detail", ENTRY, "member_no", method="PUT"),
    api_write("api:labourers-detail", ENTRY, "member_no", method="PATCH"),
    api("api:cases-list", VIEWERS),
    api_write("api:cases-list", OPENERS, method="POST"),
    api("api:cases-detail", VIEWERS, "number=case_number"),
    api_write("api:cases-steps", TAKERS, "number=case_number", method="POST", data={"name": "apply", "on": "2014-07-01"}),
    api("api:appropriations-list", MONEY, about=False),
    api("api:appropriations-detail", MONEY, "id=document_pk", about=False, own={OK, MISSING}),
    api("api:allotments-list", MONEY, about=False),
    api("api:allotments-detail", MONEY, "id=allotment_pk", about=False, own={OK, MISSING}),
    api("api:notices-list", NOTICED, about=False),
    api("api:notices-detail", NOTICED, "number=notice_no", about=False),
    api("api:projects-list", PROJECT_VIEWERS),
    api("api:projects-detail", PROJECT_VIEWERS, "number=project_number"),
    api("api:measures-list", VIEWERS),
    api_write("api:measures-list", ENTRY, method="POST"),
    api("api:measures-detail", VIEWERS, "id=measure_pk"),
    api("api:payments-list", DESK_VIEWERS, about=False),
    api("api:payments-detail", DESK_VIEWERS, "pk=payment_pk", own={OK, MISSING}, about=False),
    api("api:returns-list", DESK_VIEWERS, about=False),
    api("api:returns-detail", DESK_VIEWERS, "pk=return_pk", own={OK, MISSING}, about=False),
    api("api:deadlines-list", NOTICED, about=False),
    api("api:deadlines-detail", NOTICED, "id=clock_pk", about=False),
)  # fmt: skip

READS: Final = [line for line in TABLE if line.method == "GET"]
SCOPED: Final = sorted(role for role in ALL if not sees_all(role))


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The two counties, built once; each test leaves them as it found them."""
    from django.conf import settings

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        patch.setattr(Manuscript, "typeset", lambda self, **_: repr(self.data).encode())
        own = connections["record"]
        connections["record"] = connections["default"]
        try:
            with transaction.atomic():
                yield build()
                transaction.set_rollback(True)
        finally:
            connections["record"] = own
            forget_closing()


@pytest.fixture(autouse=True)
def _undone(request: pytest.FixtureRequest) -> Iterator[None]:
    if "world" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("world")
    cache.clear()  # so many requests from one address have to wait
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(line: Address, browser: Client, names: Mapping[str, object]) -> tuple[int, str]:
    """Return status and body of a request that leaves nothing behind."""
    browser.raise_request_exception = False
    cookies = deepcopy(browser.cookies)  # signing out takes the session's
    with transaction.atomic():
        answer = line.ask(browser, names)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    browser.cookies = cookies
    return answer.status_code, body.decode(errors="replace")


def prove_again(browser: Client) -> None:
    """Let the last password be a recent one: the table takes its time."""
    session = browser.session
    session["proved_at"] = timezone.now().timestamp()
    session.save()


def test_every_address_stands_in_the_table() -> None:
    """Those of help (帮扶) have a table of their own, with their own households, teams and links."""
    of_help = {
        name
        for name in (address.name for address in addresses())
        if name.startswith(("help_", "lead_village"))
    }
    beside = "".join(
        path.read_text() for path in (Path(__file__).parent / "registry/views/help").glob("test_*.py")
    )
    assert {name for name in of_help if f'"{name}"' not in beside} == set()
    assert {address.name for address in addresses()} - of_help == {line.name for line in TABLE}


@pytest.mark.parametrize("line", TABLE, ids=str)
def test_who_comes_in(world: World, line: Address) -> None:
    """Whom the table names, to his own; everybody else to nothing; and nothing of the other county is shown, nor a whole number."""
    answers = {}
    for role, browser in world.browsers.items():
        if line.method == "POST":
            prove_again(browser)
        status, body = asked(line, browser, world.own.names)
        elsewhere = {MISSING, REFUSED} if line.personal else {REFUSED}
        allowed = set(line.own) if role in line.roles else elsewhere
        if status not in allowed:
            answers[role] = (status, sorted(allowed))
        if role in line.roles and line.about and status == OK and line.method == "GET":
            assert any(canary in body for canary in world.own.canaries), f"{role} sees nothing of his own"
        if not sees_all(role):
            assert not [canary for canary in world.other.canaries if canary in body], role
        if status < 300:
            assert not [secret for secret in world.own.secrets + world.other.secrets if secret in body], role
    assert answers == {}
    assert asked(line, Client(), world.own.names)[0] == line.anonymous


@pytest.mark.parametrize("line", [line for line in TABLE if line.foreign], ids=str)
def test_what_lies_in_another_county_does_not_exist(world: World, line: Address) -> None:
    before = fingerprint()
    for role in SCOPED:
        if role not in line.roles and role is not Role.ENTERPRISE:
            continue  # refused before anything is looked up: one of them is enough
        browser = world.browsers[role]
        if line.method == "POST":
            prove_again(browser)
        assert line.ask(browser, world.other.names).status_code == (
            MISSING if role in line.roles else REFUSED
        ), role
    assert fingerprint() == before


UNFILTERED: Final = [line for line in READS if not line.personal]


@pytest.mark.parametrize("line", UNFILTERED, ids=str)
def test_row_level_security_holds_where_the_filter_is_forgotten(
    world: World, line: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_filters(monkeypatch)
    for role in (Role.VILLAGE, Role.COUNTY_ENTRY, Role.COUNTY_REVIEW, Role.AUDITOR):
        if role not in line.roles:
            continue
        for names in (world.own.names, world.other.names) if line.foreign else (world.own.names,):
            status, body = asked(line, world.browsers[role], names)
            assert not [
                canary for canary in world.other.canaries if canary in body.replace(line.url(names), "")
            ], role
            assert names is world.own.names or status in {MISSING, REFUSED} or not line.about, (role, status)


def test_without_both_walls_it_would_show(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the walls are what keeps the other county's card away, and nothing else."""
    forget_filters(monkeypatch)
    line = next(line for line in READS if line.name == "household_card")
    browser = world.browsers[Role.COUNTY_ENTRY]
    assert asked(line, browser, world.other.names)[0] == MISSING
    low, high = code_range(PROVINCE_CODE)
    monkeypatch.setattr(
        scope_middleware,
        "enter_scope",
        lambda _low, _high, *, user_id: enter_scope(low, high, user_id=user_id),
    )
    status, body = asked(line, browser, world.other.names)
    assert status == OK
    assert world.other.head in body


def forget_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the application's own filter away."""
    monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda self, _user: self)
    monkeypatch.setattr(ScopedQuerySet, "within", lambda self, _code: self)


def fuzz(name: str, *takes: str, **data: Callable[[World], Any] | str) -> Any:
    """Return a request whose body names something of the other county."""
    return pytest.param(name, takes, data, id=f"{name} {'+'.join(data)}")


def theirs(name: str) -> Callable[[World], Any]:
    return lambda world: str(world.other.names[name])


def mine(name: str) -> Callable[[World], Any]:
    return lambda world: str(world.own.names[name])


@pytest.mark.parametrize(
    ("name", "takes", "data"),
    [
        fuzz("household_new", village_code=theirs("code"), entry_key=lambda _: str(uuid.uuid4())),
        fuzz("card_check", household_no=theirs("household_no"), year="2014"),
        fuzz("card_check", village_code=theirs("code"), year="2014"),
        fuzz("id_lookup", household_no=theirs("household_no"), village_code=theirs("code"), year="2014", id_no="1"),
        fuzz("search", q=theirs("household_no")),
        fuzz("search", q=theirs("member_no")),
        fuzz("search", q=lambda world: world.other.head),
        fuzz("search", q=lambda world: world.other.secrets[-1]),
        fuzz("household_move", "household_no", to_village=theirs("code"), reason="投亲靠友", confirmed="1"),
        fuzz("household_merge", "household_no", into=theirs("household_no"), reason="合并生活", confirmed="1"),
        fuzz("household_card", *HOUSEHOLD_YEAR, household_no=theirs("household_no"), village_code=theirs("code"), version="1"),
        fuzz("export_start", kind="households", year="2014", format="csv", query=lambda world: f"division={world.other.village}"),
        fuzz("export_start", kind="villages", year="2014", format="csv", query=lambda world: f"division={world.other.village}"),
    ],
)  # fmt: skip
def test_numbers_of_another_county_in_a_body_choose_nothing(
    world: World, name: str, takes: tuple[str, ...], data: Mapping[str, Any]
) -> None:
    browser = world.browsers[Role.COUNTY_ENTRY]
    browser.raise_request_exception = False
    prove_again(browser)
    before = theirs_only(world)
    url = reverse(name, kwargs={one: world.own.names[one] for one in takes})
    posted = {key: value(world) if callable(value) else value for key, value in data.items()}
    with transaction.atomic():
        answer = browser.post(url, posted)
        assert answer.status_code < 500
        body = answer.content.decode()
        for value in posted.values():
            body = body.replace(str(value), "")
        assert not [canary for canary in world.other.canaries if canary in body]
        assert theirs_only(world) == before
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "name", ["household_list", "village_list", "labourer_list", "api:households-list", "api:members-list"]
)
@pytest.mark.parametrize("asked_for", ["division", "village", "household", "q", "search"])
def test_a_filter_reaches_no_further_than_the_post(world: World, name: str, asked_for: str) -> None:
    browser = world.browsers[Role.COUNTY_REVIEW]
    for value in (world.other.village, world.other.names["household_no"], world.other.head):
        answer = browser.get(reverse(name), {asked_for: value})
        body = answer.content.decode().replace(str(value), "")
        assert answer.status_code < 500
        assert not [canary for canary in world.other.canaries if canary in body]


def theirs_only(world: World) -> list[tuple[Any, ...]]:
    """Return what the other county's cards say."""
    enter_scope(*code_range(PROVINCE_CODE), user_id=None)
    rows = HouseholdYear.objects.filter(division_id=world.other.village).order_by("pk")
    return list(rows.values_list("pk", "version", "address", "member_count", "household__status"))
