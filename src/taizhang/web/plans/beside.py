"""What rooms above count beside burden: cells that the ledger filled instead of a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from taizhang.core.base.period import Period

#: Counts the filled cells of units in a period.
Filled = Callable[[Sequence[str], Period], int]
_counts: list[Filled] = []


def filled_register(count: Filled) -> None:
    """Have filled cells counted by a room above."""
    _counts.append(count)


def filled_cells(units: Sequence[str], period: Period) -> int:
    """Count the cells that nobody typed because the ledger filled them."""
    return sum(count(units, period) for count in _counts)
