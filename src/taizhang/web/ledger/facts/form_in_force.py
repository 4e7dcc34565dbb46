"""Forms in force: a form of the version that filled it in, with the counting rules of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from taizhang.core.case.submission import kind_continued, kind_opened
from taizhang.core.counting.counter import Counter, rules_asked
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes, UnknownName
from taizhang.core.form import Form
from taizhang.core.form.check import Checker
from taizhang.core.form.entity_reference import list_of
from taizhang.web.programmes import queries as programmes
from taizhang.web.programmes.queries import Installed


@dataclass(frozen=True, slots=True)
class FormInForce:
    """A form with its checks, and the counting rules of a day, made ready.

    ``form``, ``version``, ``kinds`` and ``checker`` are of the version that a record was filled in
    with; ``counter`` and ``ruling`` of the version in force on the record's date.
    """

    form: Form
    pack: str
    version: str
    kinds: frozenset[str]
    checker: Checker
    counter: Counter
    lists: frozenset[str]  # lists of things from which its fields pick
    ruling: str  # version, '' where none in force has the form
    senders: frozenset[str] = frozenset()  # kinds that may send it, besides those that owe
    is_step: bool = False  # it serves steps of cases
    is_of_case: bool = False  # it does, or opens cases


class FormsInForce:
    """The packs in force day by day and all that ever were, read once."""

    def __init__(self, versions: tuple[Installed, ...]) -> None:
        self._versions = versions
        self._programmes: dict[date, Programmes] = {}
        self._forms: dict[tuple[date, str, str | None], FormInForce | None] = {}

    def programmes(self, day: date) -> Programmes:
        """Give the packs in force on a day."""
        ruling = self._programmes.get(day)
        if ruling is None:
            ruling = programmes.programmes_of(programmes.in_force(self._versions, day))
            self._programmes[day] = ruling
        return ruling

    def form(self, form: str, day: date, version: str | None = None) -> FormInForce | None:
        """Give a form by qualified or unique bare key, with the counting rules of a day.

        :param version: of the pack, that a record was filled in with; the one in force on the day
            without
        """
        key = (day, form, version)
        if key not in self._forms:
            self._forms[key] = self._made(form, day, version)
        return self._forms[key]

    def _made(self, form: str, day: date, version: str | None) -> FormInForce | None:
        packs = self.programmes(day)
        name = self.qualified(form, day)
        if name is None:
            return None
        if version is None:
            return _form_in_force(packs, name, None) if name in packs.forms else None
        key = name.partition(".")[0]
        named = programmes.version_named(self._versions, key, version)
        if named is None:
            return None
        filled = programmes.programmes_of((named,)).by_key[key]
        return _form_in_force(packs, name, filled) if name in filled.forms else None

    def qualified(self, form: str, day: date) -> str | None:
        """Give the qualified key of a form that is, was or will be in force, ``None`` without."""
        for packs in (self.programmes(day), self.programmes(date.max)):
            try:
                return packs.form(form).key
            except UnknownName:
                continue
        return form if "." in form else None

    def versions_with(self, form: str) -> tuple[str, ...]:
        """Name the installed versions of a pack that have a form, by its qualified key."""
        own = [pack for pack in self._versions if pack.key == form.partition(".")[0]]
        return tuple(
            pack.version for pack in own if form in programmes.programmes_of((pack,)).forms
        )


def forms_in_force() -> FormsInForce:
    """Give the forms of the packs installed now; those of the same packs are kept in memory."""
    return _forms_in_force(programmes.installed())


_forms_in_force = lru_cache(maxsize=4)(FormsInForce)

_made: dict[tuple[tuple[str, ...], str, str], FormInForce] = {}


def _form_in_force(packs: Programmes, name: str, filled: Pack | None) -> FormInForce:
    """Make ready a form of one version with the rules of packs that are in force together.

    :param filled: the version that a record was filled in with, the one among ``packs`` without
    """
    pack = filled or packs.by_key[name.partition(".")[0]]
    # Rules of other packs may count a form, so what is in force together makes it.
    key = (tuple(ruling.digest for ruling in packs.packs), name, pack.digest)
    if key not in _made:
        form, made_for = pack.forms[name], packs.forms.get(name)
        opened = kind_opened(pack.cases, name)
        datasets = {kept.entity.dataset for kept in packs.forms.values() if kept.entity is not None}
        _made[key] = FormInForce(
            form=form,
            pack=pack.key,
            version=pack.version,
            kinds=frozenset(pack.unit_kinds),
            checker=Checker(form),
            counter=Counter(form, rules_asked(packs.counting.get(name, ()), made_for, form)),
            lists=frozenset(map(list_of, form.fields)) & datasets,
            ruling=packs.by_key[pack.key].version if made_for is not None else "",
            senders=frozenset((*pack.unit_kinds, *pack.records)),
            is_step=opened is None and kind_continued(pack.cases, name) is not None,
            is_of_case=opened is not None or kind_continued(pack.cases, name) is not None,
        )
    return _made[key]
