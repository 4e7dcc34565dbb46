"""Numbers that the ledger gives to cases and things: counted by unit, sealed, never re-used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Max

from taizhang.core.base.number_label import NumberPattern
from taizhang.web.audit.chain import moment_text
from taizhang.web.audit.models import SealedRow
from taizhang.web.audit.sealed_rows import SealedTable, Stored
from taizhang.web.ledger.models import KEY, UNIT

NUMBER = 100  # length of a number


class GivenNumber(SealedRow):
    """A number, given once and never again; apps add ``uid`` and ``given_by`` (id of the user).

    ``year`` is 0 where one counter serves all years.
    """

    kind = models.CharField(max_length=KEY)
    unit = models.CharField(max_length=UNIT)  # whose counter gave it
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=NUMBER)
    given_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number


@dataclass(frozen=True, slots=True)
class Numbered:
    """What is to be numbered: the uid, its kind with the pattern, the unit and day it began."""

    uid: str
    kind: str
    pattern: NumberPattern
    unit: str
    date: date


def numbers_next(
    model: type[GivenNumber],
    begun: Iterable[Numbered],
    taken: Mapping[str, set[str]] | None = None,
) -> Iterator[tuple[Numbered, dict[str, Any]]]:
    """Give for each what begins the columns of its number, from the counter of its unit.

    Runs inside the lock of writers.

    :param taken: by unit the numbers that things have already, which are passed over
    """
    last: dict[tuple[str, str, int], int] = {}
    for named in begun:
        counter = (named.kind, named.unit, named.pattern.counter(named.date.year))
        if counter not in last:
            own = model._default_manager.filter(kind=counter[0], unit=counter[1], year=counter[2])
            last[counter] = own.aggregate(last=Max("serial"))["last"] or 0
        known = set() if taken is None else taken.get(named.unit, set())
        last[counter] += 1
        while (number := named.pattern.number(named.date.year, last[counter])) in known:
            last[counter] += 1
        known.add(number)
        columns = dict(zip(("kind", "unit", "year"), counter, strict=True))
        yield named, {"uid": named.uid, **columns, "serial": last[counter], "number": number}


def numbers_sealed(model: Any, name: str, action: str, text: Callable[[Any], str]) -> SealedTable:
    """Give a table of numbers as the log verifies it."""

    def rows() -> Iterator[Stored]:
        linked = model.objects.filter(logged__isnull=False).order_by("logged", "uid")
        for row in linked.iterator(5000):
            moment = moment_text(row.given_at)
            yield Stored(row.logged or 0, row.uid, text(row), row.seal, moment, row.given_by)

    def unlinked() -> tuple[int, str]:
        loose = model.objects.filter(logged=None)
        last = loose.order_by("-uid").values_list("uid", flat=True).first()
        return loose.count(), str(last or "-")

    return SealedTable(name=name, actions=frozenset({action}), rows=rows, unlinked=unlinked)
