"""Projections: what apps above the ledger read from accepted records, in their own transaction.

An app registers its reader when Django starts; the ledger knows none by name.  A reader may refuse
a record before it is sealed, writes what follows from it after it was stored, and tells everything
anew for a rebuild.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from taizhang.core.base.issue import Issue, Place
from taizhang.web.accounts.models import User
from taizhang.web.ledger.facts.projection_fact import DerivedFact
from taizhang.web.ledger.registry import MAKERS
from taizhang.web.ledger.sealed_text import RecordContent


@dataclass(frozen=True, slots=True)
class AcceptedRecord:
    """A record on its way in: before it is stored ``pk`` is 0.

    ``target`` is the content, ``target_pk`` the key of what it replaces or withdraws, the key being
    0 where that came in the same file and is not stored yet.
    """

    content: RecordContent
    place: Place
    pk: int = 0
    target_pk: int = 0


class Told(Protocol):
    """Everything that a projection tells anew from the records, beside what it has stored."""

    @property
    def facts(self) -> Sequence[DerivedFact]:
        """Give the facts that it states, by record."""
        ...

    def issues(self) -> tuple[Issue, ...]:
        """Say where its stored rows differ (warnings)."""
        ...

    def replace(self) -> None:
        """Put the rows told anew in the place of those stored."""
        ...


class Projection(Protocol):
    """A reader of accepted records."""

    def check(
        self, records: Sequence[AcceptedRecord], acting_user: User, now: datetime
    ) -> Iterable[Issue]:
        """Find what must not be stored; asked inside the lock of writers."""
        ...

    def accepted(self, records: Sequence[AcceptedRecord], acting_user: User, now: datetime) -> int:
        """Write what follows from stored records; give how many facts."""
        ...

    def anew(self, now: datetime) -> Told:
        """Tell everything anew; nothing is written."""
        ...

    def digested(self) -> Iterator[Iterator[tuple[Any, ...]]]:
        """Give the stored rows, table by table, in an order that depends on no key handed out."""
        ...


def projections() -> Sequence[Projection]:
    """Give the readers in the order in which their apps registered them."""
    return tuple(maker() for maker in MAKERS.values())
