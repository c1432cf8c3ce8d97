"""What can go wrong with a project. The text is for whoever acts, in Chinese, and names the field where there is one."""

from collections.abc import Mapping


class ProjectError(Exception):
    """Something that the rules of projects refuse; `str()` says what and how to mend it."""


class ProjectRefused(ProjectError):
    """Facts of a project are refused. `fields` names what is wrong at which field; '' stands for the project as a whole."""

    def __init__(self, fields: str | Mapping[str, str]) -> None:
        self.fields: dict[str, str] = {"": fields} if isinstance(fields, str) else dict(fields)
        super().__init__("；".join(self.fields.values()))


class StageRefused(ProjectError):
    """A step is refused; `reasons` says each thing that is missing."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__("；".join(reasons))


class FileRefused(ProjectError):
    """A file is not what may be kept with a project."""


class BeneficiariesRefused(ProjectError):
    """Some rows of a list of beneficiaries are refused; nothing of the list was written. `rows` says why, by row."""

    def __init__(self, rows: Mapping[int, str]) -> None:
        self.rows = dict(rows)
        super().__init__(f"{len(self.rows)} 行不能加入，整份名单没有写入")


class CheckRefused(ProjectError):
    """A spot check, or how its finding was mended, is refused."""
