"""The installed packs as one name space: measures, indicators, norms, forms by their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from taizhang.core.counting.measure import CountingRule, Measure
from taizhang.core.definition.case import CaseKind
from taizhang.core.definition.constant import Constant
from taizhang.core.definition.norm import Norm
from taizhang.core.definition.pack import DocumentTemplate, Indicator, Pack
from taizhang.core.definition.thing import ThingKind
from taizhang.core.form import Form

Thing = TypeVar("Thing")


class UnknownName(LookupError):
    """Raised when no installed pack has the name, or several have it bare."""


def _none() -> tuple[Pack, ...]:
    return ()


@dataclass(frozen=True)
class Programmes:
    """Packs in force together (one version of each), in installation order.

    ``others`` gives all other versions of packs, the latest first.  They rule nothing: what was
    recorded with them keeps their words.
    """

    packs: tuple[Pack, ...]
    others: Callable[[], tuple[Pack, ...]] = field(default=_none, compare=False, repr=False)

    @cached_property
    def by_key(self) -> Mapping[str, Pack]:
        """Packs by key."""
        return {pack.key: pack for pack in self.packs}

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """All measures by qualified key."""
        return {key: measure for pack in self.packs for key, measure in pack.measures.items()}

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """All indicators by qualified key."""
        return {key: indicator for pack in self.packs for key, indicator in pack.indicators.items()}

    @cached_property
    def norms(self) -> Mapping[str, Norm]:
        """All norms by qualified key."""
        return {key: norm for pack in self.packs for key, norm in pack.norms.items()}

    @cached_property
    def constants(self) -> Mapping[str, Constant]:
        """All constants by qualified key."""
        return {key: constant for pack in self.packs for key, constant in pack.constants.items()}

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """All forms by qualified key."""
        return {key: form for pack in self.packs for key, form in pack.forms.items()}

    @cached_property
    def documents(self) -> Mapping[str, DocumentTemplate]:
        """All document templates by qualified key."""
        return {key: document for pack in self.packs for key, document in pack.documents.items()}

    @cached_property
    def cases(self) -> Mapping[str, CaseKind]:
        """All kinds of cases by qualified key."""
        return {key: kind for pack in self.packs for key, kind in pack.cases.items()}

    @cached_property
    def adopted_lists(self) -> frozenset[str]:
        """Lists of things that are read as cases now: what of them falls due is a case's limit."""
        return frozenset(kind.adopts.dataset for kind in self.cases.values() if kind.adopts)

    @cached_property
    def step_forms(self) -> frozenset[str]:
        """Give the forms that are only ever reached from a case, by qualified key."""
        kinds = self.cases.values()
        steps = {form for kind in kinds for form in (*kind.forms, f"{kind.key}_step")}
        return frozenset(steps - {kind.opens for kind in kinds})

    @cached_property
    def replaced(self) -> Mapping[str, CaseKind]:
        """Kinds of cases by the form of monthly sums (qualified) whose place they take."""
        return {kind.replaces: kind for kind in self.cases.values() if kind.replaces}

    def ended_forms(self, day: date) -> frozenset[str]:
        """Give the forms (qualified) that cases have replaced by a day: nothing new is put in."""
        return frozenset(
            form for form, kind in self.replaced.items() if kind.start and kind.start <= day
        )

    @cached_property
    def things(self) -> Mapping[str, ThingKind]:
        """All kinds of things by qualified key."""
        return {key: kind for pack in self.packs for key, kind in pack.things.items()}

    @cached_property
    def things_by_list(self) -> Mapping[str, tuple[ThingKind, ...]]:
        """The kinds of things by the list that keeps them, in the order of packs and files."""
        lists: dict[str, tuple[ThingKind, ...]] = {}
        for kind in self.things.values():
            lists[kind.dataset] = (*lists.get(kind.dataset, ()), kind)
        return lists

    @cached_property
    def counting(self) -> Mapping[str, tuple[CountingRule, ...]]:
        """Counting rules by qualified form key."""
        rules: dict[str, list[CountingRule]] = {}
        for pack in self.packs:
            for rule in pack.counting:
                rules.setdefault(rule.form, []).append(rule)
        return {form: tuple(own_rules) for form, own_rules in rules.items()}

    def form_in(self, key: str, version: str) -> Form | None:
        """Give a form, by qualified key, as a version of its pack asked it.

        Where that version is not known, as it stands now; ``None`` where it never stood.
        """
        own = key.partition(".")[0]
        ruling = self.by_key.get(own)
        if ruling is not None and ruling.version == version:
            return ruling.forms.get(key)
        known = dict(self.forms_ever(key))
        return known.get(version) or next(iter(known.values()), None)

    def forms_ever(self, key: str) -> tuple[tuple[str, Form], ...]:
        """Give (version, form) of each version that has a form: that in force, then the latest."""
        own = key.partition(".")[0]
        ruling = self.by_key.get(own)
        packs = [
            *([ruling] if ruling else []),
            *(other for other in self.others() if other.key == own),
        ]
        return tuple((pack.version, pack.forms[key]) for pack in packs if key in pack.forms)

    def measure_ever(self, key: str) -> Measure | None:
        """Give a measure, by qualified key, as it stands now or as the latest version had it."""
        measures = (pack.measures.get(key) for pack in self.others())
        return self.measures.get(key) or next(
            (measure for measure in measures if measure is not None), None
        )

    def case_in(self, key: str, version: str) -> CaseKind | None:
        """Give a kind of case, by qualified key, as a version of its pack defined it.

        Where that version is not known, as it stands now; ``None`` where it never stood.
        """
        own = key.partition(".")[0]
        packs = [pack for pack in (*self.packs, *self.others()) if pack.key == own]
        known = {pack.version: pack.cases[key] for pack in reversed(packs) if key in pack.cases}
        return known.get(version) or next(reversed(known.values()), None)

    def nearby(self, home: str) -> tuple[str, ...]:
        """Give the packs whose bare keys ``home`` means: itself, then those it uses."""
        pack = self.by_key.get(home)
        return () if pack is None else (home, *pack.uses)

    def measure(self, name: str, home: str = "") -> Measure:
        """Find a measure by qualified key, by bare key in pack ``home``, or by unique bare key.

        The packs that ``home`` uses come after it and before all others, so that a pack installed
        later never makes its words ambiguous.

        :raises UnknownName: if there is none or it is ambiguous
        """
        return find(self.measures, name, self.nearby(home))

    def indicator(self, name: str, home: str = "") -> Indicator:
        """Find an indicator (as :meth:`measure`)."""
        return find(self.indicators, name, self.nearby(home))

    def norm(self, name: str, home: str = "") -> Norm:
        """Find a norm (as :meth:`measure`)."""
        return find(self.norms, name, self.nearby(home))

    def form(self, name: str, home: str = "") -> Form:
        """Find a form (as :meth:`measure`)."""
        return find(self.forms, name, self.nearby(home))

    def case(self, name: str, home: str = "") -> CaseKind:
        """Find a kind of case (as :meth:`measure`)."""
        return find(self.cases, name, self.nearby(home))

    def thing(self, name: str, home: str = "") -> ThingKind:
        """Find a kind of thing (as :meth:`measure`)."""
        return find(self.things, name, self.nearby(home))

    def document(self, name: str, home: str = "") -> DocumentTemplate:
        """Find a document template as :meth:`measure`; every pack may have a ``year_summary``.

        A bare key that several packs have means the one of the pack that was installed first, so
        that a pack installed later never changes what a command means.

        :raises UnknownName: if there is none
        """
        try:
            return find(self.documents, name, self.nearby(home))
        except UnknownName:
            keys = self.documents_called(name)
            if not keys:
                raise
            return self.documents[keys[0]]

    def documents_called(self, name: str) -> tuple[str, ...]:
        """Give the qualified keys of all templates with a bare key, in installation order."""
        return tuple(key for key in self.documents if key.endswith(f".{name}"))


def qualified(pack: str, name: str) -> str:
    """Give the qualified key of a bare one."""
    return name if "." in name else f"{pack}.{name}"


def find(things: Mapping[str, Thing], name: str, homes: Iterable[str] = ()) -> Thing:
    """Find a thing by qualified key, in the first of ``homes``, or by a bare key that is unique.

    :raises UnknownName: if there is none or several packs have it
    """
    for key in (name, *(f"{home}.{name}" for home in homes)):
        if key in things:
            return things[key]
    ending = f".{name}"
    keys = sorted(key for key in things if key.endswith(ending))
    if len(keys) == 1:
        return things[keys[0]]
    raise UnknownName(f"{name}: {', '.join(keys) or 'unknown'}")
