"""What money is for: a county's pool of projects, from the idea to what came of it."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """项目."""

    name = "projects"
    verbose_name = "项目"
