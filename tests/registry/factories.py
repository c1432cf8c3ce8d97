"""Cards of invented people, valid by every rule, and their households in the register.

ID numbers lie under the address codes 149901–149999, which were never given to anybody.
"""

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from fupin.accounts.models import User
from fupin.lib.idnumber import compose
from registry.rules.card import Card, Condition, Income, MemberCard
from registry.services.cards import SavedCard, save_card

TODAY = date(2014, 6, 30)
VILLAGE = 141124101200
OTHER_VILLAGE = 141124101201
KELAN_VILLAGE = 140929100200

_serial = count(1)


def id_number(born: date = date(1970, 5, 6), *, male: bool = True, serial: int | None = None) -> str:
    """Return an ID number that nothing else in this test has: the area moves on with the serial."""
    number = next(_serial) if serial is None else serial
    area, place = divmod(number, 499)
    return compose(str(149901 + area % 99), born, place * 2 + (1 if male else 0))


def member(**values: Any) -> MemberCard:
    """Return a man of 44, able to work, who does not work away; any field may be given."""
    male = values.get("sex") != "2"
    born = values.pop("born", date(1970, 5, 6))
    defaults: dict[str, Any] = {
        "name": "张建国" if male else "李秀英",
        "sex": "1" if male else "2",
        "id_type": "01",
        "id_no": id_number(born, male=male),
        "relation": "01",
        "ethnic": "01",
        "political": "13",
        "education": "03",
        "student": "01",
        "health": ("01",),
        "labor": "01",
        "in_ncms": True,
        "in_pension": True,
        "is_dibao": False,
        "is_wubao": False,
        "is_soldier": False,
    }
    return MemberCard(**{**defaults, **values})


def wife(**values: Any) -> MemberCard:
    """Return the man's wife."""
    return member(**{"sex": "2", "relation": "02", "born": date(1972, 3, 4), **values})


def pupil(**values: Any) -> MemberCard:
    """Return their son, at a primary school."""
    defaults = {
        "name": "张小明",
        "relation": "03",
        "born": date(2003, 9, 1),
        "education": "02",
        "student": "03",
        "school": "白文小学",
        "labor": "04",
        "in_pension": None,
    }
    return member(**{**defaults, **values})


def income(**values: Any) -> Income:
    """Return an income well below the line; R-41 is kept quiet by some outlay."""
    defaults = {
        "wage_income": Decimal(0),
        "business_income": Decimal("5200.00"),
        "property_income": Decimal("300.00"),
        "tr_family_planning": Decimal(0),
        "tr_dibao": Decimal(0),
        "tr_wubao": Decimal(0),
        "tr_pension": Decimal(0),
        "tr_eco": Decimal("480.00"),
        "tr_other": Decimal("200.00"),
        "business_expense": Decimal("2600.00"),
    }
    return Income(**{**defaults, **values})


def condition(**values: Any) -> Condition:
    """Return the living conditions of a household in a loess cave."""
    defaults: dict[str, Any] = {
        "arable_area": Decimal("12.00"),
        "irrigated_area": Decimal("1.50"),
        "forest_area": Decimal(0),
        "returned_forest_area": Decimal("3.00"),
        "fruit_area": Decimal(0),
        "pasture_area": Decimal(0),
        "water_area": Decimal(0),
        "has_prod_power": True,
        "has_life_power": True,
        "has_tv": True,
        "water_difficult": False,
        "water_safe": True,
        "tap_water": True,
        "road_distance": Decimal("1.20"),
        "road_type": "01",
        "house_area": Decimal("60.00"),
        "house_structure": "5",
        "danger_level": "2",
        "fuel_type": "03",
        "has_toilet": False,
        "in_coop": False,
        "has_leading_ent": False,
        "in_mutual_fund": False,
    }
    return Condition(**{**defaults, **values})


def card(*members: MemberCard, **values: Any) -> Card:
    """Return a card without an error, of a couple with a pupil unless members are given."""
    defaults: dict[str, Any] = {
        "year": 2014,
        "village_code": str(VILLAGE),
        "natural_village": "前庄",
        "address": "白文镇前庄12号",
        "phone": "13800000001",
        "id_standard": "1",
        "poor_type": "01",
        "cause_main": "09",
        "cause_other": ("07",),
        "plan_exit_year": 2016,
        "income": income(),
        "condition": condition(),
        "members": members or (member(), wife(), pupil()),
    }
    return Card(**{**defaults, **values})


def saved(actor: User, given: Card | None = None, **values: Any) -> SavedCard:
    """Return a card that the actor has just entered."""
    return save_card(
        actor=actor,
        household=None,
        card=given or card(**values),
        base_version=None,
        entry_key=uuid.uuid4(),
        confirmed={},
        on=TODAY,
    )


def change(actor: User, before: SavedCard, given: Card, **values: Any) -> SavedCard:
    """Return the card after the actor saved it anew, started from the version in hand."""
    return save_card(
        actor=actor,
        household=before.household,
        card=given,
        base_version=values.pop("base_version", before.household_year.version),
        entry_key=uuid.uuid4(),
        confirmed=values.pop("confirmed", {}),
        on=values.pop("on", TODAY),
    )


def with_member(given: Card, place: int, **values: Any) -> Card:
    """Return the card with some fields of one member replaced."""
    members = list(given.members)
    members[place] = replace(members[place], **values)
    return replace(given, members=tuple(members))
