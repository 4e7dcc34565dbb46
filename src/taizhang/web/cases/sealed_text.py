"""The canonical text of a number, and its rows as the log verifies them."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.web.audit.chain import moment_text
from taizhang.web.audit.sealed_rows import SealedTable, Stored
from taizhang.web.cases.models import Number
from taizhang.web.ledger.canonical_json import canonical


def number_text(row: Number) -> str:
    """Give the canonical text of a number, whose keyed digest the log keeps."""
    return canonical(
        (row.uid, row.kind, row.unit, row.year, row.serial, row.number, row.provisional)
    )


def _numbers() -> Iterator[Stored]:
    for row in Number.objects.filter(logged__isnull=False).order_by("logged", "uid").iterator(5000):
        moment = moment_text(row.given_at)
        yield Stored(row.logged or 0, row.uid, number_text(row), row.seal, moment, row.given_by)


def _unlinked() -> tuple[int, str]:
    rows = Number.objects.filter(logged=None)
    last = rows.order_by("-uid").values_list("uid", flat=True).first()
    return rows.count(), str(last or "-")


NUMBERS = SealedTable(
    name="cases_number",
    actions=frozenset({"case.number"}),
    rows=_numbers,
    unlinked=_unlinked,
)
