"""Writes of what things come to; called in the transaction that accepts their records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.utils import timezone

from taizhang.core.base.number_label import NumberPattern
from taizhang.web.audit.actions import Actor
from taizhang.web.base.bulk import chunks
from taizhang.web.ledger.models import Entity
from taizhang.web.ledger.number import Numbered, numbers_next
from taizhang.web.ledger.number_persist import numbers_put
from taizhang.web.things.kinds import Kinds, owners_now
from taizhang.web.things.models import Alias, Number, Thing
from taizhang.web.things.records import Named, entities_of, grouped, merges, numbers_of, uid_of
from taizhang.web.things.rows import Folding, ThingRows
from taizhang.web.things.sealed_text import number_text

AT_ONCE = 500


def entities_fold(
    pks: Collection[int], kinds: Kinds, acting_user: Actor | None, now: datetime
) -> None:
    """Fold the things of these entities anew, numbering those that have just begun."""
    by_list: dict[str, list[Named]] = {}
    for some in chunks(sorted(pks)):
        rows = Entity.objects.filter(pk__in=some, dataset__in=kinds.lists)
        for pk, dataset, unit, key in rows.values_list("pk", "dataset", "unit", "key"):
            entity = Named(pk, uid_of(dataset, unit, key), unit, key)
            by_list.setdefault(dataset, []).append(entity)
    for dataset, entities in by_list.items():
        for lot in chunks(entities, AT_ONCE):
            things_fold(dataset, lot, kinds, acting_user, now)


def things_fold(
    dataset: str,
    entities: Iterable[Named],
    kinds: Kinds,
    acting_user: Actor | None,
    now: datetime,
) -> None:
    """Fold some things of a list anew and put their rows in the place of those stored."""
    whole = grouped(dataset, entities, merges(dataset))
    folding = Folding(dataset, whole, kinds, owners_now(), timezone.localdate(now))
    _number(folding, kinds, acting_user, now)
    rows_put([entity.uid for entity in whole], folding.rows())


def _number(folding: Folding, kinds: Kinds, acting_user: Actor | None, now: datetime) -> None:
    """Give a number to each thing that has begun and brings none from before."""
    given = numbers_of([entity.uid for entity in folding.entities])
    states = folding.apart()
    fresh = [
        entity
        for entity in sorted(folding.entities, key=lambda entity: entity.pk)
        if entity.uid in states and entity.uid not in given and not states[entity.uid].number
    ]
    if not fresh:
        return
    begun = [
        Numbered(
            uid=entity.uid,
            kind=states[entity.uid].kind,
            pattern=NumberPattern(kinds.now[states[entity.uid].kind].number),
            unit=entity.unit,
            date=states[entity.uid].since,
        )
        for entity in fresh
    ]
    taken: dict[str, set[str]] = {entity.unit: set() for entity in folding.entities}
    for entity in folding.entities:
        if entity.uid in states:
            taken[entity.unit].add(states[entity.uid].number)
    for unit, number in Alias.objects.filter(unit__in=taken).values_list("unit", "number"):
        taken[unit].add(number)
    rows = [
        Number(**columns, given_at=now, given_by=None if acting_user is None else acting_user.pk)
        for _, columns in numbers_next(Number, begun, taken)
    ]
    numbers_put(rows, number_text, "thing.number", acting_user, now, name="number")


def rows_put(uids: Collection[str], rows: ThingRows) -> None:
    """Put the rows of some entities in the place of those stored."""
    for some in chunks(uids):
        Thing.objects.filter(uid__in=some).delete()
        Alias.objects.filter(uid__in=some).delete()
    Thing.objects.bulk_create(rows.things, batch_size=AT_ONCE)
    Alias.objects.bulk_create(rows.aliases, batch_size=AT_ONCE)


def rows_replace(lists: Sequence[ThingRows]) -> None:
    """Put everything told anew in the place of what is stored."""
    Thing.objects.all().delete()
    Alias.objects.all().delete()
    for rows in lists:
        rows_put((), rows)


def lists_number(kinds: Kinds, datasets: Iterable[str], now: datetime) -> None:
    """Fold and number all things of lists, as when a pack says for the first time what they are."""
    for dataset in datasets:
        for lot in chunks(entities_of(dataset), AT_ONCE):
            things_fold(dataset, lot, kinds, None, now)
    kept = Thing.objects.exclude(dataset__in=kinds.lists)
    kept.delete()
    Alias.objects.exclude(dataset__in=kinds.lists).delete()
