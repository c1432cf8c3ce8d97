"""What every list of people can be asked: where, who, which sex."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from registry.codes import Sex
from registry.forms.filters import in_division


class PersonFilter(filters.FilterSet):
    """Rows that hang on a person (`member`): by place, name, pinyin or number, and sex."""

    division = filters.CharFilter(label="区划", method="by_division")
    q = filters.CharFilter(label="姓名、拼音或人编号", method="by_words")
    sex = filters.ChoiceFilter(label="性别", field_name="member__sex", choices=Sex.choices)

    def by_division(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep a division's people."""
        return in_division(rows, value.strip())

    def by_words(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        """Keep people whose name, pinyin or initials, or whose number begin so."""
        word = "".join(value.lower().split())
        if word.isascii() and word.isdigit():
            return rows.filter(member__member_no__prefix=word)
        if word.isascii():
            return rows.filter(Q(member__name_pinyin__prefix=word) | Q(member__name_initials__prefix=word))
        return rows.filter(member__name__prefix=word)

    def by_yes_no(self, rows: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        """Keep those of whom the question was answered so."""
        return rows.filter(**{name: value == "1"})
