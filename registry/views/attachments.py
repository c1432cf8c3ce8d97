"""Files of a card: photographs, signed sheets, appraisals; added, looked at, withdrawn."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from fupin.accounts.audit import note
from fupin.accounts.doors import actor, door
from registry.errors import RegistryError
from registry.models import Attachment, AttachmentKind, HouseholdYear
from registry.services.attachments import add_attachment, withdraw_attachment
from registry.standard.fields import Field
from registry.standard.values import Unreadable, parse
from registry.views import card_page

_DATED = Field("dated_on", "文件日期", "date", "N")


class AttachmentForm(forms.Form):
    """A file to add to a card. What it really is, is looked at by its first bytes."""

    kind = forms.ChoiceField(label="种类", choices=AttachmentKind.choices)
    file = forms.FileField(
        label="文件",
        help_text="手机可直接拍照；JPG、PNG 图片或 PDF，不超过 10 MB。照片中的拍摄地点等信息会自动去掉。",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )
    title = forms.CharField(label="说明", max_length=100, required=False)
    dated_on = forms.CharField(
        label="签字或拍摄日期", required=False, widget=forms.TextInput(attrs={"placeholder": "2014-04-29"})
    )

    def clean_dated_on(self) -> object:
        """Return the date, None for an empty box."""
        try:
            return parse(_DATED, self.cleaned_data["dated_on"])
        except Unreadable as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


class WithdrawForm(forms.Form):
    """Why a file is withdrawn."""

    reason = forms.CharField(label="撤回理由", max_length=200, min_length=2)


@door("registry.change_household", audit="attachment.add")
@require_http_methods(["GET", "POST"])
def attachment_add(request: HttpRequest, household_no: str, year: int) -> HttpResponse:
    """Add a file to a card."""
    user = actor(request)
    card = get_object_or_404(
        HouseholdYear.objects.visible_to(user).select_related("household"),
        household__household_no=household_no,
        year=year,
    )
    posted = request.method == "POST"
    form = AttachmentForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"kind": request.GET.get("kind", "")},
        label_suffix="",
        use_required_attribute=False,
    )
    if posted and form.is_valid():
        try:
            added = add_attachment(
                actor=user,
                household=card.household,
                year=year,
                kind=form.cleaned_data["kind"],
                upload=form.cleaned_data["file"],
                title=form.cleaned_data["title"],
                dated_on=form.cleaned_data["dated_on"],
                on=timezone.localdate(),
            )
        except RegistryError as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, f"已添加附件：{added.get_kind_display()}")
            return redirect("household_card", household_no=household_no, year=year)
    context = {
        "form": form,
        "card": card,
        "trail": card_page.trail(card.division_id),
    }
    return render(request, "registry/attachment_add.html", context, status=422 if form.errors else 200)


@door("registry.view_household")
@require_safe
def attachment_file(request: HttpRequest, pk: int) -> FileResponse:
    """Show a file in the window, from within one's division; nothing keeps it and nothing in it runs."""
    return shown_in_the_window(get_object_or_404(Attachment.objects.visible_to(actor(request)), pk=pk))


def shown_in_the_window(kept: Any) -> FileResponse:
    """Return a stored file to be looked at, as what it was found to be when it was taken in."""
    answer = FileResponse(kept.file.open("rb"), content_type=kept.content_type)
    suffix = (kept.file.name or "").rpartition(".")[2]
    answer["Content-Disposition"] = f'inline; filename="{kept.pk}.{suffix}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    answer["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
    )
    return answer


@door("registry.change_household", audit="attachment.withdraw")
@require_http_methods(["GET", "POST"])
def attachment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why, then withdraw a file; it stays in the record, marked."""
    user = actor(request)
    attachment = get_object_or_404(
        Attachment.objects.visible_to(user).select_related("household"), pk=pk, withdrawn_at__isnull=True
    )
    form = WithdrawForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        note(reason=form.cleaned_data["reason"])
        try:
            withdraw_attachment(actor=user, attachment=attachment)
        except RegistryError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "附件已撤回")
            return redirect(
                "household_card", household_no=attachment.household.household_no, year=attachment.year
            )
    context = {"form": form, "attachment": attachment, "trail": card_page.trail(attachment.division_id)}
    return render(request, "registry/attachment_withdraw.html", context, status=422 if form.errors else 200)


urlpatterns: list[URLPattern] = [
    path("households/<str:household_no>/<int:year>/attachments/add/", attachment_add, name="attachment_add"),
    path("attachments/<int:pk>/", attachment_file, name="attachment_file"),
    path("attachments/<int:pk>/withdraw/", attachment_withdraw, name="attachment_withdraw"),
]
