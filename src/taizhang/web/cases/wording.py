"""Words of cases: what a step, a reason, a unit or body and a person's part are called."""

from __future__ import annotations

from datetime import date

from taizhang.core.case.step import ADOPTED, TAKEN_OVER
from taizhang.core.definition.case import OPENS, REASON_LABELS, STEP_LABELS, CaseKind
from taizhang.core.unit.ownership import Ownership
from taizhang.web.units.queries import bodies, history


def step_words(kind: CaseKind, step: str) -> str:
    """Name a step as people call it."""
    declared = kind.steps.get(step)
    if declared is not None:
        return declared.label
    return {OPENS: "开头", ADOPTED: "原来的记录", TAKEN_OVER: "接管", **STEP_LABELS}.get(step, step)


def reason_words(reason: str) -> str:
    """Say the reason of a return, from the closed list or in the words of whoever gave it."""
    return REASON_LABELS.get(reason, reason)


class Names:
    """Names of units and bodies on a day, their last names where they are no more."""

    def __init__(self, today: date) -> None:
        self._owners = Ownership(history(), bodies())
        self._today = today

    def __call__(self, code: str) -> str:
        unit = self._owners.history.unit_on(code, self._today)
        body = self._owners.bodies.body_on(code, self._today)
        row = unit or body
        rows = self._owners.history.rows(code) or self._owners.bodies.rows(code)
        return row.name if row is not None else rows[-1].name if rows else code
