"""What forms of money have in common: amounts as people write them, days, and what a service refused shown at its field."""

from decimal import Decimal
from typing import Any, Final

from django import forms

from funds.errors import MoneyRefused
from funds.models.document import MOST_YUAN
from fupin.lib.money import FEN, parse_decimal

PLAIN: Final = {"data-plain": "1"}


def day_input() -> forms.DateInput:
    """Return a control for a day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MoneyForm(forms.Form):
    """A form whose refusals stand at the field that they speak of."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, **kwargs)

    def refused(self, refused: MoneyRefused) -> None:
        """Show what a service refused."""
        for name, said in refused.fields.items():
            self.add_error(name if name in self.fields else None, said)


class NumberField(forms.CharField):
    """A decimal number as people write it: full-width digits and thousands' commas are read."""

    def __init__(self, *, places: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)
        self.places = places

    def clean(self, value: Any) -> Decimal | None:
        """Return the number, nothing for an empty field that may be."""
        text = super().clean(value)
        if not text:
            return None
        try:
            number = parse_decimal(text)
        except ValueError as wrong:
            raise forms.ValidationError("请填数字，如 1,234.50") from wrong
        if number != number.quantize(Decimal(1).scaleb(-self.places)):
            raise forms.ValidationError(f"最多 {self.places} 位小数")
        return number


class YuanField(NumberField):
    """An amount in yuan and fen, above nothing unless `least` says otherwise."""

    def __init__(self, *, least: Decimal = FEN, **kwargs: Any) -> None:
        super().__init__(places=2, **kwargs)
        self.least = least

    def clean(self, value: Any) -> Decimal | None:
        """Return the amount."""
        amount = super().clean(value)
        if amount is not None and not self.least <= amount < MOST_YUAN:
            raise forms.ValidationError(
                "金额应大于 0，整数位不超过 15 位" if self.least else "金额不能为负，整数位不超过 15 位"
            )
        return amount
