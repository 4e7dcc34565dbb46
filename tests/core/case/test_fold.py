"""The fold: states, one owner, hand-over, returns, and steps that do not fit."""

from dataclasses import replace

from taizhang.core.case.fold import CaseWorld, fold, undone_by
from taizhang.core.case.step import IDLE_TEXTS, TAKEN_OVER, Idle
from taizhang.core.definition.case import VOID, WITHDRAWN
from taizhang.core.unit.body import Bodies
from taizhang.core.unit.ownership import Ownership
from tests.core.case.problem import (
    PROBLEM,
    WORLD,
    case,
    day,
    moment,
    records,
    why,
    world,
)

UP = """
05-01 A open due_on=05-31
05-03 A start
05-05 A ask_up
"""


def test_a_case_goes_through_its_states() -> None:
    standing = case(
        """
        05-01 A open due_on=05-31
        05-03 A start
        05-20 A finish !li
        05-22 S verify !wang
        """
    )
    assert why(standing) == ["+", "+", "+", "+"]
    assert (standing.state, standing.owner, standing.ended) == ("verified", "A", day("05-22"))
    assert standing.next_steps == ("reopen",)


def test_whoever_finished_may_not_verify_and_must_be_known() -> None:
    finished = "05-01 A open\n05-03 A start\n05-20 A finish !li\n"
    assert why(case(f"{finished}05-22 S verify !li"))[-1] == "same_person"
    assert why(case(f"{finished}05-22 S verify"))[-1] == "person_unknown"
    assert why(case("05-01 A open\n05-03 A start\n05-20 A finish\n05-22 S verify !li"))[-1] == (
        "person_unknown"
    )
    # Another person finished it in the end.
    again = "05-21 A reopen reason_text=没净\n05-23 A finish !zhao\n"
    assert why(case(f"{finished}{again}05-24 S verify !li"))[-1] == "+"


def test_whoever_verifies_may_send_back_and_the_top_verifies_itself_by_another_person() -> None:
    finished = "05-01 A open\n05-03 A start\n05-20 A finish !li\n"
    for unit, kept in (("A", "+"), ("S", "+"), ("D", "+"), ("T", "not_yours")):
        assert why(case(f"{finished}05-22 {unit} reopen reason_text=没净"))[-1] == kept
    assert PROBLEM.steps["start"].by == ("owner",)
    top = "05-01 D open\n05-03 D start\n05-20 D finish !li\n"
    assert why(case(f"{top}05-22 D verify !wang"))[-1] == "+"
    assert why(case(f"{top}05-22 D verify !li"))[-1] == "same_person"


def test_what_a_withdrawal_would_undo_is_shown_before() -> None:
    steps = records("05-01 A open\n05-02 A start\n05-03 A ask_up\n05-04 S accept\n05-05 A note")
    undone = undone_by(PROBLEM, steps, "r2", WORLD, day("12-31"))
    assert [line.record for line in undone] == ["r3"]
    assert undone_by(PROBLEM, steps, "r1", WORLD, day("12-31")) == ()
    assert len(undone_by(PROBLEM, steps, "r0", WORLD, day("12-31"))) == 3


def test_the_owner_moves_on_sending_up_and_back_to_whoever_sent() -> None:
    assert case(UP).owner == "S"
    up_again = f"{UP}05-06 S ask_up\n"
    assert case(up_again).owner == "D"
    back_once = f"{up_again}05-09 D back reason=settled_above\n"
    assert (case(back_once).owner, case(back_once).state) == ("S", "up")
    assert case(f"{back_once}05-10 S back reason=settled_above").owner == "A"
    assert why(case(f"{UP}05-09 S back reason=settled_above"))[-1] == "+"
    assert case(f"{UP}05-09 S back reason=settled_above").owner == "A"


def test_a_return_gives_a_reason_from_the_list_and_needs_something_to_return() -> None:
    assert why(case(f"{UP}05-09 S back"))[-1] == "no_reason"
    assert why(case(f"{UP}05-09 S back reason=tired"))[-1] == "no_reason"
    assert why(case("05-01 A open\n05-02 A back reason=not_ours"))[-1] == "not_from_here"
    assert case(f"{UP}05-09 S back reason=tired").owner == "S"


def test_only_the_owner_acts_and_the_parent_where_the_step_says_so() -> None:
    assert why(case("05-01 A open\n05-02 B start"))[-1] == "not_yours"
    assert why(case("05-01 A open\n05-02 S start"))[-1] == "not_yours"
    assert why(case(f"{UP}05-06 A finish"))[-1] == "not_yours"
    done = "05-01 A open\n05-02 A start\n05-03 A finish !li\n"
    assert why(case(f"{done}05-04 T verify !wang"))[-1] == "not_yours"
    assert why(case(f"{done}05-04 A verify !wang"))[-1] == "not_yours"


def test_across_goes_to_a_named_body_that_may_own_and_never_to_a_firm() -> None:
    opened = "05-01 A open\n"
    assert case(f"{opened}05-02 A send to=D-B01").owner == "D-B01"
    for nobody in ("to=D-B02", "to=X", "", "to=A"):
        standing = case(f"{opened}05-02 A send {nobody}")
        assert (why(standing)[-1], standing.owner) == ("no_receiver", "A")
    # The body stands beside the district: it sends up to it.
    assert case(f"{opened}05-02 A send to=D-B01\n05-03 D-B01 ask_up").owner == "D"
    # Up may go to a body beside a unit above.
    assert case(f"{opened}05-02 A ask_up to=S-B01").owner == "S-B01"
    assert why(case(f"{opened}05-02 A ask_up to=B"))[-1] == "no_receiver"


def test_the_receiver_signs_once() -> None:
    standing = case(f"{UP}05-06 S accept\n05-07 S accept")
    assert why(standing)[-2:] == ["+", "nothing_to_accept"]
    assert why(case("05-01 A open\n05-02 A accept"))[-1] == "nothing_to_accept"


def test_helpers_note_and_do_nothing_else() -> None:
    joint = (
        "05-01 A open\n05-02 A send to=D-B01 with=B,X\n05-03 B note\n05-04 B finish\n05-05 C note"
    )
    standing = case(joint)
    assert standing.helpers == ("B",)
    assert why(standing)[-3:] == ["+", "not_yours", "not_yours"]


def test_two_hands_offline_both_are_kept_and_one_counts() -> None:
    standing = case("05-01 A open\n05-02T09:00 A start +05-04\n05-02T08:00 A start +05-05")
    assert [line.record for line in standing.line if line.effect] == ["r0", "r2"]
    assert why(standing) == ["+", "+", "not_from_here"]


def test_steps_before_the_opening_after_the_end_and_unknown_ones_stay_without_effect() -> None:
    standing = case(
        """
        05-10 A open
        05-09 A start
        05-11 A start
        05-12 A finish !li
        05-13 S verify !wang
        05-14 A start
        05-14 A dance
        """
    )
    assert why(standing) == ["+", "before_opening", "+", "+", "+", "ended", "unknown_step"]
    assert len(standing.idle) == 3


def test_a_late_step_takes_its_place_and_what_follows_loses_its_effect() -> None:
    before = "05-01 A open\n05-02 A start\n05-10 A finish\n"
    assert case(before).state == "done"
    late = case(f"{before}05-05 A ask_up +06-01")
    assert (late.state, late.owner) == ("up", "S")
    assert why(late) == ["+", "+", "+", "not_yours"]


def test_what_was_known_and_what_stood() -> None:
    text = "05-01 A open\n05-02 A start\n05-10 A finish\n05-05 A ask_up +06-01"
    assert case(text, as_of="05-20").state == "done"
    assert case(text, as_of="06-02").state == "up"
    assert case(text, on="05-03").state == "doing"
    assert case(text, on="05-01").state == "open"
    assert fold(PROBLEM, records(text), WORLD, day("04-30")) is None
    assert fold(PROBLEM, records(text), WORLD, day("12-31"), moment("04-30")) is None


def test_a_correction_takes_the_place_of_its_step() -> None:
    text = "05-01 A open\n05-02 A start\n05-03 A ask_up -05-08\n05-03 A finish +05-08"
    assert case(text).state == "done"
    assert case(text, as_of="05-05").state == "up"


def test_a_corrected_opening_keeps_the_case() -> None:
    text = "05-01 A open due_on=05-10 -05-08\n05-02 A start\n05-01 A open due_on=05-20 +05-08"
    standing = case(text)
    assert (standing.uid, standing.opening, standing.state) == ("r0", "r2", "doing")
    assert standing.runs[0].named == day("05-20")


def test_a_withdrawn_opening_ends_the_case_unless_another_unit_has_acted() -> None:
    alone = case("05-01 A open -05-08\n05-02 A start")
    assert (alone.state, alone.over) == (WITHDRAWN, True)
    acted = case("05-01 A open -05-20\n05-02 A ask_up\n05-03 S accept")
    assert (acted.state, acted.owner) == ("up", "S")
    assert why(acted) == ["+", "withdrawal", "+", "+"]
    voided = case(
        "05-01 A open -05-20\n05-02 A ask_up\n05-03 S accept\n05-21 S void reason_text=重复"
    )
    assert (voided.state, voided.ended) == (VOID, day("05-21"))
    # The other unit acted after the withdrawal: too late.
    late = case("05-01 A open -05-08\n05-02 A ask_up\n05-03 S accept +05-09")
    assert late.state == WITHDRAWN
    assert case("05-01 A open -05-20\n05-02 A ask_up", as_of="05-10").state == "up"


def test_who_may_void() -> None:
    text = "05-01 A open\n05-02 A start\n05-03 {} void reason_text=错"
    assert why(case(text.format("S")))[-1] == "+"
    assert why(case(text.format("A")))[-1] == "not_yours"
    assert why(case("05-01 A open\n05-03 S void"))[-1] == "no_reason"


def test_a_successor_owns_and_may_go_on() -> None:
    merged = world(
        """
        D 区 -
        S 街道 D
        T 街道 D
        A 社区 S ..2026-05-31
        B 社区 S ..2026-05-31
        N 社区 S 2026-06-01..
        2026-06-01 merge A,B -> N
        """
    )
    text = "05-01 A open due_on=07-01\n05-02 A start\n"
    assert case(text, on="05-31", where=merged).owner == "A"
    after = case(text, on="06-01", where=merged)
    assert (after.owner, after.line[-1].step, after.runs[0].unit) == ("N", TAKEN_OVER, "N")
    assert case(f"{text}06-05 N finish", where=merged).state == "done"
    # A step of the old unit that N's people bring in late, dated before the merge, counts.
    late = case(f"{text}05-20 A finish +06-10", where=merged)
    assert (late.state, late.owner) == ("done", "N")
    # What was sent up before the merge comes back to the successor.
    sent = f"{text}05-20 A ask_up\n06-10 S back reason=settled_above"
    assert case(sent, where=merged).owner == "N"


def test_after_a_split_the_parent_owns_until_it_assigns() -> None:
    split = world(
        """
        D 区 -
        S 街道 D
        T 街道 D
        A 社区 S ..2026-05-31
        E 社区 S 2026-06-01..
        F 社区 S 2026-06-01..
        2026-06-01 split A -> E,F
        """
    )
    text = "05-01 A open\n05-02 A start\n"
    assert case(text, on="06-01", where=split).owner == "S"
    assert why(case(f"{text}06-02 E finish", where=split))[-1] == "not_yours"
    assigned = case(f"{text}06-02 S assign to=E\n06-03 E finish", where=split)
    assert (assigned.owner, assigned.state) == ("E", "done")
    assert why(case(f"{text}06-02 S assign to=C", where=split))[-1] == "no_receiver"


def test_a_body_that_ended_leaves_its_cases_to_the_unit_beside_it() -> None:
    owners = WORLD.ownership
    body = owners.bodies.rows("D-B01")[0]._replace(valid_to=day("05-31"))
    ended = CaseWorld(Ownership(owners.history, Bodies([body])))
    text = "05-01 A open\n05-02 A send to=D-B01"
    assert case(text, on="05-31", where=ended).owner == "D-B01"
    assert case(text, on="06-01", where=ended).owner == "D"


def test_a_body_that_may_not_own_leaves_what_it_opens_to_the_unit_beside_it() -> None:
    assert case("05-01 D-B02 open").owner == "D"
    assert case("05-01 S-B01 open").owner == "S-B01"


def test_a_community_does_its_grids_steps() -> None:
    grids = world("D 区 -\nS 街道 D\nA 社区 S\nG 网格 A\nH 网格 A")
    assert case("05-01 G open\n05-02 A start", where=grids).state == "doing"
    assert case("05-01 A open\n05-02 G start", where=grids).state == "doing"
    assert why(case("05-01 G open\n05-02 H start", where=grids))[-1] == "not_yours"


def test_the_same_however_often_the_first_is_told() -> None:
    standing = case(UP)
    again = fold(PROBLEM, [replace(each) for each in records(UP)], WORLD, day("12-31"))
    assert standing == again


def test_every_reason_has_words_in_both_languages() -> None:
    assert set(IDLE_TEXTS) == set(Idle)
    assert len({text.text("zh-hans") for text in IDLE_TEXTS.values()}) == len(Idle)
    assert all(text.text("en").isascii() for text in IDLE_TEXTS.values())
