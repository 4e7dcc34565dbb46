"""Things follow their units: those of a unit that is no more go to whoever holds them now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from django.utils import timezone

from taizhang.core.base.issue import Issue, Level
from taizhang.core.definition.pack import Pack
from taizhang.web.base.bulk import chunks
from taizhang.web.ledger.models import Entity
from taizhang.web.things.code import ThingsCode
from taizhang.web.things.kinds import Kinds, owners_now
from taizhang.web.things.models import Alias, Thing
from taizhang.web.things.persist import entities_fold, lists_number


def units_followed(now: datetime) -> Iterator[Issue]:
    """Fold the things of units that are no more; say what went where.

    Called in the transaction of an import of units, and when the day has turned.
    """
    owners, today = owners_now(), timezone.localdate(now)
    moved: Counter[tuple[str, str]] = Counter()
    touched: set[str] = set()
    for uid, unit, last in Thing.objects.values_list("uid", "unit", "last").iterator(5000):
        holder = owners.holder(unit, last, today)
        if holder.code != unit:
            moved[unit, holder.code] += 1
            touched.add(uid)
    if touched:
        names_fold(touched, now)
    for (former, owner), count in sorted(moved.items()):
        facts = {"count": count, "former": former, "owner": owner}
        yield Issue(ThingsCode.THINGS_007, facts=facts, level=Level.WARNING)


def names_fold(things: set[str], now: datetime) -> None:
    """Fold stored things anew by their uid; none of them is new."""
    touched: set[int] = set()
    for some in chunks(sorted(things)):
        aliases = Alias.objects.filter(thing__in=some)
        for dataset, unit, key in aliases.values_list("dataset", "unit", "key"):
            rows = Entity.objects.filter(dataset=dataset, unit=unit, key=key)
            touched.update(rows.values_list("pk", flat=True))
    entities_fold(touched, Kinds(timezone.localdate(now)), None, now)


class ThingKeeper:
    """Looks after things when a version of a pack is installed."""

    def fits(self, key: str, load: Callable[[], Pack | None], now: datetime) -> Iterator[Issue]:
        """Refuse nothing: what no kind takes any more keeps its records and its number."""
        yield from ()

    def installed(self, key: str, files: Mapping[str, bytes], now: datetime) -> None:
        """Tell things by the kinds that now hold; what stood before gets its number."""
        if "things.yaml" not in files and not Thing.objects.filter(kind__startswith=f"{key}."):
            return
        kinds = Kinds(timezone.localdate(now))
        lists_number(kinds, kinds.lists, now)
