"""Words of cases: what a step, a reason and a person's part are called."""

from __future__ import annotations

from taizhang.core.case.step import ADOPTED, TAKEN_OVER
from taizhang.core.definition.case import OPENS, REASON_LABELS, STEP_LABELS, CaseKind


def step_words(kind: CaseKind, step: str) -> str:
    """Name a step as people call it."""
    declared = kind.steps.get(step)
    if declared is not None:
        return declared.label
    return {OPENS: "开头", ADOPTED: "原来的记录", TAKEN_OVER: "接管", **STEP_LABELS}.get(step, step)


def reason_words(reason: str) -> str:
    """Say the reason of a return, from the closed list or in the words of whoever gave it."""
    return REASON_LABELS.get(reason, reason)
