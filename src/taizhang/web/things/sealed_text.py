"""The canonical texts of numbers and merges, and their rows as the log verifies them."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.web.audit.chain import moment_text
from taizhang.web.audit.sealed_rows import SealedTable, Stored
from taizhang.web.ledger.canonical_json import canonical
from taizhang.web.ledger.number import numbers_sealed
from taizhang.web.things.models import Merge, Number

#: Actions of the log that write merges.
MERGE, PART = "thing.merge", "thing.part"


def number_text(row: Number) -> str:
    """Give the canonical text of a number, whose keyed digest the log keeps."""
    return canonical((row.uid, row.kind, row.unit, row.year, row.serial, row.number))


def merge_text(row: Merge) -> str:
    """Give the canonical text of a merge or its undoing."""
    return canonical((row.kept, row.gone, row.undoes_id, row.reason))


NUMBERS = numbers_sealed(Number, "things_number", "thing.number", number_text)


def _merges() -> Iterator[Stored]:
    for row in Merge.objects.filter(logged__isnull=False).order_by("logged", "pk").iterator():
        moment = moment_text(row.acted_at)
        yield Stored(row.logged or 0, str(row.pk), merge_text(row), row.seal, moment, row.acted_by)


def _unlinked() -> tuple[int, str]:
    loose = Merge.objects.filter(logged=None)
    last = loose.order_by("-pk").values_list("pk", flat=True).first()
    return loose.count(), str(last or "-")


MERGES = SealedTable(
    name="things_merge", actions=frozenset({MERGE, PART}), rows=_merges, unlinked=_unlinked
)
