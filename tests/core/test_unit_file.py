"""Units and changes read from files: encodings, forms of codes, all issues at once."""

from datetime import date

import pytest

from taizhang.core.base.issue import Place
from taizhang.core.unit.file import level_of, read_changes, read_units
from taizhang.core.unit.tree import ChangeKind, Unit, UnitChange, UnitLevel

HEAD = "code,name,level,kind,parent,valid_from,valid_to\n"
ROW = "360602001001,公园社区,community,社区,360602001000,2020-01-01,\n"
UNIT = Unit(
    code="360602001001",
    name="公园社区",
    level=UnitLevel.COMMUNITY,
    kind="社区",
    parent="360602001000",
    valid_from=date(2020, 1, 1),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_files_of_office_programs_are_read(encoding: str, newline: str) -> None:
    text = (HEAD + "\n" + ROW).replace("\n", newline)
    assert read_units(text.encode(encoding), "u.csv") == ({UNIT: Place("u.csv", 3)}, ())


def test_columns_may_stand_in_any_order_and_optional_ones_be_absent() -> None:
    text = "Kind,CODE,name,level,note\n市辖区,360602000000,月湖区,district,x\n"
    units, issues = read_units(text.encode(), "u.csv")
    assert issues == ()
    assert [(unit.code, unit.parent, unit.valid_from) for unit in units] == [
        ("360602000000", None, None)
    ]


def test_the_ends_of_the_calendar_mean_always() -> None:
    text = HEAD + "360602000000,月湖区,district,市辖区,,0001-01-01,9999-12-31\n"
    (unit,) = read_units(text.encode(), "u.csv")[0]
    assert (unit.valid_from, unit.valid_to) == (None, None)


def test_all_issues_of_all_rows_are_found_at_once() -> None:
    rows = [
        "36060200000,,area,,x,2026-13-01,20260101",
        "360602001000,江边街道,community,街道,360602000000,2026-02-02,2026-02-01",
        ROW.strip(),
    ]
    units, issues = read_units((HEAD + "\n".join(rows)).encode(), "u.csv")
    assert [(issue.code.name, issue.place.line, issue.place.column) for issue in issues] == [
        ("UNITFILE_005", 2, "name"),
        ("UNITFILE_005", 2, "kind"),
        ("UNITFILE_006", 2, "code"),
        ("UNITFILE_006", 2, "parent"),
        ("UNITFILE_007", 2, "level"),
        ("UNITFILE_009", 2, "valid_from"),
        ("UNITFILE_009", 2, "valid_to"),
        ("UNITFILE_008", 3, "level"),
        ("UNITFILE_010", 3, "valid_to"),
    ]
    assert list(units) == [UNIT]
    for issue in issues:
        assert issue.line()  # every fact that the sentence names is there


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("360000000000", UnitLevel.PROVINCE),
        ("360600000000", UnitLevel.CITY),
        ("360602000000", UnitLevel.DISTRICT),
        ("360602001000", UnitLevel.STREET),
        ("441900003000", UnitLevel.STREET),  # a city without districts
        ("360602001001", UnitLevel.COMMUNITY),
        ("360602001200", UnitLevel.COMMUNITY),
        ("360602001001-G01", UnitLevel.GRID),
        ("360602001000-G01", None),  # a street has no grids of its own
        ("360602001001-G1", None),
        ("060602001001", None),
        ("３６０６０２００１００１", None),  # full-width digits
        ("36060200100", None),
        ("900101001001", UnitLevel.COMMUNITY),  # made up, as in the tests of packs
        ("000000000000", None),
    ],
)
def test_the_form_of_a_code_says_its_level(code: str, level: UnitLevel | None) -> None:
    assert level_of(code) is level


def test_a_change_is_the_same_however_its_codes_are_written() -> None:
    a, b, c = "360602001001", "360602001002", "360602001003"
    text = (
        f'date,change,from,to\n2026-03-01,merge,{b} {a},{c}\n2026-03-01,merge,"{a}, {b}；{a}",{c}\n'
    )
    change = UnitChange(date=date(2026, 3, 1), kind=ChangeKind.MERGE, sources=(a, b), targets=(c,))
    assert read_changes(text.encode(), "c.csv") == ({change: Place("c.csv", 2)}, ())


@pytest.mark.parametrize(
    ("kind", "before", "after", "fits"),
    [
        ("merge", 2, 1, True),
        ("merge", 1, 1, False),
        ("merge", 2, 2, False),
        ("split", 1, 2, True),
        ("split", 1, 1, False),
        ("split", 2, 3, False),
        ("recode", 1, 1, True),
        ("recode", 2, 1, False),
        ("rename", 1, 1, False),
    ],
)
def test_a_change_has_its_numbers_of_units(kind: str, before: int, after: int, fits: bool) -> None:
    sources = " ".join(f"36060200100{index}" for index in range(1, 1 + before))
    targets = " ".join(f"36060200100{index}" for index in range(5, 5 + after))
    text = f"date,change,from,to\n2026-03-01,{kind},{sources},{targets}\n"
    changes, issues = read_changes(text.encode(), "c.csv")
    assert [issue.code.name for issue in issues] == ([] if fits else ["UNITFILE_012"])
    assert len(changes) == fits


def test_a_recode_leads_to_another_code_and_a_rename_to_the_same() -> None:
    one = "360602001001"
    text = f"date,change,from,to\n2026-03-01,rename,{one},{one}\n2026-03-01,recode,{one},{one}\n"
    changes, issues = read_changes(text.encode(), "c.csv")
    assert [change.kind for change in changes] == [ChangeKind.RENAME]
    assert [(issue.code.name, issue.place.line) for issue in issues] == [("UNITFILE_012", 3)]


def test_a_change_on_the_first_day_of_the_calendar_is_no_date() -> None:
    text = "date,change,from,to\n0001-01-01,recode,360602001001,360602001002\n"
    changes, issues = read_changes(text.encode(), "c.csv")
    assert (changes, [issue.code.name for issue in issues]) == ({}, ["UNITFILE_009"])
