"""Intervals: a figure as far as it is known, and the points that it can still give.

A figure with gaps is an interval.  A rule gives points only when every value in the interval
gives the same; otherwise the item stays undecided and says between which points it lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from taizhang.core.base.figure import Figure, FlagName, ReasonCode
from taizhang.core.base.period import parse_period
from taizhang.core.scoring.monotone import Change
from taizhang.core.text.bilingual import NOTHING, Bilingual, same, say
from taizhang.core.text.number import apart, number_text
from taizhang.core.text.period import day_bilingual, period_bilingual
from taizhang.core.text.unit_sign import WHOLE, unit_sign

Points = Callable[[Fraction], Fraction | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A value in ``[low, high]``; ``None`` is a side without bound.

    ``waits`` says why the value is not known for good; ``not_applicable`` is 不适用.
    """

    low: Fraction | None
    high: Fraction | None
    label: str = ""
    unit: str = ""
    decimals: int = 2
    waits: Bilingual = NOTHING
    not_applicable: Bilingual = NOTHING
    note: Bilingual = NOTHING  # by analogy, unverified: what a reader must know of the number
    figure: Figure | None = None

    @property
    def exact(self) -> Fraction | None:
        """Give the value when it is known exactly."""
        return self.low if self.low is not None and self.low == self.high else None

    def sentence(self, against: Fraction | None = None) -> Bilingual:
        """Write the value with its unit; told apart from ``against`` when that is given."""
        if self.not_applicable:
            return say("不适用", "not applicable")
        if self.unit == CONDITION:
            return _verdict_said(truth(self))
        bound = self.low if against is None else against
        if self.low is None and self.high is None:
            return say("未知", "not known")
        if self.low is None or bound is None:
            text = number_text(self.high or Fraction(0), self.decimals)
            return say("至多%(n)s%(u)s", "at most %(n)s%(u)s", n=text, u=self.suffix)
        low = apart(self.low, bound, self.decimals)
        if self.high is None:
            return say("至少%(n)s%(u)s", "at least %(n)s%(u)s", n=low, u=self.suffix)
        if self.high != self.low:
            high = apart(self.high, bound, self.decimals)
            return say("%(a)s–%(b)s%(u)s", "%(a)s–%(b)s%(u)s", a=low, b=high, u=self.suffix)
        return same(low + self.suffix)

    @property
    def suffix(self) -> str:
        """Give the unit as it follows a number."""
        return unit_sign(self.unit)

    @property
    def whole(self) -> int:
        """Give what a rate of everything is in the unit."""
        return WHOLE.get(self.unit, 1)


def truth(value: Interval) -> bool | None:
    """Read a condition (or a number of events: more than 0) as true, false or not known."""
    if value.low is not None and value.low > 0:
        return True
    return False if value.high is not None and value.high <= 0 else None


def _verdict_said(verdict: bool | None) -> Bilingual:
    if verdict is None:
        return say("未定", "not settled")
    return say("成立", "so") if verdict else say("不成立", "not so")


#: The unit of a formula that is true or false.
CONDITION = "bool"
_FIGURE_WAITS = (
    "%(label)s要到%(period)s结束才能定，截至%(day)s为%(value)s",
    "%(label)s is settled when %(period)s ends; by %(day)s it is %(value)s",
)
_CONDITION_WAITS = (
    "“%(label)s”是否成立，要到%(period)s结束才能定，截至%(day)s%(value)s",
    "whether %(label)s is settled when %(period)s ends; by %(day)s it is %(value)s",
)


def constant(value: Fraction, like: Interval | None = None) -> Interval:
    """Make a known value of a constant, in the unit of what it is compared with."""
    unit = like.unit if like else ""
    return Interval(low=value, high=value, unit=unit, decimals=MOST)


#: Constants are shown as they were written.
MOST = 6


def interval_of(figure: Figure, change: Change = Change.ANY) -> Interval:
    """Read a figure as what is known of it.

    ``change`` says what the rest of a running period can do to it.
    """
    base = Interval(
        low=None,
        high=None,
        label=figure.label,
        unit=figure.unit,
        decimals=figure.decimals,
        figure=figure,
    )
    reason = figure.reason
    if figure.value is None or reason is not None:
        sentence = same(reason.sentence if reason else "")
        if reason and reason.code in (ReasonCode.NOT_APPLICABLE, ReasonCode.NOT_IN_FORCE):
            return replace(base, not_applicable=sentence or say("不适用", "not applicable"))
        return replace(base, waits=_waits(figure.label, sentence))
    running = figure.flag(FlagName.TO_DATE)
    if running is not None and change is not Change.NONE:
        so_far = replace(base, low=figure.value, high=figure.value).sentence()
        waiting = _CONDITION_WAITS if figure.unit == CONDITION else _FIGURE_WAITS
        waits = say(
            waiting[0],
            waiting[1],
            label=figure.label,
            period=period_bilingual(parse_period(figure.period)),
            day=day_bilingual(date.fromisoformat(running.argument)),
            value=so_far,
        )
        low = figure.value if change is Change.GROWS else None
        return replace(base, low=low, waits=waits)
    low = figure.value if figure.low is None else figure.low
    interval = replace(base, low=low, high=figure.high)
    if interval.exact is None:
        waits = _waits(figure.label, interval.sentence(), _gap(figure))
        return replace(interval, waits=waits)
    return interval


def _waits(label: str, what: Bilingual, gap: Bilingual = NOTHING) -> Bilingual:
    return say(
        "等待数据：%(label)s%(what)s%(gap)s",
        "Waits for data: %(label)s, %(what)s%(gap)s",
        label=label,
        what=Bilingual(f"，{what.zh.rstrip('。')}" if what else "", what.en.rstrip("。.")),
        gap=gap,
    )


def _gap(figure: Figure) -> Bilingual:
    """Say what is missing, from the flag ``incomplete 78/94``; ``0/1`` is the unit itself."""
    flag = figure.flag(FlagName.INCOMPLETE)
    if flag is None:
        return NOTHING
    if flag.argument.endswith("/1"):
        return say("（有月份没有报结，或有数没有填）", " (open months or blank answers)")
    return say("（已报齐%(n)s个单位）", " (units that reported fully: %(n)s)", n=flag.argument)


def ratio(top: Interval, bottom: Interval) -> Interval:
    """Divide two values that are 0 or more; 0 below is 不适用.

    An interval below that reaches 0 leaves the ratio without upper bound.
    """
    if bottom.exact == 0:
        why = say("应完成数为0，不适用", "nothing was due: not applicable")
        return Interval(low=None, high=None, not_applicable=why)
    low = high = None
    if top.low is not None:
        low = Fraction(0) if bottom.high is None else top.low / bottom.high
    if top.high is not None and bottom.low is not None and bottom.low > 0:
        high = top.high / bottom.low
    return Interval(
        low=low,
        high=high,
        label=top.label,
        waits=top.waits or bottom.waits,
        not_applicable=top.not_applicable or bottom.not_applicable,
    )


def difference(left: Interval, right: Interval) -> Interval:
    """Subtract ``right`` from ``left``, interval by interval."""
    low = None if left.low is None or right.high is None else left.low - right.high
    high = None if left.high is None or right.low is None else left.high - right.low
    return replace(
        left,
        low=low,
        high=high,
        waits=left.waits or right.waits,
        not_applicable=left.not_applicable or right.not_applicable,
    )


def reach(points: Points, value: Interval, breaks: Iterable[Fraction]) -> set[Fraction | None]:
    """Give the points at both ends, at each break inside and between breaks.

    Between two neighbouring breaks ``points`` must be monotone and beyond the outermost ones
    constant, as it is for every rule kind; so the smallest and the largest of these are the
    smallest and the largest that are possible.
    """
    inside = {stop for stop in breaks if _within(stop, value)}
    low = value.low if value.low is not None else min([*breaks, value.high or 0]) - 1
    high = value.high if value.high is not None else max([*breaks, value.low or 0]) + 1
    stops = sorted({Fraction(low), Fraction(high), *inside})
    middles = [(a + b) / 2 for a, b in pairwise(stops)]
    return {points(stop) for stop in [*stops, *middles]}


def _within(stop: Fraction, value: Interval) -> bool:
    return (value.low is None or value.low <= stop) and (value.high is None or stop <= value.high)


def holds(operator: str, left: Interval, right: Interval) -> bool | None:
    """Compare two values, unrounded; ``None`` when the answer depends on what is not known."""
    if operator in ("at_most", "below"):
        mirrored = {"at_most": "at_least", "below": "above"}[operator]
        return holds(mirrored, right, left)
    gap = difference(left, right)
    if operator == "at_least":
        if gap.low is not None and gap.low >= 0:
            return True
        return False if gap.high is not None and gap.high < 0 else None
    if gap.low is not None and gap.low > 0:
        return True
    return False if gap.high is not None and gap.high <= 0 else None
