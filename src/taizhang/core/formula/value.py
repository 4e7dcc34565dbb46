"""Interval values with notes: arithmetic, comparison and logic on what is not exactly known.

Every operation keeps the promise that the interval holds the exact result for every way in which
the inexact quantities could turn out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import inf

from taizhang.core.base.figure import ReasonCode

#: The largest magnitude (some 10^40) and the finest denominator of a value, in bits.
LARGEST_BITS, FINEST_BITS = 133, 4_096
End = Fraction | float  # a float only for the two infinities


@dataclass(frozen=True, slots=True)
class Notes:
    """What stands behind a value and must be said with it; notes of parts are united."""

    members: frozenset[str] = frozenset()  # units expected to report
    gaps: frozenset[str] = frozenset()  # of these, units whose part is not fully known
    open: frozenset[tuple[str, frozenset[int]]] = frozenset()  # units with the months not closed
    owed: int = 0  # months of members that count, open or not
    left_out: frozenset[str] = frozenset()  # members a ratio left out on both sides
    partly: frozenset[tuple[int, int]] = frozenset()  # (unit-months a ratio knows, owed)
    blank: frozenset[tuple[object, int]] = frozenset()  # (leaf, answers left open)
    moved: frozenset[tuple[object, int, int]] = frozenset()  # (leaf, facts moved, of these split)
    crossed: frozenset[tuple[object, int, int]] = frozenset()  # (leaf, joined, left)
    documents: tuple[str, ...] = ()  # documents whose norms were used
    tags: frozenset[str] = frozenset()  # inexact, about, by_analogy, unverified_source, back …

    def __or__(self, other: Notes) -> Notes:
        if self is other or other is NOTHING:
            return self
        if self is NOTHING:
            return other
        return Notes(
            self.members | other.members,
            self.gaps | other.gaps,
            self.open | other.open,
            max(self.owed, other.owed),
            self.left_out | other.left_out,
            self.partly | other.partly,
            self.blank | other.blank,
            self.moved | other.moved,
            self.crossed | other.crossed,
            tuple(dict.fromkeys((*self.documents, *other.documents))),
            self.tags | other.tags,
        )


NOTHING = Notes()
#: Of a quotient whose denominator may turn out to be 0: perhaps there is no value after all.
_PERHAPS = Notes(tags=frozenset(("perhaps",)))


@dataclass(frozen=True, slots=True)
class Value:
    """An interval ``[low, high]``, or a ``reason`` why there is no value.

    ``None`` as an end means that no bound is known there.  Truth is 0 or 1, undecided ``[0, 1]``.
    ``small`` says that somewhere a number of people too small to publish was divided by.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    reason: ReasonCode | None = None
    detail: str = ""  # what exactly is missing: a key of the sentences in ``core.indicator``
    notes: Notes = field(default=NOTHING)
    small: bool = False

    @property
    def known(self) -> bool:
        """Say whether there is a value with at least a lower end."""
        return self.reason is None

    @property
    def exact(self) -> bool:
        """Say whether both ends meet."""
        return self.reason is None and self.low is not None and self.low == self.high

    def noted(self, notes: Notes) -> Value:
        """Give the same value with more notes."""
        together = self.notes | notes
        if together is self.notes:
            return self
        return Value(self.low, self.high, self.reason, self.detail, together, self.small)


def exactly(number: Fraction | int, notes: Notes = NOTHING) -> Value:
    """Make an exact value."""
    value = Fraction(number)
    return Value(value, value, notes=notes)


def truth(certain: bool, possible: bool) -> Value:
    """Make a truth value: certain, impossible, or undecided."""
    return Value(Fraction(certain), Fraction(possible))


def missing(reason: ReasonCode, detail: str = "", notes: Notes = NOTHING) -> Value:
    """Make a value that is not there."""
    return Value(reason=reason, detail=detail, notes=notes)


def _ends(value: Value) -> tuple[End, End]:
    return -inf if value.low is None else value.low, inf if value.high is None else value.high


def _value(low: End, high: End) -> Value:
    return Value(
        low if isinstance(low, Fraction) else None, high if isinstance(high, Fraction) else None
    )


def _times(left: End, right: End) -> End:
    """Multiply ends; nothing times an infinity is nothing, as the infinity is never reached."""
    if left == 0 or right == 0:
        return Fraction(0)
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left * right
    return inf if (left > 0) == (right > 0) else -inf


def combine(values: Iterable[Value], result: Callable[..., Value]) -> Value:
    """Apply ``result`` to values that are all there, else give the first reason; unite notes."""
    parts = tuple(values)
    notes, small = NOTHING, False
    for part in parts:
        notes, small = notes | part.notes, small or part.small
    combined = _first_missing(parts) or result(*parts)
    small = small or combined.small
    low, high = _bound(combined.low), _bound(combined.high)
    return Value(low, high, combined.reason, combined.detail, combined.notes | notes, small)


def _bound(end: Fraction | None) -> Fraction | None:
    """Keep an end that people and machines can write; beyond that no bound is known."""
    if end is None:
        return None
    size, below = end.numerator.bit_length(), end.denominator.bit_length()
    return None if below > FINEST_BITS or size - below > LARGEST_BITS else end


def _first_missing(parts: Iterable[Value]) -> Value | None:
    for part in parts:
        if part.reason is not None:
            return missing(part.reason, part.detail)
    return None


def _plus(left: Value, right: Value) -> Value:
    (low, high), (low2, high2) = _ends(left), _ends(right)
    return _value(_sum(low, low2), _sum(high, high2))


def _sum(left: End, right: End) -> End:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left + right
    return left if isinstance(left, float) else right


def _negated(part: Value) -> Value:
    return Value(None if part.high is None else -part.high, None if part.low is None else -part.low)


def _product(left: Value, right: Value) -> Value:
    if left.low is not None and right.low is not None and left.exact and right.exact:
        product = left.low * right.low
        return Value(product, product)
    corners = [_times(x, y) for x in _ends(left) for y in _ends(right)]
    return _value(min(corners), max(corners))


def _quotient(left: Value, right: Value) -> Value:
    if left.low is not None and right.low and left.exact and right.exact:
        quotient = left.low / right.low
        return Value(quotient, quotient)
    low, high = _ends(right)
    if low == high == 0:
        return missing(ReasonCode.NOT_APPLICABLE, "zero_denominator")
    if low < 0 < high:
        return Value(notes=_PERHAPS)
    corners: list[End] = [_inverse(high, low < 0), _inverse(low, low < 0)]
    ratio = _product(left, _value(min(corners), max(corners)))
    return ratio.noted(_PERHAPS) if 0 in (low, high) else ratio


def _inverse(end: End, negative: bool) -> End:
    if isinstance(end, float):
        return Fraction(0)
    if end == 0:
        return -inf if negative else inf
    return 1 / end


def negative(value: Value) -> Value:
    """Turn the sign."""
    return combine((value,), _negated)


def plus(left: Value, right: Value) -> Value:
    """Add."""
    return combine((left, right), _plus)


def minus(left: Value, right: Value) -> Value:
    """Subtract."""
    return combine((left, right), lambda a, b: _plus(a, _negated(b)))


def times(left: Value, right: Value) -> Value:
    """Multiply."""
    return combine((left, right), _product)


def over(left: Value, right: Value) -> Value:
    """Divide; by exactly 0 gives ``not_applicable``."""
    return combine((left, right), _quotient)


def smallest(*values: Value) -> Value:
    """Take the smallest."""
    return combine(values, lambda *parts: _extreme(min, parts))


def largest(*values: Value) -> Value:
    """Take the largest."""
    return combine(values, lambda *parts: _extreme(max, parts))


def looked(times: Value, value: Value) -> Value:
    """Give a value where somebody has looked; a nought that nobody looked for is no value."""
    if times.reason is not None:
        return missing(times.reason, times.detail, times.notes)
    if times.low is not None and times.low > 0:
        return value.noted(times.notes)
    if times.high == 0:
        return missing(ReasonCode.NOT_LOOKED, "", times.notes)
    return missing(ReasonCode.NOT_REPORTED, "", times.notes)


#: Reasons of a value that is not there because there was nothing to see.
_UNSEEN = frozenset(("not_applicable", "not_looked", "never_counted"))


def extreme_looked(values: Sequence[Value], choose: Callable[..., Value]) -> Value:
    """Take the smallest or largest of the values that somebody looked at.

    What is not known for another reason leaves the whole unknown.
    """
    seen = [value for value in values if value.reason not in _UNSEEN]
    if seen:
        return choose(*seen)
    return next((value for value in values if value.reason == "not_looked"), values[0])


def _extreme(choose: Callable[[Iterable[End]], End], parts: tuple[Value, ...]) -> Value:
    ends = [_ends(part) for part in parts]
    return _value(choose(low for low, _ in ends), choose(high for _, high in ends))


def stepped(value: Value, step: Callable[[Fraction], Fraction | int]) -> Value:
    """Round both ends by a step that never turns their order."""
    return combine((value,), lambda part: _value(*(_stepped(end, step) for end in _ends(part))))


def _stepped(end: End, step: Callable[[Fraction], Fraction | int]) -> End:
    return Fraction(step(end)) if isinstance(end, Fraction) else end


def compared(operator: str, left: Value, right: Value) -> Value:
    """Compare; intervals that overlap leave the answer undecided."""
    return combine((left, right), lambda a, b: _comparison(operator, a, b))


def _comparison(operator: str, left: Value, right: Value) -> Value:
    (low, high), (low2, high2) = _ends(left), _ends(right)
    match operator:
        case "<":
            return truth(high < low2, low < high2)
        case "<=":
            return truth(high <= low2, low <= high2)
        case ">":
            return truth(low > high2, high > low2)
        case ">=":
            return truth(low >= high2, high >= low2)
        case _:
            same = left.exact and right.exact and low == low2
            apart = high < low2 or high2 < low
            return truth(same, not apart) if operator == "==" else truth(apart, not same)


def both(left: Value, right: Value) -> Value:
    """Say ``and``: false as soon as one is certainly false, even where the other is missing."""
    return _logic(left, right, Fraction(0))


def either(left: Value, right: Value) -> Value:
    """Say ``or``: true as soon as one is certainly true, even where the other is missing."""
    return _logic(left, right, Fraction(1))


def _logic(left: Value, right: Value, settles: Fraction) -> Value:
    for part in (left, right):
        if part.exact and part.low == settles:
            return replace(part, notes=left.notes | right.notes)
    choose = min if settles == 0 else max
    return combine((left, right), lambda a, b: _extreme(choose, (a, b)))


def opposite(value: Value) -> Value:
    """Say ``not``."""
    return combine((value,), lambda part: _plus(exactly(1), _negated(part)))


def chosen(condition: Value, yes: Value, no: Value) -> Value:
    """Choose by a condition; an undecided one gives the interval that holds both."""
    if condition.reason is not None:
        return combine((condition,), lambda part: part)
    if condition.exact:
        return (yes if condition.low else no).noted(condition.notes)
    return combine((yes, no), _hull).noted(condition.notes)


def _hull(left: Value, right: Value) -> Value:
    (low, high), (low2, high2) = _ends(left), _ends(right)
    return _value(min(low, low2), max(high, high2))


def first_known(*values: Value) -> Value:
    """Take the first value that there is, else the first reason.

    Where it is open whether there is a first one, the interval holds those after it, too.
    """
    for place, value in enumerate(values):
        if value.reason is None:
            rest = values[place + 1 :]
            if "perhaps" in value.notes.tags and rest:
                return combine((value, first_known(*rest)), _hull)
            return value
    return values[0]
