"""Importing units: additive, all or nothing, the same file twice changes nothing."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from taizhang.core.base.issue import Issue, Level, Refused
from taizhang.core.unit.tree import History
from taizhang.web.instance.paths import Home

if TYPE_CHECKING:
    from taizhang.web.units.actions import Imported

NOW = datetime(2026, 5, 1, tzinfo=UTC)
HEAD = "code,name,level,kind,parent,valid_from,valid_to\n"
CHANGES = "date,change,from,to\n"
BASE = """360602000000,月湖区,district,市辖区,,,
360602001000,江边街道,street,街道,360602000000,,
360602001001,公园社区,community,社区,360602001000,,
360602001002,林荫社区,community,社区,360602001000,,
"""
MERGED = "360602001003,公园林荫社区,community,社区,360602001000,2026-03-01,\n"
MERGE = "2026-03-01,merge,360602001001 360602001002,360602001003\n"


def run(units: str, changes: str = "", by: str | None = None) -> "Imported":
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.units.actions import File, units_import

    return units_import(
        units=File(name="u.csv", data=(HEAD + units).encode()),
        changes=File(name="c.csv", data=(CHANGES + changes).encode()) if changes else None,
        acting_user=user_named(by),
        now=NOW,
    )


def refused(units: str, changes: str = "", by: str | None = None) -> list[Issue]:
    """Run an import that must be refused, and see that it left no trace."""
    before = stored()
    with pytest.raises(Refused) as raised:
        run(units, changes, by)
    assert stored() == before
    return list(raised.value.issues)


def stored() -> list[object]:
    from taizhang.web.audit.verify import head
    from taizhang.web.units.models import Change, Closure, Unit

    return [head(), *(list(model.objects.values()) for model in (Unit, Change, Closure))]


def codes(issues: list[Issue]) -> list[tuple[str, str]]:
    return [(issue.code.name, str(issue.place)) for issue in issues]


@pytest.mark.usefixtures("any_instance")
def test_the_same_file_twice_changes_nothing() -> None:
    first = run(BASE + MERGED, MERGE)
    assert (first.added, first.ended, first.changes) == (5, 0, 1)
    before = stored()
    again = run(BASE + MERGED, MERGE)
    assert (again.added, again.ended, again.changes) == (0, 0, 0)
    assert stored() == before
    assert (run(BASE).added, stored()) == (0, before)


@pytest.mark.usefixtures("any_instance")
def test_a_later_merge_ends_the_stored_rows_and_says_so() -> None:
    run(BASE)
    done = run(MERGED, MERGE)
    assert (done.added, done.ended, done.changes) == (1, 2, 1)
    assert codes(list(done.notes)) == [("UNIT_009", "c.csv:2")] * 2
    assert {issue.level for issue in done.notes} == {Level.WARNING}
    from taizhang.web.units.models import Unit

    ends = dict(Unit.objects.filter(valid_to__lt=date.max).values_list("code", "valid_to"))
    assert ends == dict.fromkeys(("360602001001", "360602001002"), date(2026, 2, 28))


@pytest.mark.usefixtures("any_instance")
def test_stored_closure_and_stored_history_agree() -> None:
    from taizhang.web.units import queries
    from taizhang.web.units.models import Closure

    run(BASE)
    assert len(queries.history().codes) == 4
    run(MERGED, MERGE)
    history = queries.history()
    assert len(history.codes) == 5
    assert queries.history() is history  # read once, kept until the next import
    wanted = {
        (
            *(row.ancestor, row.code, row.depth, row.way.value),
            *(row.valid_from or date.min, row.valid_to or date.max),
        )
        for row in History(queries.units(), queries.changes()).closure()
    }
    columns = ("ancestor", "code", "depth", "way", "valid_from", "valid_to")
    assert set(Closure.objects.values_list(*columns)) == wanted
    assert history.tree(date(2026, 3, 1)).homes("360602001003")["360602001001"] == "merged"


@pytest.mark.usefixtures("instance")
def test_a_row_may_end_a_stored_one_and_nothing_else() -> None:
    run(BASE)
    ended = "360602001002,林荫社区,community,社区,360602001000,,2026-02-28\n"
    done = run(ended)
    assert (done.added, done.ended) == (0, 1)
    assert codes(list(done.notes)) == [("UNIT_008", "u.csv:2")]
    assert codes(refused(ended.replace("2026-02-28", "2026-03-31"))) == [("UNIT_010", "u.csv:2")]
    (issue,) = refused(BASE.replace("street,街道", "street,镇"))
    assert codes([issue]) == [("UNIT_010", "u.csv:3")]
    assert issue.facts["differences"] == "kind 街道 → 镇"


@pytest.mark.usefixtures("instance")
def test_a_rename_takes_a_new_row() -> None:
    run(BASE)
    rename = "2026-03-01,rename,360602001001,360602001001\n"
    new = "360602001001,新公园社区,community,社区,360602001000,2026-03-01,\n"
    done = run(new, rename)
    assert (done.added, done.ended, done.changes) == (1, 1, 1)
    from taizhang.web.units import queries

    names = [
        unit.name
        for day in (date(2026, 2, 28), date(2026, 3, 1))
        if (unit := queries.history().tree(day).unit("360602001001"))
    ]
    assert names == ["公园社区", "新公园社区"]


@pytest.mark.usefixtures("instance")
def test_all_issues_of_both_files_come_together_and_nothing_is_stored() -> None:
    units = (
        BASE.replace("district,市辖区,,,", "district,市辖区,,2026-02-30,")
        + "360602009001,远方社区,community,社区,360602009000,,\n"
        + "360602001003,第三社区,community,社区,360602001000,2026-05-01,\n"
    )
    issues = refused(units, "2026-03-01,joined,360602001001,360602001002\n" + MERGE)
    assert sorted(codes(issues)) == [
        ("CHANGE_003", "c.csv:3"),
        ("UNITFILE_009", "u.csv:2[valid_from]"),
        ("UNITFILE_011", "c.csv:2[change]"),
        ("UNIT_001", "u.csv:6"),
        ("UNIT_009", "c.csv:3"),
        ("UNIT_009", "c.csv:3"),
    ]


@pytest.mark.usefixtures("instance")
def test_a_street_cannot_end_below_its_communities() -> None:
    run(BASE)
    (ended,) = (
        issue
        for issue in refused("360602001000,江边街道,street,街道,360602000000,,2026-02-28\n")
        if issue.level is Level.ERROR and issue.facts["code"] == "360602001001"
    )
    assert ended.code.name == "UNIT_003"
    assert ended.facts["day"] == date(2026, 3, 1)


@pytest.mark.usefixtures("instance")
def test_who_may_not_import_is_refused() -> None:
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role
    from taizhang.web.accounts.queries import user_named

    user_add(
        username="wang",
        name="",
        role=Role.OFFICER,
        unit="",
        acting_user=user_named(None),
        now=NOW,
    )
    assert codes(refused(BASE, by="wang")) == [("ACCESS_001", "-")]


def test_another_instance_has_its_own_history(
    instance: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from taizhang.web.instance.open import instance_make, point_at
    from taizhang.web.units import queries

    run(BASE)
    assert len(queries.history().codes) == 4
    other = tmp_path_factory.mktemp("other") / "home"
    instance_make(other, name="", close_after=None, now=NOW)
    assert queries.history().codes == ()
    point_at(instance)
    assert len(queries.history().codes) == 4


RECODED = "360602001030,公园社区,community,社区,360602001000,2025-01-01,\n"
RECODE = "2025-01-01,recode,360602001001,360602001030\n"
AGAIN = "360602001001,新城社区,community,社区,360602001000,2026-01-01,\n"


@pytest.mark.usefixtures("any_instance")
def test_a_code_is_not_given_out_again() -> None:
    """Neither later, nor in one file, nor by a change; the remedy names both units."""
    assert ("UNIT_011", "u.csv:7") in codes(refused(BASE + RECODED + AGAIN, RECODE))
    run(BASE)
    run(RECODED, RECODE)
    (issue,) = refused(AGAIN)
    assert (issue.code.name, str(issue.place)) == ("UNIT_011", "u.csv:2")
    assert (issue.facts["former"], issue.facts["name"]) == ("公园社区", "新城社区")
    into = "2026-01-01,recode,360602001002,360602001001\n"
    assert [code for code, _ in codes(refused(AGAIN, into)) if code == "UNIT_011"] == ["UNIT_011"]
    back = AGAIN.replace("新城社区", "公园社区")
    assert run(back, "2026-01-01,recode,360602001030,360602001001\n").added == 1


@pytest.mark.usefixtures("any_instance")
def test_a_name_can_be_corrected_and_the_log_keeps_the_former_one() -> None:
    from taizhang.web.audit.verify import verify
    from taizhang.web.units.models import Correction
    from taizhang.web.units.queries import history

    run(BASE)
    before = head_count()
    done = run(BASE.replace("公园社区", "公园里社区"))
    assert (done.added, done.ended, done.corrected) == (0, 0, 1)
    assert [(note.code.name, note.level) for note in done.notes] == [("UNIT_013", Level.WARNING)]
    assert head_count() == before + 1
    assert history().unit_on("360602001001", date(2026, 1, 1)).name == "公园里社区"
    (kept,) = Correction.objects.values("code", "former", "name")
    assert kept == {"code": "360602001001", "former": "公园社区", "name": "公园里社区"}
    assert not verify().issues
    assert run(BASE.replace("公园社区", "公园里社区")).corrected == 0
    Correction.objects.update(former="别的社区")
    assert [issue.code.name for issue in verify().issues] == ["AUDIT_008"]


def head_count() -> int:
    from taizhang.web.audit.models import Head

    return Head.objects.get(pk=1).count


@pytest.mark.usefixtures("instance")
@pytest.mark.parametrize(
    "sign", ["\x07", "\x00", "\n", "\t", "\u200b", "\u202e", "\u2028", "\ufeff"]
)
def test_a_name_holds_no_signs_that_nobody_sees(sign: str) -> None:
    """Whatever nobody sees is named by its code point; rare characters are characters."""
    bad = BASE.replace("公园社区", f'"公{sign}园社区"')
    (issue,) = refused(bad)
    assert (issue.code.name, issue.place.column) == ("UNITFILE_015", "name")
    assert issue.facts["signs"] == f"U+{ord(sign):04X}"
    assert run(BASE.replace("公园社区", "𠮷\ue863😀·堃社区")).added == 4
