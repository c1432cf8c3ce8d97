"""Workbooks in and out."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SheetsConfig(AppConfig):
    """表格导入导出."""

    name = "fupin.sheets"
    label = "sheets"
    verbose_name = "表格导入导出"

    def ready(self) -> None:
        """Load every app's `resources`: they say which lists can be taken out."""
        autodiscover_modules("resources")
