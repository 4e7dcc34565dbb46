"""Names of units and bodies, as lines of cases and of lists show them."""

from __future__ import annotations

from datetime import date

from taizhang.core.unit.ownership import Ownership
from taizhang.web.units.queries import bodies, history


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
