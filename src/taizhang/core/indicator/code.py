"""Issue codes of questions for figures."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class QuestionCode(Code):
    """Messages about questions for figures."""

    QUESTION_001 = (
        gettext_noop("No measure has a dimension '%(name)s'."),
        gettext_noop("Ask by unit, by month or by a dimension; the nearest is '%(nearest)s'."),
    )
