"""What the books refuse. The text is for whoever acts, in Chinese, and says what stands in the account."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from fupin.lib.money import grouped

if TYPE_CHECKING:
    from fupin.ledgers.models import Account, Entry

UNITS = {"YUAN": "元", "MU": "亩"}


class LedgerError(Exception):
    """Something that the books refuse; `str()` says what and how to go on."""


class NotEnough(LedgerError):
    """An account would leave its bounds: more would go out than is in, or more come back than went out.

    ``balance`` is what stands in it, ``asked`` the change that was asked for; ``day`` is given when only an earlier day's balance
    would not do, because the entry is dated before others.
    """

    def __init__(self, account: "Account", balance: Decimal, asked: Decimal, day: date | None = None) -> None:
        self.account, self.balance, self.asked, self.day = account, balance, asked, day
        unit = UNITS[account.unit]
        when = f"到 {day:%Y-%m-%d} " if day else ""
        if asked < 0:
            said = f"{account.title}{when}余额 {grouped(balance)} {unit}，不足 {grouped(-asked)} {unit}"
        else:
            said = f"{account.title}{when}余额 {grouped(balance)} {unit}，再记入 {grouped(asked)} {unit}将超过上限"
        super().__init__(said)


class Unbalanced(LedgerError):
    """The lines of an entry don't come to nothing, or are none, or not of one unit."""


class AlreadyPosted(LedgerError):
    """Something else was entered under this key (409): what was sent twice was not the same."""

    def __init__(self, entry: "Entry | None") -> None:
        self.entry = entry
        number = f"（凭证 {entry.number}）" if entry else ""
        super().__init__(f"同一提交编号下已记过另一笔账{number}，请刷新页面后重新填写")


class AlreadyReversed(LedgerError):
    """The entry was reversed before, or is a reversal itself."""


class AccountAway(LedgerError):
    """An account lies outside the scope of whoever acts, or its key stands for another account."""


class WrongDay(LedgerError):
    """The business day lies ahead, or before the account was opened or the reversed entry was made."""
