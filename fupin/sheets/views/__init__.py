"""Pages of what is taken out."""

from fupin.sheets.views.approvals import export_approval, export_approval_list, export_ask
from fupin.sheets.views.exports import export_download, export_list, export_start

__all__ = [
    "export_approval",
    "export_approval_list",
    "export_ask",
    "export_download",
    "export_list",
    "export_start",
]
