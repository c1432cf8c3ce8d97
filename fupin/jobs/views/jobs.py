"""One's own jobs. Somebody else's do not exist."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from fupin.accounts.audit import note
from fupin.accounts.doors import actor, door
from fupin.jobs.errors import AlreadyUnderWay
from fupin.jobs.models import Job, JobStatus
from fupin.jobs.services.asking import ENDED_BADLY, ask_again, cancel

PAGE = 25
_BARS = {
    JobStatus.QUEUED: "waiting",
    JobStatus.RUNNING: "running",
    JobStatus.DONE: "done",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "cancelled",
}


@door(None)
@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """Show the jobs that one has asked for, the newest first."""
    jobs = Job.objects.filter(requested_by=actor(request)).order_by("-queued_at", "-pk")
    page = Paginator(jobs, PAGE).get_page(request.GET.get("page"))
    return render(request, "jobs/job_list.html", {"page": page})


@door(None)
@require_GET
def job_detail(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Show how far a job is; HTMX asks for the part that changes, a reload shows the same."""
    job = _own(request, job_id)
    template = "jobs/_job.html" if request.headers.get("HX-Request") else "jobs/job_detail.html"
    context = {"job": job, "bar": _BARS[JobStatus(job.status)], "may_ask_again": job.status in ENDED_BADLY}
    return render(request, template, context)


@door(None, audit="job.cancel")
@require_POST
def job_cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Take a job back."""
    job = cancel(job=_own(request, job_id), actor=actor(request))
    if job.status == JobStatus.CANCELLED:
        messages.success(request, "任务已取消")
    elif job.status == JobStatus.RUNNING:
        messages.info(request, "已通知任务停下，做完手头一步就取消")
    else:
        messages.info(request, "任务已经结束，没有取消")
    return redirect("job_detail", job.pk)


@door(None, audit="job.ask_again")
@require_POST
def job_again(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Ask for a job that has failed or was cancelled once more."""
    try:
        job = ask_again(job=_own(request, job_id), actor=actor(request))
    except AlreadyUnderWay as error:
        messages.error(request, str(error))
        return redirect("job_detail", job_id)
    messages.success(request, "任务已重新排队")
    return redirect("job_detail", job.pk)


def _own(request: HttpRequest, job_id: UUID) -> Job:
    note(object_key=f"job:{job_id}")
    return get_object_or_404(Job, pk=job_id, requested_by=actor(request))
