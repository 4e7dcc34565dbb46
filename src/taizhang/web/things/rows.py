"""The rows of things: where each stands, and the names under which records speak of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from taizhang.core.thing.fold import ThingRecord, ThingState, fold_things
from taizhang.core.unit.ownership import Ownership
from taizhang.web.things.kinds import Kinds
from taizhang.web.things.models import NAME, Alias, Thing
from taizhang.web.things.records import Named, meant, merges, numbers_of, thing_records
from taizhang.web.things.text import initials


@dataclass(slots=True)
class ThingRows:
    """All rows that are stored of some things of one list."""

    things: list[Thing] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)


class Folding:
    """Some entities of a list with all that their records say, folded on one day."""

    def __init__(
        self,
        dataset: str,
        entities: Collection[Named],
        kinds: Kinds,
        owners: Ownership,
        today: date,
        *,
        is_whole: bool = False,
    ) -> None:
        self.entities = entities
        self._dataset = dataset
        self._kinds = kinds.lists.get(dataset, ())
        self._owners = owners
        self._today = today
        chosen = None if is_whole else entities
        self._records: Sequence[ThingRecord] = [*thing_records(dataset, chosen, kinds)]
        self._merges = merges(dataset)

    def apart(self) -> dict[str, ThingState]:
        """Give each entity as a thing of its own, without merges, and without a given number."""
        return dict(fold_things(self._kinds, self._records, (), self._owners, self._today))

    def rows(self) -> ThingRows:
        """Give the rows of the things that these entities are."""
        uids = [entity.uid for entity in self.entities]
        numbers, things = numbers_of(uids), meant(uids, self._merges)
        own = self.apart()
        joined = fold_things(
            self._kinds,
            self._records,
            self._merges,
            self._owners,
            self._today,
            numbers=numbers,
        )
        made = ThingRows([self._thing(state) for state in joined.values()])
        for entity in self.entities:
            alone = own.get(entity.uid)
            number = numbers.get(entity.uid) or ("" if alone is None else alone.number)
            made.aliases.append(
                Alias(
                    uid=entity.uid,
                    thing=things[entity.uid],
                    dataset=self._dataset,
                    unit=entity.unit,
                    key=entity.key,
                    number=number,
                )
            )
        return made

    def _thing(self, state: ThingState) -> Thing:
        return Thing(
            uid=state.uid,
            dataset=self._dataset,
            kind=state.kind,
            number=state.number,
            name=state.name[:NAME],
            place=state.place[:NAME],
            initials=initials(state.name, state.place),
            unit=state.unit,
            since=state.since,
            ended=state.ended,
            due=state.due,
            last=state.last,
        )
