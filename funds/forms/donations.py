"""The forms of gifts: one received, gifts spent, and the look-up that everybody may use."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from fupin.accounts.models import User
from fupin.lib.money import grouped
from projects.models import Project
from registry.forms.help.boxes import Box, Choice, HelpForm
from registry.models import Household

YES_NO = [("0", "否"), ("1", "是")]


class GiftForm(HelpForm):
    """A gift as its receipt says."""

    receipt_no = Box("票据号", digits=40)
    received_on = Box("收到日期", "date")
    is_anonymous = Choice("匿名", YES_NO)
    donor = Box("捐赠人", empty=True, digits=100, help_text="匿名的留空")
    amount_yuan = Box("金额（元）", "money", help_text="实物填作价")
    is_in_kind = Choice("实物", YES_NO)
    thing = Box("实物名称和数量", empty=True, digits=200)
    purpose = Box("定向意愿", empty=True, digits=60, help_text="不限用途的留空；定向的只能用于所填用途")

    def clean_is_anonymous(self) -> bool:
        """Return whether the giver wants no name."""
        return str(self.cleaned_data["is_anonymous"]) == "1"

    def clean_is_in_kind(self) -> bool:
        """Return whether it is a thing."""
        return str(self.cleaned_data["is_in_kind"]) == "1"


class SpendForm(HelpForm):
    """Gifts spent, on a project or a household."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    given_purpose = forms.ChoiceField(
        label="用哪部分捐款", required=False, widget=forms.Select(attrs={"data-plain": "1"})
    )
    purpose = Box("用于", digits=60)
    amount_yuan = Box("金额（元）", "money")
    on = Box("日期", "date")
    project = Box("项目编号", empty=True, digits=30, help_text="项目和贫困户填一个")
    household = Box("户编号", empty=True, digits=16)
    document_no = Box("凭据号", digits=60)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        left: list[tuple[str, Decimal]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.user = user
        self.fields["given_purpose"].choices = [  # type: ignore[attr-defined]
            (purpose, f"{f'定向：{purpose}' if purpose else '非定向'}（余 {grouped(rest)} 元）")
            for purpose, rest in left
        ]

    def clean_project(self) -> Project | None:
        """Return the project of that number in the user's division; nothing for an empty box."""
        number = self.cleaned_data["project"]
        if not number:
            return None
        found = Project.objects.visible_to(self.user).filter(number=number).first()
        if found is None:
            raise ValidationError("没有这个项目，或不在您的区划之内")
        return found

    def clean_household(self) -> Household | None:
        """Return the household of that number in the user's division; nothing for an empty box."""
        number = self.cleaned_data["household"]
        if not number:
            return None
        found = Household.objects.visible_to(self.user).filter(household_no=number).first()
        if found is None:
            raise ValidationError("没有这一户，或不在您的区划之内")
        return found
