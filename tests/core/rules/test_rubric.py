"""The checker of rubrics finds what old rubrics got wrong, and finds nothing in a sound one."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from taizhang.core.base.issue import Issue, Level
from taizhang.core.base.yaml_source import read_yaml
from taizhang.core.definition.norm import Norm, NormVersion
from taizhang.core.definition.rubric import Item, Rubric, Rule, Section
from taizhang.core.pack.parse import rubric_of
from taizhang.core.pack.reader import PackReader
from taizhang.core.rules.context import RuleContext
from taizhang.core.rules.rubric import RULES
from tests.core.ledger import NORM, indicator, measure, pack

FILE = Path(__file__).with_name("rubric_defects.yaml")
KINDS = ("社区", "村")
PETITIONS = measure("petitions", "信访件数", "件")
ANSWERED = measure("petitions_answered", "信访按期答复数", "件")
TIMELY = indicator("petitions_timely", numerator="petitions_answered", denominator="petitions")
NOWHERE = Norm(
    key="he.nowhere",
    label="别处",
    measure=None,
    unit="人",
    versions=(NormVersion(document="别处的规定", values={"医院": Fraction(1)}),),
)


def context(rubric: Rubric) -> RuleContext:
    base = pack(TIMELY, rubric=rubric, norms={one.key: one for one in (NORM, NOWHERE)})
    measures = {**base.measures, PETITIONS.key: PETITIONS, ANSWERED.key: ANSWERED}
    counting = (
        *base.counting,
        *(
            type(base.counting[0])(form="he.other", date="on", facts={key: 1})
            for key in measures
            if key != "he.reached"  # nothing makes it
        ),
    )
    given = {**{name: getattr(base, name) for name in base.__slots__}, "measures": measures}
    return RuleContext(type(base)(**{**given, "counting": counting}))


def check(rubric: Rubric) -> list[Issue]:
    one = context(rubric)
    return [issue for rule in RULES for issue in rule(one)]


@pytest.fixture(scope="module")
def found() -> dict[str, list[Issue]]:
    """This fixture will check the rubric of defects and sort what was found by its code."""
    value, issues = read_yaml(FILE.read_bytes(), FILE.name)
    reader = PackReader(FILE.name, issues)
    rubric = rubric_of(value, KINDS, reader)
    assert reader.issues == []
    assert rubric is not None
    by_code: dict[str, list[Issue]] = defaultdict(list)
    for issue in check(rubric):
        by_code[issue.code.name].append(issue)
    return by_code


def items(found: list[Issue]) -> list[str]:
    return [str(issue.facts["item"]) for issue in found]


# What each code must find: the facts that name it.
EXPECTED: dict[str, list[dict[str, object]]] = {
    "RUBRIC_001": [{"item": "wrong", "parameter": "deduct"}],
    "RUBRIC_002": [{"item": "wrong", "parameter": "deducts"}],
    "RUBRIC_003": [{"item": "wrong", "parameter": "side", "found": "left"}],
    "RUBRIC_004": [{"section": "制度", "found": "7", "max": "6"}],
    "RUBRIC_005": [
        {
            "section": "读书活动",
            "found": "13",
            "max": "10",
            "mend": "training: 2",
            "group": "training + reports + leaflets + cards = 5",
        }
    ],
    "RUBRIC_006": [{"found": "105", "total": "100"}],
    "RUBRIC_007": [{"item": "training", "max": "5", "found": "2"}],
    "RUBRIC_008": [{"item": "too_much", "max": "1", "found": "3"}],
    "RUBRIC_009": [{"item": "reports", "figure": "lectures", "low": "0", "high": "5"}],
    "RUBRIC_010": [{"item": "bands", "value": "90", "one": "80–90", "other": "90–100"}],
    "RUBRIC_011": [{"item": "bands", "low": "79", "high": "80"}],
    "RUBRIC_012": [{"item": "upside", "better": "90", "less": "1", "worse": "80", "more": "5"}],
    "RUBRIC_013": [{"item": "late", "parameter": "deduct", "found": "-1"}],
    "RUBRIC_014": [{"item": "events"}, {"item": "training"}],
    "RUBRIC_015": [{"item": "sample", "max": "54"}],
    "RUBRIC_017": [{"item": "beyond", "bound": "120"}],
    "RUBRIC_018": [
        {"item": "rates", "figure": "coverage", "one": "90", "other": "80", "by": "cards"},
        {"item": "accuracy", "figure": "completion", "one": "98", "other": "95", "by": "rates"},
    ],
    "RUBRIC_019": [{"item": "petitions", "name": "信访件数"}],
    "RUBRIC_020": [{"item": "rates", "count": 4}],
    "RUBRIC_021": [{"item": "zero", "of": "0"}],
    "RUBRIC_022": [{"item": "ghost", "norm": "he.nowhere"}],
    "RUBRIC_023": [{"item": "zero"}],
    "RUBRIC_024": [{"weights": "H1: 0.5, H2: 0.6", "period": "year"}],
    "RUBRIC_025": [{"item": "zero", "kind": "网格"}],
    "RUBRIC_026": [{"item": "zero"}],
    "RUBRIC_027": [{"item": "mixed", "left": "人次", "right": "人"}],
    "RUBRIC_029": [{"item": "always", "points": "1"}],
    "RUBRIC_030": [{"where": "空"}],
    "RUBRIC_031": [{"found": "3"}],
    "RUBRIC_032": [{"kind": "学校"}],
    "RUBRIC_033": [{"item": "petitions", "points": "2"}, {"item": "late", "points": "3"}],
}


@pytest.mark.parametrize("code", EXPECTED)
def test_a_defect_is_found_where_it_is(code: str, found: dict[str, list[Issue]]) -> None:
    told = [
        {name: issue.facts.get(name) for name in wanted}
        for issue in found[code]
        for wanted in EXPECTED[code]
    ]
    for wanted in EXPECTED[code]:
        assert wanted in told, [dict(issue.facts) for issue in found[code]]


def test_nothing_else_is_found(found: dict[str, list[Issue]]) -> None:
    more = {"RUBRIC_016", "RUBRIC_028", "FORMULA_003"}
    assert set(found) == set(EXPECTED) | more
    assert len(found["RUBRIC_019"]) == 1  # how timely petitions are answered may count
    assert items(found["RUBRIC_009"]) == ["reports"]


def test_an_item_on_what_nothing_makes_can_never_be_decided(
    found: dict[str, list[Issue]],
) -> None:
    assert set(items(found["RUBRIC_016"])) >= {"ghost"}
    assert all(issue.facts["name"] == "he.reached" for issue in found["RUBRIC_016"])


def test_formulas_that_give_the_wrong_thing(found: dict[str, list[Issue]]) -> None:
    told = {(issue.facts["item"], issue.facts["parameter"]) for issue in found["RUBRIC_028"]}
    assert told == {("count", "figure"), ("truth", "when"), ("truth", "applies")}
    assert "nothing_like_it" in found["FORMULA_003"][0].sentence()


def test_every_issue_says_where_and_what_to_do(found: dict[str, list[Issue]]) -> None:
    for issues in found.values():
        for issue in issues:
            assert issue.place.file == FILE.name
            assert issue.place.line is not None
            assert "%(" not in issue.sentence() + issue.remedy()
            assert issue.remedy().endswith(".")


def test_doubtful_things_warn_and_wrong_ones_refuse(found: dict[str, list[Issue]]) -> None:
    warnings = {
        code
        for code, issues in found.items()
        if all(issue.level is Level.WARNING for issue in issues)
    }
    assert warnings == {f"RUBRIC_0{number}" for number in (14, 18, 20, 29, 31)}


def rubric(*items: Item, most: int, **given: Any) -> Rubric:
    section = Section(key="s", title="部分", max=Fraction(most), items=items)
    stated = {
        "key": "r",
        "title": "细则",
        "total": Fraction(most),
        "unit_kinds": KINDS,
        "period": "year",
        "sections": (section,),
    }
    return Rubric(**{**stated, **given})


def item(key: str, most: int, kind: str, **params: object) -> Item:
    made = Rule(kind=kind, params=params)
    return Item(key=key, title=key, max=Fraction(most), rule=made)


#: What an item asks that rewards a low figure.
SEEN = {"figure": "lectures", "at_least": 1}


def codes(one: Rubric) -> list[str]:
    return [issue.code.name for issue in check(one)]


def test_a_sound_rubric_has_no_issue() -> None:
    sound = rubric(
        item("lectures", 12, "proportional", figure="lectures", of="norm(lectures)"),
        item("timely", 4, "threshold", figure="petitions_timely", at_least=90),
        item("tiers", 4, "tiers", figure="coverage", tiers=[[90, 4], [80, 2]]),
        item("bands", 4, "tiers", figure="birth_rate", bands=[[0, 5, 4], [5, 9, 4]], looked=SEEN),
        item("sample", 6, "sample_error", zero_at=10),
        item("guarded", 5, "zero_trigger", when="births > 5", rule={"kind": "manual"}),
        most=35,
        weights={"H1": Fraction(2, 5), "H2": Fraction(3, 5)},
    )
    # nothing makes what coverage is a share of, in this small ledger
    assert set(codes(sound)) <= {"RUBRIC_016"}


def test_inner_rules_are_checked_too() -> None:
    inner = {"kind": "per_event", "figure": "births", "deduct": -2, "looked": SEEN}
    one = rubric(item("guarded", 5, "zero_trigger", when="births > 5", rule=inner), most=5)
    assert codes(one) == ["RUBRIC_013"]
    unknown = rubric(item("odd", 5, "zero_trigger", when="births", rule={"kind": "x"}), most=5)
    assert codes(unknown) == ["RUBRIC_003"]


@pytest.mark.parametrize(
    ("weights", "period", "fine"),
    [
        ({"H1": "2/5", "H2": "3/5"}, "year", True),
        ({"Q1": "1/2", "Q2": "1/2"}, "half", True),
        ({"01": "1"}, "year", False),
        ({"H1": "1"}, "year", False),
        ({"H1": "3/2", "H2": "-1/2"}, "year", False),
        ({"H1": "2/5", "H2": "3/5"}, "quarter", False),
    ],
)
def test_weights_are_of_whole_periods(weights: dict[str, str], period: str, fine: bool) -> None:
    given = {name: Fraction(one) for name, one in weights.items()}
    one = rubric(item("hand", 5, "manual"), most=5, weights=given, period=period)
    assert (codes(one) == []) is fine


def test_sums_that_no_regrouping_mends_are_only_told() -> None:
    one = rubric(item("a", 5, "manual"), item("b", 3, "manual"), most=10, total=Fraction(10))
    assert codes(one) == ["RUBRIC_004"]


NONE_FOUND: list[tuple[str, dict[str, object]]] = [
    ("per_event", {"figure": "births", "deduct": 1}),
    ("per_event", {"figure": "births", "deduct": 1, "resolved": "births"}),
    ("zero_trigger", {"when": "births"}),
    ("zero_trigger", {"when": "births > 3"}),
    (
        "zero_trigger",
        {"when": "births > 3", "rule": {"kind": "per_event", "figure": "births", "deduct": 1}},
    ),
    ("tiers", {"figure": "births", "tiers": [[0, 5], [3, 2]], "compare": "at_most"}),
    ("tiers", {"figure": "births", "bands": [[0, 2, 5], [2, 9, 1]]}),
    ("tiers", {"figure": "births", "tiers": [[0, 5]]}),
    ("threshold", {"figure": "births", "at_most": 3}),
    ("threshold", {"figure": "births", "below": "norm(lectures)"}),
    ("threshold", {"figure": "birth_rate", "at_most": 12}),
    ("proportional", {"figure": "births", "of": 4, "lower_is_better": True}),
    ("percent_step", {"figure": "births", "target": 4, "deduct": 1, "side": "above"}),
    ("all_of", {"conditions": [{"figure": "births", "below": 1}]}),
    ("all_or_nothing", {"when": ["births < 1", "lectures < 1"]}),
    ("per_error", {"deduct": 1}),
    ("bonus", {"rule": {"kind": "threshold", "figure": "births", "at_most": 3}}),
]


@pytest.mark.parametrize(("kind", "params"), NONE_FOUND)
def test_none_found_is_rewarded_by_no_kind_unless_somebody_looked(
    kind: str, params: dict[str, object]
) -> None:
    told = codes(rubric(item("a", 5, kind, **params), most=5))
    assert "RUBRIC_033" in told
    assert "RUBRIC_033" not in codes(rubric(item("a", 5, kind, **params, looked=SEEN), most=5))
    away = item("a", 5, kind, **params)
    away = replace(away, applies="lectures > 0")  # without any, there is nothing to score
    assert "RUBRIC_033" not in codes(rubric(away, most=5))


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("proportional", {"figure": "lectures", "of": "norm(lectures)"}),
        ("threshold", {"figure": "lectures", "at_least": 4}),
        ("threshold", {"figure": "population", "at_least": 1}),
        ("all_of", {"conditions": [{"figure": "population", "at_least": 1}]}),
        ("zero_trigger", {"when": "lectures < 1"}),
        ("zero_trigger", {"when": "births", "rule": {"kind": "manual"}}),
        ("threshold", {"figure": "per_lecture", "at_most": 20}),
        ("manual", {}),
        ("sample_error", {"zero_at": 10}),
        ("waiting", {"waits_for": "核对"}),
    ],
)
def test_what_rewards_work_is_not_taken_for_none_found(
    kind: str, params: dict[str, object]
) -> None:
    assert "RUBRIC_033" not in codes(rubric(item("a", 5, kind, **params), most=5))


def test_a_variant_for_a_kind_of_unit_rewards_none_found_no_more_than_the_rule() -> None:
    made = item("a", 5, "proportional", figure="lectures", of=4)
    low = Rule(kind="per_event", params={"figure": "births", "deduct": 1})
    assert "RUBRIC_033" in codes(rubric(replace(made, variants={"村": low}), most=5))


def survey(label: str, key: str = "asked", **more: Any) -> list[str]:
    """Give the codes of a rubric on a share of a measure of this label."""
    asked = replace(measure(key, label, "题次"), **more)
    share = indicator("asked_share", numerator=key, denominator="lectures")
    one = rubric(
        item("a", 3, "rate_points", figure="asked_share"),
        item(
            "b",
            2,
            "zero_trigger",
            when="births",
            rule={"kind": "proportional", "figure": "x", "of": 1},
        ),
        most=5,
    )
    base = context(one)
    pack_ = replace(
        base.pack,
        measures={**base.pack.measures, asked.key: asked},
        indicators={**base.pack.indicators, share.key: share},
    )
    checked = RuleContext(pack_)
    return [issue.code.name for rule in RULES for issue in rule(checked)]


def test_a_units_own_questionnaires_score_nowhere() -> None:
    assert "RUBRIC_034" in survey("答对题次", self_reported=True)
    assert "RUBRIC_035" in survey("问卷答对题次")
    assert "RUBRIC_035" in survey("受教育人数（去重）")
    assert "RUBRIC_035" in survey("题次", key="awareness_right")
    assert not {"RUBRIC_034", "RUBRIC_035"} & set(survey("问卷答对题次", self_reported=False))
    assert not {"RUBRIC_034", "RUBRIC_035"} & set(survey("答对题次"))
