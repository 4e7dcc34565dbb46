"""Rounding half up (四舍五入), as every number that is shown is rounded."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor


def round_half_up(value: Fraction, decimals: int) -> str:
    """Write ``value`` with ``decimals`` digits, halves away from zero (GB/T 8170 is not used here:
    officials expect 四舍五入)."""
    if value.denominator == 1:
        return f"{value.numerator}.{'0' * decimals}" if decimals else str(value.numerator)
    text = f"{Decimal(_whole(abs(value), decimals)).scaleb(-decimals):f}"
    return f"-{text}" if value < 0 and text.strip("0.") else text


def number_text(value: Fraction, decimals: int = 2) -> str:
    """Write a number with at most ``decimals`` digits and no zeros at the end: 100, 37.5, 0."""
    text = round_half_up(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: Fraction, decimals: int = 0) -> Fraction:
    """Round to ``decimals`` digits, halves away from zero."""
    size = Fraction(_whole(abs(value), decimals), 10**decimals)
    return -size if value < 0 else size


def _whole(size: Fraction, decimals: int) -> int:
    return floor(size * Fraction(10) ** decimals + Fraction(1, 2))
