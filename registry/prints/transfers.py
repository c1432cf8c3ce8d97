"""低保移送单 on paper: the households handed over, signatures, and a receipt for civil affairs to fill in and return."""

from datetime import date
from pathlib import Path
from typing import Final

from fupin.prints.typesetter import Manuscript
from registry.models import TransferSlip
from registry.prints.reading import path, place_names
from registry.prints.redaction import redacted

TEMPLATE: Final = Path(__file__).resolve().parent / "transfer_slip.typ"


def transfer_slip(slip: TransferSlip, *, printed_on: date, demo: bool) -> Manuscript:
    """Return the manuscript of a slip; no ID number stands on it, the household's number leads to the register."""
    lines = list(slip.lines.select_related("household").order_by("pk"))
    names = place_names([slip.division_id, *(line.division_id for line in lines)])
    record = {
        "number": slip.number,
        "issuer": " ".join(path(slip.division_id, names)),
        "county": names.get(slip.division_id - slip.division_id % 10**6, ""),
        "made_on": slip.made_on.isoformat(),
        "sent_on": slip.sent_on.isoformat() if slip.sent_on else None,
        "due": slip.reply_due_on.isoformat() if slip.reply_due_on else None,
        "printed_on": printed_on.isoformat(),
        "demo": demo,
        "lines": [
            redacted(
                {
                    "household_no": line.household.household_no,
                    "head": line.head_name,
                    "village": names[line.division_id],
                    "members": line.members,
                    "income": None if line.net_income_pc is None else f"{line.net_income_pc:,.2f}",
                    "situation": line.situation,
                    "result": line.get_result_display() if line.result else "",
                }
            )
            for line in lines
        ],
    }
    return Manuscript(TEMPLATE, record)
