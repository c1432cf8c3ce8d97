"""Long work: the table of jobs is the truth, Celery only carries it out."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """后台任务."""

    name = "fupin.jobs"
    label = "jobs"
    verbose_name = "后台任务"
