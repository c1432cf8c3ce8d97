"""The bank's file of what it did with a list: read row by row, every fault named, nothing written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from funds.errors import MoneyRefused
from funds.models import Payment, PaymentBatch
from funds.models.payment import PaymentStatus
from funds.services.paying import Result
from fupin.lib.money import grouped, parse_decimal
from fupin.sheets.opening import FileRefused, Sent, headings_at, open_list

SEQ, NAME, AMOUNT, RESULT, BECAUSE = "序号", "收款人户名", "金额", "结果", "失败原因"
KNOWN: Final = (SEQ, NAME, AMOUNT, RESULT, BECAUSE)
NEEDED: Final = (SEQ, AMOUNT, RESULT)
WORDS: Final = {"成功": True, "已到账": True, "失败": False, "退票": False}


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that can be put down: which payment, how much, whether it arrived, else why not."""

    seq: int
    payee_name: str
    amount: Decimal
    arrived: bool
    because: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot: its number as the spreadsheet counts it, and what is wrong."""

    number: int
    said: str


@dataclass(slots=True)
class Read:
    """What a file says; with any fault nothing of it is put down."""

    rows: list[ReadRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def results(self) -> list[Result]:
        """The rows as results."""
        return [Result(one.seq, one.arrived, one.because) for one in self.rows]


def read_results(batch: PaymentBatch, sent: Sent) -> Read:
    """Return what a file says of a list; raise MoneyRefused for a file that is none."""
    pending = {
        one.seq: one
        for one in Payment.objects.filter(batch=batch, status=PaymentStatus.PENDING).order_by("seq")
    }
    try:
        found = list(_rows(pending, open_list(sent)))
    except FileRefused as refused:
        raise MoneyRefused(str(refused)) from refused
    read = Read(
        [one for one in found if isinstance(one, ReadRow)], [one for one in found if isinstance(one, Fault)]
    )
    if not found:
        raise MoneyRefused("表头以下没有一行")
    return read


def _rows(pending: dict[int, Payment], rows: Iterator[tuple[int, list[str]]]) -> Iterator[ReadRow | Fault]:
    _, header = next(rows, (0, []))
    at = headings_at(header, needed=NEEDED, known=KNOWN)
    width = max(at.values()) + 1
    seen: set[int] = set()
    for number, row in rows:
        cells = [*row, *[""] * (width - len(row))]
        if cells[at[SEQ]].strip().startswith(("合计", "编号")):
            continue
        yield _row(pending, seen, number, {name: cells[place].strip() for name, place in at.items()})


def _row(pending: dict[int, Payment], seen: set[int], number: int, cells: dict[str, str]) -> ReadRow | Fault:
    """Return a row as it is put down, or what is wrong with it."""
    text = cells[SEQ].removesuffix(".0")
    payment = pending.get(int(text)) if text.isascii() and text.isdigit() else None
    if payment is None:
        return Fault(number, f"序号 {cells[SEQ] or '空'} 不是本清单待支付的一笔")
    if payment.seq in seen:
        return Fault(number, f"序号 {payment.seq} 重复")
    seen.add(payment.seq)
    try:
        amount = parse_decimal(cells[AMOUNT])
    except ValueError:
        return Fault(number, f"金额“{cells[AMOUNT]}”不是数字")
    if amount != payment.amount_yuan:
        return Fault(number, f"金额 {grouped(amount)} 与清单的 {grouped(payment.amount_yuan)} 不符")
    if (name := cells.get(NAME)) and name != payment.payee_name:
        return Fault(number, f"户名“{name}”与清单的“{payment.payee_name}”不符")
    arrived = WORDS.get(cells[RESULT])
    if arrived is None:
        return Fault(number, "结果应填 成功 或 失败")
    because = cells.get(BECAUSE, "")
    if not arrived and not because:
        return Fault(number, "失败的须写明原因")
    return ReadRow(payment.seq, payment.payee_name, amount, arrived, because)
