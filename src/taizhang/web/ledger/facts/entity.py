"""Entities as records speak of them: what an update says, and which entity a name means.

Each state is kept, the latest live one stands: latest means the latest date, and of one date what
was accepted last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.core.base.literal import day_of
from taizhang.core.counting.fact import Submission
from taizhang.core.form import Form
from taizhang.core.unit.tree import History
from taizhang.web.base.bulk import chunks
from taizhang.web.ledger.canonical_json import canonical
from taizhang.web.ledger.models import Entity

LABEL = 200  # longest label that is kept

Name = tuple[str, str, str]  # dataset, unit, key


@dataclass(frozen=True, slots=True)
class EntityUpdate:
    """What a record says about one entity."""

    dataset: str
    key: str
    label: str
    properties: str  # canonical JSON
    due: date | None


def entity_updates(record: Submission, form: Form) -> tuple[EntityUpdate, ...]:
    """Give what a record says about entities, one state a repeat row where rows name them."""
    spec = form.entity
    if spec is None:
        return ()
    repeat, dot, _ = spec.id_field.partition(".")
    rows: Sequence[Mapping[str, Any]] = record.answers.get(repeat, ()) if dot else ({},)  # type: ignore[assignment]
    updates: dict[str, EntityUpdate] = {}
    for row in rows:
        key = _answer(record, row, spec.id_field)
        if key in (None, ""):
            continue
        properties = {
            name: answer
            for name, path in spec.saves.items()
            if (answer := _answer(record, row, path)) not in (None, "")
        }
        label = _answer(record, row, spec.label_field) if spec.label_field else key
        due = properties.get(spec.due_field) if spec.due_field else None
        updates[str(key)] = EntityUpdate(  # the last row about the same entity stands
            spec.dataset,
            str(key),
            str(label or key)[:LABEL],
            canonical(properties),
            _day(due),
        )
    return tuple(updates.values())


def _answer(record: Submission, row: Mapping[str, Any], path: str) -> Any:
    _, dot, name = path.partition(".")
    return row.get(name) if dot else record.answers.get(path)


def _day(answer: object) -> date | None:
    if not isinstance(answer, str):
        return None
    try:
        return day_of(answer[:10])
    except ValueError:
        return None


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
    begun: set[Name] = set()
    for keys in chunks(sorted({key for _, _, _, key in wanted})):
        begun.update(rows.filter(key__in=keys).values_list("dataset", "unit", "key"))
    return {
        (unit, day, dataset, key)
        for unit, day, dataset, key in wanted
        if any((dataset, code, key) in begun for code in codes[unit, day])
    }


def before_of(unit: str, day: date, history: History) -> tuple[str, ...]:
    """Give the codes, gone by ``day``, whose entities a unit goes on with."""
    homes = history.tree(day).homes(unit)
    return tuple(code for code in homes if history.unit_on(code, day) is None)


def owner_of(names: Sequence[Name], own: Name) -> Name:
    """Give the name of the entity meant: the unit's own, or the only one it took over."""
    if own in names:
        return own
    return names[0] if len(names) == 1 else own
