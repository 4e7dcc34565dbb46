"""What falls due: things of a kind as they stand, entities of other lists by their last record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from taizhang.core.definition.programme import Programmes
from taizhang.web.ledger.models import Entity
from taizhang.web.things.models import Thing


class DueName(NamedTuple):
    """A thing or entity with the day on which it falls due."""

    due: date
    unit: str  # that has it now
    dataset: str
    key: str  # the name by which records speak of it
    namer: str  # the unit whose record named it first


def names_due(
    programmes: Programmes, units: Collection[str], first: date, last: date, dataset: str = ""
) -> list[DueName]:
    """Give what falls due at some units between two days, the longest due first.

    What became cases stands among the cases.  Things that were merged stand once, with the day that
    all their records come to.
    """
    kinds = {kind.dataset for kind in programmes.things.values()}
    aside = kinds | {*programmes.adopted_lists}
    entities = Entity.objects.filter(unit__in=units, due__gte=first, due__lte=last)
    entities = entities.exclude(latest=None).exclude(dataset__in=aside)
    things = Thing.objects.filter(unit__in=units, ended=None, due__gte=first, due__lte=last)
    if dataset:
        entities = entities.filter(dataset=dataset)
        things = things.filter(dataset=dataset)
    names = [
        DueName(due, unit, listed, key, unit)
        for due, unit, listed, key in entities.values_list("due", "unit", "dataset", "key")
        if due is not None
    ]
    for due, unit, listed, uid in things.values_list("due", "unit", "dataset", "uid"):
        namer, _, key = uid.removeprefix(f"{listed}/").partition(":")
        if due is not None:
            names.append(DueName(due, unit, listed, key, namer))
    return sorted(names)
