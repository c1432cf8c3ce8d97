"""Long work: the table of jobs is the truth, Celery only carries it out."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """后台任务."""

    name = "fupin.jobs"
    label = "jobs"
    verbose_name = "后台任务"

    def ready(self) -> None:
        """Load every app's ``tasks.py``: the web asks for jobs by their kind, the worker runs them."""
        autodiscover_modules("tasks")
