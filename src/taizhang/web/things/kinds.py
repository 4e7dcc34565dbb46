"""Kinds of things in force, and what the forms of their lists say of an entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.definition.programme import Programmes, UnknownName
from taizhang.core.definition.thing import ThingKind
from taizhang.core.form import EntitySpec
from taizhang.core.unit.ownership import Ownership
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.things.code import ThingsCode
from taizhang.web.units.queries import bodies, history


def owners_now() -> Ownership:
    """Give who holds what; made once a request."""
    return Ownership(history(), bodies())


def kind_key(name: str, today: date) -> str:
    """Give the qualified key of a kind that somebody names, ``""`` for none.

    :raises Refused: THINGS_008
    """
    if not name:
        return ""
    programmes = programmes_on(today)
    try:
        return programmes.thing(name).key
    except UnknownName as error:
        facts = {"kind": name, "known": ", ".join(programmes.things) or "-"}
        raise Refused([Issue(ThingsCode.THINGS_008, facts=facts)]) from error


class Kinds:
    """The kinds of things of the packs in force on a day."""

    def __init__(self, today: date) -> None:
        self.programmes: Programmes = programmes_on(today)
        self._specs: dict[tuple[str, str], EntitySpec | None] = {}

    @property
    def now(self) -> Mapping[str, ThingKind]:
        """The kinds by qualified key."""
        return self.programmes.things

    @property
    def lists(self) -> Mapping[str, Sequence[ThingKind]]:
        """The kinds by the list that keeps them."""
        return self.programmes.things_by_list

    def label(self, key: str) -> str:
        """Name a kind as people call it."""
        kind = self.now.get(key)
        return key if kind is None else kind.label

    def spec(self, form: str, version: str) -> EntitySpec | None:
        """Give what a form, as its version asked it, says of an entity of a list of things."""
        if (form, version) not in self._specs:
            shown = self.programmes.form_in(form, version)
            spec = None if shown is None else shown.entity
            has_kinds = spec is not None and spec.dataset in self.lists
            self._specs[form, version] = spec if has_kinds else None
        return self._specs[form, version]
