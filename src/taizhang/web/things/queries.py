"""Reads of things: lists with filters, one thing with its records, what a merge would join."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.thing.fold import ThingMerge, ThingState, fold_things
from taizhang.web.accounts.models import User
from taizhang.web.ledger.access import codes_for
from taizhang.web.ledger.models import EntityState
from taizhang.web.things.access import things_for
from taizhang.web.things.book import things_on
from taizhang.web.things.code import ThingsCode
from taizhang.web.things.kinds import Kinds, owners_now
from taizhang.web.things.models import Alias, Merge, Thing
from taizhang.web.things.records import entities_of, merges, numbers_of, thing_records
from taizhang.web.units.queries import homes

#: States that a list may be asked for.
STANDING, ENDED, ALL = "standing", "ended", "all"


@dataclass(frozen=True, slots=True)
class ThingFilter:
    """Which things are wanted; every part may be left away, and only those that stand are given."""

    unit: str = ""  # that has it, and everything below it today
    kind: str = ""  # qualified
    state: str = STANDING
    overdue: bool = False
    words: str = ""  # of number, name, place, or the initials of their pinyin

    def query(self, **changes: str) -> str:
        """Write it as the query of an address."""
        told = {
            "unit": self.unit,
            "kind": self.kind,
            "state": "" if self.state == STANDING else self.state,
            "overdue": "1" if self.overdue else "",
            "q": self.words,
            **changes,
        }
        return urlencode({name: text for name, text in told.items() if text})


def things_found(user: User, wanted: ThingFilter, now: datetime) -> QuerySet[Thing]:
    """Find the things that a person may see, the longest due first, then by number."""
    today = timezone.localdate(now)
    things = things_for(user, now)
    if wanted.unit:
        things = things.filter(unit__in=homes(wanted.unit, today, owners_now()))
    if wanted.kind:
        things = things.filter(kind=wanted.kind)
    if wanted.state != ALL:
        things = things.filter(ended__isnull=wanted.state != ENDED)
    if wanted.overdue:
        things = things.filter(ended=None, due__lt=today)
    if wanted.words:
        things = things.filter(_spoken_of(wanted.words))
    return things.order_by(F("due").asc(nulls_last=True), "number", "uid")


def _spoken_of(words: str) -> Q:
    numbered = Alias.objects.filter(number__iexact=words).values("thing")
    told = Q(name__icontains=words) | Q(place__icontains=words) | Q(number__icontains=words)
    told |= Q(uid__in=numbered)
    bare = words.lower().replace(" ", "")
    return told | Q(initials__contains=bare) if bare.isascii() and bare.isalnum() else told


def counts_of(things: QuerySet[Thing], today: date) -> dict[str, int]:
    """Count things of a choice: what stands, and what of it is past its day."""
    standing = things.order_by().filter(ended=None)
    return {"standing": standing.count(), "overdue": standing.filter(due__lt=today).count()}


def states_of(thing: Thing) -> QuerySet[EntityState]:
    """Give what live records say of a thing, all that were merged into it too, the newest first."""
    aliases = Alias.objects.filter(thing=thing.uid).values_list("unit", "key")
    named = Q()
    for unit, key in aliases:
        named |= Q(entity__unit=unit, entity__key=key)
    states = EntityState.objects.filter(named, entity__dataset=thing.dataset, retired_at=None)
    rows = states.select_related("record", "entity", "record__accepted_by")
    return rows.order_by("-date", "-record_id")


@dataclass(frozen=True, slots=True)
class MergeMade:
    """A merge that stands: the row, and the name and number that the merged thing had."""

    merge: Merge
    number: str


def merges_into(thing: Thing) -> list[MergeMade]:
    """Give the standing merges of which a thing came, the oldest first."""
    names = dict(Alias.objects.filter(thing=thing.uid).values_list("uid", "number"))
    rows = Merge.objects.filter(undoes=None, undone=None, gone__in=names).order_by("pk")
    return [MergeMade(row, names[row.gone]) for row in rows]


def merged_state(kept: Thing, gone: Thing, now: datetime) -> ThingState | None:
    """Give the thing that would come of a merge, as it would stand today."""
    kinds, today = Kinds(timezone.localdate(now)), timezone.localdate(now)
    uids = set(Alias.objects.filter(thing__in=(kept.uid, gone.uid)).values_list("uid", flat=True))
    units = set(Alias.objects.filter(uid__in=uids).values_list("unit", flat=True))
    entities = [named for named in entities_of(kept.dataset, units) if named.uid in uids]
    new = ThingMerge(kept=kept.uid, gone=gone.uid, accepted_at=now)
    merged = [*merges(kept.dataset), new]
    records = [*thing_records(kept.dataset, entities, kinds)]
    own, numbers = kinds.lists[kept.dataset], numbers_of(uids)
    folded = fold_things(own, records, merged, owners_now(), today, numbers=numbers)
    return folded.get(kept.uid)


def near_things(user: User, thing: Thing, words: str, now: datetime) -> list[Thing]:
    """Give the things that might be the same: of its kind and unit, those named alike first."""
    wanted = ThingFilter(kind=thing.kind, state=ALL, words=words)
    things = things_found(user, wanted, now).exclude(uid=thing.uid)
    if not words:
        things = things.filter(unit=thing.unit)
    signs = set(thing.name + thing.place)
    rows = list(things[:200])
    return sorted(rows, key=lambda row: -len(signs & set(row.name + row.place)))[:12]


def things_told(
    user: User,
    wanted: ThingFilter,
    now: datetime,
    on: date | None = None,
    as_of: date | None = None,
) -> Iterator[Mapping[str, object]]:
    """Give things as the command prints them, by kind, unit and number.

    :param on: as they stood on that day
    :param as_of: by what the ledger knew at the end of that day
    """
    today = timezone.localdate(now)
    day = min(on or as_of or today, today)
    kinds, owners = Kinds(today), owners_now()
    if not owners.known(wanted.unit):
        raise Refused([Issue(ThingsCode.THINGS_009, facts={"unit": wanted.unit})])
    codes = frozenset(homes(wanted.unit, day, owners))
    seen = codes_for(user, now)
    if seen is not None:
        codes &= {row["code"] for row in seen}
    order = list(kinds.now)
    states: list[ThingState] = []
    for dataset, own in kinds.lists.items():
        if wanted.kind in ("", *(kind.key for kind in own)):
            states += things_on(dataset, kinds, owners, day, as_of).values()
    chosen = [state for state in states if _is_wanted(state, wanted, codes)]
    chosen.sort(key=lambda state: (order.index(state.kind), state.unit, state.number, state.uid))
    yield from (state.as_json() for state in chosen)


def _is_wanted(state: ThingState, wanted: ThingFilter, codes: Collection[str]) -> bool:
    of_kind = wanted.kind in ("", state.kind)
    return of_kind and state.unit in codes and wanted.state in (ALL, state.state)
