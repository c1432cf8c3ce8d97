"""Workbooks in and out."""

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    """表格导入导出."""

    name = "fupin.sheets"
    label = "sheets"
    verbose_name = "表格导入导出"
