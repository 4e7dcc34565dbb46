"""Quotas of the units right below a unit, against its own: planned, handed down, owed now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from taizhang.core.base.period import Period
from taizhang.core.book import Book, EmptyLedger
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.task import Task
from taizhang.core.formula import NameScope, define_formula
from taizhang.core.progress.task_progress import whole_quota
from taizhang.core.quota import measured, quota
from taizhang.core.unit.tree import Unit
from taizhang.web.base.wording import number_words


@dataclass(frozen=True, slots=True)
class Share:
    """The quota of one child unit: what the pack plans, what was handed down."""

    unit: Unit
    planned: Fraction | None
    handed: str  # '' where nothing was handed down
    counts: Fraction | None  # what stands now
    measured_in: str

    @property
    def exact(self) -> str:
        """Write what the pack plans as it is reckoned."""
        return "" if self.planned is None else number_words(self.planned)

    @property
    def whole(self) -> str:
        """Write what the pack plans as it is kept: in whole things where these are counted."""
        if self.planned is None:
            return ""
        return number_words(whole_quota(self.planned, self.measured_in))


@dataclass(frozen=True, slots=True)
class Shares:
    """The quotas of the units right below a unit, against its own."""

    own: Fraction | None
    own_handed: bool
    rows: tuple[Share, ...]
    measured_in: str  # 次, 期 …

    @property
    def total(self) -> Fraction:
        """Give the sum of what the units below owe now."""
        return sum((share.counts or Fraction(0) for share in self.rows), Fraction(0))

    @property
    def fractional(self) -> bool:
        """Say whether a planned quota is no whole number of things that are counted whole."""
        return any(share.whole != share.exact for share in self.rows)


def shares(book: Book, pack: Pack, task: Task, unit: Unit, period: Period) -> Shares:
    """Read the quotas of a task for the units right below ``unit``."""
    scope = NameScope(book.programmes, pack.key)
    key = measured(task, scope)
    measured_in = define_formula(task.measure, scope).unit if task.measure else ""
    plain = replace(book, targets=EmptyLedger())
    tree = book.tree_for(period)
    rows = []
    for child in tree.children(unit.code):
        if not tree.members(child.code, pack.unit_kinds):
            continue
        handed = book.targets.handed(key, child.code, period) if key is not None else None
        rows.append(
            Share(
                unit=child,
                planned=quota(plain, pack, task, child.code, period),
                handed="" if handed is None else number_words(handed),
                counts=quota(book, pack, task, child.code, period),
                measured_in=measured_in,
            )
        )
    own = quota(book, pack, task, unit.code, period)
    own_handed = key is not None and book.targets.handed(key, unit.code, period) is not None
    return Shares(own, own_handed, tuple(rows), measured_in)
