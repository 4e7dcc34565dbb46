"""Cells of forms of other offices that the ledger filled: counted beside what people typed."""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.core.base.period import Period
from taizhang.web.office.models import FilledForm


def cells_filled(units: Sequence[str], period: Period) -> int:
    """Count the cells that were filled for units and a period within; a form that was filled again
    for the same unit and months counts once, as its last number stands."""
    rows = FilledForm.objects.filter(
        unit__in=units,
        first_month__gte=period.first.number,
        last_month__lte=period.last.number,
    )
    last: dict[tuple[int, str, int, int], int] = {}
    for form, unit, first, end, cells in rows.order_by("number").values_list(
        "form_id", "unit", "first_month", "last_month", "cells"
    ):
        last[form, unit, first, end] = cells
    return sum(last.values())
