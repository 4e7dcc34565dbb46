"""Papers have limits: 5,000 characters, 4,000 on one subject."""

from __future__ import annotations

import pytest

from taizhang.core.base.issue import Level
from taizhang.documents.code import DocumentCode
from taizhang.documents.length import length
from taizhang.documents.template.composition import compose
from tests.documents.ledger import Ledger, subject, template

TITLE = len("绿荫街道2025年健康教育工作总结")


@pytest.mark.parametrize(
    ("count", "limit", "over"),
    [(5000, "general", 0), (5001, "general", 1), (4000, "special", 0), (4500, "special", 500)],
)
def test_a_long_paper_says_by_how_much(count: int, limit: str, over: int) -> None:
    made = template("字" * (count - TITLE), limit=limit)
    document = compose(made, Ledger({}), subject())
    assert length(document) == count
    overs = [issue.facts["over"] for issue in document.issues]
    assert overs == ([over] if over else [])
    for issue in document.issues:
        assert issue.level is Level.WARNING
        assert issue.code is DocumentCode.DOCUMENT_006


def test_spaces_tables_and_annexes_do_not_count() -> None:
    text = (
        "甲 乙\n\n| 丙 | 丁 |\n|---|---|\n| 戊 | 己 |\n\n1. 庚\n\n# 辛\n\n"
        "{{ annex('壬') }}\n\n癸癸癸"
    )
    document = compose(template(text), Ledger({}), subject())
    assert length(document) == TITLE + len("甲乙庚一、辛")
