"""Pages of what is taken out, and of what comes in."""

from fupin.sheets.views.approvals import export_approval, export_approval_list, export_ask
from fupin.sheets.views.blanks import import_template
from fupin.sheets.views.exports import export_download, export_list, export_start
from fupin.sheets.views.imports import (
    import_decide,
    import_detail,
    import_discard,
    import_list,
    import_new,
    import_result,
    import_undo,
)

__all__ = [
    "export_approval",
    "export_approval_list",
    "export_ask",
    "export_download",
    "export_list",
    "export_start",
    "import_decide",
    "import_detail",
    "import_discard",
    "import_list",
    "import_new",
    "import_result",
    "import_template",
    "import_undo",
]
