"""Unit types: what a part of a formula counts; what may be added, multiplied or divided."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitType:
    """A unit type: a unit of measures (次, 人 …) or one of the constants below.

    ``per`` is set for a quotient of unlike units (人次/次): a ratio that is no share.
    """

    name: str
    per: str = ""

    def __str__(self) -> str:
        return f"{self.name}/{self.per}" if self.per else self.name


NUMBER = UnitType("number")  # a number as written; joins with every unit
RATIO = UnitType("ratio")  # like divided by like
PERCENT = UnitType("percent")
PERMILLE = UnitType("permille")
PER100 = UnitType("per100")
BOOL = UnitType("bool")
DATE = UnitType("date")
TEXT = UnitType("text")
THINGS = UnitType("个")  # counted things; joins with every unit of things, never with people
DAYS = UnitType("天")
MONTHS = UnitType("个月")
UNKNOWN = UnitType("?")  # stands where an Issue was already given

RATES = frozenset((PERCENT, PERMILLE, PER100))
#: Grades: they are compared, never added, and one of nothing is none.
GRADES = frozenset((UnitType("级"), UnitType("等"), UnitType("档")))
#: Units of people: never mixed, and small counts of 人 and 户 are kept from outsiders.
PEOPLE = frozenset((UnitType("人"), UnitType("人次"), UnitType("户")))
COUNTED_PEOPLE = frozenset((UnitType("人"), UnitType("户")))
#: Of sums over persons (人·小时): by persons or visits they are so much for each (小时/人次).
_OF_PERSONS = "人·"
_PLAIN = frozenset((BOOL, DATE, TEXT))
_SIGNS = {"%": PERCENT, "‰": PERMILLE, "": NUMBER}


def type_of(unit: str) -> UnitType:
    """Give the type of a unit as packs write it."""
    return _SIGNS.get(unit, UnitType(unit))


def numeric(unit_type: UnitType) -> bool:
    """Say whether values of this type can be calculated with."""
    return unit_type not in _PLAIN


def joined(left: UnitType, right: UnitType) -> UnitType | None:
    """Give the type of two values added, compared or chosen between; ``None``: they are unlike."""
    if left == right or right == UNKNOWN:
        return left
    if left == UNKNOWN:
        return right
    if left in _PLAIN or right in _PLAIN:
        return None
    for side, other in ((left, right), (right, left)):
        if side == NUMBER:
            return other
        if side == THINGS and not other.per and other not in PEOPLE | RATES | {RATIO}:
            return other
    return None


def multiplied(left: UnitType, right: UnitType) -> UnitType | None:
    """Give the type of a product; ``None``: two units do not multiply."""
    for side, other in ((left, right), (right, left)):
        if side in (NUMBER, UNKNOWN, RATIO):
            return other
    return None


def divided(left: UnitType, right: UnitType) -> UnitType | None:
    """Give the type of a quotient; ``None``: these do not divide (% by ‰, % by 人)."""
    if UNKNOWN in (left, right):
        return UNKNOWN
    if right in (NUMBER, RATIO):
        return left
    if left == NUMBER or joined(left, right) is not None:
        return RATIO
    if left.name.startswith(_OF_PERSONS) and right in PEOPLE:
        return UnitType(left.name.removeprefix(_OF_PERSONS), right.name)
    if left in RATES or right in RATES or left == RATIO or left.per or right.per:
        return None
    return UnitType(left.name, right.name)
