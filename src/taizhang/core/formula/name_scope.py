"""Name scope: what a bare or qualified name means in a pack — measure, indicator, norm, list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from taizhang.core.counting.measure import Measure
from taizhang.core.definition.constant import Constant
from taizhang.core.definition.norm import Norm
from taizhang.core.definition.pack import Indicator
from taizhang.core.definition.programme import Programmes, UnknownName, find
from taizhang.core.form import Form

#: Forms of the installed packs by dataset, for those whose entities fall due.
Datasets = Mapping[str, Form]


class NameScope:
    """The installed packs as seen from pack ``home``: a bare name is looked up there first."""

    def __init__(self, programmes: Programmes, home: str = "") -> None:
        self.programmes = programmes
        self.home = home
        self._others: dict[str, NameScope] = {home: self}
        self.memo: dict[object, object] = {}  # what was worked out here already

    def at(self, home: str) -> NameScope:
        """Give the same packs as seen from another pack; always the same object for a pack."""
        if home not in self._others:
            other = NameScope(self.programmes, home)
            other._others = self._others
            self._others[home] = other
        return self._others[home]

    def find(self, name: str, indicator_first: bool = False) -> Measure | Indicator:
        """Find what a name means: own pack, then those it uses, then any other that has it alone.

        A measure goes before an indicator unless asked otherwise.

        :raises UnknownName: if nothing has the name, or several packs have it
        """
        first: Mapping[str, Measure | Indicator] = self.programmes.measures
        second: Mapping[str, Measure | Indicator] = self.programmes.indicators
        if indicator_first:
            first, second = second, first
        nearby = self.programmes.nearby(self.home)
        for key in (name, *(f"{home}.{name}" for home in nearby)):
            if key in first:
                return first[key]
            if key in second:
                return second[key]
        named = find({**second, **first, **self.programmes.constants}, name)
        if isinstance(named, Constant):
            raise UnknownName(name)
        return named

    def constant(self, name: str) -> Constant | None:
        """Find a constant (as :meth:`find`), ``None`` where the name means something else."""
        constants = self.programmes.constants
        if not constants:
            return None
        known = (self.programmes.measures, self.programmes.indicators)
        for key in (name, *(f"{home}.{name}" for home in self.programmes.nearby(self.home))):
            if key in constants:
                return constants[key]
            if any(key in keys for keys in known):
                return None
        try:
            named = find({**known[0], **known[1], **constants}, name)
        except UnknownName:
            return None
        return named if isinstance(named, Constant) else None

    def norm(self, name: str) -> Norm:
        """Find a norm (as :meth:`find`)."""
        return self.programmes.norm(name, self.home)

    def owners(self, name: str) -> tuple[str, ...]:
        """Give the packs in which a bare name stands."""
        programmes = self.programmes
        keys = (*programmes.measures, *programmes.indicators, *programmes.constants)
        return tuple(sorted({pack_of(key) for key in keys if key.endswith(f".{name}")}))

    @property
    def names(self) -> tuple[str, ...]:
        """Give every name a formula may use here, bare where that is enough."""
        keys = {
            *self.programmes.measures,
            *self.programmes.indicators,
            *self.programmes.constants,
        }
        return tuple(sorted({*keys, *(key.split(".", 1)[1] for key in keys)}))

    @property
    def datasets(self) -> Datasets:
        """Give the datasets whose entities carry a due date.

        Where several forms write one list, the form that begins its things stands for it.
        """
        return self._kept(due=True)

    @property
    def lists(self) -> Datasets:
        """Give all lists of things, each with the form that begins them."""
        return self._kept(due=False)

    def _kept(self, due: bool) -> Datasets:
        forms: dict[str, Form] = {}
        for form in self.programmes.forms.values():
            spec = form.entity
            if spec is None or (due and spec.due_field is None):
                continue
            known = forms.get(spec.dataset)
            begins = known is not None and known.entity is not None and known.entity.creates
            if known is None or (spec.creates and not begins):
                forms[spec.dataset] = form
        return forms


def nearest(name: str, known: Iterable[str]) -> str:
    """Give the known spelling nearest to ``name``, or "—" where none is near."""
    matches = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return matches[0] if matches else "—"


def pack_of(key: str) -> str:
    """Give the pack of a qualified key."""
    return key.split(".", 1)[0]


__all__ = ["Datasets", "NameScope", "UnknownName", "nearest", "pack_of"]
