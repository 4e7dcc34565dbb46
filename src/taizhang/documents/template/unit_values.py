"""Unit, units below and period in a template: ``unit.parent``, ``units()``, ``period.next``."""

from __future__ import annotations

from collections.abc import Callable

from taizhang.core.base.period import Period
from taizhang.core.text.period import months_of_year, period_chinese
from taizhang.documents.template.data_source import Subject, UnitRow
from taizhang.documents.template.template_values import PrintedInline
from taizhang.documents.tree import DateText, Inline, Quoted


class UnitValue:
    """The unit a document speaks of; prints its name."""

    def __init__(self, subject: Subject, printed: Callable[[Inline], PrintedInline]) -> None:
        self._printed = printed
        self._subject = subject
        self.kind = subject.unit_kind
        self.level = subject.unit_level

    @property
    def name(self) -> PrintedInline:
        """Print its name."""
        return self._printed(Quoted(self._subject.unit_name, f"unit:{self._subject.unit_code}"))

    @property
    def parent(self) -> PrintedInline:
        """Print the name of the unit above it, nothing at the top."""
        name, code = self._subject.parent_name, self._subject.parent_code
        return self._printed(Quoted(name, f"unit:{code}"))

    def __str__(self) -> str:
        return str(self.name)


class UnitBelowValue:
    """A unit below the one a document speaks of: ``one.name``, ``one.kind``, ``one.units``."""

    def __init__(self, row: UnitRow, printed: Callable[[Inline], PrintedInline]) -> None:
        self._printed = printed
        self._row = row
        self.kind = row.kind
        self.level = row.level

    @property
    def name(self) -> PrintedInline:
        """Print its name."""
        return self._printed(Quoted(self._row.name, f"unit:{self._row.code}"))

    @property
    def units(self) -> tuple[UnitBelowValue, ...]:
        """Give the units directly below it."""
        return tuple(UnitBelowValue(row, self._printed) for row in self._row.units)

    def __str__(self) -> str:
        return str(self.name)


class PeriodValue:
    """The period a document speaks of; prints 2025年上半年, while it runs 2025年1—10月."""

    def __init__(
        self,
        period: Period,
        printed: Callable[[Inline], PrintedInline],
        through: Period | None = None,
    ) -> None:
        self._period = period
        self._printed = printed
        self._through = through

    @property
    def year(self) -> PrintedInline:
        """Print its (last) year."""
        return self._printed(DateText(f"{self._period.last.year}年"))

    @property
    def next(self) -> PeriodValue:
        """Give the period of the same length after it."""
        return PeriodValue(self._period.shifted(self._period.length), self._printed)

    @property
    def previous(self) -> PeriodValue:
        """Give the period of the same length before it."""
        return PeriodValue(self._period.previous(), self._printed)

    def __str__(self) -> str:
        through = self._through
        text = period_chinese(self._period) if through is None else months_of_year(through)
        return str(self._printed(DateText(text)))
