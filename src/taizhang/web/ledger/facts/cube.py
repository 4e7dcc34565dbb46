"""The month cube: sums of live facts that are not joint, kept right in the record's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from taizhang.core.base.quantity import QuantityKind

#: measure, unit, month, dims.
Key: TypeAlias = tuple[str, str, int, str]
#: low, high, facts, open_high, about, missing, records.
Sums: TypeAlias = list[int]

KEY_COLUMNS = ("measure", "unit", "month", "dims")
SUM_COLUMNS = ("low", "high", "facts", "open_high", "about", "missing", "records")
CUBE_COLUMNS = (*KEY_COLUMNS, *SUM_COLUMNS)
_ABOUT, _MISSING = QuantityKind.ABOUT.value, QuantityKind.MISSING.value


class Cells:
    """Sums of facts by cell, gathered record by record."""

    def __init__(self) -> None:
        self.sums: dict[Key, Sums] = {}

    def add(self, facts: Iterable[Sequence[Any]]) -> None:
        """Add the facts of ONE record, in order.

        :param facts: (measure, unit, month, low, high, kind, dims, joint), …
        """
        sums = self.sums
        seen: set[str] = set()
        for measure, unit, month, low, high, kind, dims, joint in facts:
            if joint:
                continue
            key = (measure, unit, month, dims)
            cell = sums.get(key)
            if cell is None:
                cell = sums[key] = [0, 0, 0, 0, 0, 0, 0]
            cell[0] += low or 0
            cell[2] += 1
            if high is None:
                cell[3] += 1
                if kind == _MISSING:
                    cell[5] += 1
            else:
                cell[1] += high
            if kind == _ABOUT:
                cell[4] += 1
            if measure not in seen:
                seen.add(measure)
                cell[6] += 1
