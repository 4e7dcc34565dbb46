"""Every thing told anew from the records, and where the stored rows differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from taizhang.core.base.issue import Issue, Level
from taizhang.web.ledger.facts.projection_fact import DerivedFact
from taizhang.web.things.code import ThingsCode
from taizhang.web.things.kinds import Kinds, owners_now
from taizhang.web.things.models import Alias, Thing
from taizhang.web.things.persist import rows_replace
from taizhang.web.things.records import entities_of
from taizhang.web.things.rows import Folding, ThingRows

_THING = tuple(field.attname for field in Thing._meta.concrete_fields)
_ALIAS = tuple(field.attname for field in Alias._meta.concrete_fields)


class Anew:
    """All things folded anew; compared with what is stored, put in its place when asked."""

    #: Things state no facts.
    facts: Sequence[DerivedFact] = ()

    def __init__(self, now: datetime) -> None:
        self._now = now

    def _told(self) -> Iterator[ThingRows]:
        today = timezone.localdate(self._now)
        kinds, owners = Kinds(today), owners_now()
        for dataset in kinds.lists:
            entities = entities_of(dataset)
            yield Folding(dataset, entities, kinds, owners, today, is_whole=True).rows()

    def issues(self) -> tuple[Issue, ...]:
        """Say how many things are stored otherwise (a warning)."""
        told: set[tuple[Any, ...]] = set()
        for rows in self._told():
            told |= {("thing", *_values(thing, _THING)) for thing in rows.things}
            told |= {("alias", *_values(alias, _ALIAS)) for alias in rows.aliases}
        stored = {("thing", *row) for row in Thing.objects.values_list(*_THING).iterator(5000)}
        stored |= {("alias", *row) for row in Alias.objects.values_list(*_ALIAS).iterator(5000)}
        different = {row[1] for row in told ^ stored}
        if not different:
            return ()
        facts = {"things": len(different)}
        return (Issue(ThingsCode.THINGS_006, facts=facts, level=Level.WARNING),)

    def replace(self) -> None:
        """Put the rows in the place of those stored, told once more from the states now stored."""
        rows_replace([*self._told()])

    @staticmethod
    def stored_rows() -> Iterator[Iterator[tuple[Any, ...]]]:
        """Give the stored rows for a digest, in the order of their own keys."""
        yield Thing.objects.order_by("uid").values_list(*_THING).iterator(5000)
        yield Alias.objects.order_by("uid").values_list(*_ALIAS).iterator(5000)


def _values(row: Any, columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in columns)
