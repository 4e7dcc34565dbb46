"""Values and functions of the expression language: text, whole and decimal numbers, truth, dates.

Numbers are ``int`` or ``Decimal`` so that 0.1 + 0.2 is 0.3; "not a number" is ``None`` and a
division by zero gives it (XPath's infinities help nobody in a form).  What grows beyond the bounds
below is no number, no date and no text either, so that no form can fill the memory with it.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Any, TypeAlias

from taizhang.core.base.quantity import Quantity, QuantityKind, from_answer

Scalar: TypeAlias = str | int | Decimal | bool | date | None

EPOCH = date(1970, 1, 1)
#: The first and last day that a number of days since 1970 may mean.
EARLIEST, LATEST = (date.min - EPOCH).days, 999_999
#: The largest magnitude of a number, and the longest text, that an expression may make.
LARGEST = 10**28
LONGEST_TEXT = 20_000
#: Arithmetic that raises nothing: what is too large, too fine or no number at all is not finite.
_ARITHMETIC = Context(prec=28, Emin=-28, Emax=28, traps=[])
_NUMBER = re.compile(r"\s*-?(\d+(\.\d*)?|\.\d+)\s*", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")


def is_name(text: str) -> bool:
    """Say whether ``text`` can be the name of a field (``repeat.name`` included)."""
    return _NAME.fullmatch(text) is not None


def of(answer: object) -> Scalar:
    """Read an answer as the language sees it: blank → "", a list → its words, a quantity → the
    bound that was said (近500 → 500, 500多 → 500)."""
    kind = type(answer)
    if kind is str or kind is int or kind is bool or kind is Decimal:
        return answer  # type: ignore[return-value]  # checked by the line above
    if answer is None:
        return ""
    if isinstance(answer, float):
        return number(repr(answer))
    if isinstance(answer, datetime):
        return answer.date()
    if isinstance(answer, date):
        return answer
    if isinstance(answer, (list, tuple)):
        return " ".join(text(of(part)) for part in answer)
    if isinstance(answer, (Quantity, Mapping)):
        return _of_quantity(answer)
    return str(answer)


def _of_quantity(answer: Quantity | Mapping[str, object]) -> Scalar:
    try:
        quantity = from_answer(answer)
    except ValueError:
        return ""
    bound = quantity.high if quantity.kind is QuantityKind.AT_MOST else quantity.low
    return "" if bound is None else _plain(bound)


#: Stands for a bound that nobody knows; a product of two is still a number.
ENDLESS = 10**13


def ends(answer: object) -> tuple[object, object] | None:
    """Give the least and the most that a quantity may be, row by row of a list; else nothing."""
    if isinstance(answer, list):
        pairs = [ends(part) or (part, part) for part in answer]
        least, most = [low for low, _ in pairs], [high for _, high in pairs]
        return None if least == most else (least, most)
    if not isinstance(answer, (Quantity, Mapping)):
        return None
    try:
        quantity = from_answer(answer)
    except ValueError:
        return None
    if quantity.missing:
        return None
    low = -ENDLESS if quantity.low is None else _plain(quantity.low)
    return low, ENDLESS if quantity.high is None else _plain(quantity.high)


def _plain(number_: Decimal) -> int | Decimal:
    return int(number_) if number_ == number_.to_integral_value() else number_


def _bounded(number_: int | Decimal) -> int | Decimal | None:
    """Give a number as it is kept, ``None`` where it is none or beyond the bounds."""
    if isinstance(number_, Decimal) and not number_.is_finite():
        return None
    if not -LARGEST < number_ < LARGEST:
        return None
    return _plain(number_) if isinstance(number_, Decimal) else number_


def text(it: Scalar) -> str:
    """Give the text of a value, as XPath ``string()``: no number → "", a date → 2026-05-01."""
    if type(it) is str:
        return it
    if it is None:
        return ""
    if it is True or it is False:
        return "true" if it else "false"
    if isinstance(it, Decimal):
        return f"{_plain(it):f}" if isinstance(_plain(it), Decimal) else str(_plain(it))
    return str(it)


def number(it: Scalar) -> int | Decimal | None:
    """Give the number of a value, as XPath ``number()``; ``None`` when it is not one."""
    kind = type(it)
    if kind is int or kind is Decimal:
        return it  # type: ignore[return-value]  # checked by the line above
    if kind is bool:
        return int(it)  # type: ignore[arg-type]  # checked by the line above
    if isinstance(it, date):
        return (it - EPOCH).days
    if isinstance(it, str) and len(it) < 40 and _NUMBER.fullmatch(it):
        return _bounded(Decimal(it.strip()))
    return None


def day(it: Scalar) -> date | None:
    """Read a value as a date: a date, ``2026-05-01`` or a number of days since 1970."""
    if isinstance(it, date):
        return it
    if isinstance(it, str) and _DATE.fullmatch(it[:10]):
        try:
            return date.fromisoformat(it[:10])
        except ValueError:
            return None
    if isinstance(it, (int, Decimal)) and not isinstance(it, bool) and EARLIEST <= it <= LATEST:
        return EPOCH + timedelta(days=int(it))
    return None


def equal(left: Scalar, right: Scalar) -> bool:
    """Compare as XPath ``=``: truths as truth, dates as dates, numbers as numbers, else texts."""
    if type(left) is str and type(right) is str:
        return left == right
    if isinstance(left, bool) or isinstance(right, bool):
        return bool(left) is bool(right)
    if isinstance(left, date) or isinstance(right, date):
        early, late = day(left), day(right)
        return early is not None and early == late
    first, second = number(left), number(right)
    return first is not None and second is not None and first == second


def _by_size(compare: Callable[[Any, Any], bool]) -> Callable[[Scalar, Scalar], bool]:
    def run(left: Scalar, right: Scalar) -> bool:
        if type(left) is int and type(right) is int:
            return compare(left, right)
        if isinstance(left, date) or isinstance(right, date) or _both_dates(left, right):
            first, second = day(left), day(right)
            return first is not None and second is not None and compare(first, second)
        lower, two = number(left), number(right)
        return lower is not None and two is not None and compare(lower, two)

    return run


def _both_dates(left: Scalar, right: Scalar) -> bool:
    if not isinstance(left, str) or not isinstance(right, str):
        return False
    return bool(_DATE.fullmatch(left[:10]) and _DATE.fullmatch(right[:10]))


SIZES: Mapping[str, Callable[[Scalar, Scalar], bool]] = {
    "<": _by_size(operator.lt),
    "<=": _by_size(operator.le),
    ">": _by_size(operator.gt),
    ">=": _by_size(operator.ge),
}


def negative(it: Scalar) -> Scalar:
    """Give the number with the other sign."""
    number_ = number(it)
    return None if number_ is None else -number_


Number: TypeAlias = int | Decimal


def _on_numbers(
    exactly: Callable[[int, int], int] | None, work: Callable[[Decimal, Decimal], Decimal]
) -> Callable[..., Scalar]:
    """Make an operation: ``exactly`` on whole numbers where there is one, ``work`` on others."""

    def run(left: Scalar, right: Scalar) -> Scalar:
        first, two = number(left), number(right)
        if first is None or two is None:
            return None
        if exactly is not None and isinstance(first, int) and isinstance(two, int):
            return _bounded(exactly(first, two))
        return _bounded(work(Decimal(first), Decimal(two)))

    return run


# XPath's mod keeps the sign of the first number; Decimal does the same, int does not.  A division
# by zero is not finite.
OPERATIONS: Mapping[str, Callable[..., Scalar]] = {
    "+": _on_numbers(operator.add, _ARITHMETIC.add),
    "-": _on_numbers(operator.sub, _ARITHMETIC.subtract),
    "*": _on_numbers(operator.mul, _ARITHMETIC.multiply),
    "div": _on_numbers(None, _ARITHMETIC.divide),
    "mod": _on_numbers(None, _ARITHMETIC.remainder),
}


def words(answer: object) -> list[str]:
    """Give the choices of a ``select_multiple`` answer: a list, or words split by blanks."""
    if isinstance(answer, (list, tuple)):
        return [text(of(part)) for part in answer]
    return text(of(answer)).split()


def _selected(answer: object, choice: Scalar) -> bool:
    return text(choice) in words(answer)


def _selected_at(answer: object, index: Scalar) -> str:
    chosen, at = words(answer), number(index)
    return chosen[int(at)] if at is not None and 0 <= at < len(chosen) else ""


def _count(answer: object) -> int:
    return len(answer) if isinstance(answer, (list, tuple)) else int(answer not in (None, ""))


def _count_known(answer: object) -> int:
    parts = answer if isinstance(answer, (list, tuple)) else [answer]
    return sum(1 for part in parts if of(part) != "")


def _numbers(answer: object, *more: Scalar) -> list[Number]:
    values = [of(part) for part in answer] if isinstance(answer, (list, tuple)) else [of(answer)]
    numbers = [number(value) for value in (*values, *more)]
    return [number_ for number_ in numbers if number_ is not None]


def _sum(answer: object) -> Scalar:
    return _bounded(sum(_numbers(answer), 0))


def _least(answer: object, *more: Scalar) -> Scalar:
    return min(_numbers(answer, *more), default=None)


def _most(answer: object, *more: Scalar) -> Scalar:
    return max(_numbers(answer, *more), default=None)


def _coalesce(*values: Scalar) -> Scalar:
    return next((value for value in values if value not in (None, "")), "")


def _int(it: Scalar) -> Scalar:
    number_ = number(it)
    return None if number_ is None else int(number_)


def _abs(it: Scalar) -> Scalar:
    number_ = number(it)
    return None if number_ is None else -number_ if number_ < 0 else number_


def _round(it: Scalar, decimals: Scalar = 0) -> Scalar:
    """Round as XPath does: a half goes up, towards plus infinity."""
    number_, places = number(it), number(decimals)
    if number_ is None or places is None or not -20 <= places <= 20:
        return None
    step = Decimal(10) ** int(places)
    scaled = (Decimal(number_) * step + Decimal("0.5")).to_integral_value(ROUND_FLOOR)
    return _bounded(scaled / step)


def _substr(it: Scalar, start: Scalar, end: Scalar = None) -> str:
    first, last = number(start), number(end)
    return text(it)[None if first is None else int(first) : None if last is None else int(last)]


def _concat(*values: Scalar) -> Scalar:
    parts = [text(value) for value in values]
    return "".join(parts) if sum(map(len, parts)) <= LONGEST_TEXT else None


def _date_of(it: Scalar) -> Scalar:
    day_ = day(it)
    return "" if day_ is None else day_


def _days(it: Scalar) -> Scalar:
    """Give the whole days since 1970 of a date, so that date(decimal-date-time(${d}) + 60) adds."""
    day_ = day(it)
    return None if day_ is None else (day_ - EPOCH).days


@dataclass(frozen=True, slots=True)
class ExpressionFunction:
    """A function: its work, how many arguments, whether it sees the raw answer first."""

    work: Callable[..., Scalar]
    arguments: tuple[int, int | None]
    raw: bool = False


#: What phones know too, with the arguments that they take (a test asks their engine, JavaRosa).
FUNCTIONS: Mapping[str, ExpressionFunction] = {
    "abs": ExpressionFunction(_abs, (1, 1)),
    "boolean": ExpressionFunction(lambda it: bool(it), (1, 1)),
    "coalesce": ExpressionFunction(_coalesce, (2, 2)),
    "concat": ExpressionFunction(_concat, (1, None)),
    "contains": ExpressionFunction(lambda it, part: text(part) in text(it), (2, 2)),
    "count": ExpressionFunction(_count, (1, 1), raw=True),
    "count-non-empty": ExpressionFunction(_count_known, (1, 1), raw=True),
    "count-selected": ExpressionFunction(lambda answer: len(words(answer)), (1, 1), raw=True),
    "date": ExpressionFunction(_date_of, (1, 1)),
    "decimal-date-time": ExpressionFunction(_days, (1, 1)),
    "ends-with": ExpressionFunction(lambda it, part: text(it).endswith(text(part)), (2, 2)),
    "false": ExpressionFunction(lambda: False, (0, 0)),
    "if": ExpressionFunction(lambda *_: None, (3, 3)),
    "int": ExpressionFunction(_int, (1, 1)),
    "max": ExpressionFunction(_most, (1, None), raw=True),
    "min": ExpressionFunction(_least, (1, None), raw=True),
    "normalize-space": ExpressionFunction(lambda it: " ".join(text(it).split()), (1, 1)),
    "not": ExpressionFunction(lambda it: not it, (1, 1)),
    "number": ExpressionFunction(number, (1, 1)),
    "regex": ExpressionFunction(lambda *_: None, (2, 2)),
    "round": ExpressionFunction(_round, (1, 2)),
    "selected": ExpressionFunction(_selected, (2, 2), raw=True),
    "selected-at": ExpressionFunction(_selected_at, (2, 2), raw=True),
    "starts-with": ExpressionFunction(lambda it, part: text(it).startswith(text(part)), (2, 2)),
    "string": ExpressionFunction(text, (1, 1)),
    "string-length": ExpressionFunction(lambda it: len(text(it)), (1, 1)),
    "substr": ExpressionFunction(_substr, (2, 3)),
    "sum": ExpressionFunction(_sum, (1, 1), raw=True),
    "today": ExpressionFunction(lambda *_: None, (0, 0)),
    "true": ExpressionFunction(lambda: True, (0, 0)),
}

#: Functions that read one field of every row of a repeat, where it is their only argument.
OVER_ROWS = frozenset(("count", "count-non-empty", "sum", "min", "max"))

#: Functions of ODK that would make a check depend on the clock, chance, the device or other files.
REFUSED = frozenset(
    "now once uuid random randomize pulldata instance indexed-repeat position property "
    "current-date decimal-time format-date format-date-time digest area "
    "distance geofence version thousandsep checklist weighted-checklist last-saved".split()
)
