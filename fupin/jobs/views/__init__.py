"""One's own jobs: the list, the progress of one, taking it back, asking again."""

from fupin.jobs.views.jobs import job_again, job_cancel, job_detail, job_list

__all__ = ["job_again", "job_cancel", "job_detail", "job_list"]
