"""Bulk prints, as jobs."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from fupin.accounts.models import User
from fupin.divisions.models import Division
from fupin.jobs.errors import JobRefused
from fupin.jobs.kinds import job
from fupin.jobs.work import Work
from fupin.sheets.exports import NotApproved
from fupin.sheets.models import ExportApproval, ExportLog
from registry.errors import PrintRefused
from registry.models import Sample
from registry.services.printing import (
    CARDS,
    PERMISSION,
    REGISTER,
    SAMPLE,
    print_cards,
    print_register,
    print_sample,
)

Print = Callable[..., ExportLog]


@job(CARDS, permission=PERMISSION)
def cards(work: Work) -> Mapping[str, Any]:
    """Bind the household cards of a village or township."""
    return _printed(work, print_cards)


@job(REGISTER, permission=PERMISSION)
def register(work: Work) -> Mapping[str, Any]:
    """Print a township's register."""
    return _printed(work, print_register)


@job(SAMPLE, permission="registry.draw_sample")
def sample(work: Work) -> Mapping[str, Any]:
    """Print the field sheets of a sample."""
    with work.scope() as requester:
        try:
            log = print_sample(
                actor=requester,
                sample=Sample.objects.select_related("division").get(pk=work.arguments["sample"]),
                at=timezone.now(),
                key=work.job.pk,
                job_id=work.job.pk,
                approval=_approval(requester, work.arguments.get("approval")),
                progress=work.progress,
            )
        except NotApproved as refused:
            raise JobRefused(str(refused)) from refused
        result = _file(log)
        work.finish(result)
    return result


def _printed(work: Work, act: Print) -> Mapping[str, Any]:
    """Print in the scope of the requester's post, and lead to the file."""
    with work.scope() as requester:
        try:
            log = act(
                actor=requester,
                division=Division.objects.get(pk=work.arguments["division"]),
                year=work.arguments["year"],
                at=timezone.now(),
                key=work.job.pk,
                job_id=work.job.pk,
                approval=_approval(requester, work.arguments.get("approval")),
                progress=work.progress,
            )
        except (PrintRefused, NotApproved) as refused:
            raise JobRefused(str(refused)) from refused
        result = _file(log)
        work.finish(result)
    return result


def _approval(requester: User, pk: int | None) -> ExportApproval | None:
    """Return the requester's own approval that the job was asked on."""
    return ExportApproval.objects.filter(pk=pk, requested_by=requester).first() if pk else None


def _file(log: ExportLog) -> Mapping[str, Any]:
    """Return the link to a bound file."""
    return {
        "url": reverse("export_download", args=[log.serial]),
        "label": f"下载 PDF（{log.file_size / 1_000_000:.1f} MB，24 小时内有效）",
        "serial": log.serial,
    }
