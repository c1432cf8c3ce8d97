"""How figures, codes and days are written.

Thousands separators, a true minus, two decimals for money, ISO dates, a dash for what is not there.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

NOTHING = "—"
MINUS = "−"  # U+2212: as wide as a digit, and no line breaks after it


@register.filter
def number(value: Decimal | int | None, places: int = 0) -> str:
    """Return 1234567 as ``1,234,567``, with so many decimals."""
    if value is None or value == "":
        return NOTHING
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{rounded:,.{places}f}".replace("-", MINUS)


@register.filter
def yuan(value: Decimal | int | None) -> str:
    """Return an amount in 元 with two decimals; the unit stands once, in the head."""
    return number(value, 2)


@register.filter
def wan(value: Decimal | int | None) -> str:
    """Return an amount in 元 as 万元 with two decimals."""
    return NOTHING if value is None else number(Decimal(value) / 10_000, 2)


@register.filter
def signed(value: Decimal | int | None, places: int = 2) -> str:
    """Return a difference with its sign: ``+70.00``, ``−428.00``."""
    return f"+{number(value, places)}" if value is not None and value > 0 else number(value, places)


@register.filter
def day(value: date | datetime | None) -> str:
    """Return a date as ``2014-04-29``."""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return f"{value:%Y-%m-%d}" if value else NOTHING


@register.filter
def moment(value: datetime | None) -> str:
    """Return a moment as ``2014-04-29 10:31``, in local time."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else NOTHING


@register.filter
def yes_no(value: bool | None) -> str:
    """Return 是, 否, or a dash for what was not collected."""
    return NOTHING if value is None else "是" if value else "否"


@register.simple_tag
def coded(code: str | None, label: str) -> SafeString | str:
    """Return a coded value as the form has it: the code in grey, then its name."""
    return format_html('<span class="code">{}</span>{}', code, label) if code else NOTHING
