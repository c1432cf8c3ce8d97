"""Template workbooks, empty or filled in with what stands."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fupin.accounts import audit
from fupin.accounts.doors import actor, door
from fupin.accounts.permissions import require
from fupin.divisions.codes import contains
from fupin.divisions.models import Division
from fupin.sheets import receiving
from fupin.sheets.blanks import blank
from fupin.sheets.intake import IMPORTS
from fupin.sheets.views.imports import attached

MOST_ROWS = 30_000


@door(receiving.PERMISSION)
@require_safe
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the template of a kind for a division and year; `filled` puts the rows in that stand now."""
    user = actor(request)
    found = IMPORTS.get(kind)
    if found is None:
        raise Http404("没有这种模板")
    require(user, found.permission)
    assert user.post is not None  # noqa: S101  (`require` saw it)
    year, code = request.GET.get("year", ""), request.GET.get("division", "") or str(user.post.division_id)
    if not (year.isascii() and year.isdigit() and len(year) == 4 and code.isascii() and code.isdigit()):
        raise BadRequest("year, division")
    if not contains(user.post.division_id, int(code)):
        raise Http404("不在您的岗位所属区划之内")
    division = Division.objects.filter(pk=int(code)).first()
    if division is None:
        raise Http404("没有这个区划")
    layout = found.intake.layout(int(year))
    is_filled = bool(request.GET.get("filled"))
    rows = []
    if is_filled:
        for row in found.intake.prefilled(user, int(year), division.pk):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise BadRequest(f"超过 {MOST_ROWS:,} 行，请按乡镇或村下载")
    title = f"{found.label} {year} 年度 {division.name}"
    content = blank(
        layout,
        title=title,
        about=[
            ("内容", found.label),
            ("年度", year),
            ("区划", f"{division.path_name or division.name} {division.pk}"),
        ],
        rows=rows,
        at=timezone.now(),
    )
    if is_filled:
        about = audit.Note(
            request_id=request.request_id,  # type: ignore[attr-defined]  # given by the first middleware
            action="sheets.fill_template",
            user=user,
            post=user.post,
            division=division.pk,
            object_key=f"{kind}/{year}",
            address=audit.address_of(request),
            detail={"rows": len(rows)},
        )
        audit.write(about, audit.Outcome.DONE, using="record")
    return attached(content, f"{title} 模板.xlsx")
