"""Deductions: marks to start from, less so much for each event, never below a floor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from taizhang.core.scoring.outcome import ZERO
from taizhang.core.scoring.rubric_code import RubricCode
from taizhang.core.scoring.rule import Defect, unvarying
from taizhang.core.text.number import points_text


@dataclass(frozen=True, slots=True)
class Deduction:
    """What is left of ``start`` after a count of events."""

    start: Fraction
    floor: Fraction
    each: Fraction

    @property
    def least(self) -> Fraction:
        """Give the floor, which never lies above the start."""
        return min(self.floor, self.start)

    @property
    def most_events(self) -> Fraction:
        """Give the number of events from which on nothing more is taken."""
        return (self.start - self.least) / self.each

    @property
    def breaks(self) -> list[Fraction]:
        """Give the counts between which points fall in a straight line."""
        return [ZERO, self.most_events] if self.each > 0 else [ZERO]

    def points(self, count: Fraction) -> Fraction:
        """Give the points of a count of events."""
        return max(self.least, self.start - self.each * max(ZERO, count))


def deduction_defects(
    parameter: str, each: Fraction, floor: Fraction, most: Fraction
) -> Iterator[Defect]:
    """Find deductions below 0, which would add points, and those that do nothing."""
    if each < 0:
        facts = {"parameter": parameter, "found": points_text(each)}
        yield Defect(RubricCode.RUBRIC_013, facts)
    elif each == 0:
        yield unvarying(most)
    if floor >= most:
        yield unvarying(most)
