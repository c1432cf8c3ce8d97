"""From records to manuscripts: what a template cannot or should not work out is worked out here.

A record is a mapping of plain values under the names of the data standard: a coded value is `"01 因病"`, a
set of them a list, an amount or an area a Decimal, a day a date; None was never collected. Its `version` is
that of the card, its `divisions` the names from the province down to the village.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeAlias

from fupin.prints.checkcode import Sheet
from fupin.prints.typesetter import Manuscript
from registry.prints.figures import cents, divided
from registry.prints.imprint import Imprint
from registry.prints.redaction import redacted
from registry.rules.poverty import above_line, below_line

Record: TypeAlias = Mapping[str, Any]

TEMPLATES: Final = Path(__file__).resolve().parent

PHOTOGRAPHS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
"""How a JPEG and a PNG begin; another file is no photograph and leaves its frame empty."""

IDENTIFICATION: Final = (
    ("A", "农户申请"),
    ("M", "民主评议"),
    ("P1", "第一次公示"),
    ("V", "村级核实"),
    ("T", "乡镇审核"),
    ("P2", "第二次公示"),
    ("C", "县级复审"),
    ("N", "公告"),
)
"""The eight steps of identification (CL24), which the card prints whether taken or not."""


# ---- 户卡 ------------------------------------------------------------------------------------------


def household_sheet(record: Record) -> Sheet:
    """Return which sheet a household's record makes."""
    return Sheet("household", record["household_no"], record["year"], record["version"])


def household_cards(records: Sequence[Record], imprint: Imprint) -> Manuscript:
    """Return the manuscript of 户卡, one card a record."""
    cards, files = [], dict[str, bytes]()
    for at, record in enumerate(records):
        card = _household_card(record)
        if (photo := record.get("photo")) and photo.startswith(PHOTOGRAPHS):
            card["photo"] = f"photo-{at}"
            files[card["photo"]] = photo
        card["sheet"] = imprint.of_sheet(household_sheet(record), record)
        cards.append(card)
    return Manuscript(TEMPLATES / "household_card.typ", {**imprint.of_file(records), "cards": cards}, files)


def _household_card(record: Record) -> dict[str, Any]:
    income, past = record["income"], record.get("income_prev")
    arable, count = record["condition"]["arable_area"], record["member_count"]
    counted = [member for member in record["members"] if member.get("counted", True)]
    gone = [member for member in record["members"] if not member.get("counted", True)]
    return {
        "assist_persons": [],
        "assist_plans": [],
        "assist_measures": [],
        "assist_effect": None,
        "exit_steps": [],
        "changes": [],
        "nat_household_id": None,
        **redacted(record),
        **place(record),
        "photo": None,
        "income_prev": past,
        "relocation": _relocation(record.get("relocation")),
        "members": [redacted(_seated(member, year=record["year"])) for member in counted],
        "remarks": _scrubbed(chain(map(_remark, counted), map(_departure, gone))),
        "arable_pc": divided(arable, count),
        "poverty_line": cents(record["poverty_line"]),
        "standing": standing(income, past, line=record["poverty_line"], count=count),
        "steps": _course(record.get("steps", ())),
    }


def _seated(member: Record, *, year: int) -> dict[str, Any]:
    """Return a member with his seat, the last two digits of his number, and his age at the year's end.

    Of several ailments the column holds the codes; their names stand in the remarks.
    """
    born = member["birth_date"]
    health = member["health"]
    return {
        **member,
        "seat": member["member_no"][-2:],
        "age": None if born is None else year - born.year,
        "health": health if len(health) < 2 else "、".join(code for code, *_ in map(str.split, health)),
    }


def _remark(member: Record) -> str | None:
    """Return what of a member has no column on the card, each with its name."""
    parts = [
        None if member["id_type"].startswith("01") else f"证件 {member['id_type']}",
        "健康状况 " + "、".join(member["health"]) if len(member["health"]) > 1 else None,
        _said("就读 ", member["school"]),
        _said("失学辍学原因 ", member["dropout_reason"]),
        _said("患 ", "、".join(filter(None, (member["disease"], member["disease_level"])))),
        _said("残疾证 ", _disability(member["disability_no"])),
        _said("务工 ", " ".join(filter(None, (member["work_place"], member["work_org"])))),
        _said("电话 ", redacted({"phone": member["phone"]})["phone"]),
        _said("变动 ", " ".join(filter(None, (member["change_type"], _day(member["change_date"]))))),
    ]
    said = "，".join(filter(None, parts))
    return f"{member['member_no'][-2:]} {member['name']}：{said}" if said else None


def _departure(member: Record) -> str:
    """Return the line of a member who no longer counts at the year's end."""
    change = " ".join(filter(None, (member["change_type"], _day(member["change_date"]))))
    return f"{member['member_no'][-2:]} {member['name']}：年内减少 {change}"


_DISABILITIES: Final = {
    "1": "视力",
    "2": "听力",
    "3": "言语",
    "4": "肢体",
    "5": "智力",
    "6": "精神",
    "7": "多重",
}


def _disability(number: str | None) -> str | None:
    """Return kind and degree, the 19th and 20th digit (data standard §1.1): the rest names the holder."""
    if not number:
        return None
    if len(number) < 20 or "*" in number[18:20]:
        return "已办"
    return f"{number[18]} {_DISABILITIES.get(number[18], '')} {number[19]} 级"


def _relocation(record: Record | None) -> dict[str, Any] | None:
    """Return the relocation with its subsidies, channel by channel, and what follows it as one line each."""
    if record is None:
        return None
    subsidies = record.get("subsidies", ())
    lines = [f"{item['channel']} {item['amount']:,} 元" for item in subsidies]
    follow_up = " ".join(filter(None, (record["follow_up"], record.get("follow_up_note"))))
    total = sum((item["amount"] for item in subsidies), Decimal())
    said = f"{'；'.join(lines)}；合计 {total:,} 元" if lines else None
    return redacted({**record, "follow_up": follow_up or None, "subsidies": said})


def standing(income: Record, past: Record | None, *, line: Decimal | None, count: int) -> dict[str, Any]:
    """Return how the household stands to the year's poverty line and to the year before, in yuan a head.

    Which side of the line is decided unrounded, net income against line × people (data standard §3.2); only
    the gap is rounded.
    """
    net, now_pc = income["net_income"], income["net_income_pc"]
    past_pc = past["net_income_pc"] if past else None
    against, gap = None, None
    if net is not None and line is not None and count:
        against = (
            "below" if below_line(net, count, line) else "above" if above_line(net, count, line) else "equal"
        )
        gap = divided(abs(net - line * count), count)
    compared = now_pc is not None and past_pc is not None
    return {
        "against": against,
        "gap": gap,
        "past_pc": past_pc if compared else None,
        "rise": now_pc - past_pc if compared else None,
    }


def _course(steps: Sequence[Record]) -> list[Record]:
    """Return the eight steps of identification, those not taken without a day."""
    taken = {step["code"]: step for step in steps}
    blank = {"date": None, "until": None, "result": None}
    return [taken.get(code, {"code": code, "name": name, **blank}) for code, name in IDENTIFICATION]


# ---- 劳动力卡 --------------------------------------------------------------------------------------


def labourer_sheet(record: Record) -> Sheet:
    """Return which sheet a labourer's record makes."""
    return Sheet("labourer", record["member_no"], record["year"], record["version"])


def labourer_cards(records: Sequence[Record], imprint: Imprint) -> Manuscript:
    """Return the manuscript of 劳动力卡, one card a record, which has the person as `member`."""
    cards = [
        {
            "trainings": [],
            "certificates": [],
            **redacted(record),
            **place(record),
            "member": redacted(_seated(record["member"], year=record["year"])),
            "sheet": imprint.of_sheet(labourer_sheet(record), record),
        }
        for record in records
    ]
    return Manuscript(TEMPLATES / "labourer_card.typ", {**imprint.of_file(records), "cards": cards})


def place(record: Record) -> dict[str, str]:
    """Return where the card belongs: in full for its head, short for the pages that follow."""
    safe = redacted({"names": record["divisions"], "part": record.get("natural_village")})
    return {
        "place_path": " ".join(safe["names"]),
        "place": " ".join(filter(None, (safe["names"][-1], safe["part"]))),
    }


def _said(name: str, value: str | None) -> str | None:
    return name + value if value else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _scrubbed(parts: Iterable[str | None]) -> str | None:
    text: str | None = redacted({"remarks": "；".join(filter(None, parts))})["remarks"]
    return f"{text}。" if text else None
