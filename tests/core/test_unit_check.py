"""Units and changes that do not fit each other are named, and those that fit are not."""

from datetime import date, timedelta

import pytest

from taizhang.core.base.issue import NOWHERE
from taizhang.core.unit.check import check
from taizhang.core.unit.tree import Unit, UnitChange, UnitLevel
from tests.core.test_unit import D1, STREET, change, community, district

DAY = timedelta(days=1)
EVE = D1 - DAY


def codes(units: list[Unit], *changes: UnitChange) -> list[str]:
    places = dict.fromkeys([*district(), *units], NOWHERE)
    issues = check(places, dict.fromkeys(changes, NOWHERE))
    return sorted(issue.code.name for issue in issues)


def named(number: int, name: str, begin: date | None = None, end: date | None = None) -> Unit:
    made = community(number, begin, end)
    return Unit(
        code=made.code, name=name, level=UnitLevel.COMMUNITY, kind="社区", parent=STREET,
        valid_from=begin, valid_to=end,
    )  # fmt: skip


RENAMED = change(D1, "rename", (1,), (1,))


@pytest.mark.parametrize(
    ("units", "wanted"),
    [
        ([named(1, "林荫"), named(2, "林荫")], ["UNIT_006"]),
        ([named(1, "林荫"), named(2, "公园")], []),
        ([named(1, "林荫", None, EVE), named(2, "林荫", D1)], ["UNIT_008"]),
        ([named(1, "林荫", None, D1), named(2, "林荫", D1)], ["UNIT_006", "UNIT_008"]),
        ([named(1, "林荫", None, EVE), named(1, "林荫", D1)], []),
    ],
)
def test_two_units_of_one_name_at_one_time_are_named(units: list[Unit], wanted: list[str]) -> None:
    assert codes(units) == wanted


MERGED = change(D1, "merge", (1, 2), (3,))
GOOD = [community(1, None, EVE), community(2, None, EVE), community(3, D1)]


@pytest.mark.parametrize(
    ("units", "changes", "wanted"),
    [
        (GOOD, [MERGED], []),
        (GOOD[:2], [MERGED], ["CHANGE_001"]),
        ([community(1, None, EVE - DAY), *GOOD[1:]], [MERGED], ["CHANGE_002", "UNIT_008"]),
        ([*GOOD[:2], community(3, D1 + DAY)], [MERGED], ["CHANGE_003"]),
        ([community(1), *GOOD[1:]], [MERGED], ["CHANGE_004"]),
        ([*GOOD[:2], community(3)], [MERGED], ["CHANGE_005"]),
        ([named(1, "甲", None, EVE), named(1, "乙", D1)], [RENAMED], []),
        ([named(1, "甲")], [RENAMED], ["CHANGE_006"]),
        (
            [*GOOD, community(4, D1)],
            [MERGED, change(D1, "recode", (1,), (4,))],
            ["CHANGE_007"],
        ),
        (
            [*GOOD, community(4, None, EVE)],
            [MERGED, change(D1, "recode", (4,), (3,))],
            ["CHANGE_008"],
        ),
    ],
)
def test_a_change_fits_the_units_around_its_day(
    units: list[Unit], changes: list[UnitChange], wanted: list[str]
) -> None:
    assert codes(units, *changes) == wanted


def test_a_unit_that_ends_without_a_change_is_named() -> None:
    assert codes([community(1, None, EVE)]) == ["UNIT_008"]
    assert codes([community(1, None, EVE), community(1, D1)]) == []
