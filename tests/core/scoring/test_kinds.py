"""Each rule kind: its points, its losses in words, and what it waits for."""

from fractions import Fraction

import pytest

from tests.core.scoring.values import score

LECTURES = {"figure": "讲座", "of": 12}


def test_proportional_gives_the_share_done_and_says_what_is_missing() -> None:
    outcome = score("proportional", LECTURES, {"讲座": 5}, max=12, remedy="补足场次。")
    assert outcome.points == 5
    assert outcome.losses[0].why.zh == "讲座为5次，应为12次，完成41.67%"
    assert outcome.losses[0].why.en == "讲座 is 5次 of 12次, 41.67% of it"
    assert outcome.losses[0].remedy.zh == "再完成7次可得满分。补足场次。"
    assert outcome.required.zh == "讲座应为12次"


def test_proportional_never_gives_more_than_full_marks() -> None:
    assert score("proportional", LECTURES, {"讲座": 30}).points == 10
    assert score("proportional", {**LECTURES, "at_most": 8}, {"讲座": 30}).points == 8


def test_proportional_with_a_gap_waits_unless_both_ends_agree() -> None:
    waiting = score("proportional", LECTURES, {"讲座": (6, None)}, max=12)
    assert waiting.points is None
    assert waiting.possible == (6, 12)
    assert waiting.waits_for.sentence.zh == "等待数据"
    assert score("proportional", LECTURES, {"讲座": (12, None)}).points == 10
    assert score("proportional", LECTURES, {"讲座": (13, 20)}).points == 10


def test_proportional_to_an_uncertain_target_is_an_interval_too() -> None:
    params = {"figure": "讲座", "of": "目标"}
    assert score("proportional", params, {"讲座": 6, "目标": (6, 12)}).possible == (5, 10)
    assert score("proportional", params, {"讲座": 12, "目标": (6, 12)}).points == 10
    assert score("proportional", params, {"讲座": 6, "目标": (0, 3)}).points == 10
    assert score("proportional", params, {"讲座": 0, "目标": (1, None)}).points == 0


def test_nothing_due_is_not_applicable_and_the_rule_says_what_that_means() -> None:
    params = {"figure": "讲座", "of": "目标"}
    values = {"讲座": 0, "目标": 0}
    assert score("proportional", params, values).not_applicable
    assert score("proportional", {**params, "not_applicable": "zero"}, values).points == 0
    waiting = score("proportional", {**params, "not_applicable": "pending"}, values)
    assert "等待考核员评定" in waiting.waits_for.sentence.zh
    answer = {"points": 4, "reason": "有替代工作"}
    decided = score("proportional", {**params, "not_applicable": "pending"}, values, answer=answer)
    assert decided.points == 4


def test_proportional_may_reward_what_is_low() -> None:
    params = {"figure": "超期", "of": 4, "lower_is_better": True}
    assert score("proportional", params, {"超期": 3}).points == 10
    assert score("proportional", params, {"超期": 8}).points == 5
    assert score("proportional", params, {"超期": (8, None)}).possible == (0, 5)


@pytest.mark.parametrize(
    ("bound", "value", "points"),
    [
        ({"at_least": 5}, 5, 10),
        ({"at_least": 5}, 4, 0),
        ({"above": 5}, 5, 0),
        ({"above": 5}, 6, 10),
        ({"at_most": 5}, 5, 10),
        ({"at_most": 5}, 6, 0),
        ({"below": 5}, 5, 0),
        ({"below": 5}, 4, 10),
    ],
)
def test_threshold_says_whether_its_bound_is_inside(
    bound: dict[str, int], value: int, points: int
) -> None:
    assert score("threshold", {"figure": "报道", **bound}, {"报道": value}).points == points


def test_threshold_compares_the_unrounded_value_and_shows_the_digits_that_decide() -> None:
    params = {"figure": "知晓率", "at_least": 90}
    outcome = score("threshold", params, {"知晓率": Fraction("89.96")}, unit="percent")
    assert outcome.points == 0
    assert outcome.actual.zh == "89.96%"
    assert "未达到“知晓率≥90%”" in outcome.losses[0].why.zh
    assert "把知晓率提高到90%" in outcome.losses[0].remedy.zh


def test_threshold_with_a_gap_is_decided_when_both_ends_agree() -> None:
    params = {"figure": "活动", "at_least": 4, "else": 2}
    assert score("threshold", params, {"活动": (4, None)}).points == 10
    assert score("threshold", params, {"活动": (1, 3)}).points == 2
    assert score("threshold", params, {"活动": (3, 4)}).possible == (2, 10)
    assert score("threshold", params, {"活动": (None, None)}).points is None


def test_threshold_leaves_an_undefined_stretch_to_the_assessor() -> None:
    params = {"figure": "报道", "at_least": 5, "zero_at": 0}
    assert score("threshold", params, {"报道": 0}).points == 0
    gap = score("threshold", params, {"报道": 3})
    assert gap.points is None
    assert "细则没有规定“3次”得几分" in gap.waits_for.sentence.zh
    assert gap.actual.zh == "3次"
    decided = score("threshold", params, {"报道": 3}, answer={"points": 6, "reason": "按比例"})
    assert decided.points == 6
    assert score("threshold", {**params, "else": 0}, {"报道": 3}).points == 0


ALL = {
    "conditions": [
        {"figure": "登记率", "at_least": 95},
        {"figure": "及时率", "at_least": 100, "label": "报表及时率"},
    ]
}


def test_all_of_names_what_failed() -> None:
    outcome = score("all_of", ALL, {"登记率": 96, "及时率": 99}, unit="percent")
    assert outcome.points == 0
    assert "报表及时率≥100%" in outcome.losses[0].why.zh
    assert "登记率≥95%" not in outcome.losses[0].why.zh
    assert score("all_of", ALL, {"登记率": 96, "及时率": 100}).points == 10


def test_all_of_may_split_its_points() -> None:
    values = {"登记率": 96, "及时率": 99}
    equal = score("all_of", {**ALL, "split": "equal"}, values)
    assert (equal.points, len(equal.losses)) == (5, 1)
    own = [{**one, "points": points} for one, points in zip(ALL["conditions"], (7, 3), strict=True)]
    assert score("all_of", {"conditions": own, "split": "points"}, values).points == 7


def test_all_of_is_decided_by_one_failure_whatever_is_unknown() -> None:
    assert score("all_of", ALL, {"登记率": 90, "及时率": (0, None)}).points == 0
    assert score("all_of", ALL, {"登记率": 96, "及时率": (0, None)}).possible == (0, 10)
    split = score("all_of", {**ALL, "split": "equal"}, {"登记率": 96, "及时率": (0, None)})
    assert split.possible == (5, 10)


def test_a_condition_that_does_not_apply_leaves_its_share_to_the_others() -> None:
    values = {"登记率": "无流动人口", "及时率": 99}
    assert score("all_of", {**ALL, "split": "equal"}, values).points == 0
    assert score("all_of", ALL, {"登记率": "无", "及时率": 100}).points == 10
    assert score("all_of", ALL, {"登记率": "无", "及时率": "无"}).not_applicable
    zero = {**ALL, "not_applicable": "zero"}
    assert score("all_of", zero, {"登记率": "无", "及时率": 100}).points == 0


@pytest.mark.parametrize(
    ("unit", "value", "points"), [("percent", 75, 7.5), ("permille", 200, 2), ("ratio", 0.5, 5)]
)
def test_rate_points_knows_the_unit_of_its_rate(unit: str, value: float, points: float) -> None:
    assert score("rate_points", {"figure": "率"}, {"率": value}, unit=unit).points == points


def test_rate_points_stays_between_nothing_and_full_marks() -> None:
    assert score("rate_points", {"figure": "率"}, {"率": 140}, unit="percent").points == 10
    assert score("rate_points", {"figure": "率"}, {"率": (50, 60)}, unit="percent").possible == (
        5,
        6,
    )


TIERS = {"figure": "率", "tiers": [[90, 10], [80, 6], [60, 3]], "below": 1}


@pytest.mark.parametrize(
    ("value", "points"),
    [(100, 10), (90, 10), (89.99, 6), (80, 6), (60, 3), (59, 1), ((81, 85), 6), ((92, None), 10)],
)
def test_tiers(value: object, points: int) -> None:
    assert score("tiers", TIERS, {"率": value}, unit="percent").points == points


def test_tiers_say_the_next_step() -> None:
    outcome = score("tiers", TIERS, {"率": 82}, unit="percent")
    assert outcome.losses[0].remedy.zh.startswith("率达到90%可得10分。")
    assert score("tiers", TIERS, {"率": (75, 95)}, unit="percent").possible == (3, 10)


def test_tiers_may_reward_what_is_low() -> None:
    params = {"figure": "密度", "tiers": [[1, 10], [3, 6], [5, 2]], "compare": "at_most"}
    found = [score("tiers", params, {"密度": value}).points for value in (0, 1, 2, 3, 5, 6)]
    assert found == [10, 10, 6, 6, 2, 0]


def test_bands_leave_holes_and_overlaps_to_the_assessor() -> None:
    bands = {"figure": "率", "bands": [[90, 100, 10], [80, 89, 6], [60, 80, 3]]}

    def points(value: object) -> Fraction | None:
        return score("tiers", bands, {"率": value}).points

    assert [points(95), points(89), points(70), points(10)] == [10, 6, 3, 0]
    assert points(Fraction("89.5")) is None
    assert points(80) is None
    assert points(101) is None
    decided = score("tiers", bands, {"率": 80}, answer={"points": 6, "reason": "取高"})
    assert decided.points == 6


STEP = {"figure": "率", "target": 95, "deduct": 2}


@pytest.mark.parametrize(
    ("count", "value", "points"),
    [
        ("whole", Fraction("93.5"), 8),
        ("started", Fraction("93.5"), 6),
        ("exact", Fraction("93.5"), 7),
        ("whole", 95, 10),
        ("started", 99, 10),
        ("whole", 50, 0),
    ],
)
def test_percent_step_counts_steps_as_the_rule_says(count: str, value: object, points: int) -> None:
    assert score("percent_step", {**STEP, "count": count}, {"率": value}).points == points


def test_percent_step_may_lose_above_its_target_and_stops_at_its_floor() -> None:
    params = {"figure": "差错率", "target": 2, "deduct": 3, "side": "above", "floor": 1}
    found = [score("percent_step", params, {"差错率": value}).points for value in (1, 2, 3, 5, 9)]
    assert found == [10, 10, 7, 1, 1]
    assert score("percent_step", params, {"差错率": (6, None)}).points == 1
    assert score("percent_step", STEP, {"率": (None, 94)}).possible == (0, 8)


EVENTS = {"figure": "超期", "deduct": 2}


def test_per_event_takes_points_off_down_to_its_floor() -> None:
    found = [score("per_event", EVENTS, {"超期": value}).points for value in (0, 1, 3, 9)]
    assert found == [10, 8, 4, 0]
    assert score("per_event", {**EVENTS, "floor": 5}, {"超期": 9}).points == 5
    assert score("per_event", {**EVENTS, "start": 6}, {"超期": 1}).points == 4


def test_events_put_right_no_longer_count() -> None:
    params = {**EVENTS, "resolved": "已整改"}
    outcome = score("per_event", params, {"超期": 4, "已整改": 3})
    assert outcome.points == 8
    assert "超期1次" in outcome.losses[0].why.zh
    assert score("per_event", params, {"超期": 1, "已整改": 5}).points == 10
    assert score("per_event", params, {"超期": (7, None), "已整改": 1}).points == 0


def test_zero_trigger_takes_all_or_hands_on() -> None:
    params = {"when": "瞒报", "rule": {"kind": "proportional", **LECTURES}}
    assert score("zero_trigger", params, {"瞒报": 1, "讲座": 12}).points == 0
    assert score("zero_trigger", params, {"瞒报": 0, "讲座": 6}).points == 5
    assert score("zero_trigger", {"when": "瞒报"}, {"瞒报": 0}).points == 10
    waiting = score("zero_trigger", params, {"瞒报": (0, 1), "讲座": 6})
    assert waiting.possible == (0, 5)
    assert score("zero_trigger", params, {"瞒报": (0, 1), "讲座": 0}).points == 0


def test_all_or_nothing_by_conditions() -> None:
    params = {"when": ["有计划", "有总结"]}
    assert score("all_or_nothing", params, {"有计划": 1, "有总结": 1}).points == 10
    nothing = score("all_or_nothing", params, {"有计划": 0, "有总结": 0})
    assert nothing.points == 0
    assert nothing.losses[0].why.zh == "不具备：有计划、有总结"
    partly = {"有计划": 1, "有总结": 0}
    assert score("all_or_nothing", params, partly).points is None
    assert score("all_or_nothing", {**params, "partial": 4}, partly).points == 4
    assert score("all_or_nothing", {**params, "partial": 0}, partly).points == 0


def test_all_or_nothing_knows_what_is_possible_when_a_condition_is_unknown() -> None:
    params = {"when": ["有计划", "有总结"], "partial": 4}
    assert score("all_or_nothing", params, {"有计划": 1, "有总结": (0, 1)}).possible == (4, 10)
    assert score("all_or_nothing", params, {"有计划": 0, "有总结": (0, 1)}).possible == (0, 4)
    one = {"when": "有计划"}
    assert score("all_or_nothing", one, {"有计划": (0, 1)}).possible == (0, 10)


def test_all_or_nothing_without_condition_waits_for_the_assessor() -> None:
    assert "等待考核员评定（0–10分）" in score("all_or_nothing", {}).waits_for.sentence.zh
    decided = score("all_or_nothing", {}, answer={"points": "7.5", "reason": "缺总结"})
    assert decided.points == Fraction("7.5")
    assert decided.losses[0].why.zh == "考核员评定7.5分（满分10分）：缺总结"


PARTS = {
    "records": "活动",
    "parts": {"活动安排": "有安排", "活动总结": "有总结"},
    "deduct_each": Fraction("1.5"),
    "quota": 4,
}


def test_completeness_takes_off_for_each_missing_part() -> None:
    outcome = score("completeness", PARTS, {"活动": 4, "有安排": 3, "有总结": 2})
    assert outcome.points == Fraction("5.5")
    assert [loss.points for loss in outcome.losses] == [Fraction("1.5"), 3]
    assert outcome.losses[1].why.zh == "缺活动总结2次，按细则扣3分"
    assert "不需要照片" in outcome.losses[0].remedy.zh


def test_completeness_reads_what_is_missing_as_the_rule_says() -> None:
    values = {"活动": 4, "有安排": 3, "有总结": 2, "齐全": 2}
    once = {**PARTS, "per": "once"}
    assert score("completeness", once, values).points == Fraction("8.5")
    record = {**PARTS, "per": "record", "complete": "齐全"}
    assert score("completeness", record, values).points == 7


def test_completeness_without_quota_asks_only_of_the_records_there_are() -> None:
    params = {key: one for key, one in PARTS.items() if key != "quota"}
    assert score("completeness", params, {"活动": 2, "有安排": 2, "有总结": 2}).points == 10
    assert score("completeness", params, {"活动": 0, "有安排": 0, "有总结": 0}).points == 0


def test_completeness_stops_at_its_floor_and_its_losses_still_add_up() -> None:
    values = {"活动": 1, "有安排": 0, "有总结": 0}
    outcome = score("completeness", {**PARTS, "quota": 10, "floor": 2}, values)
    assert outcome.points == 2
    assert [loss.points for loss in outcome.losses] == [8]


def test_completeness_waits_while_records_may_still_come() -> None:
    values = {"活动": (1, None), "有安排": (1, None), "有总结": (1, None)}
    waiting = score("completeness", PARTS, values)
    assert waiting.possible == (1, 10)
    full = {"活动": (4, None), "有安排": (4, None), "有总结": (5, None)}
    assert score("completeness", PARTS, full).points == 10


def test_discretionary_needs_points_in_range_and_a_reason() -> None:
    params = {"range": [2, 6]}
    assert score("discretionary", params).points is None
    assert "2–6分" in score("discretionary", params).waits_for.sentence.zh
    assert (
        "不在2–6分之内"
        in score("discretionary", params, answer={"points": 7}).waits_for.sentence.zh
    )
    assert "书面理由" in score("discretionary", params, answer={"points": 5}).waits_for.sentence.zh
    assert score("discretionary", params, answer={"points": 5, "reason": "好"}).points == 5
    free = {**params, "reason": "optional"}
    assert score("discretionary", free, answer={"points": 5}).points == 5
    taken = {"range": [1, 3], "mode": "deduct"}
    assert score("discretionary", taken, answer={"points": 7, "reason": "晚"}).points == 7
    assert score("discretionary", taken, answer={"points": 6, "reason": "晚"}).points is None


@pytest.mark.parametrize("points", ["十", "nan", "-1", "11", [], {}])
def test_a_decision_that_is_no_number_of_points_is_sent_back(points: object) -> None:
    outcome = score("manual", {}, answer={"points": points, "reason": "x"})
    assert outcome.points is None
    assert "等待" in outcome.waits_for.sentence.zh


def test_manual_takes_what_the_assessor_states() -> None:
    assert score("manual", {}, answer={"points": 9, "reason": "现场核实"}).points == 9
    assert score("manual", {}).points is None


def test_an_item_without_a_source_yet_says_what_it_waits_for() -> None:
    until = {"waits_for": "居民抽样评价"}
    manual = score("manual", until)
    assert manual.points is None
    assert manual.waits_for.sentence.zh.endswith("：居民抽样评价")
    assert score("manual", until, answer={"points": 9, "reason": "已抽样"}).points == 9
    sample = score("sample_error", {**until, "zero_at": 10})
    assert sample.waits_for.sentence.zh == "等待抽样核对的结果（差错数、核对数）：居民抽样评价。"
    assert sample.waits_for.sentence.en.endswith("(errors, checked): 居民抽样评价.")
    decided = score("sample_error", {**until, "zero_at": 10}, answer={"errors": 0, "checked": 50})
    assert decided.points == 10


def test_bonus_counts_up_to_its_cap_and_loses_nothing() -> None:
    params = {"figure": "推广", "each": 2, "cap": 5}
    outcome = score("bonus", params, {"推广": 1})
    assert (outcome.points, outcome.losses) == (2, ())
    assert score("bonus", params, {"推广": 9}).points == 5
    assert score("bonus", params, {"推广": (3, None)}).points == 5
    inner = {"rule": {"kind": "discretionary", "range": [0, 3]}, "cap": 3}
    assert score("bonus", inner, answer={"points": 3, "reason": "全区推广"}).points == 3


SAMPLE = {"zero_at": 10}


def test_sample_error_becomes_points_with_its_interval_shown() -> None:
    outcome = score("sample_error", SAMPLE, max=60, answer={"errors": 2, "checked": 100})
    assert outcome.points == 48
    # Wilson 95 % of 2/100: R binom::binom.wilson(2, 100) gives 0.00550, 0.07001
    assert outcome.actual.zh == "2%（2/100，95%区间0.55–7%）"
    assert score("sample_error", SAMPLE, answer={"errors": 30, "checked": 100}).points == 0
    assert score("sample_error", SAMPLE, answer={"errors": 0, "checked": 5}).points == 10


def test_sample_error_by_interval_asks_for_more_checks_when_it_is_too_wide() -> None:
    params = {**SAMPLE, "decide_by": "interval"}
    waiting = score("sample_error", params, answer={"errors": 2, "checked": 100})
    assert "加大样本" in waiting.waits_for.sentence.zh
    assert score("sample_error", params, answer={"errors": 90, "checked": 100}).points == 0


def test_sample_error_without_conversion_or_checks_waits() -> None:
    answer = {"errors": 2, "checked": 100}
    assert "没有写差错率怎样折算" in score("sample_error", {}, answer=answer).waits_for.sentence.zh
    assert "等待抽样核对" in score("sample_error", SAMPLE).waits_for.sentence.zh
    wrong = {"errors": 5, "checked": 4}
    assert "不能用" in score("sample_error", SAMPLE, answer=wrong).waits_for.sentence.zh
    by_figure = {**SAMPLE, "figure": "差错率"}
    assert score("sample_error", by_figure, {"差错率": 5}, unit="percent").points == 5


def test_full_marks_below_the_maximum_are_a_loss_of_their_own() -> None:
    outcome = score("threshold", {"figure": "报道", "at_least": 5, "full": 4}, {"报道": 5}, max=5)
    assert outcome.points == 4
