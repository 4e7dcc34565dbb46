"""Numbers and points in digits: no zeros at the end, as many digits as tell two values apart."""

from __future__ import annotations

from fractions import Fraction

from taizhang.core.base.rounding import number_text

__all__ = ["MOST_DIGITS", "apart", "number_text", "points_text"]

#: More digits than this are shown to nobody, however close a figure comes to its bound.
MOST_DIGITS = 6


def points_text(value: Fraction) -> str:
    """Write points: at most two digits, halves away from zero, no zeros at the end."""
    return number_text(value, 2)


def apart(value: Fraction, bound: Fraction, decimals: int) -> str:
    """Write ``value`` with as many digits as it takes to tell it from ``bound``.

    89.96 % misses 90 %; shown as 90.0 % the loss would look like a mistake.
    """
    text = number_text(value, decimals)
    while value != bound and text == number_text(bound, decimals) and decimals < MOST_DIGITS:
        decimals += 1
        text = number_text(value, decimals)
    return text
