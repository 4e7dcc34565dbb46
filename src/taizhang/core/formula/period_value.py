"""Values over several windows: averages of earlier periods, months that hold, dated constants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce

import taizhang.core.formula.value as arithmetic
from taizhang.core.base.figure import ReasonCode
from taizhang.core.definition.constant import Constant
from taizhang.core.formula.leaf import Window
from taizhang.core.formula.value import NOTHING, Notes, Value, exactly, missing

#: Evaluates one part of a formula in a window.
Asked = Callable[[Window], Value]


def average_of(window: Window, count: int, asked: Asked) -> Value:
    """Average over so many periods of equal length before; missing where one of them is."""
    earlier = (window.earlier(back * window.span) for back in range(1, count + 1))
    return arithmetic.over(reduce(arithmetic.plus, map(asked, earlier)), exactly(count))


def months_where(begun: Sequence[Window], asked: Asked) -> Value:
    """Count the months begun in which a condition holds of the unit.

    One that is undecided leaves the count between two numbers; one to which it does not apply is
    not counted.
    """
    certain = undecided = 0
    notes = NOTHING
    for window in begun:
        value = asked(window)
        if value.exact:
            certain += int(value.low == 1)
            notes |= replace(value.notes, gaps=frozenset())  # what is not known changes nothing
        elif value.reason is not ReasonCode.NOT_APPLICABLE:
            undecided += 1
            notes |= value.notes
    if undecided == len(begun):
        if not begun:
            return missing(ReasonCode.WAITING, "not_begun")
        return missing(ReasonCode.NOT_REPORTED, "nobody_reported", notes)
    return Value(Fraction(certain), Fraction(certain + undecided), notes=notes)


def constant_over(constant: Constant, begun: Sequence[Window]) -> Value:
    """Give a constant's value; one that changes in the months counted has none over all of them."""
    days = [month.period.end for month in begun]
    versions = [version for day in days if (version := constant.on(day)) is not None]
    if not versions:
        reason = ReasonCode.NOT_IN_FORCE if begun else ReasonCode.WAITING
        return missing(reason, "no_constant" if begun else "not_begun")
    if len({version.value for version in versions}) > 1:
        return missing(ReasonCode.NOT_APPLICABLE, "constant_changes")
    doubted = not all(version.verified for version in versions)
    tags = frozenset(("unverified_source",)) if doubted else frozenset[str]()
    return exactly(versions[0].value, Notes(tags=tags))
