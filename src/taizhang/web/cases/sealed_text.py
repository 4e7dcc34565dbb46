"""The canonical text of a number, and its rows as the log verifies them."""

from __future__ import annotations

from taizhang.web.cases.models import Number
from taizhang.web.ledger.canonical_json import canonical
from taizhang.web.ledger.number import numbers_sealed


def number_text(row: Number) -> str:
    """Give the canonical text of a number, whose keyed digest the log keeps."""
    return canonical(
        (row.uid, row.kind, row.unit, row.year, row.serial, row.number, row.provisional)
    )


NUMBERS = numbers_sealed(Number, "cases_number", "case.number", number_text)
