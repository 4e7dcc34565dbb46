"""Formulas are read and checked; every issue comes with its column, all at once."""

from __future__ import annotations

import pytest

from taizhang.core.base.issue import Level, Place, Refused
from taizhang.core.base.period import parse_period
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula import (
    EvaluationContext,
    FormulaCode,
    NameScope,
    Window,
    check,
    check_indicator,
    define_formula,
    parse,
)
from taizhang.core.formula.evaluate import needs
from taizhang.core.formula.function import FUNCTIONS
from taizhang.core.formula.node import Binary, Call, Name, Number, Text, Unary
from tests.core.ledger import MEASURES, TODAY, indicator, measure, pack

OTHER = pack(
    key="law",
    label="普法",
    measures={"law.lectures": measure("lectures", "法治讲座", "次")},
    forms={},
    counting=(),
    norms={},
    indicators={},
)
EXTRA = (
    indicator("share", numerator="lectures[topic == 'tb']", denominator="lectures"),
    indicator("deaths", "permille", numerator="births", denominator="population"),
    indicator("old", status="historic", numerator="births", denominator="population"),
)
SCOPE = NameScope(Programmes((pack(*EXTRA), OTHER)), "he")


def codes(text: str, scope: NameScope = SCOPE) -> list[str]:
    return [issue.code.name for issue in check(parse(text), scope, text)[1]]


def type_name(text: str) -> str:
    found, issues = check(parse(text), SCOPE, text)
    assert not issues
    return str(found)


def test_a_formula_becomes_nodes_with_columns() -> None:
    node = parse("if(a.b >= 12, -1, units('社区'))")
    assert node == Call(
        "if",
        (
            Binary(">=", Name("a.b"), Number(12)),
            Unary("-", Number(1)),
            Call("units", (Text("社区"),)),
        ),
    )
    assert [one.at for one in node.arguments] == [8, 15, 19]


def test_filters_of_one_or_several_values_are_joined_by_and() -> None:
    node = parse("lectures[topic not in ('tb', 'aids') and audience != 'youth']")
    assert [(one.dimension, one.values, one.negated) for one in node.filters] == [
        ("topic", ("tb", "aids"), True),
        ("audience", ("youth",), True),
    ]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("8 / 4 / 2", "(8 / 4) / 2"),
        ("8 - 4 - 2", "(8 - 4) - 2"),
        ("-lectures * 2", "(-lectures) * 2"),
        ("1 > 2 or 1 < 2 and 3 == 3", "(1 > 2) or ((1 < 2) and (3 == 3))"),
        ("not 1 > 2 and 2 > 1", "(not (1 > 2)) and (2 > 1)"),
        ("order_count + inner", "(order_count) + (inner)"),
    ],
)
def test_what_binds_stronger(text: str, means: str) -> None:
    assert parse(text) == parse(means)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("lectures +", 11),
        ("lectures（2）", 9),
        ("norm(lectures", 14),
        ("1 < 2 < 3", 7),
        ("lectures[topic = 'tb']", 16),
        ("", 1),
        ("__import__('os').system", 17),
        ("'2026", 1),
    ],
)
def test_text_that_is_no_formula_is_refused_with_its_column(text: str, column: int) -> None:
    with pytest.raises(Refused) as caught:
        parse(text, Place("indicators.yaml", 7))
    (issue,) = caught.value.issues
    assert issue.code is FormulaCode.FORMULA_001
    assert (issue.place.file, issue.place.line) == ("indicators.yaml", 7)
    assert issue.facts["column"] == column
    assert str(column) in issue.sentence()


def test_a_label_in_the_place_of_a_key_is_told_the_key() -> None:
    for text, key in (("健康讲座 + 1", "lectures"), ("births + 法治讲座", "law.lectures")):
        with pytest.raises(Refused) as refused:
            define_formula(text, SCOPE)
        (issue,) = refused.value.issues
        assert issue.code is FormulaCode.FORMULA_001
        assert str(issue.facts["expected"]).startswith(f"{key}（")
    with pytest.raises(Refused) as refused:
        define_formula("lectures + 毫不相干的词语", SCOPE)
    assert "（" not in str(refused.value.issues[0].facts["expected"]).replace("(", "")
    wrong = indicator("half", formula="健康讲座 / 2")
    (issue,) = check_indicator(wrong, SCOPE.programmes)
    assert str(issue.facts["expected"]).startswith("lectures（")


@pytest.mark.parametrize("text", ["(" * 200, "1" + "+1" * 900, "not " * 300 + "1", "9" * 3000])
def test_formulas_that_would_exhaust_the_stack_are_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.issues[0].code in (FormulaCode.FORMULA_002, FormulaCode.FORMULA_001)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("lectures", "次"),
        ("he.lectures + lectures", "次"),
        ("lectures + 1", "次"),
        ("3 * population / 2", "人"),
        ("births / population", "ratio"),
        ("lectures / norm(lectures)", "ratio"),
        ("attendance / lectures", "人次/次"),
        ("1 - births / population", "ratio"),
        ("population * (births / population)", "人"),
        ("completion", "percent"),
        ("completion - previous(completion)", "percent"),
        ("100 - completion", "percent"),
        ("completion / share", "ratio"),
        ("lectures >= 12 and completion >= 90", "bool"),
        ("if(lectures > 0, attendance, 0)", "人次"),
        ("max(lectures, norm(lectures), 1)", "次"),
        ("coalesce(population, 0)", "人"),
        ("mean(attendance)", "人次"),
        ("round(attendance / lectures, 2)", "人次/次"),
        ("ceiling(lectures / 4)", "次"),
        ("floor(completion)", "percent"),
        ("largest(attendance)", "人次"),
        ("median(attendance[topic == 'tb'])", "人次"),
        ("smallest(materials)", "份"),
        ("count(attendance)", "个"),
        ("distinct(materials)", "个"),
        ("days_between(period_start(), '2026-03-24')", "天"),
        ("period_end() >= '2026-12-31'", "bool"),
        ("units('社区', '村')", "个"),
        ("units_where(lectures >= 6, '社区') / units('社区')", "ratio"),
        ("overdue('boards')", "个"),
        ("entities('boards')", "个"),
        ("share_of_units(lectures >= 6, '社区')", "percent"),
        ("reporting_rate() - previous(reporting_rate())", "percent"),
        ("on_time_rate('he')", "percent"),
        ("reported_units() / units('社区')", "ratio"),
        ("above(lectures) * 2", "次"),
        ("per_thing(norm(lectures), 'boards')", "次"),
        ("lectures / per_thing(norm(lectures), 'boards')", "ratio"),
        ("target(lectures)", "次"),
        ("year_before(population)", "人"),
        ("last(population[scope == 'hukou'])", "人"),
    ],
)
def test_unit_types(text: str, unit: str) -> None:
    assert type_name(text) == unit


@pytest.mark.parametrize(
    "text",
    [
        "attendance + births",  # 人次 + 人
        "births + households",  # 人 + 户
        "attendance > births",
        "min(attendance, births)",
        "if(1 > 0, lectures, births)",
        "completion + deaths",  # % + ‰
        "completion > birth_rate",
        "completion / birth_rate",
        "completion / population",
        "lectures * births",
        "distinct(materials) + births",  # things + people
        "attendance / lectures + births / population",
        "lectures + births / population",
        "period_start() > 3",
    ],
)
def test_unlike_units_never_join(text: str) -> None:
    assert codes(text) == ["FORMULA_008"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("lecture", "FORMULA_003"),
        ("law.lecturs", "FORMULA_003"),
        ("medians(lectures)", "FORMULA_005"),
        ("min(lectures)", "FORMULA_006"),
        ("period_start(1)", "FORMULA_006"),
        ("not lectures", "FORMULA_007"),
        ("lectures and 1 > 0", "FORMULA_007"),
        ("sum(completion)", "FORMULA_007"),
        ("sum(lectures + 1)", "FORMULA_007"),
        ("median(completion)", "FORMULA_007"),
        ("smallest(lectures + 1)", "FORMULA_007"),
        ("units(lectures)", "FORMULA_007"),
        ("overdue(lectures)", "FORMULA_007"),
        ("norm(1)", "FORMULA_007"),
        ("target(1 + 1)", "FORMULA_007"),
        ("previous(1 > 0)", "FORMULA_007"),
        ("-period_start()", "FORMULA_007"),
        ("materials[topic == 'tb']", "FORMULA_009"),
        ("lectures[topic == 'tp']", "FORMULA_010"),
        ("round(lectures, 5)", "FORMULA_007"),
        ("share_of_units(lectures, '社区')", "FORMULA_007"),
        ("share_of_units(lectures > 1, lectures)", "FORMULA_007"),
        ("reporting_rate(lectures)", "FORMULA_007"),
        ("on_time_rate('hee')", "FORMULA_022"),
        ("above(births)", "FORMULA_023"),
        ("above(attendance)", "FORMULA_023"),
        ("above(coverage)", "FORMULA_023"),
        ("above(lectures / population)", "FORMULA_023"),
        ("above(lectures > 1)", "FORMULA_007"),
        ("per_thing(lectures, 'boards')", "FORMULA_007"),
        ("per_thing(norm(lectures), 'board')", "FORMULA_016"),
        ("round(lectures, lectures)", "FORMULA_007"),
        ("ceiling(lectures > 1)", "FORMULA_007"),
        ("floor(period_start())", "FORMULA_007"),
        ("distinct(lectures)", "FORMULA_011"),
        ("sum(population)", "FORMULA_013"),
        ("days_between('2026-02-30', period_end())", "FORMULA_014"),
        ("norm(lecture)", "FORMULA_015"),
        ("overdue('board')", "FORMULA_016"),
        ("entities('board')", "FORMULA_016"),
        ("old > 3", "FORMULA_017"),
        ("completion[topic == 'tb']", "FORMULA_018"),
        ("max(if(lectures > 0, completion, 0), coverage)", "FORMULA_020"),
        ("max(coalesce(completion, 0), coverage)", "FORMULA_020"),
        ("min(coverage, coalesce(completion, 100))", "FORMULA_020"),
    ],
)
def test_each_mistake_has_its_code(text: str, code: str) -> None:
    assert codes(text) == [code]


HOURS = (
    measure("hours", "时长", "人·小时"),
    measure("spots", "处数", "处"),
    measure("metres", "米数", "米"),
    measure("guests", "人次数", "人次"),
)


@pytest.mark.parametrize(
    ("unit", "numerator", "denominator", "right"),
    [
        ("人·小时/次", "hours", "lectures", True),
        ("小时/次", "hours", "lectures", False),  # 30 persons for one hour are no 30 hours
        ("小时", "hours", "lectures", False),
        ("小时/人次", "hours", "guests", True),  # each of them so many hours
        ("处/千米", "spots * 1000", "metres", True),
        ("处/次", "spots", "metres", False),
        ("ratio", "attendance", "lectures", True),
    ],
)
def test_a_quotient_of_unlike_units_is_called_what_it_is(
    unit: str, numerator: str, denominator: str, right: bool
) -> None:
    named = indicator("named", unit, numerator=numerator, denominator=denominator)
    measures = {one.key: one for one in (*MEASURES, *HOURS)}
    issues = check_indicator(named, Programmes((pack(named, measures=measures),)))
    assert [issue.code.name for issue in issues] == ([] if right else ["INDICATOR_002"])


@pytest.mark.parametrize(
    "text",
    [
        "max(lectures, 0)",  # of an amount nought is nothing done
        "max(if(lectures > 0, lectures, 0), 2)",
        "max(completion, coverage)",
        "max(if(completion > 90, 1, 2), 1)",
        "max_looked(looked(lectures, completion), coverage)",
    ],
)
def test_a_nought_of_an_amount_is_no_stand_in(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("lecture", "lectures"),
        ("populaton", "population"),
        ("norm(lecture)", "lectures"),
        ("overdue('board')", "boards"),
        ("lectures[topic == 'tp']", "tb"),
        ("xyzzy(lectures)", "—"),
        ("larges(lectures)", "largest"),
    ],
)
def test_the_nearest_spelling_is_named(text: str, nearest: str) -> None:
    (issue,) = check(parse(text), SCOPE, text)[1]
    assert issue.facts["nearest"] == nearest


def test_all_issues_of_a_formula_come_at_once_with_their_columns() -> None:
    text = "lecture + attendance + births + norm(lecturs) + sum(population[scop == 'a'])"
    found = check(parse(text), SCOPE, text, Place("indicators.yaml", 3))[1]
    assert [(issue.code.name, issue.facts["column"]) for issue in found] == [
        ("FORMULA_003", 1),
        ("FORMULA_008", 22),
        ("FORMULA_015", 38),
        ("FORMULA_009", 53),
        ("FORMULA_013", 49),
    ]
    assert {str(issue.place) for issue in found} >= {"indicators.yaml:3[22]"}
    for issue in found:
        assert "%(" not in issue.line()


def test_a_bare_name_is_sought_at_home_first_and_refused_where_ambiguous() -> None:
    assert codes("lectures") == []
    assert codes("lectures", NameScope(SCOPE.programmes, "law")) == []
    elsewhere = NameScope(SCOPE.programmes, "third")
    (issue,) = check(parse("lectures"), elsewhere)[1]
    assert issue.code is FormulaCode.FORMULA_004
    assert issue.facts["packs"] == "he, law"
    assert codes("law.lectures + he.lectures", elsewhere) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"numerator": "lectures", "denominator": "norm(lectures)"}, []),
        ({"formula": "lectures / norm(lectures)"}, []),
        ({"formula": "completion - previous(completion)"}, []),
        ({"formula": "lectures", "unit": "次"}, []),
        ({"formula": "distinct(materials)", "unit": "种"}, []),
        ({"formula": "overdue('boards')", "unit": "块"}, []),
        ({"numerator": "births[sex == 'm']", "denominator": "births", "unit": "per100"}, []),
        ({"numerator": "attendance", "denominator": "lectures", "unit": "ratio"}, []),
        ({}, ["INDICATOR_001"]),
        ({"numerator": "lectures"}, ["INDICATOR_001"]),
        ({"formula": "lectures"}, ["INDICATOR_002"]),
        ({"formula": "attendance", "unit": "人"}, ["INDICATOR_002"]),
        ({"formula": "completion", "unit": "permille"}, ["INDICATOR_002"]),
        ({"formula": "distinct(materials)", "unit": "人"}, ["INDICATOR_002"]),
        ({"numerator": "attendance", "denominator": "population"}, ["INDICATOR_003"]),
        ({"numerator": "lecture", "denominator": "norm(x)"}, ["FORMULA_003", "FORMULA_015"]),
        ({"numerator": "lectures +", "denominator": "("}, ["FORMULA_001", "FORMULA_001"]),
        ({"formula": "new + 1"}, ["FORMULA_012"]),
    ],
)
def test_an_indicator_is_checked_whole(given: dict[str, object], expected: list[str]) -> None:
    one = indicator("new", **given)
    issues = check_indicator(one, Programmes((pack(*EXTRA, one),)))
    assert [issue.code.name for issue in issues if issue.level is Level.ERROR] == expected


def test_a_share_of_unlike_things_is_a_warning_but_of_people_an_error() -> None:
    one = indicator("new", numerator="materials", denominator="lectures")
    (issue,) = check_indicator(one, Programmes((pack(one),)))
    assert (issue.code.name, issue.level) == ("INDICATOR_003", Level.WARNING)


def test_a_circle_of_indicators_is_found_and_named() -> None:
    circle = (
        indicator("a", formula="b + 1"),
        indicator("b", formula="if(1 > 0, c, 0)"),
        indicator("c", numerator="lectures", denominator="a"),
    )
    programmes = Programmes((pack(*circle),))
    for one in circle:
        issues = check_indicator(one, programmes)
        found = [issue for issue in issues if issue.code is FormulaCode.FORMULA_012]
        assert len(found) == 1
        way = str(found[0].facts["circle"]).split(" → ")
        assert way[0] == way[-1] == one.key
        assert len(way) == 4


def test_a_formula_tells_what_it_asks_of_an_engine() -> None:
    node = parse("lectures[topic == 'tb'] + previous(lectures) + if(population > 1, 1, 0)")
    context = EvaluationContext(SCOPE, Window(parse_period("2026Q1")))
    queries = [leaf.ask(TODAY) for leaf, _ in needs(node, context).leaves]
    assert [(one.measure, one.how.value, str(one.start), str(one.end)) for one in queries] == [
        ("he.lectures", "sum", "2026-01-01", "2026-03-31"),
        ("he.lectures", "sum", "2025-10-01", "2025-12-31"),
        ("he.population", "last", "2025-04-01", "2026-03-31"),
    ]


#: An argument that fits, for each function and place; the last stands for all that follow.
FITTING = {
    "if": ("lectures > 1", "1"),
    "days_between": ("period_start()",),
    "norm": ("lectures",),
    "units": ("'社区'",),
    "units_where": ("lectures > 1", "'社区'"),
    "entities": ("'boards'", "'state'", "'in_use'"),
    "overdue": ("'boards'", "'state'", "'in_use'"),
    "average_of": ("lectures", "3"),
    "months_where": ("lectures > 1",),
    "round": ("lectures", "1"),
    "open": ("'problem'", "'open'"),
    "due": ("'problem'", "'finish'"),
    "in_time": ("'problem'", "'finish'"),
    "standing": ("'problem'", "'finish'"),
    "median_days": ("'problem'",),
    "things": ("'board'", "'standing'"),
    "share_of_units": ("lectures > 1", "'社区'"),
    **dict.fromkeys(("reported_units", "reporting_rate", "on_time_rate"), ("'he'",)),
    "per_thing": ("norm(lectures)", "'boards'", "'state'", "'in_use'"),
}


def call(function: str, count: int) -> str:
    fitting = FITTING.get(function, ("lectures",))
    given = [fitting[min(at, len(fitting) - 1)] for at in range(count)]
    return f"{function}({', '.join(given)})"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_takes_as_many_arguments_as_its_row_says(function: str) -> None:
    row = FUNCTIONS[function]
    most = row.least + 3 if row.most is None else row.most
    for count in range(most + 2):
        told = codes(call(function, count))
        is_right = row.least <= count and (row.most is None or count <= row.most)
        assert ("FORMULA_006" not in told) == is_right, (count, told)
    assert (row.least, row.most) == ARITY[function]


#: How many arguments each function needs and takes at most, as docs/packs/formulas.md tells it.
ARITY = {
    **dict.fromkeys(("sum", "last", "mean", "count", "distinct", "largest"), (1, 1)),
    **dict.fromkeys(("smallest", "median"), (1, 1)),
    **dict.fromkeys(("norm", "target", "previous", "year_before", "to_date"), (1, 1)),
    **dict.fromkeys(("average_of", "round"), (2, 2)),
    **dict.fromkeys(("ceiling", "floor", "above"), (1, 1)),
    **dict.fromkeys(("reported_units", "reporting_rate", "on_time_rate"), (0, None)),
    "share_of_units": (2, None),
    "per_thing": (2, 4),
    "months_where": (1, 1),
    **dict.fromkeys(
        ("min", "max", "coalesce", "units_where", "min_looked", "max_looked"), (2, None)
    ),
    **dict.fromkeys(("period_start", "period_end"), (0, 0)),
    **dict.fromkeys(("entities", "overdue"), (1, 3)),
    **dict.fromkeys(("open", "due", "in_time", "standing"), (1, 2)),
    "median_days": (1, 1),
    "things": (2, 2),
    "if": (3, 3),
    "days_between": (2, 2),
    "looked": (2, 2),
    "units": (1, None),
}
