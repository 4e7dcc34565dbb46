"""What template functions hand to Jinja: things that print as marks or compare in three values.

A comparison with an unknown figure is neither true nor false.  Its truth may be asked only after
``has()``; everything else would put 未完成 where the ledger knows nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from taizhang.core.base.figure import Figure
from taizhang.documents.tree import Inline, Number, Part, Quoted, Text

#: Called with the name of a figure when a choice is made although it is unknown.
Undecided = Callable[[str], None]
Bounds = tuple[Fraction | None, Fraction | None]


class PrintedInline:
    """Something a template prints; ``str`` gives its mark."""

    def __init__(self, inline: Inline, mark: Callable[[Inline], str]) -> None:
        self.inline = inline
        self._mark = mark

    def __str__(self) -> str:
        return self._mark(self.inline)

    def __bool__(self) -> bool:
        """An unanswered field is false, so that a template can leave its clause out."""
        return not isinstance(self.inline, (Text, Quoted)) or bool(self.inline.text)


class PrintedFigure(PrintedInline):
    """A figure that prints; it may also stand in ``cmp()`` and ``word()``."""

    def __init__(
        self, known: ComparableFigure, inline: Inline, mark: Callable[[Inline], str]
    ) -> None:
        super().__init__(inline, mark)
        self.known = known

    @property
    def figure(self) -> Figure | None:
        """Give the figure itself, ``None`` while it is still to be asked."""
        return self.inline.figure if isinstance(self.inline, Number) else None

    @property
    def reach(self) -> PrintedInline:
        """How many units reach what is asked of each, in words; nothing of a single unit."""
        figure = self.figure
        text = "" if figure is None else figure.reach
        return PrintedInline(Quoted(text, f"figure:{figure.key}" if figure else ""), self._mark)

    @property
    def reached(self) -> PrintedInline:
        """The number of units that do all they owe."""
        return self._part(Part.REACHED)

    @property
    def of(self) -> PrintedInline:
        """The number of units that owe something."""
        return self._part(Part.OF)

    @property
    def done(self) -> PrintedInline:
        """All that was done, each activity once and uncapped."""
        return self._part(Part.DONE)

    @property
    def owed(self) -> PrintedInline:
        """What the units owe together."""
        return self._part(Part.OWED)

    def _part(self, part: Part) -> PrintedInline:
        if not isinstance(self.inline, Number):
            return PrintedInline(Text(""), self._mark)
        unit = "个" if part in (Part.REACHED, Part.OF) else ""
        return PrintedInline(replace(self.inline, part=part, unit=unit), self._mark)


@dataclass(frozen=True, slots=True)
class Truth:
    """The outcome of a comparison: true, false, or ``None`` where the figure does not tell."""

    state: bool | None
    name: str
    undecided: Undecided

    def __bool__(self) -> bool:
        if self.state is None:
            self.undecided(self.name)
        return self.state is True

    def __str__(self) -> str:
        self.undecided(self.name)
        return ""


@dataclass(frozen=True, slots=True, eq=False)
class ComparableFigure:
    """A figure's value for comparisons; it never prints."""

    name: str
    bounds: Bounds  # (None, None) for an unknown one; high None for one open above
    undecided: Undecided

    @classmethod
    def of(cls, name: str, figure: Figure | None, undecided: Undecided) -> ComparableFigure:
        """Read the bounds of a figure."""
        if figure is None or figure.value is None:
            return cls(name, (None, None), undecided)
        inexact = figure.low is not None and figure.low != figure.high
        low = figure.low if inexact else figure.value
        return cls(name, (low, figure.high if inexact else figure.value), undecided)

    @property
    def known(self) -> bool:
        """Say whether there is a value at all."""
        return self.bounds[0] is not None

    def __lt__(self, other: object) -> Truth:
        return self._compared(other, _below)

    def __gt__(self, other: object) -> Truth:
        return self._compared(other, lambda mine, theirs: _below(theirs, mine))

    def __ge__(self, other: object) -> Truth:
        return self._compared(other, lambda mine, theirs: _not(_below(mine, theirs)))

    def __le__(self, other: object) -> Truth:
        return self._compared(other, lambda mine, theirs: _not(_below(theirs, mine)))

    def __eq__(self, other: object) -> Truth:  # type: ignore[override]
        return self._compared(other, _same)

    def __ne__(self, other: object) -> Truth:  # type: ignore[override]
        return self._compared(other, lambda mine, theirs: _not(_same(mine, theirs)))

    def __bool__(self) -> bool:
        raise TypeError("compare a value, or ask has()")

    def __str__(self) -> str:
        raise TypeError("value() is for comparing; print with fig()")

    def _compared(self, other: object, test: Callable[[Bounds, Bounds], bool | None]) -> Truth:
        theirs = bounds_of(other)
        unknown = self.bounds[0] is None or theirs[0] is None
        return Truth(None if unknown else test(self.bounds, theirs), self.name, self.undecided)


def bounds_of(other: object) -> Bounds:
    """Give the bounds of a number or of another figure.

    :raises TypeError: if it is neither
    """
    if isinstance(other, PrintedFigure):
        return other.known.bounds
    if isinstance(other, ComparableFigure):
        return other.bounds
    if isinstance(other, (int, Fraction)) and not isinstance(other, bool):
        return Fraction(other), Fraction(other)
    if isinstance(other, float):
        return Fraction(str(other)), Fraction(str(other))
    raise TypeError(f"a figure cannot be compared with {other!r}")


def _below(mine: Bounds, theirs: Bounds) -> bool | None:
    """Say whether mine < theirs for certain (True), for certain not (False), or unknown."""
    my_low, my_high = mine
    low, high = theirs
    if my_high is not None and low is not None and my_high < low:
        return True
    if high is not None and my_low is not None and my_low >= high:
        return False
    return None


def _same(mine: Bounds, theirs: Bounds) -> bool | None:
    if _below(mine, theirs) or _below(theirs, mine):
        return False
    exact = mine[0] == mine[1] and theirs[0] == theirs[1]
    return True if exact else None


def _not(state: bool | None) -> bool | None:
    return None if state is None else not state


class FigureRow:
    """One row of an answer by unit, month or dimension: ``row.name``, ``row.lectures``."""

    def __init__(self, name: PrintedInline, figures: dict[str, PrintedFigure]) -> None:
        self.name = name
        self._figures = figures

    @property
    def fig(self) -> PrintedFigure:
        """Give the first figure of the row."""
        return next(iter(self._figures.values()))

    def __getitem__(self, name: str) -> PrintedFigure:
        return self._figures[name]

    def __contains__(self, name: object) -> bool:
        return name in self._figures
