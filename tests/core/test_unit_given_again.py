"""A code that another unit had is not given out again; the same unit may come back to its own."""

import pytest

from taizhang.core.base.issue import NOWHERE, Level, Place
from taizhang.core.unit.check import check
from tests.core.ledger import history as tree_of

FILE = Place("u.csv", 2)
TOP = "D 区 -\nS 街道 D\nT 街道 D\n"


def codes(text: str, *, stored: bool = False, names: dict[tuple[str, str], str] | None = None):
    """Check a tree written as text; names by (code, first day) take the place of the usual."""
    known = tree_of(TOP + text)
    names = names or {}
    units = [
        unit._replace(name=names.get((unit.code, str(unit.valid_from or "")), unit.code))
        for unit in known.units
    ]
    place = NOWHERE if stored else FILE
    found = check(
        dict.fromkeys(units, place),
        {one: Place("c.csv", 2) if not stored else NOWHERE for one in known.changes},
    )
    wanted = ("UNIT_011", "UNIT_012")
    return [(issue.code.name, issue.level) for issue in found if issue.code.name in wanted]


REFUSED = [("UNIT_011", Level.ERROR)]
RECODED = "A 社区 S ..2024-12-31\nB 社区 S 2025-01-01..\n2025-01-01 recode A -> B\n"


@pytest.mark.parametrize(
    "text",
    [
        RECODED + "A 社区 S 2026-01-01..\n",
        # however it is called, and whoever comes to the code
        RECODED + "X 社区 S ..2025-12-31\nA 社区 S 2026-01-01..\n2026-01-01 recode X -> A\n",
        # merged away, then given to a part of another unit
        "A 社区 S ..2024-12-31\nB 社区 S ..2024-12-31\nC 社区 S 2025-01-01..\n"
        "2025-01-01 merge A,B -> C\n"
        "X 社区 S ..2025-12-31\nA 社区 T 2026-01-01..\nY 社区 S 2026-01-01..\n"
        "2026-01-01 split X -> A,Y\n",
        # recoded into a code that ended without a change
        "A 社区 S ..2024-12-31\nX 社区 S ..2025-12-31\nA 社区 S 2026-01-01..\n"
        "2026-01-01 recode X -> A\n",
        # and into one that ended only the day before
        "A 社区 S ..2025-12-31\nX 社区 S ..2025-12-31\nA 社区 S 2026-01-01..\n"
        "2026-01-01 recode X -> A\n",
    ],
)
def test_a_code_is_not_given_out_again(text: str) -> None:
    assert codes(text) == REFUSED
    assert codes(text, stored=True) == [], "an instance that has it can still import other units"


@pytest.mark.parametrize(
    "text",
    [
        # given up for a year, then back under its name
        "A 社区 S ..2024-12-31\nA 社区 S 2026-01-01..\n",
        # recoded and recoded back
        RECODED.replace("B 社区 S 2025-01-01..", "B 社区 S 2025-01-01..2025-12-31")
        + "A 社区 S 2026-01-01..\n2026-01-01 recode B -> A\n",
        # merged, and parted again
        "A 社区 S ..2024-12-31\nB 社区 S ..2024-12-31\nC 社区 S 2025-01-01..2025-12-31\n"
        "2025-01-01 merge A,B -> C\nA 社区 S 2026-01-01..\nB 社区 S 2026-01-01..\n"
        "2026-01-01 split C -> A,B\n",
        # a part of it keeps its code, and one that takes others in does, too
        "A 社区 S ..2025-12-31\nA 社区 S 2026-01-01..\nB 社区 S 2026-01-01..\n"
        "2026-01-01 split A -> A,B\n",
        "A 社区 S ..2025-12-31\nB 社区 S ..2025-12-31\nA 社区 S 2026-01-01..\n"
        "2026-01-01 merge A,B -> A\n",
        # moved to another street
        "A 社区 S ..2025-12-31\nA 社区 T 2026-01-01..\n",
    ],
)
def test_the_same_unit_may_come_back_or_go_on(text: str) -> None:
    assert codes(text) == []


def test_another_name_after_a_gap_is_another_unit() -> None:
    text = "A 社区 S ..2024-12-31\nA 社区 S 2026-01-01..\n"
    assert codes(text, names={("A", "2026-01-01"): "新城社区"}) == REFUSED


def test_another_name_the_day_after_is_remarked_unless_a_rename_says_so() -> None:
    text = "A 社区 S ..2025-12-31\nA 社区 S 2026-01-01..\n"
    names = {("A", "2026-01-01"): "新城社区"}
    assert codes(text, names=names) == [("UNIT_012", Level.WARNING)]
    assert codes(text + "2026-01-01 rename A -> A\n", names=names) == []
