"""By what the allotments to counties are filtered."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet

from funds.codes.allotment import AllotmentSource
from funds.forms.base import PLAIN
from funds.models import Allotment

STAGES = (("CITY", "市级未转下"), ("TRANSIT", "在途"), ("COUNTY", "已到县"))


class AllotmentFilter(filters.FilterSet):
    """Year of the money, document, county, source, and how far it has come."""

    year = filters.NumberFilter(field_name="appropriation__fiscal_year", label="预算年度")
    document = filters.CharFilter(
        field_name="appropriation__number", lookup_expr="icontains", label="资金文号"
    )
    county = filters.CharFilter(field_name="division__name", lookup_expr="icontains", label="县")
    source = filters.ChoiceFilter(
        choices=AllotmentSource.choices, label="来源", widget=forms.Select(attrs=PLAIN)
    )
    stage = filters.ChoiceFilter(
        choices=STAGES, method="at_stage", label="到哪一级", widget=forms.Select(attrs=PLAIN)
    )

    class Meta:
        model = Allotment
        fields: tuple[str, ...] = ()

    def at_stage(self, rows: QuerySet[Allotment], _name: str, value: str) -> QuerySet[Allotment]:
        """Keep what lies at a level."""
        stages: dict[str, Any] = {
            "CITY": Q(via_city=True, passed_on__isnull=True),
            "TRANSIT": (Q(via_city=False) | Q(passed_on__isnull=False)) & Q(received_on__isnull=True),
            "COUNTY": Q(received_on__isnull=False),
        }
        return rows.filter(stages[value])
