"""Who never looked earns nothing for "none found"; what a unit records of itself costs nothing."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.core.base.yaml_source import YamlMap, read_yaml
from taizhang.core.scoring.kinds import KINDS
from tests.core.scoring.values import score

LOOKED = {"looked": {"figure": "巡查", "at_least": 4}}
PER_EVENT = {"figure": "问题", "deduct": 2, **LOOKED}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_nothing_where_nobody_looked(kind: str) -> None:
    example, _ = read_yaml(KINDS[kind].example.encode(), "example.yaml")
    assert isinstance(example, YamlMap)
    params = {name: value for name, value in example.items() if name != "kind"}
    outcome = score(kind, {**params, **LOOKED}, {"巡查": 3})
    assert outcome.points == 0
    assert outcome.losses[0].points == 10
    assert "没有看过，无从得分：巡查为3次，应不少于4次" in outcome.losses[0].why.zh
    assert outcome.losses[0].remedy.zh == "先做到巡查4次。"


def test_who_looked_is_scored_by_the_rule_and_told_of_both() -> None:
    outcome = score("per_event", PER_EVENT, {"巡查": 4, "问题": 1})
    assert outcome.points == 8
    assert outcome.required.zh.startswith("先要看过：巡查≥4次；问题为0")
    assert score("per_event", PER_EVENT, {"巡查": 9, "问题": 0}).points == 10


def test_nothing_of_the_kind_does_not_apply() -> None:
    params = {**PER_EVENT, "looked": {"figure": "巡查", "at_least": "标识"}}
    outcome = score("per_event", params, {"巡查": 0, "标识": 0, "问题": 0})
    assert outcome.points is None
    assert "没有这一类对象（标识为0）" in outcome.not_applicable.zh
    assert score("per_event", params, {"巡查": 2, "标识": 3, "问题": 0}).points == 0
    assert score("per_event", params, {"巡查": "没有", "标识": 3, "问题": 0}).not_applicable


def test_a_gap_in_the_looks_waits_only_where_it_matters() -> None:
    waiting = score("per_event", PER_EVENT, {"巡查": (3, None), "问题": 1})
    assert (waiting.points, waiting.possible) == (None, (0, 8))
    assert waiting.waits_for.sentence.zh == "等待数据"
    assert score("per_event", PER_EVENT, {"巡查": (4, None), "问题": 1}).points == 8
    assert score("per_event", PER_EVENT, {"巡查": (1, 3), "问题": (0, 9)}).points == 0
    assert score("per_event", PER_EVENT, {"巡查": (3, None), "问题": 9}).points == 0


def test_a_rule_inside_a_rule_is_asked_whether_anybody_looked_too() -> None:
    inner = {"kind": "per_event", "figure": "问题", "deduct": 1, **LOOKED}
    params = {"when": "假记录", "rule": inner}
    values = {"假记录": 0, "问题": 0}
    assert score("zero_trigger", params, {**values, "巡查": 0}).points == 0
    assert score("zero_trigger", params, {**values, "巡查": 4}).points == 10
    assert score("bonus", {"rule": inner}, {**values, "巡查": 0}).points == 0


CHECK = {"deduct": 2, "recorded": 1, "own": "超期", "excused": "上报", "start": 8}


def checked(errors: int | None, own: Any = 0, excused: Any = 0, **more: object) -> Fraction:
    answer = {} if errors is None else {"errors": errors, "checked": 20}
    values = {"超期": own, "上报": excused}
    points = score("per_error", {**CHECK, **more}, values, max=8, answer=answer).points
    assert points is not None
    return points


def test_what_a_unit_has_on_record_costs_nothing_by_itself() -> None:
    assert checked(None) == checked(None, own=5) == checked(None, own=5, excused=3) == 8


def test_a_finding_costs_less_where_it_was_on_record_and_nothing_where_handed_up() -> None:
    assert checked(3) == 2
    assert checked(3, own=3) == 5
    assert checked(3, own=1) == 3
    assert checked(3, own=1, excused=1) == 5
    assert checked(3, excused=5) == 8
    assert checked(9) == 0
    assert checked(9, floor=1) == 1


def test_doubt_about_what_was_on_record_goes_to_the_unit() -> None:
    assert checked(3, own=(1, None)) == 5
    assert checked(3, own=(0, 2)) == 4
    assert checked(3, own="没有问题") == 2


def test_the_words_tell_found_recorded_and_cost() -> None:
    values = {"超期": 1, "上报": 0}
    answer = {"errors": 3, "checked": 20}
    outcome = score("per_error", CHECK, values, max=8, answer=answer)
    assert "核对20处，发现问题3处" in outcome.actual.zh
    why = outcome.losses[0].why.zh
    assert "记录过、已超期的1处每处扣1分，没有记录的2处每处扣2分" in why


@given(
    start=st.integers(1, 10),
    deduct=st.fractions(0, 5, max_denominator=4),
    share=st.fractions(0, 1, max_denominator=4),
    overdue=st.integers(0, 9),
    up=st.integers(0, 9),
    seen=st.integers(0, 18),
)
def test_the_same_check_never_costs_the_recorder_more_than_the_hider(
    start: int, deduct: Fraction, share: Fraction, overdue: int, up: int, seen: int
) -> None:
    more = {"start": start, "deduct": deduct, "recorded": deduct * share}
    errors = min(seen, overdue + up)  # both have the same places, and the check sees the same
    assert checked(errors, overdue, up, **more) >= checked(errors, **more)
    assert checked(None, overdue, up, **more) == checked(None, **more)


def test_a_waiting_item_has_no_points_whatever_anybody_types() -> None:
    params = {"waits_for": "居民抽样评价"}
    for answer in ({}, {"points": 9, "reason": "问卷很好"}, {"errors": 0, "checked": 9}):
        outcome = score("waiting", params, answer=answer)
        assert (outcome.points, outcome.possible) == (None, (0, 10))
        assert "等待居民抽样评价" in outcome.waits_for.sentence.zh
