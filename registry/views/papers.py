"""The files that prove a case's steps, looked at by whoever may see the case."""

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from fupin.accounts.doors import actor, door
from registry.models import CasePaper
from registry.views.attachments import shown_in_the_window


@door("registry.view_case")
@require_safe
def case_paper(request: HttpRequest, pk: int) -> FileResponse:
    """Show a file of a case of one's division in the window."""
    return shown_in_the_window(get_object_or_404(CasePaper.objects.visible_to(actor(request)), pk=pk))


urlpatterns: list[URLPattern] = [path("case-papers/<int:pk>/", case_paper, name="case_paper")]
