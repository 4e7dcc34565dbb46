"""The YAML head of a template, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from taizhang.core.base.issue import Issue
from taizhang.core.base.period import KIND_MONTHS
from taizhang.core.definition.pack import DocumentTemplate
from taizhang.documents.code import DocumentCode
from taizhang.documents.length import GENERAL, LIMITS
from taizhang.documents.template.placeholder import without_private

KINDS = (
    "计划", "总结", "自查报告", "通报", "请示", "函", "公示", "通知", "方案",
    "报告", "公告", "纪要",
)  # fmt: skip
PERIODS = (*KIND_MONTHS, "any")
_YES = {True: True, False: False, "yes": True, "no": False, "true": True, "false": False}
_YES_NO = ("yes", "no")
#: What a title leaves open until it is written: unit and period.
_GAPS = re.compile(r"\{[{%].*?[%}]\}")
_KEYS = (
    "title", "kind", "period", "to", "from", "date", "sealed", "numbering", "limit", "key",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateHead:
    """The head as read; ``title``, ``to`` and ``issuer`` are still Jinja."""

    title: str
    kind: str
    period: str
    to: str = ""
    issuer: str = "{{ unit }}"
    dated: bool = False
    sealed: bool = False
    numbering: bool = True
    limit: int = GENERAL

    def texts(self) -> Mapping[str, str]:
        """Give the parts that are rendered."""
        return {"title": self.title, "to": self.to, "from": self.issuer}


def read_head(template: DocumentTemplate) -> tuple[TemplateHead, list[Issue]]:
    """Read the head of a template, with every key that is not understood."""
    head = template.head
    issues: list[Issue] = []

    def refuse(key: str, value: object, allowed: object) -> None:
        facts = {"key": key, "value": value, "allowed": allowed}
        issues.append(Issue(DocumentCode.DOCUMENT_007, template.place, facts))

    def one_of(key: str, default: str, allowed: tuple[str, ...]) -> str:
        value = str(head.get(key, default))
        if value not in allowed:
            refuse(key, value, ", ".join(allowed))
            return default
        return value

    def yes(key: str, default: bool) -> bool:
        value = head.get(key, default)
        if not isinstance(value, (bool, str)) or value not in _YES:
            refuse(key, value, ", ".join(_YES_NO))
            return default
        return _YES[value]

    for key in head:
        if key not in _KEYS:
            refuse(str(key), head[key], ", ".join(_KEYS))
    words = TemplateHead(
        title=without_private(template.title),
        kind=one_of("kind", template.kind, KINDS),
        period=one_of("period", template.period, PERIODS),
        to=without_private(str(head.get("to") or "")),
        issuer=without_private(str(head.get("from") or "{{ unit }}")),
        dated=one_of("date", "blank", ("blank", "as_of")) == "as_of",
        sealed=yes("sealed", False),
        numbering=yes("numbering", True),
        limit=LIMITS[one_of("limit", "general", tuple(LIMITS))],
    )
    return words, issues


def title_bare(template: DocumentTemplate) -> str:
    """Give the title of a template without what is left open until it is written."""
    return _GAPS.sub("", template.title).strip()
