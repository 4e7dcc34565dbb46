"""What stored records say of things, by list; which things are one after merges."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from taizhang.core.thing.fold import ThingMerge, ThingRecord, heirs
from taizhang.web.base.bulk import chunks
from taizhang.web.ledger.models import Entity, EntityState
from taizhang.web.things.kinds import Kinds
from taizhang.web.things.models import Merge, Number


def uid_of(dataset: str, unit: str, key: str) -> str:
    """Give the uid of a thing by its list, the unit that named it first, and its name there."""
    return f"{dataset}/{unit}:{key}"


@dataclass(frozen=True, slots=True)
class Named:
    """An entity of a list: the key of its row, and its name."""

    pk: int
    uid: str
    unit: str
    key: str


def merges(dataset: str) -> list[ThingMerge]:
    """Give the merges of a list, undone ones with the moment of their undoing."""
    rows = Merge.objects.filter(undoes=None, kept__startswith=f"{dataset}/").order_by("pk")
    columns = ("kept", "gone", "acted_at", "undone__acted_at")
    return [
        ThingMerge(kept=kept, gone=gone, accepted_at=since, undone_at=until)
        for kept, gone, since, until in rows.values_list(*columns)
    ]


def entities_of(dataset: str, units: Collection[str] | None = None) -> list[Named]:
    """Give the entities of a list, of all units or those that these named first."""
    rows = Entity.objects.filter(dataset=dataset)
    if units is not None:
        rows = rows.filter(unit__in=units)
    return [
        Named(pk, uid_of(dataset, unit, key), unit, key)
        for pk, unit, key in rows.order_by("unit", "key").values_list("pk", "unit", "key")
    ]


def grouped(dataset: str, entities: Iterable[Named], merged: Collection[ThingMerge]) -> list[Named]:
    """Give these entities with all that are, or ever were, one thing with any of them."""
    whole = {entity.uid: entity for entity in entities}
    linked: dict[str, set[str]] = {}
    for merge in merged:
        linked.setdefault(merge.kept, set()).add(merge.gone)
        linked.setdefault(merge.gone, set()).add(merge.kept)
    if not linked.keys() & whole.keys():
        return list(whole.values())
    reached, edge = set(whole), set(whole)
    while edge:
        edge = {beside for uid in edge for beside in linked.get(uid, ())} - reached
        reached |= edge
    for uid in sorted(reached - whole.keys()):
        unit, _, key = uid.removeprefix(f"{dataset}/").partition(":")
        entity = Entity.objects.filter(dataset=dataset, unit=unit, key=key).first()
        if entity is not None:
            whole[uid] = Named(entity.pk, uid, unit, key)
    return list(whole.values())


def thing_records(
    dataset: str, entities: Collection[Named] | None, kinds: Kinds
) -> Iterator[ThingRecord]:
    """Give what records say of these entities of a list, or of all; retired ones too."""
    states = EntityState.objects.filter(entity__dataset=dataset)
    lots = (
        [states]
        if entities is None
        else [states.filter(entity__in=some) for some in chunks([named.pk for named in entities])]
    )
    columns = (
        *("entity__unit", "entity__key", "record__uid", "record__form", "record__pack_version"),
        *("unit", "date", "accepted_at", "retired_at", "properties"),
    )
    for lot in lots:
        for unit, key, record, form, version, own, day, *moments, told in lot.values_list(
            *columns
        ).iterator(5000):
            spec = kinds.spec(form, version)
            # What the form asked and nobody answered takes an earlier due day back.
            asked = {} if spec is None else {**dict.fromkeys(spec.saves), spec.id_field: key}
            yield ThingRecord(
                record=record,
                uid=uid_of(dataset, unit, key),
                unit=own,
                date=day,
                accepted_at=moments[0],
                retired_at=moments[1],
                properties={**asked, **json.loads(told)},
            )


def numbers_of(uids: Collection[str]) -> Mapping[str, str]:
    """Give by uid the numbers that the ledger gave to things."""
    given: dict[str, str] = {}
    for some in chunks(sorted(uids)):
        given.update(Number.objects.filter(uid__in=some).values_list("uid", "number"))
    return given


def meant(uids: Iterable[str], merged: Collection[ThingMerge]) -> Mapping[str, str]:
    """Give for each uid the thing that it means now."""
    kept = heirs(merged, None)
    return {uid: kept.get(uid, uid) for uid in uids}
