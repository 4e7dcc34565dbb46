"""Entities as records speak of them: each state is kept, the latest live one stands.

Latest means the latest date, and of one date what was accepted last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from taizhang.core.unit import History
from taizhang.web.ledger.closings import places
from taizhang.web.ledger.judge import Said
from taizhang.web.ledger.models import Entity, EntityState
from taizhang.web.ledger.rows import ids_reserve, rows_insert
from taizhang.web.ledger.settle import New, chunks
from taizhang.web.quick import quick_cursor

LATEST = (
    "SELECT s.id, s.due FROM ledger_entitystate s WHERE s.entity_id = ledger_entity.id "
    "AND s.retired_at IS NULL ORDER BY s.date DESC, s.id DESC LIMIT 1"
)
#: So many things or units are named in one plain query; more go in lots.
FEW = 100

Name = tuple[str, str, str]  # dataset, unit, key


def entities_write(new: Sequence[New], history: History, now: datetime) -> None:
    """Write what new records say about entities, making those that are named first."""
    said = [(one, state) for one in new for state in one.judged.said]
    if not said:
        return
    before = {
        (one.judged.unit, one.judged.date): before_of(one.judged.unit, one.judged.date, history)
        for one, _ in said
    }
    units = {unit for unit, _ in before} | {code for codes in before.values() for code in codes}
    datasets = {state.dataset for _, state in said}
    known = _known(datasets, units, {state.key for _, state in said})
    owners: list[Name] = []
    fresh: dict[Name, None] = {}
    for one, state in said:
        unit = one.judged.unit
        names = [(state.dataset, unit, state.key)]
        names += [(state.dataset, code, state.key) for code in before[unit, one.judged.date]]
        owner = owner_of([name for name in names if name in known or name in fresh], names[0])
        owners.append(owner)
        if owner not in known:
            fresh[owner] = None
    with quick_cursor() as cursor:  # plain SQL: others wait for the lock
        keys = ids_reserve(cursor, "ledger_entity", len(fresh))
        known.update(zip(fresh, keys, strict=True))
        made = [(pk, *name) for name, pk in zip(fresh, keys, strict=True)]
        rows_insert(cursor, "ledger_entity", ENTITY_COLUMNS, made)
        states = _states(zip(owners, said, strict=True), known, now)
        rows_insert(cursor, "ledger_entitystate", STATE_COLUMNS, states)
    _latest_set({known[name] for name in owners})


ENTITY_COLUMNS = ("id", "dataset", "unit", "key")
STATE_COLUMNS = (
    "entity_id",
    "record_id",
    "unit",
    "date",
    "label",
    "properties",
    "due",
    "accepted_at",
    "retired_at",
)


def _states(
    said: Iterable[tuple[Name, tuple[New, Said]]], known: Mapping[Name, int], moment: datetime
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of ``ledger_entitystate``."""
    day = connection.ops.adapt_datefield_value
    now = connection.ops.adapt_datetimefield_value(moment)
    for name, (one, state) in said:
        yield (
            known[name],
            one.pk,
            one.judged.unit,
            day(one.judged.date),
            state.label,
            state.properties,
            day(state.due),
            now,
            now if one.retired else None,
        )


def entities_retire(records: Sequence[int], now: datetime) -> None:
    """Take out what these records said about entities; what was said before stands again."""
    touched: set[int] = set()
    for some in chunks(records):
        states = EntityState.objects.filter(record_id__in=some, retired_at=None)
        found = set(states.values_list("entity_id", flat=True))
        if found:
            states.update(retired_at=now)
            touched |= found
    _latest_set(touched)


def _known(datasets: set[str], units: set[str], keys: set[str]) -> dict[Name, int]:
    found: dict[Name, int] = {}
    if len(keys) <= FEW and len(units) <= FEW:
        # Plain SQL: a record from a phone passes here while others wait.
        values = [*sorted(datasets), *sorted(units), *sorted(keys)]
        sql = (
            "SELECT id, dataset, unit, key FROM ledger_entity "  # noqa: S608 - places only
            f"WHERE dataset IN ({places(datasets)}) AND unit IN ({places(units)}) "
            f"AND key IN ({places(keys)})"
        )
        with quick_cursor() as cursor:
            cursor.execute(sql, values)
            return {(dataset, unit, key): pk for pk, dataset, unit, key in cursor.fetchall()}
    for some in chunks(sorted(keys)):
        rows = Entity.objects.filter(dataset__in=datasets, unit__in=units, key__in=some)
        found.update(
            ((dataset, unit, key), pk)
            for pk, dataset, unit, key in rows.values_list("pk", "dataset", "unit", "key")
        )
    return found


def names_known(
    asked: Iterable[tuple[str, date, str, str]], history: History
) -> set[tuple[str, date, str, str]]:
    """Give those of the (unit, day, dataset, key) that a live record has begun.

    A unit goes on with what units before it had that are gone by the day.
    """
    wanted = set(asked)
    codes = {(unit, day): (unit, *before_of(unit, day, history)) for unit, day, _, _ in wanted}
    rows = Entity.objects.filter(
        dataset__in={dataset for _, _, dataset, _ in wanted},
        unit__in={code for some in codes.values() for code in some},
        latest__isnull=False,
    )
    found: set[Name] = set()
    for some in chunks(sorted({key for _, _, _, key in wanted})):
        found.update(rows.filter(key__in=some).values_list("dataset", "unit", "key"))
    return {
        one
        for one in wanted
        if any((one[2], code, one[3]) in found for code in codes[one[0], one[1]])
    }


def before_of(unit: str, day: date, history: History) -> tuple[str, ...]:
    """Give the codes, gone by ``day``, whose entities a unit goes on with."""
    homes = history.tree(day).homes(unit)
    return tuple(code for code in homes if history.unit_on(code, day) is None)


def owner_of(found: Sequence[Name], own: Name) -> Name:
    """Give the name of the entity meant: the unit's own, or the only one it took over."""
    if own in found:
        return own
    return found[0] if len(found) == 1 else own


def _latest_set(pks: Iterable[int]) -> None:
    for some in chunks(sorted(pks), 500):
        with quick_cursor() as cursor:
            cursor.execute(
                f"UPDATE ledger_entity SET (latest_id, due) = ({LATEST}) "  # noqa: S608
                f"WHERE id IN ({places(some)})",
                some,
            )
