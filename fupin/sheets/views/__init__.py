"""Pages of what is taken out."""

from fupin.sheets.views.exports import export_download, export_list, export_start

__all__ = ["export_download", "export_list", "export_start"]
