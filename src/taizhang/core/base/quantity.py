"""A number as it is known: exact, at least, at most, between, about, or missing.

Old reports and busy people say "500多份" or "数百人次"; the ledger keeps what was said and never
rounds or fills it in.  A quantity is an interval ``[low, high]``; ``high`` is ``None`` where no
upper bound is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from taizhang.core.base.literal import number_read

#: Facts store values as whole ten-thousandths, so that sums are exact on every engine.
SCALE = 10_000
#: The largest stored magnitude, in units: 64-bit sums of a whole province stay exact below it.
LARGEST = Decimal(10) ** 11


class QuantityKind(IntEnum):
    """How a quantity is known; the whole number is what the fact table stores."""

    EXACT = 0
    AT_LEAST = 1
    AT_MOST = 2
    BETWEEN = 3
    ABOUT = 4
    MISSING = 5


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as known.  ``low``/``high`` are ``None`` for an unknown bound."""

    low: Decimal | None
    high: Decimal | None
    kind: QuantityKind

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        if self.kind is QuantityKind.MISSING and (self.low is not None or self.high is not None):
            raise ValueError("a missing quantity has no bounds")

    @property
    def missing(self) -> bool:
        """Say whether nothing is known."""
        return self.kind is QuantityKind.MISSING

    @property
    def exact(self) -> bool:
        """Say whether the number is known exactly."""
        return self.kind is QuantityKind.EXACT

    def scaled(self) -> tuple[int | None, int | None]:
        """Give (low, high) as whole ten-thousandths, as the fact table stores them."""
        return _scale(self.low), _scale(self.high)


def _scale(value: Decimal | None) -> int | None:
    return None if value is None else int((value * SCALE).to_integral_value())


MISSING = Quantity(None, None, QuantityKind.MISSING)


def exact(value: Decimal | int | str) -> Quantity:
    """Make an exact quantity."""
    number = Decimal(value)
    return Quantity(number, number, QuantityKind.EXACT)


def from_scaled(low: int | None, high: int | None, kind: int) -> Quantity:
    """Read a quantity back from the two stored ten-thousandths and the stored kind."""
    return Quantity(
        None if low is None else Decimal(low) / SCALE,
        None if high is None else Decimal(high) / SCALE,
        QuantityKind(kind),
    )


def total(quantities: Iterable[Quantity]) -> Quantity:
    """Add quantities as intervals: a missing one or an open bound leaves ``high`` unknown.

    The sum of nothing is an exact 0; the sum of nothing but missing ones is missing.
    """
    low, high = Decimal(0), Decimal(0)
    open_above = known = about = seen = False
    for quantity in quantities:
        seen = True
        if quantity.missing:
            open_above = True
            continue
        known = True
        about = about or quantity.kind is QuantityKind.ABOUT
        low += quantity.low or 0
        if quantity.high is None:
            open_above = True
        else:
            high += quantity.high
    if seen and not known:
        return MISSING
    if open_above:
        return Quantity(low, None, QuantityKind.AT_LEAST)
    if low != high:
        return Quantity(low, high, QuantityKind.BETWEEN)
    return Quantity(low, high, QuantityKind.ABOUT if about else QuantityKind.EXACT)


def from_answer(answer: object) -> Quantity:
    """Read the answer of a form or record file: blank, a number, or ``{low, high, kind}``.

    A number in text is of plain digits (``12``, ``-0.5``), never ``1e2`` or ``1_000``.

    :raises ValueError: if it is none of these, is not finite, or is finer than 1/10,000
    """
    if answer is None or answer == "":
        return MISSING
    if isinstance(answer, Quantity):
        return answer
    if isinstance(answer, Mapping):
        return _from_mapping(answer)
    return exact(_number(answer))


def _from_mapping(answer: Mapping[str, object]) -> Quantity:
    name = str(answer.get("kind", "")).upper()
    if name not in QuantityKind.__members__:
        raise ValueError(f"unknown kind {answer.get('kind')!r}")
    kind = QuantityKind[name]
    if kind is QuantityKind.MISSING:
        return MISSING
    low = None if answer.get("low") is None else _number(answer["low"])
    high = None if answer.get("high") is None else _number(answer["high"])
    if kind is QuantityKind.AT_MOST:
        low = low or Decimal(0)
    needs = {QuantityKind.AT_LEAST: (low,), QuantityKind.AT_MOST: (high,)}.get(kind, (low, high))
    if None in needs:
        raise ValueError(f"a bound of {name.lower()} is missing")
    if kind is QuantityKind.EXACT and low != high:
        raise ValueError("an exact quantity has one value")
    return Quantity(low, None if kind is QuantityKind.AT_LEAST else high, kind)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError(f"{value!r} is not a number")
    number = number_read(value.strip()) if isinstance(value, str) else Decimal(str(value))
    if number is None:
        raise ValueError(f"{value!r} is not a number")
    if not number.is_finite() or abs(number) > LARGEST:
        raise ValueError(f"{value!r} is out of range")
    if (number * SCALE) % 1:
        raise ValueError(f"{value!r} is finer than one ten-thousandth")
    return number
