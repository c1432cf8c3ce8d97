"""Those who handle money, a document and its scheme; for tests of money and its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from funds.models import Appropriation, FactorKind, FactorValue, Scheme, SchemeCounty, SchemeWeight
from funds.services.allotments import issue_project
from funds.services.documents import approve, register
from funds.services.schemes import Given, draft
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.accounts.scope import enter_scope
from fupin.divisions.codes import PROVINCE_CODE, code_range
from tests.conftest import KELAN, LINXIAN, LVLIANG, person
from tests.registry.cases import act_as

SHILOU = 141126000000
"""A third county beside 临县 and 岢岚县."""
COUNTIES = (KELAN, LINXIAN, SHILOU)
FIGURES: Mapping[str, tuple[str, str, str]] = {
    "POOR_POPULATION": ("42000", "30000", "18000"),
    "NET_INCOME": ("4200", "5600", "6400"),
    "FISCAL_PER_HEAD": ("1500", "2600", "4000"),
    "PERFORMANCE": ("86", "92", "75"),
}
"""The worked example of F-01, for the counties in this order."""
WEIGHTS = {"POOR_POPULATION": "0.5", "NET_INCOME": "0.2", "FISCAL_PER_HEAD": "0.1", "PERFORMANCE": "0.2"}


@dataclass
class Treasury:
    """Who has a hand in money: two of the province, its finance, a city and its finance, a county and its finance."""

    drafter: User
    second: User
    finance: User
    city: User
    city_finance: User
    county_finance: User
    county: User


def treasury() -> Treasury:
    """Return them, complete."""
    return Treasury(
        drafter=person("ni", Role.PROVINCE, PROVINCE_CODE, full_name="拟红"),
        second=person("fu", Role.PROVINCE, PROVINCE_CODE, full_name="复核"),
        finance=person("caisheng", Role.FINANCE, PROVINCE_CODE, full_name="财省"),
        city=person("shijin", Role.CITY, LVLIANG, full_name="市进"),
        city_finance=person("caishi", Role.FINANCE, LVLIANG, full_name="财市"),
        county_finance=person("caixian", Role.FINANCE, LINXIAN, full_name="财县"),
        county=person("xianlu", Role.COUNTY_ENTRY, LINXIAN, full_name="县录"),
    )


def document(people: Treasury, number: str = "财农〔2014〕41号", **values: Any) -> Appropriation:
    """Return a document that waits for its second person."""
    act_as(people.drafter)
    given: dict[str, Any] = {
        "level": "CENTRAL", "kind": "DEVELOPMENT", "fiscal_year": 2014, "issued_on": date(2014, 5, 9),
        "received_on": date(2014, 5, 12), "purpose": "扶贫发展", "amount_yuan": Decimal("90000000.00"),
    }  # fmt: skip
    return Appropriation.objects.create(
        division_id=PROVINCE_CODE, number=number, entered_by=people.drafter, **(given | values)
    )


def figures(people: Treasury, *, year: int = 2013, left_out: tuple[int, str] | None = None) -> None:
    """Enter the figures of the worked example, one left out where it is said."""
    act_as(people.drafter)
    for code, values in FIGURES.items():
        kind = FactorKind.objects.get(code=code)
        for county, value in zip(COUNTIES, values, strict=True):
            if (county, code) != left_out:
                FactorValue.objects.create(
                    division_id=county, year=year, kind=kind, value=Decimal(value), data_on=date(2013, 12, 31),
                    source="省统计局", entered_by=people.drafter,
                )  # fmt: skip


def scheme(people: Treasury, of: Appropriation, name: str = "A", **values: Any) -> Scheme:
    """Return a draft with the weights of the worked example and its three counties."""
    act_as(people.drafter)
    drafted = Scheme.objects.create(
        division_id=PROVINCE_CODE, appropriation=of, name=name, year=2013,
        weights_document="晋扶领〔2014〕12号", entered_by=people.drafter, **values,
    )  # fmt: skip
    for code, weight in WEIGHTS.items():
        SchemeWeight.objects.create(
            division_id=PROVINCE_CODE, scheme=drafted, kind=FactorKind.objects.get(code=code),
            weight=Decimal(weight), document_no=drafted.weights_document, changed_by=people.drafter,
        )  # fmt: skip
    for county in COUNTIES:
        SchemeCounty.objects.create(division_id=PROVINCE_CODE, scheme=drafted, county_id=county)
    return drafted


def one_of_each(county: int, words: str) -> dict[str, object]:
    """A document, a scheme and an allotment of one county, whose tasks bear its words; for the tests of permissions."""
    enter_scope(*code_range(PROVINCE_CODE), user_id=None)
    of = register(
        actor=None, number=f"财农〔2014〕{county % 10**8}号", level="CENTRAL", kind="DEVELOPMENT", fiscal_year=2014,
        issued_on=date(2014, 5, 9), received_on=date(2014, 5, 12), purpose="扶贫发展", amount_yuan=Decimal("100.00"),
        needs_prov_approval=True, approval_reason="跨县项目",
    )  # fmt: skip
    approve(actor=None, document=of, on=date(2014, 5, 13))
    given = Given(
        name="A", year=2013, weights_document="晋扶领〔2014〕12号",
        weights={code: Decimal(weight) for code, weight in WEIGHTS.items()}, counties=[county],
    )  # fmt: skip
    drafted = draft(actor=None, document=of, given=given)
    issued = issue_project(
        actor=None, document=of, county=county, amount_yuan=Decimal("60.00"), document_no="晋财农〔2014〕60号",
        on=date(2014, 6, 10), tasks=words, answerable="县长", key=f"world/{county}/issue",
    )  # fmt: skip
    return {
        "document_pk": of.pk,
        "scheme_pk": drafted.pk,
        "allotment_pk": issued.pk,
        "county_code": county,
    }
