"""Poor labourers of a year, with their trainings and certificates."""

from collections.abc import Iterable
from typing import Final

from django.db.models import Prefetch

from fupin.sheets.kinds import NotAsked, Part, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
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
    {
        "is_female": Column(
            "是否妇女劳动力", "member__sex", said=lambda sex: "是" if sex == Sex.FEMALE else "否"
        )
    },
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
    rows = filtered.qs
    order = rows.query.order_by if asked.query.get("order") else ("division_id", "member__member_no")
    trainings = Training.objects.select_related("member").order_by("member_id", "start", "pk")
    certificates = Certificate.objects.select_related("member").order_by("member_id", "issued_on", "pk")
    return Selection(
        title=f"{year} 年度贫困劳动力（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=year,
        filters=in_words(filtered.form),
        tables=(
            Table("劳动力", LabourerResource()),
            Table("培训经历", TrainingResource()),
            Table("技能证书", CertificateResource()),
        ),
        rows=rows.select_related("member__household", "labourer_card")
        .prefetch_related(Prefetch("member__trainings", queryset=trainings))
        .prefetch_related(Prefetch("member__certificates", queryset=certificates))
        .order_by(*order, "pk"),
        parts=_rows_of,
        counts={
            "妇女": lambda row: row.member.sex == Sex.FEMALE,
            "就业": lambda row: _work_of(row) in IN_WORK,
            "失业、未就业": lambda row: _work_of(row) in WITHOUT_WORK,
            "未填卡": lambda row: not hasattr(row, "labourer_card"),
        },
    )


def _rows_of(row: MemberYear) -> Iterable[Part]:
    return (Part(1, row.member.trainings.all()), Part(2, row.member.certificates.all()))


def _work_of(row: MemberYear) -> str:
    return row.labourer_card.emp_status if hasattr(row, "labourer_card") else ""
