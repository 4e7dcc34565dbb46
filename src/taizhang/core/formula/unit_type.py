"""Unit types: what a part of a formula counts; what may be added, multiplied or divided."""

from __future__ import annotations

from dataclasses import dataclass

from taizhang.core.text.unit_sign import FACTORS


@dataclass(frozen=True, slots=True)
class UnitType:
    """A unit type: a unit of measures (次, 人 …) or one of the constants below.

    ``per`` is set for a quotient of unlike units (人次/次, 元/份): a ratio that is no share.
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
CASES = UnitType("件")
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
    """Give the type of a unit as packs write it: 次, percent, 元/份."""
    above, _, below = unit.partition("/")
    return _SIGNS.get(unit) or (UnitType(above, below) if above and below else UnitType(unit))


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
    """Give the type of a product; ``None``: two units do not multiply.

    A price times what it is for is money (份 × 元/份 = 元), a rate times an amount is a part of it.
    """
    pairs = ((left, right), (right, left))
    for side, other in pairs:
        if side in (NUMBER, UNKNOWN, RATIO):
            return other
    for side, other in pairs:
        if side.per and _counts(other, side.per):
            return UnitType(side.name)
        if side in RATES and other not in RATES:
            return other
    return None


def _counts(unit_type: UnitType, unit: str) -> bool:
    """Say whether a type counts what a price is for; 个 counts all things, never people."""
    priced = UnitType(unit)
    return unit_type == priced or (unit_type == THINGS and priced not in PEOPLE)


def part_of(left: UnitType, right: UnitType) -> int:
    """Give what a product is divided by: the whole of the rate (100, 1000) of which it is a part,
    1 where no rate is multiplied with an amount."""
    for side, other in ((left, right), (right, left)):
        if side in RATES and other not in RATES | {NUMBER, RATIO, UNKNOWN}:
            return FACTORS[side.name]
    return 1


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
    if right.per and left == UnitType(right.name):
        return UnitType(right.per)  # 元 ÷ 元/份 = 份
    if left in RATES or right in RATES or left == RATIO or left.per or right.per:
        return None
    return UnitType(left.name, right.name)
