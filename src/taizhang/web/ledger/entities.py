"""Entities as records speak of them: each state is kept, the latest live one stands.

Latest means the latest date, and of one date what was accepted last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection

from taizhang.core.unit import History
from taizhang.web.ledger.models import Entity, EntityState
from taizhang.web.ledger.settle import New, chunks

_LATEST = (
    "SELECT s.id FROM ledger_entitystate s WHERE s.entity_id = ledger_entity.id "
    "AND s.retired_at IS NULL ORDER BY s.date DESC, s.id DESC LIMIT 1"
)
_DUE = "SELECT s.due FROM ledger_entitystate s WHERE s.id = ledger_entity.latest_id"

Name = tuple[str, str, str]  # dataset, unit, key


def entities_write(new: Sequence[New], history: History, now: datetime) -> None:
    """Write what new records say about entities, making those that are named first."""
    said = [(one, state) for one in new for state in one.judged.said]
    if not said:
        return
    before = {
        (one.judged.unit, one.judged.date): _before(one.judged.unit, one.judged.date, history)
        for one, _ in said
    }
    units = {unit for unit, _ in before} | {code for codes in before.values() for code in codes}
    datasets = {state.dataset for _, state in said}
    known = _known(datasets, units, {state.key for _, state in said})
    owners: list[Name] = []
    fresh: dict[Name, Entity] = {}
    for one, state in said:
        unit = one.judged.unit
        names = [(state.dataset, unit, state.key)]
        names += [(state.dataset, code, state.key) for code in before[unit, one.judged.date]]
        owner = _owner([name for name in names if name in known or name in fresh], names[0])
        owners.append(owner)
        if owner not in known and owner not in fresh:
            fresh[owner] = Entity(dataset=owner[0], unit=owner[1], key=owner[2])
    for made in Entity.objects.bulk_create(fresh.values(), batch_size=5000):
        known[made.dataset, made.unit, made.key] = made.pk
    states = [
        EntityState(
            entity_id=known[name],
            record_id=one.pk,
            unit=one.judged.unit,
            date=one.judged.date,
            label=state.label,
            properties=state.properties,
            due=state.due,
            accepted_at=now,
            retired_at=now if one.retired else None,
        )
        for name, (one, state) in zip(owners, said, strict=True)
    ]
    EntityState.objects.bulk_create(states, batch_size=5000)
    _latest_set({known[name] for name in owners})


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
    codes = {(unit, day): (unit, *_before(unit, day, history)) for unit, day, _, _ in wanted}
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


def _before(unit: str, day: date, history: History) -> tuple[str, ...]:
    """Give the codes, gone by ``day``, whose entities a unit goes on with."""
    homes = history.tree(day).homes(unit)
    return tuple(code for code in homes if history.unit_on(code, day) is None)


def _owner(found: Sequence[Name], own: Name) -> Name:
    """Give the name of the entity meant: the unit's own, or the only one it took over."""
    if own in found:
        return own
    return found[0] if len(found) == 1 else own


def _latest_set(pks: Iterable[int]) -> None:
    for some in chunks(sorted(pks), 500):
        places = ", ".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            # Due first goes: a due date without a state is refused by the table.
            cursor.execute(
                f"UPDATE ledger_entity SET due = NULL, latest_id = ({_LATEST}) "  # noqa: S608
                f"WHERE id IN ({places})",
                some,
            )
            cursor.execute(
                f"UPDATE ledger_entity SET due = ({_DUE}) WHERE id IN ({places})",  # noqa: S608
                some,
            )
