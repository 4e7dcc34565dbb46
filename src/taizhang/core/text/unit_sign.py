"""Unit signs: how each unit is written behind a number (%, ‰, 次), and the factors of rates."""

from __future__ import annotations

#: What one whole is in a share of it.
WHOLE = {"percent": 100, "permille": 1000}
#: By what an indicator of a unit is multiplied.
FACTORS = {**WHOLE, "per100": 100}
#: Units of values that are no amounts: a rate is due at the end, never by parts.
RATES = frozenset((*FACTORS, "ratio"))
#: Written with nothing behind the number.
_BARE = ("per100", "ratio", "number", "bool")
_SIGNS = {"percent": "%", "permille": "‰", **dict.fromkeys(_BARE, "")}


def unit_sign(unit: str) -> str:
    """Give what is printed after a value of a unit: 次, 人次, %, ‰, or nothing for a ratio."""
    return _SIGNS.get(unit, unit)
