"""Poor labourers of a year, with their trainings and certificates."""

from typing import Final

from django.db.models import Q

from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from fupin.sheets.shapes import Named
from fupin.sheets.words import in_words
from registry.codes import Sex
from registry.forms.labour_force_filters import LabourForceFilter
from registry.models import Certificate, MemberYear, Training
from registry.resources.asking import scope_of, year_of
from registry.resources.columns import standard_columns
from registry.rules.labourer import IN_WORK, WITHOUT_WORK
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING
from registry.standard.member import MEMBER

_NUMBER: Final = {"member_no": Column("人编号", "member__member_no")}
_WHO: Final = standard_columns(
    [field for field in MEMBER if field.name in {"name", "sex", "birth_date", "id_no", "labor"}],
    attributes={
        "name": "member__name",
        "sex": "member__sex",
        "birth_date": "member__birth_date",
        "id_no": "member__id_no_masked",
    },
)
_PLACE: Final = {
    "household_no": "member__household__household_no",
    "village_code": "division_id",
    "year": "year",
}


@columns(
    _NUMBER,
    _WHO,
    standard_columns(
        LABOURER,
        attributes={field.name: _PLACE.get(field.name, f"labourer_card__{field.name}") for field in LABOURER},
        without=("member_no", "is_female"),
        summed=("emp_months",),
    ),
    {"is_female": Column("是否妇女劳动力", "member__sex", said=Named({Sex.FEMALE.value: "是"}, other="否"))},
)
class LabourerResource(SheetResource):
    """劳动力: a labourer's year, §5 of the standard, and who he is; without a card only that."""


@columns(_NUMBER, standard_columns(TRAINING, summed=("hours", "subsidy")))
class TrainingResource(SheetResource):
    """培训经历, a row each."""


@columns(_NUMBER, standard_columns(CERTIFICATE))
class CertificateResource(SheetResource):
    """技能证书, a row each."""


@sheet_kind("labourers", "贫困劳动力", permission="registry.view_labourer")
def labourers(asked: Request) -> Selection:
    """Return the labourers of a year as their list shows them, those still without a card too."""
    year, scope = year_of(asked), scope_of(asked)
    people = MemberYear.objects.visible_to(asked.actor).filter(year=year, is_labourer=True)
    filtered = LabourForceFilter(asked.query, people)
    if not filtered.form.is_valid():
        raise NotAsked("筛选条件有误，请回到列表改正")
    order = filtered.qs.query.order_by if asked.query.get("order") else ("division_id", "member__member_no")
    rows = filtered.qs.order_by(*order, "pk")
    listed = filtered.qs.order_by().values("member_id")
    trainings = Training.objects.visible_to(asked.actor).filter(member_id__in=listed)
    certificates = Certificate.objects.visible_to(asked.actor).filter(member_id__in=listed)
    return Selection(
        title=f"{year} 年度贫困劳动力（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=year,
        filters=in_words(filtered.form),
        tables=(
            Table("劳动力", LabourerResource(), rows),
            Table(
                "培训经历",
                TrainingResource(),
                trainings.order_by("division_id", "member__member_no", "start", "pk"),
            ),
            Table(
                "技能证书",
                CertificateResource(),
                certificates.order_by("division_id", "member__member_no", "issued_on", "pk"),
            ),
        ),
        rows=rows,
        questions={
            "妇女": Q(member__sex=Sex.FEMALE),
            "就业": Q(labourer_card__emp_status__in=IN_WORK),
            "失业、未就业": Q(labourer_card__emp_status__in=WITHOUT_WORK),
            "未填卡": Q(labourer_card__isnull=True),
        },
    )
