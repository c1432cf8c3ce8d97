"""How an act on a project looks: a form on a page of its own."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from fupin.accounts.doors import actor
from fupin.divisions.codes import contains
from projects.errors import ProjectError, ProjectRefused, StageRefused
from projects.models import Project


def project_of(request: HttpRequest, number: str, *, to_write: bool = False) -> Project:
    """Return the project of a number that the user may see, or answer 404; to write, it has to lie in his division."""
    user = actor(request)
    project = get_object_or_404(
        Project.objects.visible_to(user).select_related("division__parent", "entered_by", "approved_by"),
        number=number,
    )
    if to_write and (user.post is None or not contains(user.post.division_id, project.division_id)):
        return get_object_or_404(
            Project.objects.within(user.post.division_id if user.post else 0), number=number
        )
    return project


def trail_of(project: Project | None, label: str = "") -> list[dict[str, str]]:
    """Return the way from the list of projects to a page."""
    trail = [{"label": "项目库", "url": reverse("project_list")}]
    if project is not None:
        trail.append(
            {"label": project.name, "url": reverse("project_page", args=[project.number]) if label else ""}
        )
    if label:
        trail.append({"label": label, "url": ""})
    return trail


def act(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[[dict[str, Any]], object],
    *,
    title: str,
    said: str,
    project: Project | None = None,
    back: str = "",
    hint: str = "",
    lacking: list[str] | None = None,
    button: str = "保存",
) -> HttpResponse:
    """Show a form; when it is sent, carry the act out and lead back, or say at the fields why it was refused."""
    back = back or (reverse("project_page", args=[project.number]) if project else reverse("project_list"))
    if request.method == "POST" and form.is_valid():
        try:
            done = do(form.cleaned_data)
        except ProjectError as refused:
            refuse(form, refused)
        else:
            messages.success(request, said)
            if project is None and isinstance(done, Project):
                return HttpResponseRedirect(reverse("project_page", args=[done.number]))
            return HttpResponseRedirect(back)
    context = {
        "title": title,
        "form": form,
        "back": back,
        "hint": hint,
        "lacking": lacking or [],
        "button": button,
        "project": project,
        "is_file": form.is_multipart(),
        "trail": trail_of(project, title),
    }
    return render(request, "projects/project_act.html", context, status=422 if form.errors else 200)


def refuse(form: forms.Form, refused: ProjectError) -> None:
    """Say at the fields of a form why an act was refused."""
    if isinstance(refused, ProjectRefused):
        for field, words in refused.fields.items():
            form.add_error(field if field in form.fields else None, words)
    elif isinstance(refused, StageRefused):
        for reason in refused.reasons:
            form.add_error(None, reason)
    else:
        form.add_error(None, str(refused))
