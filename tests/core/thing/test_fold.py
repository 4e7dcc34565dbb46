"""Things: names, places, due days, ends, merges that part again, counts, by their records."""

# ruff: noqa: E501 - a record stands on one line

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from textwrap import dedent

from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.aggregate.reference_engine import ZONE
from taizhang.core.base.issue import errors
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.thing import ThingKind
from taizhang.core.pack.load import read
from taizhang.core.pack.test_runner import run
from taizhang.core.rules import check
from taizhang.core.thing.fold import (
    ThingMerge,
    ThingRecord,
    ThingState,
    counted,
    fold_things,
    thing_uids,
)
from taizhang.core.unit.ownership import Ownership
from tests.core.ledger import book, figure, history, pack

BOARD = ThingKind(
    key="hc.board",
    label="宣传栏",
    dataset="boards",
    number="XC-{serial:2}",
    name="title",
    place_field="place",
    due="due",
    ended={"state": "removed"},
    adopts="no",
)
OWNERS = Ownership(
    history(
        """
        D 区 -
        A 社区 D ..2026-05-31
        B 社区 D ..2026-05-31
        N 社区 D 2026-06-01..
        2026-06-01 merge A,B -> N
        """
    )
)


def at(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(f"2026-{day}"), datetime.min.time(), ZONE)


def record(day: str, uid: str, accepted: str = "", **properties: object) -> ThingRecord:
    unit = uid.partition(":")[0]
    return ThingRecord(
        record=f"{day}/{uid}/{accepted}",
        uid=uid,
        unit=unit,
        date=date.fromisoformat(f"2026-{day}"),
        accepted_at=at(accepted or day),
        properties=properties,
    )


def things(*records: ThingRecord, on: str = "12-31", **given: object) -> dict[str, ThingState]:
    merges = given.get("merges", ())
    as_of = given.get("as_of")
    day = date.fromisoformat(f"2026-{on}")
    folded = fold_things((BOARD,), records, merges, OWNERS, day, as_of, given.get("numbers"))  # type: ignore[arg-type]
    return dict(folded)


def test_of_each_property_the_last_answer_stands() -> None:
    board = things(
        record("01-05", "A:1", title="东门宣传栏", place="东门", due="2026-03-01"),
        record("03-01", "A:1", due="2026-05-01", place=""),
    )["A:1"]
    assert (board.name, board.place, board.due) == ("东门宣传栏", "东门", date(2026, 5, 1))
    assert (board.since, board.last, board.unit) == (date(2026, 1, 5), date(2026, 3, 1), "N")
    assert things(record("01-05", "A:1"))["A:1"].name == "1"


def test_a_due_day_that_is_blanked_is_gone() -> None:
    board = things(record("01-05", "A:1", due="2026-03-01"), record("02-05", "A:1", due=""))
    assert board["A:1"].due is None


def test_a_thing_ends_and_may_stand_again() -> None:
    records = [record("01-05", "A:1", due="2026-03-01"), record("02-05", "A:1", state="removed")]
    gone = things(*records)["A:1"]
    assert (gone.state, gone.ended, gone.due) == ("ended", date(2026, 2, 5), None)
    assert things(*records, on="02-04")["A:1"].state == "standing"
    assert things(*records, record("03-05", "A:1", state="in_use"))["A:1"].state == "standing"


def test_what_was_known_then() -> None:
    late = record("01-05", "A:1", accepted="03-01")
    assert things(late, as_of=at("02-01")) == {}
    gone = replace(record("01-05", "A:2"), retired_at=at("04-01"))
    assert list(things(gone, as_of=at("03-01"))) == ["A:2"]
    assert things(gone) == {}


def test_numbers_are_given_and_those_of_people_go_on() -> None:
    numbers = {"A:1": "XC-01"}
    assert things(record("01-05", "A:1"), numbers=numbers)["A:1"].number == "XC-01"
    assert things(record("01-05", "A:2", no="旧7"))["A:2"].number == "旧7"


def test_a_merge_joins_and_its_undoing_parts_again() -> None:
    records = [
        record("01-05", "A:1", title="东门栏", due="2026-03-01"),
        record("02-05", "B:9", title="东门宣传栏", due="2026-04-01"),
    ]
    merge = ThingMerge(kept="A:1", gone="B:9", accepted_at=at("03-01"))
    joined = things(*records, merges=[merge])
    assert list(joined) == ["A:1"]
    assert (joined["A:1"].name, joined["A:1"].merged) == ("东门宣传栏", ("B:9",))
    assert list(things(*records, merges=[merge], as_of=at("02-20"))) == ["A:1", "B:9"]
    undone = replace(merge, undone_at=at("05-01"))
    assert things(*records, merges=[undone]) == things(*records)


def test_merges_chain_and_never_close_a_circle() -> None:
    records = [record("01-05", uid) for uid in ("A:1", "A:2", "A:3")]
    chain = [
        ThingMerge(kept="A:2", gone="A:3", accepted_at=at("02-01")),
        ThingMerge(kept="A:1", gone="A:2", accepted_at=at("02-02")),
        ThingMerge(kept="A:3", gone="A:1", accepted_at=at("02-03")),
    ]
    assert list(things(*records, merges=chain)) == ["A:1"]


def test_a_name_holds_inside_the_unit_that_used_it_first_and_its_successor() -> None:
    named = [
        ("A", "1", date(2026, 1, 1)),
        ("B", "1", date(2026, 1, 2)),
        ("A", "1", date(2026, 2, 1)),
        ("N", "1", date(2026, 7, 1)),
        ("N", "2", date(2026, 7, 1)),
    ]
    assert list(thing_uids(named, OWNERS)) == ["A:1", "B:1", "A:1", "A:1", "N:2"]


@given(st.randoms(use_true_random=True))
@settings(max_examples=80, deadline=None)
def test_counts_agree_with_themselves_over_time(random: Random) -> None:
    """What stands after a month is what stood before, and what began, less what ended in it."""
    records = []
    for number in range(random.randint(1, 12)):
        day = date(2026, 1, 1) + timedelta(days=random.randrange(300))
        state = random.choice(("in_use", "removed", ""))
        uid = f"A:{random.randrange(4)}"
        due = (day + timedelta(days=random.randrange(90))).isoformat()
        made = record(day.isoformat()[5:], uid, state=state, due=due)
        records.append(replace(made, record=f"r{number}"))
    first, last = date(2026, 4, 1), date(2026, 4, 30)
    units = frozenset(("A", "B", "N", "D"))
    before = fold_things((BOARD,), records, (), OWNERS, date(2026, 3, 31)).values()
    after = fold_things((BOARD,), records, (), OWNERS, last).values()
    stood, stands = (counted("standing", each, units, first, last) for each in (before, after))
    again = {thing.uid for thing in before if thing.ended} & {
        thing.uid for thing in after if not thing.ended or thing.ended >= first
    }
    new = counted("new", after, units, first, last)
    ended = counted("ended", after, units, first, last)
    assert stands == stood + new + len(again) - ended
    assert counted("overdue", after, units, first, last) <= stands
    assert counted("standing", after, frozenset(("D",)), first, last) == 0


def test_kinds_of_one_list_are_told_apart_by_what_records_say() -> None:
    screen = replace(BOARD, key="hc.screen", where={"kind": "screen"})
    banner = replace(BOARD, key="hc.banner", where={"kind": "banner"})
    records = [
        record("01-05", "A:1", kind="screen", title="大屏"),
        record("01-06", "A:2", kind="board"),
        record("02-05", "A:1", state="removed"),
    ]

    def kinds(*known: ThingKind) -> dict[str, str]:
        folded = fold_things(known, records, (), OWNERS, date(2026, 12, 31))
        return {uid: thing.kind for uid, thing in folded.items()}

    assert kinds(BOARD, screen, banner) == {"A:1": "hc.screen", "A:2": "hc.board"}
    assert kinds(screen, banner) == {"A:1": "hc.screen"}
    corrected = record("03-01", "A:1", kind="banner")
    records.append(corrected)
    assert kinds(screen, banner) == {"A:1": "hc.banner"}


def test_an_id_that_a_phone_gave_is_neither_name_nor_number() -> None:
    uid = "A:N-0123456789"
    board = things(record("01-05", uid, no="N-0123456789"), numbers={})[uid]
    assert (board.name, board.number) == ("宣传栏", "")
    assert things(record("01-05", uid), numbers={uid: "XC-01"})[uid].number == "XC-01"


def test_what_is_merged_leaves_the_number_of_the_kept_one() -> None:
    records = [record("01-05", "A:1", no="旧1"), record("02-05", "A:2", no="旧2")]
    merge = ThingMerge(kept="A:1", gone="A:2", accepted_at=at("03-01"))
    assert things(*records, merges=[merge])["A:1"].number == "旧1"


PACK = {
    "pack.yaml": b'key: hc\nversion: "1"\nlabel: x\nbinds: [\xe7\xa4\xbe\xe5\x8c\xba]\n',
    "forms/board.md": dedent(
        """
        | survey | | | | | | |
        | | type | name | label | required | about | save_to |
        | | date | on | 日期 | yes | place | |
        | | text | title | 名称 | yes | place | title |
        | | text | where | 位置 | | place | place |
        | | date | next | 下次更新 | | place | due |
        | | select_one s | state | 状态 | | place | state |
        | choices | | | |
        | | list_name | name | label |
        | | s | in_use | 在用 |
        | | s | removed | 已拆除 |
        | entities | | | |
        | | list_name | entity_id | label |
        | | boards | ${title} | ${title} |
        | settings | | | | |
        | | form_title | form_id | version | about |
        | | 宣传栏 | board | 1 | place |
        """
    ).encode(),
    "things.yaml": dedent(
        """
        board:
          label: 宣传栏
          dataset: boards
          number: "XC-{serial:2}"
          name: title
          place: place
          due: due
          ended: {state: removed}
          counts: [new, standing, ended, overdue]
        """
    ).encode(),
    "indicators.yaml": dedent(
        """
        there: {label: 现有, formula: "things('board', 'standing')", unit: 个}
        late: {label: 超期, formula: "things('board', 'overdue')", unit: 个}
        fresh: {label: 新增, formula: "things('board', 'new')", unit: 个}
        """
    ).encode(),
    "tests/a.yaml": dedent(
        """
        today: 2026-08-01
        records:
          - {form: board, unit: 东一社区, date: 2026-03-01, answers: {on: 2026-03-01, title: 东门栏, where: 东门, next: 2026-05-01}}
          - {form: board, unit: 东一社区, date: 2026-06-01, answers: {on: 2026-06-01, title: 西门栏, next: 2026-09-01}}
          - {form: board, unit: 东二社区, date: 2026-06-02, answers: {on: 2026-06-02, title: 东门栏, state: removed}}
        expect:
          things:
            - {thing: board, unit: 东一社区, name: 东门栏, number: XC-01, place: 东门, state: standing, due: 2026-05-01}
            - {thing: board, unit: 东一社区, number: XC-02, name: 西门栏}
            - {thing: board, unit: 东二社区, name: 东门栏, number: XC-01, state: ended, due: none}
          figures:
            - {figure: there, unit: 东街道, period: 2026-07, value: 2}
            - {figure: late, unit: 东街道, period: 2026-07, value: 1, sentence: 超过期限的宣传栏}
            - {figure: fresh, unit: 东街道, period: 2026-06, value: 2}
        """
    ).encode(),
}  # fmt: skip


def test_things_of_a_pack_are_checked_numbered_and_counted() -> None:
    reading = read(PACK)
    assert reading.pack is not None
    assert errors(reading.issues) == ()
    assert errors(check(reading.pack)) == ()
    (outcome,) = run(reading.pack)
    assert [issue.line() for issue in outcome.issues] == []
    assert outcome.compared == 15


def test_things_that_no_register_keeps_are_not_counted_as_none() -> None:
    """Outside the tests of a pack nothing keeps things yet: no number is better than a false 0."""
    known = replace(pack(), things={"he.board": replace(BOARD, key="he.board")})
    figure_of = figure(book(programmes=Programmes((known,))), "things('board', 'standing')", "SA")
    assert (figure_of.value, figure_of.reason.code) == (None, "waiting")
    assert figure_of.reason.sentence == "设施物件还没有名册，暂不计数。"
