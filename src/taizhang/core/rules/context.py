"""The context of a rule: the pack that is checked and the packs beside it, as one name space."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from taizhang.core.base.issue import Code, Issue, Level, Place, Refused
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.form import Field, Form
from taizhang.core.form.expression.compiler import Expression, compile_expression


@dataclass(frozen=True)
class RuleContext:
    """A pack under check, among ``others`` (installed or shipped; never itself)."""

    pack: Pack
    others: tuple[Pack, ...] = ()
    shipped: bool = False  # part of the software, so that its forms leave the legal marks blank

    @cached_property
    def programmes(self) -> Programmes:
        """The pack with all others, its own version in place of an installed one."""
        beside = tuple(other for other in self.others if other.key != self.pack.key)
        return Programmes((*beside, self.pack))

    @cached_property
    def fields(self) -> tuple[tuple[Form, Field], ...]:
        """Every field of the pack with its form."""
        return tuple((form, field) for form in self.pack.forms.values() for field in form.fields)


Rule = Callable[[RuleContext], Iterator[Issue]]


def compiled(text: str | None) -> Expression | None:
    """Compile an expression of a form; ``None`` for a faulty one, which the form's reader named."""
    if text is None:
        return None
    try:
        return compile_expression(text)
    except Refused:
        return None


def near(name: str, known: Iterable[str]) -> str:
    """Name the known spellings nearest to ``name``, else the first dozen; ``-`` for none at all."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, 2)
    return ", ".join(close or names[:12]) or "-"


def wrong(code: Code, place: Place, **facts: object) -> Issue:
    """Make an issue that refuses the pack."""
    return Issue(code, place, facts)


def doubtful(code: Code, place: Place, **facts: object) -> Issue:
    """Make an issue that only warns."""
    return Issue(code, place, facts, Level.WARNING)


def bare(key: str) -> str:
    """Give a key without its pack."""
    return key.rpartition(".")[2]
