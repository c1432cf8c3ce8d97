"""The documents that the software follows, and where their wording was found."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

_TEXTS: Final = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document. `wording` names the file with its text, empty where only extracts are at hand."""

    key: str
    title: str
    number: str
    issuer: str
    issued_on: date | None
    source: str
    wording: str = ""

    def text(self) -> str:
        """Return the document's wording; raise LookupError where the software holds none."""
        if not self.wording:
            raise LookupError(self.key)
        return (_TEXTS / self.wording).read_text(encoding="utf-8")


OPINIONS_2014: Final = Document(
    key="opinions-2014",
    title="关于创新机制扎实推进农村扶贫开发工作的实施意见",
    number="",
    issuer="山西省（发文机关、文号待核）",
    issued_on=None,
    source="山西省工商业联合会网站，2014-04-29 刊载",
    wording="opinions_2014.txt",
)

IDENTIFICATION_2014: Final = Document(
    key="identification-2014",
    title="扶贫开发建档立卡工作方案",
    number="国开办发〔2014〕24号",
    issuer="国务院扶贫开发领导小组办公室",
    issued_on=None,
    source="公开摘录，全文未得",
)

EXIT_2016: Final = Document(
    key="exit-2016",
    title="关于建立贫困退出机制的意见",
    number="",
    issuer="中共中央办公厅、国务院办公厅",
    issued_on=None,
    source="2016 年 4 月公布，公开摘录",
)

DATA_STANDARD: Final = Document(
    key="data-standard",
    title="山西省精准扶贫建档立卡数据标准",
    number="",
    issuer="本系统",
    issued_on=None,
    source="docs/glossary.md；字段与规则来源逐条见 registry/standard 与 registry/rules",
)

DOCUMENTS: Final = MappingProxyType(
    {doc.key: doc for doc in (OPINIONS_2014, IDENTIFICATION_2014, EXIT_2016, DATA_STANDARD)}
)
"""Documents by key."""
