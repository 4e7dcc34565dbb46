"""Parameters of rule kinds: a reader for each sort of value, what it means, its formulas.

A rule kind is a frozen dataclass (:mod:`taizhang.core.scoring.kinds`); the annotations of its
fields hold the reader and the sentence that the reference page prints, so that they cannot drift.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar, get_type_hints

from taizhang.core.base.issue import gettext_noop
from taizhang.core.text.number import number_text

#: A constant or a formula over measures and norms.
Operand = Fraction | str
Params = TypeVar("Params")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter: ``problem`` is missing, unknown or wrong."""

    parameter: str
    problem: str
    given: str = ""
    wanted: str = ""


class Gives(StrEnum):
    """What the formula of a parameter must give."""

    NUMBER = "number"
    CONDITION = "condition"  # true or false
    EVENT = "event"  # true or false, or a number that is more than 0
    RATE = "rate"  # in percent, permille or a ratio


def _no_formula(_value: Any) -> Iterable[object]:
    return ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one parameter as the pack wrote it; ``wanted`` says what it takes.

    ``formulas`` gives what a read value holds that may be a formula; constants among it are none.
    """

    wanted: str
    read: Callable[[object], object]
    formulas: Callable[[Any], Iterable[object]] = _no_formula


@dataclass(frozen=True, slots=True)
class Param:
    """Stands in the annotation of a rule kind's field: how to read it, and what it means."""

    reader: Reader
    meaning: str
    gives: Gives = Gives.NUMBER


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
            Declared(field.name, hints[field.name].__metadata__[0], field.default)
            for field in fields(kind)
        )
    return _DECLARED[kind]


_DECLARED: dict[type[Any], tuple[Declared, ...]] = {}


def read_params(
    kind: type[Params], given: Mapping[str, object]
) -> tuple[Params | None, list[Fault]]:
    """Read the parameters of a rule kind; ``None`` and every fault when any is wrong."""
    names = {parameter.name for parameter in declared(kind)}
    wanted = ", ".join(sorted(names))
    faults = [Fault(name, "unknown", wanted=wanted) for name in given if name not in names]
    values: dict[str, object] = {}
    for parameter in declared(kind):
        name, reader = parameter.name, parameter.param.reader
        value = given.get(name)
        if value is None:
            if parameter.required:
                faults.append(Fault(name, "missing", wanted=reader.wanted))
            continue
        try:
            values[name] = reader.read(value)
        except ValueError:
            faults.append(Fault(name, "wrong", str(value), reader.wanted))
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


def shown(operand: Operand) -> str:
    """Write a constant as a number, a formula as it stands."""
    return number_text(operand) if isinstance(operand, Fraction) else operand


def not_negative(value: object) -> Fraction:
    """Read a number of 0 or more.

    :raises ValueError: if it is none
    """
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
        table = tuple(tuple(as_number(cell) for cell in _sequence(row)) for row in _sequence(value))
        if not table or any(len(row) != length for row in table):
            raise ValueError(f"rows of {length}")
        return table

    return read


def _range(value: object) -> tuple[Fraction, Fraction]:
    low, high = (as_number(end) for end in _sequence(value))
    if low > high:
        raise ValueError("the range ends before it begins")
    return low, high


def _formulas(value: object) -> tuple[str, ...]:
    if isinstance(value, (str, int, float)):
        return (as_formula(value),)
    formulas = tuple(as_formula(formula) for formula in _sequence(value))
    if not formulas:
        raise ValueError("an empty list")
    return formulas


def _parts(value: object) -> tuple[tuple[str, str], ...]:
    if isinstance(value, Mapping):
        pairs = tuple((str(label), as_formula(formula)) for label, formula in value.items())
    else:
        pairs = tuple((as_formula(formula),) * 2 for formula in _sequence(value))
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
    return "pending" if value == "pending" else not_negative(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("no text")
    return value.strip()


def mapping(value: object) -> Mapping[str, object]:
    """Read a mapping.

    :raises ValueError: if it is none
    """
    if not isinstance(value, Mapping):
        raise ValueError("no mapping")
    return {str(key): given for key, given in value.items()}


def mappings(value: object) -> tuple[Mapping[str, object], ...]:
    """Read a list of mappings."""
    tables = tuple(mapping(row) for row in _sequence(value))
    if not tables:
        raise ValueError("an empty list")
    return tables


def _alone(value: object) -> tuple[object]:
    return (value,)


FORMULA = Reader(gettext_noop("formula"), as_formula, _alone)
FORMULAS = Reader(gettext_noop("formula or list of formulas"), _formulas, tuple)
OPERAND = Reader(gettext_noop("number or formula"), as_operand, _alone)
NUMBER = Reader(gettext_noop("number"), as_number)
POINTS = Reader(gettext_noop("points, 0 or more"), not_negative)
POSITIVE = Reader(gettext_noop("number above 0"), _positive)
POINTS_OR_PENDING = Reader(gettext_noop("points or pending"), _points_or_pending)
TIERS = Reader(gettext_noop("list of [bound, points]"), rows(2))
BANDS = Reader(gettext_noop("list of [from, to, points]"), rows(3))
RANGE = Reader(gettext_noop("[lowest, highest]"), _range)
PARTS = Reader(
    gettext_noop("mapping of part to formula, or list of formulas"),
    _parts,
    lambda parts: (formula for _, formula in parts),
)
FLAG = Reader(gettext_noop("true or false"), _flag)
TEXT = Reader(gettext_noop("text"), _text)

#: Of kinds that a person decides.
REASON = Param(choice("required", "optional"), "whether a decision needs its written reason")
WAITS_FOR = Param(
    TEXT, "what the decision waits for, in the owner's words, while its source is not there"
)
