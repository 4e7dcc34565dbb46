"""Reads the parameters of a rule into typed values, and keeps what each one means.

A rule kind is a frozen dataclass (:mod:`taizhang.core.scoring.rule`); the annotations of its
fields hold the reader and the sentence that the reference page prints, so that they cannot drift.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar, get_type_hints

from taizhang.core.issue import gettext_noop

#: A constant or a formula over measures and norms.
Operand = Fraction | str
Params = TypeVar("Params")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter: ``problem`` is missing, unknown or wrong."""

    parameter: str
    problem: str
    found: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one parameter as the pack wrote it; ``wanted`` says what it takes."""

    wanted: str
    read: Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Param:
    """Stands in the annotation of a rule kind's field: how to read it, and what it means."""

    reader: Reader
    meaning: str


@dataclass(frozen=True, slots=True)
class Declared:
    """One parameter of a rule kind; ``default`` is ``MISSING`` for a required one."""

    name: str
    param: Param
    default: object

    @property
    def required(self) -> bool:
        """Say whether a rule must give it."""
        return self.default is MISSING


def declared(kind: type[Any]) -> tuple[Declared, ...]:
    """Give the parameters of a rule kind in the order of its fields."""
    if kind not in _DECLARED:
        hints = get_type_hints(kind, include_extras=True)
        _DECLARED[kind] = tuple(
            Declared(one.name, hints[one.name].__metadata__[0], one.default) for one in fields(kind)
        )
    return _DECLARED[kind]


_DECLARED: dict[type[Any], tuple[Declared, ...]] = {}


def read_params(
    kind: type[Params], given: Mapping[str, object]
) -> tuple[Params | None, list[Fault]]:
    """Read the parameters of a rule kind; ``None`` and every fault when any is wrong."""
    names = {one.name for one in declared(kind)}
    wanted = ", ".join(sorted(names))
    faults = [Fault(name, "unknown", wanted=wanted) for name in given if name not in names]
    values: dict[str, object] = {}
    for one in declared(kind):
        reader, value = one.param.reader, given.get(one.name)
        if value is None:
            if one.required:
                faults.append(Fault(one.name, "missing", wanted=reader.wanted))
            continue
        try:
            values[one.name] = reader.read(value)
        except ValueError:
            faults.append(Fault(one.name, "wrong", str(value), reader.wanted))
    return (None, faults) if faults else (kind(**values), [])


def as_number(value: object) -> Fraction:
    """Read a number exactly as it was written.

    :raises ValueError: if it is none
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        raise ValueError(f"{value!r} is no number")
    text = str(value).strip()
    try:
        return Fraction(text)
    except ZeroDivisionError as error:
        raise ValueError(f"{value!r} is no number") from error


def as_formula(value: object) -> str:
    """Read a formula as text; a bare number is one too.

    :raises ValueError: if it is empty or no text
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        raise ValueError(f"{value!r} is no formula")
    text = str(value).strip()
    if not text:
        raise ValueError("a formula is not empty")
    return text


def as_operand(value: object) -> Operand:
    """Read a number as a number and anything else as a formula."""
    try:
        return as_number(value)
    except ValueError:
        return as_formula(value)


def _not_negative(value: object) -> Fraction:
    number = as_number(value)
    if number < 0:
        raise ValueError("negative")
    return number


def _positive(value: object) -> Fraction:
    number = as_number(value)
    if number <= 0:
        raise ValueError("not positive")
    return number


def _sequence(value: object) -> Sequence[object]:
    if isinstance(value, (str, bytes)) or not isinstance(value, Sequence):
        raise ValueError("no list")
    return value


def rows(length: int) -> Callable[[object], tuple[tuple[Fraction, ...], ...]]:
    """Make a reader of a list of number rows, each ``length`` long."""

    def read(value: object) -> tuple[tuple[Fraction, ...], ...]:
        found = tuple(tuple(as_number(cell) for cell in _sequence(row)) for row in _sequence(value))
        if not found or any(len(row) != length for row in found):
            raise ValueError(f"rows of {length}")
        return found

    return read


def _range(value: object) -> tuple[Fraction, Fraction]:
    low, high = (as_number(one) for one in _sequence(value))
    if low > high:
        raise ValueError("the range ends before it begins")
    return low, high


def _formulas(value: object) -> tuple[str, ...]:
    if isinstance(value, (str, int, float)):
        return (as_formula(value),)
    found = tuple(as_formula(one) for one in _sequence(value))
    if not found:
        raise ValueError("an empty list")
    return found


def _parts(value: object) -> tuple[tuple[str, str], ...]:
    if isinstance(value, Mapping):
        pairs = tuple((str(label), as_formula(one)) for label, one in value.items())
    else:
        pairs = tuple((as_formula(one), as_formula(one)) for one in _sequence(value))
    if not pairs:
        raise ValueError("no part")
    return pairs


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise ValueError("true or false")


def choice(*names: str) -> Reader:
    """Make a reader that takes one of ``names``."""

    def read(value: object) -> str:
        if str(value) not in names:
            raise ValueError(f"none of {names}")
        return str(value)

    return Reader(" | ".join(names), read)


def _points_or_pending(value: object) -> Fraction | str:
    return "pending" if value == "pending" else _not_negative(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("no text")
    return value.strip()


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError("no mapping")
    return {str(key): one for key, one in value.items()}


def mappings(value: object) -> tuple[Mapping[str, object], ...]:
    """Read a list of mappings."""
    found = tuple(_mapping(one) for one in _sequence(value))
    if not found:
        raise ValueError("an empty list")
    return found


FORMULA = Reader(gettext_noop("formula"), as_formula)
FORMULAS = Reader(gettext_noop("formula or list of formulas"), _formulas)
OPERAND = Reader(gettext_noop("number or formula"), as_operand)
NUMBER = Reader(gettext_noop("number"), as_number)
POINTS = Reader(gettext_noop("points, 0 or more"), _not_negative)
POSITIVE = Reader(gettext_noop("number above 0"), _positive)
POINTS_OR_PENDING = Reader(gettext_noop("points or pending"), _points_or_pending)
TIERS = Reader(gettext_noop("list of [bound, points]"), rows(2))
BANDS = Reader(gettext_noop("list of [from, to, points]"), rows(3))
RANGE = Reader(gettext_noop("[lowest, highest]"), _range)
PARTS = Reader(gettext_noop("mapping of part to formula, or list of formulas"), _parts)
FLAG = Reader(gettext_noop("true or false"), _flag)
MAPPING = Reader(gettext_noop("mapping"), _mapping)
TEXT = Reader(gettext_noop("text"), _text)
