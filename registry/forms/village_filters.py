"""What the list of villages can be asked."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from fupin.accounts.models import User
from fupin.divisions.codes import code_range
from fupin.divisions.models import Division
from registry.codes import VillageAttr, VillageStatus
from registry.models import Village, VillageOnFile, VillageYear


def villages_of(user: User, year: int) -> "QuerySet[Division]":
    """Return the villages of the post with cards or a table of a year."""
    if user.post is None:
        return Division.objects.none()
    return (
        Division.objects.within(user.post.division_id)
        .administrative_villages()
        .filter(pk__in=VillageOnFile.objects.visible_to(user).filter(year=year).values("division_id"))
        .select_related("parent")
        .order_by("code")
    )


class VillageFilter(filters.FilterSet):
    """Villages by place, name, table of the year, attribute and status."""

    division = filters.CharFilter(label="区划", method="by_division")
    q = filters.CharFilter(label="村名、拼音或代码", method="by_words")
    table = filters.ChoiceFilter(
        label="村表",
        choices=(("missing", "有户卡而无村表"), ("there", "有村表"), ("remarks", "有待说明提示")),
        method="by_table",
    )
    attr = filters.ChoiceFilter(label="村属性", choices=VillageAttr.choices, method="by_village")
    status = filters.MultipleChoiceFilter(label="状态", choices=VillageStatus.choices, method="by_status")
    order = filters.OrderingFilter(
        label="排序",
        fields={"code": "code", "pinyin": "name"},
        field_labels={"code": "代码", "pinyin": "村名"},
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Division
        fields: list[str] = []

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def by_division(self, rows: "QuerySet[Division]", _name: str, value: str) -> "QuerySet[Division]":
        """Keep what lies at or below a division; what is no code keeps nothing."""
        try:
            low, high = code_range(int(value))
        except ValueError:
            return rows.none()
        return rows.filter(code__gte=low, code__lt=high)

    def by_words(self, rows: "QuerySet[Division]", _name: str, value: str) -> "QuerySet[Division]":
        """Keep villages whose name contains the words, or whose pinyin, initials or code begin so."""
        word = "".join(value.lower().split())
        if word.isascii() and word.isdigit():
            span = 10 ** max(0, 12 - len(word))
            return rows.filter(code__gte=int(word[:12]) * span, code__lt=(int(word[:12]) + 1) * span)
        if word.isascii():
            return rows.filter(Q(pinyin__prefix=word) | Q(initials__prefix=word))
        return rows.filter(name__contains=word)

    def by_table(self, rows: "QuerySet[Division]", _name: str, value: str) -> "QuerySet[Division]":
        """Keep villages with, or without, a table of the year, or whose table has remarks nobody has explained."""
        tables = VillageYear.objects.filter(division_id=OuterRef("code"), year=self.year)
        if value == "remarks":
            return rows.filter(Exists(tables.filter(open_remarks__gt=0)))
        return rows.filter(Exists(tables) if value == "there" else ~Exists(tables))

    def by_village(self, rows: "QuerySet[Division]", _name: str, value: str) -> "QuerySet[Division]":
        """Keep villages of an attribute."""
        return rows.filter(Exists(Village.objects.filter(division_id=OuterRef("code"), village_attr=value)))

    def by_status(self, rows: "QuerySet[Division]", _name: str, values: list[str]) -> "QuerySet[Division]":
        """Keep villages in any of the statuses."""
        if not values:
            return rows
        return rows.filter(Exists(Village.objects.filter(division_id=OuterRef("code"), status__in=values)))


class AdministrativeVillageFilter(filters.FilterSet):
    """Villages on which a card may stand, by place and name."""

    division = filters.CharFilter(label="区划", method="by_division")
    q = filters.CharFilter(label="村名、拼音或代码", method="by_words")

    class Meta:
        model = Division
        fields: list[str] = []

    by_division = VillageFilter.by_division
    by_words = VillageFilter.by_words
