"""The canonical value of one answer, as its field's type wants it and as it is stored.

Canonical values are plain JSON: whole numbers as int, others as float (four decimals below 10^11
survive it exactly), dates as text, chosen lists as lists, quantities as ``{low, high, kind}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from taizhang.core.base.issue import Code
from taizhang.core.base.literal import day_read, number_read
from taizhang.core.base.quantity import LARGEST, QuantityKind, from_answer
from taizhang.core.form.code import AnswerCode
from taizhang.core.form.expression import value as value_of
from taizhang.core.form.model import MEDIA, Field

#: A reader gives (canonical value, None) or (None, what is wrong).
Read = Callable[[object], tuple[object, Code | None]]

MOST_CHARACTERS = 10_000
_WHOLE = int(LARGEST)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)


def is_blank(answer: object) -> bool:
    """Say whether an answer says nothing."""
    if answer is None:
        return True
    if isinstance(answer, str):
        return not answer or answer.isspace()
    return isinstance(answer, (list, tuple)) and not answer


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _quantity(answer: object, whole: bool) -> tuple[object, Code | None]:
    wrong = AnswerCode.ANSWER_003 if whole else AnswerCode.ANSWER_008
    try:
        quantity = from_answer(answer)
    except ValueError:
        return None, wrong
    bounds = [bound for bound in (quantity.low, quantity.high) if bound is not None]
    if whole and any(bound != bound.to_integral_value() for bound in bounds):
        return None, wrong
    if quantity.exact and quantity.low is not None:
        return _plain(quantity.low), None
    canonical: dict[str, object] = {"kind": quantity.kind.name.lower()}
    if quantity.low is not None and quantity.kind is not QuantityKind.AT_MOST:
        canonical["low"] = _plain(quantity.low)
    if quantity.high is not None:
        canonical["high"] = _plain(quantity.high)
    return canonical, None


def _integer(answer: object) -> tuple[object, Code | None]:
    if type(answer) is int:
        return (answer, None) if -_WHOLE <= answer <= _WHOLE else (None, AnswerCode.ANSWER_003)
    return _quantity(answer, whole=True)


def _decimal(answer: object) -> tuple[object, Code | None]:
    return _quantity(answer, whole=False)


@lru_cache(maxsize=4096)
def _iso(text: str) -> str | None:
    day = day_read(text)
    return text if day is not None and _FIRST <= day <= _LAST else None


def _date(answer: object) -> tuple[object, Code | None]:
    text = answer.isoformat() if type(answer) is date else answer
    day = _iso(text.strip()) if isinstance(text, str) else None
    return (day, None) if day else (None, AnswerCode.ANSWER_009)


def _time(answer: object) -> tuple[object, Code | None]:
    if isinstance(answer, str) and _TIME.fullmatch(answer.strip()):
        return answer.strip(), None
    return None, AnswerCode.ANSWER_010


def _date_time(answer: object) -> tuple[object, Code | None]:
    if isinstance(answer, str):
        day, _, time = answer.strip().partition("T")
        if _iso(day) and _TIME.fullmatch(time):
            return answer.strip(), None
    return None, AnswerCode.ANSWER_010


def _text(answer: object) -> tuple[object, Code | None]:
    if isinstance(answer, (int, float)) and not isinstance(answer, bool):
        answer = str(answer)  # a spreadsheet gives a house number as a number
    if not isinstance(answer, str) or _CONTROL.search(answer):
        return None, AnswerCode.ANSWER_011
    if len(answer) > MOST_CHARACTERS:
        return None, AnswerCode.ANSWER_007
    return answer.strip(), None


def _one_of(field: Field) -> Read:
    names = {choice.name: choice.name for choice in field.choices}

    def read(answer: object) -> tuple[object, Code | None]:
        if isinstance(answer, str):
            name = names.get(answer) or names.get(answer.strip())
        elif isinstance(answer, int) and not isinstance(answer, bool):
            name = names.get(str(answer))
        else:
            name = None
        return (name, None) if name is not None else (None, AnswerCode.ANSWER_005)

    return read


def _some_of(field: Field) -> Read:
    names = [choice.name for choice in field.choices]
    known = frozenset(names)

    def read(answer: object) -> tuple[object, Code | None]:
        given = answer.split() if isinstance(answer, str) else answer
        if not isinstance(given, (list, tuple)):
            return None, AnswerCode.ANSWER_005
        chosen = frozenset(str(choice).strip() for choice in given)
        if not chosen <= known:
            return None, AnswerCode.ANSWER_005
        return [name for name in names if name in chosen], None

    return read


def _acknowledge(answer: object) -> tuple[object, Code | None]:
    is_agreed = answer is True or (isinstance(answer, str) and answer.strip() == "OK")
    return ("OK", None) if is_agreed else (None, AnswerCode.ANSWER_005)


def _range(field: Field) -> Read:
    steps = field.parameters
    whole = not any("." in steps.get(name, "") for name in ("start", "end", "step"))
    low, high = Decimal(steps.get("start") or "1"), Decimal(steps.get("end") or "10")

    def read(answer: object) -> tuple[object, Code | None]:
        value, wrong = _quantity(answer, whole)
        if wrong is not None:
            return None, wrong
        bounds = value.values() if isinstance(value, Mapping) else (value,)
        numbers = [bound for bound in bounds if isinstance(bound, (int, float))]
        inside = all(low <= Decimal(str(number)) <= high for number in numbers)
        return (value, None) if inside else (None, AnswerCode.ANSWER_012)

    return read


_PLAIN: Mapping[str, Read] = {
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "time": _time,
    "dateTime": _date_time,
    "acknowledge": _acknowledge,
}


def reader_of(field: Field) -> Read:
    """Give the function that reads the answers of a field, typed or calculated."""
    if field.calculation is not None and field.type in ("integer", "decimal"):
        return _made(_PLAIN[field.type])
    if field.type == "select_one":
        return _one_of(field)
    if field.type == "select_multiple":
        return _some_of(field)
    if field.type == "range":
        return _range(field)
    return _PLAIN.get(field.type, _text)


def _made(read: Read) -> Read:
    """Read a calculated number; one larger than any count is kept, though it states no fact."""

    def read_made(answer: object) -> tuple[object, Code | None]:
        value, wrong = read(answer)
        if wrong is None or isinstance(answer, Mapping):
            return value, wrong
        number = number_read(str(answer))
        if number is None or abs(number) <= LARGEST:
            return None, wrong
        # A float would lose the decimals of so large a number, text keeps them.
        whole = number == number.to_integral_value()
        return (int(number) if whole else str(answer)), None

    return read_made


#: Calculated numbers are kept as fine as typed ones may be.
_STEP = Decimal("0.0001")
#: Wide enough for four places of the largest number that an expression gives (28 digits).
_WIDE = Context(prec=34)


def calculated(kind: str, result: value_of.Scalar) -> object:
    """Give the result of a calculation as an answer of a field of this type, ``""`` for none.

    A whole number loses what stands behind the point, as on phones (JavaRosa, Enketo); a decimal
    and a ``calculate`` are rounded to four places, a half away from zero; a date may be a number
    of days since 1970.
    """
    if kind in ("integer", "decimal", "range"):
        number = value_of.number(result)
        if number is None:
            return ""
        return int(number) if kind == "integer" else _kept(number)
    if kind == "date":
        day = value_of.day(result)
        return "" if day is None else day.isoformat()
    if isinstance(result, (int, Decimal)) and not isinstance(result, bool):
        kept = _kept(result)
        return kept if kind == "calculate" else str(kept)
    return value_of.text(result)


def _kept(number: int | Decimal) -> int | float | str:
    """Round a number to the places that are kept; what is too large for any answer stays text."""
    if isinstance(number, int):
        return number
    if abs(number) > LARGEST:
        text = value_of.text(number.quantize(_STEP, ROUND_HALF_UP, _WIDE))
        return text.rstrip("0") if "." in text else text
    return _plain(number.quantize(_STEP, ROUND_HALF_UP))


def is_unknown(value: object) -> bool:
    """Say whether a number was answered with: nobody knows."""
    kind = value.get("kind") if isinstance(value, Mapping) else None
    return kind == "missing"


def is_media(field: Field) -> bool:
    """Say whether a field's answer names an attached file."""
    return field.type in MEDIA
