"""Units through time: what a code rolls up to on each day, proved by a second, plainer route."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.unit.tree import ChangeKind, ClosureRow, History, Unit, UnitChange, UnitLevel

DISTRICT, STREET, OTHER = "360602000000", "360602001000", "360602002000"
D1, D2 = date(2025, 7, 1), date(2026, 3, 1)
DAY = timedelta(days=1)


def district() -> list[Unit]:
    return [
        Unit(code=DISTRICT, name="月湖区", level=UnitLevel.DISTRICT, kind="市辖区", parent=None),
        *(
            Unit(code=code, name=name, level=UnitLevel.STREET, kind="街道", parent=DISTRICT)
            for code, name in ((STREET, "江边街道"), (OTHER, "交通街道"))
        ),
    ]


def community(
    number: int, begin: date | None = None, end: date | None = None, street: str = STREET
) -> Unit:
    return Unit(
        code=f"{STREET[:9]}{number:03}",
        name=f"第{number}社区",
        level=UnitLevel.COMMUNITY,
        kind="社区",
        parent=street,
        valid_from=begin,
        valid_to=end,
    )


def code(number: int) -> str:
    return community(number).code


def change(day: date, kind: str, sources: tuple[int, ...], targets: tuple[int, ...]) -> UnitChange:
    return UnitChange(
        date=day,
        kind=ChangeKind(kind),
        sources=tuple(map(code, sources)),
        targets=tuple(map(code, targets)),
    )


def test_a_merge_is_followed_and_its_result_stays_by_itself_before_its_birth() -> None:
    history = History(
        [*district(), community(1, None, D1 - DAY), community(2, None, D1 - DAY), community(3, D1)],
        [change(D1, "merge", (1, 2), (3,))],
    )
    before, after = history.tree(D1 - DAY), history.tree(D1)
    assert after.homes(code(3)) == {code(1): "merged", code(2): "merged", code(3): "own"}
    assert after.homes(code(1)) == {}
    assert after.ancestors(code(1)) == (code(3), STREET, DISTRICT)
    assert before.homes(code(1)) == {code(1): "own"}
    assert before.homes(STREET) == {
        STREET: "own",
        code(1): "own",
        code(2): "own",
        code(3): "back",
    }
    assert before.unit(code(3)) is None
    assert [unit.code for unit in after.children(STREET)] == [code(3)]


def test_a_unit_that_absorbs_another_keeps_its_own_facts() -> None:
    history = History(
        [*district(), community(1), community(2, None, D1 - DAY)],
        [change(D1, "merge", (1, 2), (1,))],
    )
    assert history.tree(D1).homes(code(1)) == {code(1): "own", code(2): "merged"}
    assert history.tree(D1 - DAY).homes(code(1)) == {code(1): "own"}


def test_facts_of_a_split_unit_stay_on_it_and_its_parts_are_followed_back() -> None:
    history = History(
        [*district(), community(1, None, D1 - DAY), community(2, D1), community(3, D1)],
        [change(D1, "split", (1,), (2, 3))],
    )
    after, before = history.tree(D1), history.tree(D1 - DAY)
    assert after.ancestors(code(1)) == (STREET, DISTRICT)
    assert after.homes(STREET)[code(1)] == "split"
    assert after.homes(code(1)) == {code(1): "split"}
    assert after.unit(code(1)) is None
    assert before.homes(code(1)) == {code(1): "own", code(2): "back", code(3): "back"}


def test_a_recode_is_followed_both_ways_and_along_a_chain() -> None:
    history = History(
        [
            *district(),
            *(community(1, None, D1 - DAY), community(2, D1, D2 - DAY)),
            *(community(3, None, D2 - DAY), community(4, D2)),
        ],
        [change(D1, "recode", (1,), (2,)), change(D2, "merge", (2, 3), (4,))],
    )
    today = history.tree(D2)
    ways = {code(1): "merged", code(2): "merged", code(3): "merged", code(4): "own"}
    assert today.homes(code(4)) == ways
    assert history.tree(D1).homes(code(2)) == {code(1): "recoded", code(2): "own"}
    assert history.tree(D1 - DAY).homes(code(1)) == {code(1): "own", code(2): "back"}


def test_a_split_unit_follows_its_merged_street() -> None:
    streets = [
        Unit(code=OTHER, name="交通街道", level=UnitLevel.STREET, kind="街道", parent=DISTRICT),
        Unit(
            code=STREET,
            name="江边街道",
            level=UnitLevel.STREET,
            kind="街道",
            parent=DISTRICT,
            valid_to=D2 - DAY,
        ),
    ]
    history = History(
        [
            district()[0],
            *streets,
            community(1, None, D1 - DAY),
            *(community(number, D1, D2 - DAY) for number in (2, 3)),
            *(community(number, D2, street=OTHER) for number in (2, 3)),
        ],
        [
            change(D1, "split", (1,), (2, 3)),
            UnitChange(date=D2, kind=ChangeKind.MERGE, sources=(STREET, OTHER), targets=(OTHER,)),
        ],
    )
    assert history.tree(D1).ancestors(code(1)) == (STREET, DISTRICT)
    assert history.tree(D2).ancestors(code(1)) == (OTHER, DISTRICT)
    assert history.tree(D2).homes(OTHER)[code(1)] == "split"
    assert history.tree(D2).homes(OTHER)[code(2)] == "own"


def test_a_unit_that_ends_without_a_change_keeps_its_place() -> None:
    history = History([*district(), community(1, None, D1 - DAY)])
    assert history.tree(D1).homes(STREET)[code(1)] == "ended"


def test_a_rename_changes_the_name_and_nothing_else() -> None:
    new = community(1, D1)
    history = History(
        [*district(), community(1, None, D1 - DAY), new], [change(D1, "rename", (1,), (1,))]
    )
    assert history.tree(D1).unit(code(1)) is new
    assert [row for row in history.closure() if row.code == code(1)] == [
        ClosureRow(
            ancestor=ancestor, code=code(1), depth=depth, way="own", valid_from=None, valid_to=None
        )
        for depth, ancestor in enumerate((code(1), STREET, DISTRICT))
    ]


def test_below_walks_depth_first_and_members_are_of_the_kinds() -> None:
    grid = Unit(
        code=f"{code(1)}-G01", name="一网格", level=UnitLevel.GRID, kind="网格", parent=code(1)
    )
    tree = History([*district(), community(2), community(1), grid]).tree(D1)
    walked = [unit.code for unit in tree.below(DISTRICT)]
    assert walked == [DISTRICT, STREET, code(1), grid.code, code(2), OTHER]
    assert [unit.code for unit in tree.members(STREET, {"社区"})] == [code(1), code(2)]
    assert [unit.code for unit in tree.members(code(1), ("社区",))] == [code(1)]
    assert tree.below("999999999999") == ()


def test_a_history_refuses_what_the_checks_would_have_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        History([*district(), community(1), community(1, D1)])
    with pytest.raises(ValueError, match="merge"):
        History([*district(), community(1)], [change(D1, "merge", (1, 2), (1,))])


# --- any history, walked by hand ------------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Draw communities of two streets that merge, split, recode and move for up to six changes."""
    day, number = date(2025, 1, 1), draw(st.integers(2, 5))
    living = {code(one): (draw(st.sampled_from((STREET, OTHER))), None) for one in range(1, number)}
    units, changes = district(), []

    def end(which: str) -> str:
        street, since = living.pop(which)
        units.append(community(int(which[9:]), since, day - DAY, street))
        return street

    for _ in range(draw(st.integers(0, 6))):
        day += timedelta(days=draw(st.integers(1, 3)))
        kind = draw(st.sampled_from((*ChangeKind, None)))
        some = draw(st.permutations(sorted(living)))
        fresh = [code(number + extra) for extra in range(2)]
        if kind is ChangeKind.MERGE and len(some) > 1:
            stays = draw(st.booleans())
            street = living[some[0]][0] if stays else end(some[0])
            end(some[1])
            target = some[0] if stays else fresh[0]
            if not stays:
                living[target], number = (street, day), number + 1
            changes.append(UnitChange(date=day, kind=kind, sources=some[:2], targets=(target,)))
        elif kind is ChangeKind.SPLIT:
            stays = draw(st.booleans())
            street = living[some[0]][0] if stays else end(some[0])
            parts = (some[0], fresh[0]) if stays else tuple(fresh)
            for part in set(parts) - {some[0]}:
                living[part] = (street, day)
            number += 2
            changes.append(UnitChange(date=day, kind=kind, sources=some[:1], targets=parts))
        elif kind is ChangeKind.RECODE:
            living[fresh[0]], number = (end(some[0]), day), number + 1
            changes.append(UnitChange(date=day, kind=kind, sources=some[:1], targets=(fresh[0],)))
        elif kind is ChangeKind.RENAME:
            living[some[0]] = (end(some[0]), day)
            changes.append(UnitChange(date=day, kind=kind, sources=some[:1], targets=some[:1]))
        elif kind is None:  # it moves to the other street
            living[some[0]] = (OTHER if end(some[0]) == STREET else STREET, day)
    units += [community(int(key[9:]), since, None, at) for key, (at, since) in living.items()]
    return History(units, changes)


def naive(history: History, start: str, day: date) -> list[str]:
    """Walk from a code to the top by reading units and changes again at every step."""
    found, at = [], start
    while True:
        rows = sorted((u for u in history.units if u.code == at), key=lambda u: u.first_day)
        here = [row for row in rows if row.first_day <= day <= row.last_day]
        past = [row for row in rows if row.last_day < day]
        row = here[0] if here else past[-1] if past else rows[0]
        moved = None
        for one in history.changes:
            if here or one.kind is ChangeKind.RENAME:
                continue
            if past and at in one.sources and one.date == row.last_day + DAY:
                moved = None if one.kind is ChangeKind.SPLIT else one.targets[0]
            if not past and at in one.targets and one.date == row.first_day:
                moved = None if one.kind is ChangeKind.MERGE else one.sources[0]
        if moved:
            at = moved
            continue
        found.append(at)
        if row.parent is None:
            return found
        at = row.parent


@settings(max_examples=300, deadline=None)
@given(histories())
def test_tree_and_closure_agree_with_a_naive_walk_on_every_day(history: History) -> None:
    closure = history.closure()
    days = [date(2024, 12, 30) + timedelta(days=step) for step in range(25)]
    for day in (date.min, *days, date.max):
        tree = history.tree(day)
        rows: dict[str, list[ClosureRow]] = {}
        for row in closure:
            if (row.valid_from or date.min) <= day <= (row.valid_to or date.max):
                rows.setdefault(row.code, []).append(row)
        for one in history.codes:
            walked = naive(history, one, day)
            assert [row.ancestor for row in sorted(rows[one], key=lambda r: r.depth)] == walked
            assert tree.ancestors(one) == tuple(step for step in walked if step != one)
            for row in rows[one]:
                assert tree.homes(row.ancestor)[one] == row.way
                assert (row.way == "own") == (tree.unit(one) is not None)
        # Every code known rolls up to the district exactly once, whatever happened to it.
        assert sorted(tree.homes(DISTRICT)) == sorted(history.codes)
        assert sum(row.ancestor == DISTRICT for found in rows.values() for row in found) == len(
            history.codes
        )


@settings(max_examples=100, deadline=None)
@given(histories())
def test_stretches_of_a_pair_never_touch_or_overlap_saying_the_same(history: History) -> None:
    pairs: dict[tuple[str, str], list[ClosureRow]] = {}
    for row in history.closure():
        pairs.setdefault((row.ancestor, row.code), []).append(row)
    for rows in pairs.values():
        rows.sort(key=lambda row: row.valid_from or date.min)
        for one, following in pairwise(rows):
            assert (one.valid_to or date.max) < (following.valid_from or date.min)
            if (following.valid_from or date.min) - (one.valid_to or date.max) == DAY:
                assert (one.depth, one.way) != (following.depth, following.way)
