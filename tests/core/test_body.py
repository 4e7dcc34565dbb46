"""Bodies beside the tree: their file, their checks, and who holds what they held."""

from datetime import date
from typing import Any

from taizhang.core.base.issue import NOWHERE, Issue
from taizhang.core.unit.body import Bodies, Body, changed_columns, check_bodies
from taizhang.core.unit.body_file import read_bodies
from taizhang.core.unit.ownership import HeldBy, Ownership
from tests.core.ledger import history

HEAD = "code,name,kind,parent,may_record,may_own,valid_from,valid_to\n"
CENTRE = "900101001000-B01,东街卫生服务中心,卫生服务中心,900101001000,yes,是,2026-01-01,\n"
TREE = history(
    """
    900101000000 区 -
    900101001000 街道 900101000000 2025-01-01..2026-12-31
    900101001001 社区 900101001000 2025-01-01..2026-05-31
    900101001002 社区 900101001000 2025-01-01..2026-05-31
    900101001003 社区 900101001000 2026-06-01..2026-09-30
    900101001004 社区 900101001000 2026-10-01..
    900101001005 社区 900101001000 2026-10-01..2026-12-31
    2026-06-01 merge 900101001001,900101001002 -> 900101001003
    2026-10-01 split 900101001003 -> 900101001004,900101001005
    """
)


def codes(issues: tuple[Issue, ...]) -> list[str]:
    return [issue.code.name for issue in issues]


def test_a_file_of_bodies_is_read() -> None:
    bodies, issues = read_bodies((HEAD + CENTRE).encode(), "bodies.csv")
    assert issues == ()
    (body,) = bodies
    assert (body.may_record, body.may_own, body.first_day) == (True, True, date(2026, 1, 1))
    assert codes(check_bodies(bodies, TREE)) == ["BODY_003"]  # the street ends in 2026


def test_faults_of_rows_are_named() -> None:
    rows = {
        "900101001000,东街,学校,900101001000,yes,yes,,\n": "UNITFILE_016",
        "900101001000-B01,东街,学校,9001,yes,yes,,\n": "UNITFILE_006",
        "900101001000-B01,东街,学校,900101001000,maybe,yes,,\n": "UNITFILE_017",
        "900101001000-B01,,学校,900101001000,yes,yes,,\n": "UNITFILE_005",
        "900101001000-B01,东街,学校,900101001000,yes,yes,2026-02-01,2026-01-01\n": "UNITFILE_010",
        CENTRE + CENTRE.replace("yes", "no"): "UNITFILE_013",
    }
    for row, code in rows.items():
        assert codes(read_bodies((HEAD + row).encode(), "b.csv")[1]) == [code], row


def body(**changed: Any) -> Body:
    plain = Body("900101000000-B01", "环卫所", "环卫所", "900101000000", True, True)
    return plain._replace(**changed)


def test_bodies_are_checked_against_the_tree_and_each_other() -> None:
    def checked(*bodies: Body) -> list[str]:
        return codes(check_bodies(dict.fromkeys(bodies, NOWHERE), TREE))

    assert checked(body()) == []
    assert checked(body(parent="110000000000")) == ["BODY_001"]
    assert checked(body(), body(valid_from=date(2026, 2, 1))) == ["BODY_002"]
    assert checked(body(parent="900101001000")) == ["BODY_003"]
    within = body(parent="900101001000", valid_from=date(2025, 3, 1), valid_to=date(2026, 12, 31))
    assert checked(within) == []
    assert checked(body(kind="企业")) == ["BODY_004"]
    assert checked(body(may_own=False, may_record=False)) == ["BODY_005"]
    assert checked(body(kind="大妈")) == ["BODY_006"]


def test_a_row_that_says_otherwise_is_named() -> None:
    assert changed_columns(body(), body(name="环卫处")) == ()
    assert changed_columns(body(), body(valid_to=date(2026, 1, 1))) == ()
    assert changed_columns(body(), body(may_own=False)) == ("may_own True → False",)


def held(code: str, since: str, day: str, bodies: Bodies | None = None) -> tuple[str, HeldBy]:
    owners = Ownership(TREE, bodies or Bodies())
    holder = owners.holder(code, date.fromisoformat(since), date.fromisoformat(day))
    return holder.code[-3:], holder.why


def test_the_successor_holds_and_after_a_split_the_parent() -> None:
    first = "900101001001"
    assert held(first, "2026-01-01", "2026-05-31") == ("001", HeldBy.ITSELF)
    assert held(first, "2026-01-01", "2026-06-01") == ("003", HeldBy.SUCCESSOR)
    assert held(first, "2026-01-01", "2026-10-01") == ("000", HeldBy.PARENT)
    assert held("900101001003", "2026-07-01", "2026-10-01") == ("000", HeldBy.PARENT)
    # The street itself ends without a successor: the district has it.
    assert Ownership(TREE).holder(first, date(2026, 1, 1), date(2027, 1, 1)).code == "900101000000"
    assert held("900101001005", "2026-11-01", "2027-01-01") == ("000", HeldBy.PARENT)
    assert held("900101001004", "2026-11-01", "2027-01-01") == ("004", HeldBy.ITSELF)


def test_who_was_named_late_or_early_still_leads_to_a_holder() -> None:
    assert held("900101001001", "2026-07-01", "2026-07-02") == ("003", HeldBy.SUCCESSOR)
    assert held("900101001003", "2026-01-01", "2026-07-02") == ("003", HeldBy.ITSELF)
    assert held("unknown", "2026-01-01", "2026-07-02") == ("own", HeldBy.ITSELF)


def test_a_unit_that_goes_on_through_a_split_keeps_what_it_has() -> None:
    tree = history("D 区 -\nA 社区 D\nB 社区 D 2026-06-01..\n2026-06-01 split A -> A,B")
    holder = Ownership(tree).holder("A", date(2026, 1, 1), date(2026, 7, 1))
    assert holder == ("A", date(2026, 1, 1), HeldBy.ITSELF)


def test_a_body_that_ends_or_may_no_longer_own_leaves_all_to_its_unit() -> None:
    ends = body(valid_to=date(2026, 3, 31))
    again = body(valid_from=date(2026, 4, 1), may_own=False)
    assert held(ends.code, "2026-01-01", "2026-03-31", Bodies([ends]))[0] == "B01"
    assert held(ends.code, "2026-01-01", "2026-04-01", Bodies([ends])) == ("000", HeldBy.PARENT)
    both = Bodies([ends, again])
    assert held(ends.code, "2026-01-01", "2026-04-01", both) == ("000", HeldBy.PARENT)
    kept = Bodies([ends, again._replace(may_own=True)])
    assert held(ends.code, "2026-01-01", "2026-04-01", kept) == ("B01", HeldBy.ITSELF)
    assert held(again.code, "2026-05-01", "2026-05-02", Bodies([again])) == ("000", HeldBy.PARENT)
