"""A whole score: sections, what does not apply, variants, weights, bonus, and its JSON."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Period, parse_period
from taizhang.core.book import AppealedPoints, Book
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.rubric import Item, Rubric, Rule, Section
from taizhang.core.formula import NameScope, define_formula
from taizhang.core.scoring import rubric_named, score, score_all, units_below
from taizhang.core.scoring.monotone import Change, change_of
from taizhang.core.scoring.outcome import Loss
from taizhang.core.scoring.score_sheet import ItemScore, Score, with_worth
from taizhang.core.text.bilingual import same
from tests.core.ledger import book, pack

YEAR = "2026"


def rule(kind: str, **params: object) -> Rule:
    return Rule(kind=kind, params=params)


def item(key: str, max: int, made: Rule, **given: Any) -> Item:
    return Item(key=key, title=key, max=Fraction(max), rule=made, **given)


LECTURES = item("lectures", 12, rule("proportional", figure="lectures", of="norm(lectures)"))
BIRTHS = item("births", 6, rule("per_event", figure="births", deduct=2), remedy="核对。")
COVERAGE = item("coverage", 8, rule("tiers", figure="coverage", tiers=[[60, 8], [30, 3]]))
PAPERS = item("papers", 4, rule("manual"), requirements=("报表无差错",))


def rubric(*sections: tuple[int, tuple[Item, ...]], **given: Any) -> Rubric:
    stated: dict[str, Any] = {
        "key": "yearly",
        "title": "年度考核",
        "total": Fraction(sum(most for most, _ in sections)),
        "unit_kinds": ("社区", "村"),
        "period": "year",
        "sections": tuple(
            Section(key=f"s{n}", title=f"第{n}部分", max=Fraction(most), items=items)
            for n, (most, items) in enumerate(sections, 1)
        ),
    }
    return Rubric(**{**stated, **given})


PLAIN = rubric((18, (LECTURES, BIRTHS)), (12, (COVERAGE, PAPERS)))


class Decided:
    """Decisions by item and period."""

    def __init__(self, given: Mapping[tuple[str, str], Mapping[str, object]]) -> None:
        self.given = given

    def answer(self, rubric: str, item: str, unit: str, period: Period) -> Mapping[str, object]:
        assert rubric == "yearly"
        return self.given.get((item, str(period)), {})

    def appealed(self, rubric: str, unit: str, period: Period) -> Mapping[str, AppealedPoints]:
        return {}


def ledger(said: str, closed: str, made: Rubric = PLAIN, **given: Any) -> Book:
    decided = Decided(given.pop("decided", {}))
    one = book(said, closed, **given)
    return replace(one, programmes=Programmes((pack(rubric=made),)), answers=decided)


SAID = """
2026-01-05 SA lectures 2
2026-08-05 SA lectures 1
2026-03-01 SA births 1
2026-03-01 SA reached 50
2026-03-01 SA population 100
"""


def scored(made: Rubric = PLAIN, said: str = SAID, closed: str = "SA 2026", **given: Any) -> Score:
    unit, period = given.pop("unit", "SA"), given.pop("period", YEAR)
    return score(ledger(said, closed, made, **given), made, unit, parse_period(period))


def one(found: Score, key: str) -> ItemScore:
    return next(each for each in (*found.items, *found.bonus_items) if each.key == key)


def test_decided_pending_and_lost_points_make_up_the_total() -> None:
    found = scored()
    assert [each.points for each in found.items] == [6, 4, 3, None]
    assert (found.total, found.pending_max, found.lost, found.max) == (13, 4, 13, 30)
    assert [section.points for section in found.sections] == [10, 3]


def test_each_loss_is_explained_and_each_figure_named() -> None:
    lectures = one(scored(), "lectures")
    assert lectures.losses[0].why.zh == "健康知识讲座为3次，应为6次，完成50%"
    assert lectures.required.zh == "健康知识讲座应为6次（参照执行）"
    assert lectures.figures == ("he.lectures", "norm(lectures)")
    assert one(scored(), "births").losses[0].remedy.zh == "整改这1人。核对。"


def test_requirements_are_shown_and_earn_nothing() -> None:
    assert one(scored(), "papers").requirements == ("报表无差错",)


def test_an_open_month_leaves_items_waiting_unless_nothing_can_change_them() -> None:
    found = scored(closed="SA 2026H1")
    assert one(found, "lectures").points is None
    assert one(found, "lectures").possible == (6, 12)
    assert "有月份没有报结" in one(found, "lectures").waiting.zh
    assert "目前可能得6–12分" in one(found, "lectures").waiting.zh
    assert found.pending_max == 12 + 6 + 4
    full = scored(said="2026-01-05 SA lectures 6", closed="SA 2026H1")
    assert one(full, "lectures").points == 12


def test_a_running_year_waits_for_its_end() -> None:
    found = scored(closed="SA 2026-01..2026-09", today=date(2026, 10, 5))
    assert one(found, "lectures").points is None
    waiting = one(found, "lectures").waiting.zh
    said = "健康知识讲座要到2026年结束才能定，截至2026年10月5日为3次（目前可能得6–12分）"
    assert waiting == said


def test_a_self_score_takes_figures_as_they_stand_today() -> None:
    one_book = ledger(SAID, "SA 2026-01..2026-09", today=date(2026, 10, 5))
    (waiting,) = score_all(one_book, PLAIN, ("SA",), parse_period(YEAR))
    assert (one(waiting, "lectures").points, one(waiting, "coverage").points) == (None, None)
    (found,) = score_all(one_book, PLAIN, ("SA",), parse_period(YEAR), so_far=True)
    assert [each.points for each in found.items] == [6, 4, 3, None]
    assert one(found, "lectures").losses[0].why.zh == "健康知识讲座为3次，应为6次，完成50%"
    assert one(found, "papers").waits_for  # what a person decides waits all the same
    (unknown,) = score_all(ledger("", ""), PLAIN, ("SA",), parse_period(YEAR), so_far=True)
    assert one(unknown, "lectures").points is None


def test_what_can_only_grow_is_decided_as_soon_as_it_earns_full_marks() -> None:
    today = date(2026, 10, 5)
    enough = scored(said="2026-01-05 SA lectures 6", closed="", today=today)
    assert one(enough, "lectures").points == 12
    fewer = scored(said="2026-01-05 SA lectures 3", closed="", today=today)
    assert one(fewer, "lectures").possible == (6, 12)
    births = scored(said="2026-01-05 SA births 3", closed="", today=today)
    assert one(births, "births").points == 0
    # a rate may still fall
    rate = "2026-03-01 SA reached 90\n2026-03-01 SA population 100"
    assert one(scored(said=rate, closed="", today=today), "coverage").points is None


@pytest.mark.parametrize(
    ("formula", "change"),
    [
        ("norm(lectures)", Change.NONE),
        ("4", Change.NONE),
        ("units('社区')", Change.NONE),
        ("lectures[topic == 'tb']", Change.GROWS),
        ("lectures + lectures[topic == 'tb']", Change.GROWS),
        ("distinct(materials)", Change.GROWS),
        ("max(lectures, 4)", Change.GROWS),
        ("lectures - lectures[topic == 'tb']", Change.ANY),
        ("reached", Change.ANY),
        ("coverage", Change.ANY),
        ("mean(attendance)", Change.ANY),
        ("overdue('boards')", Change.ANY),
        ("lectures > 3", Change.ANY),
    ],
)
def test_how_a_running_figure_may_change(formula: str, change: Change) -> None:
    scope = NameScope(ledger("", "").programmes, "he")
    assert change_of(define_formula(formula, scope), parse_period(YEAR)) is change


def test_a_decision_gives_points() -> None:
    found = scored(decided={("papers", YEAR): {"points": 3, "reason": "缺一份"}})
    assert one(found, "papers").points == 3
    assert found.pending_max == 0


def test_what_does_not_apply_leaves_its_points_to_the_section() -> None:
    optional = replace(COVERAGE, applies="population > 1000")
    found = scored(rubric((18, (LECTURES, BIRTHS)), (12, (optional, PAPERS))))
    left, papers = one(found, "coverage"), one(found, "papers")
    assert (left.points, left.max, left.stated_max) == (None, 0, 8)
    assert left.not_applicable.zh.startswith("不满足适用条件")
    assert (papers.max, papers.stated_max) == (12, 4)
    assert (found.max, found.pending_max) == (30, 12)
    decided = {("papers", YEAR): {"points": 3, "reason": "缺一份"}}
    rescaled = scored(rubric((12, (optional, PAPERS))), decided=decided)
    assert one(rescaled, "papers").points == 9
    assert sum(loss.points for loss in one(rescaled, "papers").losses) == 3
    # What is decided for good stretches with the item: all nine of its points count.
    assert (one(rescaled, "papers").sure, one(rescaled, "papers").pending) == (9, 0)
    assert (rescaled.total, rescaled.pending_max, rescaled.lost) == (9, 0, 3)
    assert [section.points for section in rescaled.sections] == [9]


def test_nothing_to_divide_by_leaves_the_section_unless_the_rule_says_otherwise() -> None:
    said = "2026-03-01 SA reached 0\n2026-03-01 SA population 0"
    assert one(scored(said=said), "coverage").not_applicable.zh == "分母为0，不适用。"
    strict = replace(COVERAGE, rule=rule("tiers", **COVERAGE.rule.params, not_applicable="zero"))
    found = scored(rubric((8, (strict,))), said)
    assert one(found, "coverage").points == 0
    assert found.total == 0


def test_a_quota_that_nobody_handed_down_asks_nothing_and_says_so() -> None:
    unasked = item("lectures", 12, rule("proportional", figure="lectures", of="target(lectures)"))
    lectures = one(scored(rubric((18, (unasked, BIRTHS)))), "lectures")
    assert lectures.points is None
    assert lectures.required.zh == "健康知识讲座：没有下达计划任务数。"


def test_a_section_of_which_nothing_applies_leaves_the_total() -> None:
    optional = replace(COVERAGE, applies="population > 1000")
    found = scored(rubric((18, (LECTURES, BIRTHS)), (8, (optional,))))
    assert (found.max, found.sections[1].max) == (18, 0)


def test_what_left_is_said_and_the_total_is_converted_to_the_scale_of_the_rubric() -> None:
    optional = replace(COVERAGE, applies="population > 1000")
    found = scored(rubric((18, (LECTURES, BIRTHS)), (12, (optional,))))
    assert (found.total, found.max, found.left, found.scale) == (10, 18, 8, 26)
    assert found.converted == Fraction(10 * 26, 18)
    said = found.as_json()
    assert (said["total"], said["max"], said["left"], said["scale"]) == (10, 18, 8, 26)
    assert said["converted"] == 14.44
    assert [section["stated_max"] for section in said["sections"]] == [18, 8]
    whole = scored(PLAIN)
    assert (whole.left, whole.converted) == (0, whole.total)
    nothing = scored(rubric((8, (optional,))))
    assert (nothing.max, nothing.converted) == (0, 0)


def test_an_item_is_told_on_the_scale_of_the_rubric_beside_what_it_counts() -> None:
    optional = replace(COVERAGE, applies="population > 1000")
    decided = {("papers", YEAR): {"points": 3, "reason": "缺一份"}}
    papers = one(scored(rubric((12, (optional, PAPERS))), decided=decided), "papers")
    assert (papers.stated_points, papers.points) == (3, 9)
    assert (papers.as_json("zh")["stated_points"], papers.as_json("zh")["points"]) == (3, 9)
    assert with_worth(Fraction(3), Fraction(9)).zh == "3（折算9）"
    assert with_worth(Fraction(3), Fraction(3)).zh == "3"
    births = rubric((12, (optional, replace(BIRTHS, max=Fraction(4)))))
    waiting = one(
        scored(births, "2026-03-01 SA births 1\n2026-03-01 SA population 9", ""), "births"
    )
    assert waiting.possible == (0, 6)
    assert "目前可能得0–2分" in waiting.waiting.zh


def test_whether_an_item_applies_may_be_unknown() -> None:
    optional = replace(COVERAGE, applies="population > 1000")
    found = scored(rubric((8, (optional,))), "2026-03-01 SA population ?")
    assert one(found, "coverage").points is None
    assert found.pending_max == 8


def test_a_condition_of_a_running_year_is_said_in_words() -> None:
    optional = replace(COVERAGE, applies="births > 0")
    found = scored(rubric((8, (optional,))), closed="", today=date(2026, 11, 22))
    waiting = one(found, "coverage").waiting
    assert "截至2026年11月22日" in waiting.zh
    assert "到2026年结束" in waiting.zh
    assert "by 2026-11-22 it is so" in waiting.en
    for said in (waiting, one(found, "coverage").found):
        assert "bool" not in said.zh + said.en


def test_a_kind_of_unit_may_have_its_own_rule() -> None:
    own = replace(LECTURES, variants={"村": rule("threshold", figure="lectures", at_least=2)})
    tree = "D 区 -\nS 街道 D\nSA 社区 S\nSV 村 S"
    made = rubric((12, (own,)))
    said = "2026-01-05 SV lectures 2\n2026-01-05 SA lectures 2"
    for unit, points in (("SV", 12), ("SA", 4)):
        assert scored(made, said, "SV,SA 2026", tree=tree, unit=unit).total == points
    mirrored = replace(LECTURES, variants={"卫生服务站": rule("manual")})
    assert one(scored(rubric((12, (mirrored,)))), "lectures").kind == "manual"


WEIGHTED = {"H1": Fraction(2, 5), "H2": Fraction(3, 5)}


def test_weighted_halves_are_scored_apart_and_added() -> None:
    made = rubric((12, (LECTURES,)), weights=WEIGHTED)
    found = scored(made, closed="SA 2026")
    # 3 lectures are due in each half: 2 of 3 and 1 of 3
    lectures = one(found, "lectures")
    assert lectures.points == 12 * (Fraction(2, 5) * Fraction(2, 3) + Fraction(3, 5) / 3)
    assert [loss.why.zh for loss in lectures.losses] == [
        "上半年：健康知识讲座为2次，应为3次，完成66.67%",
        "下半年：健康知识讲座为1次，应为3次，完成33.33%",
    ]
    assert [name for name, _ in lectures.parts] == ["H1", "H2"]
    assert found.weights == (("H1", Fraction(2, 5)), ("H2", Fraction(3, 5)))
    assert found.max == 12
    half = scored(made, closed="SA 2026", period="2026H1")
    assert (half.total, half.weights) == (8, ())


def test_a_half_that_is_decided_counts_while_the_other_waits() -> None:
    made = rubric((12, (LECTURES,)), weights=WEIGHTED)
    found = scored(made, closed="SA 2026H1")
    assert one(found, "lectures").points is None
    assert found.total == Fraction(2, 5) * 8
    assert found.pending_max == Fraction(3, 5) * 12
    assert one(found, "lectures").waiting.zh.startswith("下半年：")


def test_a_decision_for_the_year_holds_for_its_halves_unless_they_have_their_own() -> None:
    made = rubric((4, (PAPERS,)), weights=WEIGHTED)
    year = {("papers", YEAR): {"points": 4, "reason": "齐全"}}
    assert scored(made, decided=year).total == 4
    half = {**year, ("papers", "2026H1"): {"points": 0, "reason": "上半年没有"}}
    assert scored(made, decided=half).total == Fraction(3, 5) * 4


def test_bonus_stands_outside_the_total_and_stops_at_its_cap() -> None:
    extra = item("extra", 5, rule("bonus", figure="lectures", each=2))
    best = item("best", 2, rule("discretionary", range=[0, 2]))
    made = rubric((12, (LECTURES,)), bonus=(extra, best), bonus_cap=Fraction(6))
    found = scored(made, decided={("best", YEAR): {"points": 2, "reason": "推广"}})
    assert (found.total, found.bonus, found.max) == (6, 6, 12)
    assert one(found, "extra").points == 5
    assert scored(replace(made, bonus_cap=None)).bonus == 5


def test_units_are_scored_together_exactly_as_alone() -> None:
    one_book = ledger(SAID, "SA,SB,TA 2026")
    together = score_all(one_book, PLAIN, ("TA", "SA", "SB"), parse_period(YEAR))
    assert [each.unit_code for each in together] == ["TA", "SA", "SB"]
    alone = [score(one_book, PLAIN, unit, parse_period(YEAR)) for unit in ("TA", "SA", "SB")]
    assert list(together) == alone
    assert units_below(one_book, PLAIN, "S", parse_period(YEAR)) == ("SA", "SB", "SC")


def test_what_cannot_be_scored_is_refused_with_every_reason() -> None:
    one_book = ledger("", "")
    period = parse_period(YEAR)
    with pytest.raises(Refused) as refused:
        score_all(one_book, PLAIN, ("S", "XX"), period)
    assert [issue.code.name for issue in refused.value.issues] == ["SCORE_003", "SCORE_002"]
    with pytest.raises(Refused, match="SCORE_002"):
        units_below(one_book, PLAIN, "XX", period)
    villages = replace(PLAIN, unit_kinds=("村",))
    with pytest.raises(Refused, match="SCORE_004"):
        units_below(one_book, villages, "S", period)
    with pytest.raises(Refused, match="SCORE_001"):
        rubric_named(one_book.programmes, "nothing")
    assert rubric_named(one_book.programmes, "yearly") is rubric_named(one_book.programmes, "he")


def test_the_json_has_the_promised_shape() -> None:
    said = scored().as_json()
    assert {"rubric", "unit_code", "period", "total", "pending_max", "max", "bonus"} <= set(said)
    assert (said["total"], said["pending_max"], said["max"], said["bonus"]) == (13, 4, 30, 0)
    first = said["sections"][0]
    assert (first["key"], first["max"], first["points"]) == ("s1", 18, 10)
    lectures = first["items"][0]
    assert lectures["lost"][0]["points"] == 6
    assert lectures["rule"] == "proportional"
    papers = said["sections"][1]["items"][1]
    assert papers["points"] is None
    assert papers["waits_for"] == "等待考核员评定（0–4分）"
    english = scored().as_json("en")["sections"][0]["items"][0]
    assert english["lost"][0]["why"] == "健康知识讲座 is 3次 of 6次, 50% of it"


@given(
    most=st.fractions(min_value=0, max_value=100, max_denominator=700),
    parts=st.lists(st.integers(0, 50), min_size=1, max_size=6),
)
def test_rounded_points_and_losses_still_make_up_the_rounded_maximum(
    most: Fraction, parts: list[int]
) -> None:
    whole = sum(parts) + 1
    losses = tuple(
        Loss(points=most * part / whole, why=same("w"), remedy=same("r"))
        for part in parts
        if most * part
    )
    points = most - sum((loss.points for loss in losses), Fraction(0))
    made = ItemScore(
        key="k", title="t", max=most, stated_max=most, points=points, kind="manual", losses=losses
    )
    said = made.as_json("zh")
    lost = [Decimal(str(loss["points"])) for loss in said["lost"]]
    assert all(one_loss >= 0 for one_loss in lost)
    assert Decimal(str(said["points"])) + sum(lost) == Decimal(str(said["max"]))
