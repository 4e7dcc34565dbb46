"""The register of things for the ledger: what phones offer, words for ids, what a number means."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from taizhang.core.base.issue import Issue, Place
from taizhang.core.base.number_label import is_given_id
from taizhang.web.base.bulk import chunks
from taizhang.web.ledger.facts.entity import before_of
from taizhang.web.ledger.registry import Name, ThingWords
from taizhang.web.things.code import ThingsCode
from taizhang.web.things.kinds import Kinds
from taizhang.web.things.models import Alias, Thing
from taizhang.web.things.records import uid_of
from taizhang.web.units.queries import history


class ThingRegister:
    """What is known of things on a day (``ledger.registry.Register``).

    The names of a unit's things are kept as long as the register, so that a file of many records
    asks once.
    """

    def __init__(self, today: date) -> None:
        self._kinds = Kinds(today)
        self._today = today
        self._known: dict[tuple[str, str, date], Mapping[str, str]] = {}

    def kept(self, dataset: str) -> bool:
        """Say whether the things of a list have kinds."""
        return dataset in self._kinds.lists

    def offered(self, dataset: str, unit: str) -> list[dict[str, Any]]:
        """Give what a phone offers of a list at a unit: those in use first, then by number."""
        aliases = Alias.objects.filter(dataset=dataset, unit__in=_codes(unit, self._today))
        keys: dict[str, str] = {}
        for uid, thing, key in aliases.order_by("uid").values_list("uid", "thing", "key"):
            if uid == thing or thing not in keys:
                keys[thing] = key
        things = [
            thing
            for some in chunks(sorted(keys))
            for thing in Thing.objects.filter(uid__in=some, unit=unit)
        ]
        things.sort(key=lambda thing: (thing.ended is not None, thing.number, thing.uid))
        return [
            {
                "key": keys[thing.uid],
                "uid": thing.uid,
                "number": thing.number,
                "label": thing.name,
                "place": thing.place,
                "initials": thing.initials,
                "kind": thing.kind,
                "kind_label": self._kinds.label(thing.kind),
                "state": "standing" if thing.ended is None else "ended",
                "due": "" if thing.due is None else thing.due.isoformat(),
            }
            for thing in things
        ]

    def named(self, dataset: str, names: Collection[Name]) -> Mapping[Name, ThingWords]:
        """Give the words for things by (unit that named it first, key)."""
        uids = {uid_of(dataset, unit, key): (unit, key) for unit, key in names}
        means: dict[str, str] = {}
        for some in chunks(sorted(uids)):
            rows = Alias.objects.filter(uid__in=some)
            means.update(rows.values_list("uid", "thing"))
        things: dict[str, Thing] = {}
        for some in chunks(sorted(set(means.values()))):
            things.update(Thing.objects.in_bulk(some))
        return {uids[uid]: _words(things[thing]) for uid, thing in means.items() if thing in things}

    def meant(self, dataset: str, unit: str, day: date, text: str) -> str:
        """Give the key that a text in an id question means: that of a number, else the text."""
        return self._names(dataset, unit, day).get(text, text)

    def refused(
        self, dataset: str, unit: str, day: date, text: str, label: str, name: str, place: Place
    ) -> Issue | None:
        """Say why a thing cannot begin with an id: a number typed by hand.

        A text that is no code is taken as the name that people gave.
        """
        kinds = self._kinds.lists.get(dataset, ())
        is_code = text.isascii() and any(sign.isdigit() for sign in text)
        if not kinds or not is_code or is_given_id(text) or any(kind.adopts for kind in kinds):
            return None
        if text in self._names(dataset, unit, day):
            return None
        facts = {
            "label": label,
            "name": name,
            "found": text,
            "unit": unit,
            "kinds": "、".join(kind.label for kind in kinds),
        }
        return Issue(ThingsCode.THINGS_001, place, facts)

    def _names(self, dataset: str, unit: str, day: date) -> Mapping[str, str]:
        """Give by number, and by key, the keys of what a unit has on a day."""
        asked = (dataset, unit, day)
        if asked not in self._known:
            aliases = Alias.objects.filter(dataset=dataset, unit__in=_codes(unit, day))
            pairs = list(aliases.order_by("uid").values_list("number", "key"))
            numbers = {number: key for number, key in reversed(pairs) if number}
            self._known[asked] = numbers | {key: key for _, key in pairs}
        return self._known[asked]


def _codes(unit: str, day: date) -> tuple[str, ...]:
    """Give the codes under which the things of a unit were named first: its own, and what it took
    over."""
    return (unit, *before_of(unit, day, history()))


def _words(thing: Thing) -> ThingWords:
    address = reverse("things:thing", kwargs={"uid": thing.uid})
    return ThingWords(thing.number, thing.name, thing.place, address)
