"""Parameters: read exactly, every fault at once, documented from the code that reads them."""

from decimal import Decimal
from fractions import Fraction

import pytest

from taizhang.core.definition.rubric import Rule
from taizhang.core.scoring import parameter
from taizhang.core.scoring.comparison import Comparison
from taizhang.core.scoring.kinds import KINDS, read_rule
from taizhang.core.scoring.kinds.all_of import CONDITIONS
from taizhang.core.scoring.kinds.per_event import PerEvent
from taizhang.core.scoring.kinds.threshold import Threshold
from taizhang.core.scoring.kinds.tiers import Tiers
from taizhang.core.scoring.parameter import choice, declared
from taizhang.core.scoring.rule import LOOKED, RULE, ScoringRule
from tools.rubric_page import PAGE, page, rule_of


def read(kind: str, **params: object) -> object:
    found, faults = read_rule(Rule(kind=kind, params=params))
    assert faults == []
    return found


def faults(kind: str, **params: object) -> list[tuple[str, str]]:
    found, wrong = read_rule(Rule(kind=kind, params=params))
    assert found is None
    return [(one.parameter, one.problem) for one in wrong]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_kind_has_an_example_and_its_words(kind: type[ScoringRule]) -> None:
    read, wrong = read_rule(rule_of(kind))
    assert wrong == []
    assert isinstance(read, kind)
    assert kind.__doc__
    assert all(parameter.param.meaning for parameter in declared(kind))


def test_the_reference_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_numbers_stay_as_exact_as_they_were_written() -> None:
    found = read("per_event", figure="x", deduct=Decimal("0.1"), floor="1/3")
    assert isinstance(found, PerEvent)
    assert (found.deduct, found.floor) == (Fraction(1, 10), Fraction(1, 3))
    tiers = read("tiers", figure="x", tiers=[[Decimal("89.5"), 1.5]])
    assert isinstance(tiers, Tiers)
    assert tiers.tiers == ((Fraction(179, 2), Fraction(3, 2)),)


def test_a_bound_is_a_number_or_a_formula() -> None:
    number = read("threshold", figure="x", at_least="95")
    formula = read("threshold", figure="x", below="norm(x)", **{"else": 2})
    assert isinstance(number, Threshold)
    assert isinstance(formula, Threshold)
    assert number.comparison == Comparison(figure="x", operator="at_least", bound=Fraction(95))
    assert (formula.comparison.bound, formula.otherwise) == ("norm(x)", 2)


def test_every_fault_is_told_at_once() -> None:
    found = faults("proportional", figures="x", at_most="many", full=-1)
    assert sorted(found) == [
        ("at_most", "wrong"),
        ("figure", "missing"),
        ("figures", "unknown"),
        ("full", "wrong"),
        ("of", "missing"),
    ]


@pytest.mark.parametrize(
    ("kind", "params", "fault"),
    [
        ("threshold", {"figure": "x"}, ("at_least | at_most | above | below", "missing")),
        ("threshold", {"figure": "x", "at_least": 1, "below": 9}, ("at_least | below", "unknown")),
        ("threshold", {"figure": "x", "at_least": 1, "else": -1}, ("else", "wrong")),
        ("tiers", {"figure": "x"}, ("tiers", "missing")),
        ("tiers", {"figure": "x", "tiers": [[1, 2]], "bands": [[1, 2, 3]]}, ("tiers", "missing")),
        ("tiers", {"figure": "x", "tiers": [[1, 2, 3]]}, ("tiers", "wrong")),
        ("tiers", {"figure": "x", "tiers": "90"}, ("tiers", "wrong")),
        ("completeness", {"records": "x", "parts": [], "deduct_each": 1}, ("parts", "wrong")),
        (
            "completeness",
            {"records": "x", "parts": ["y"], "deduct_each": 1, "per": "record"},
            ("complete", "missing"),
        ),
        ("all_of", {"conditions": [{"figure": "x"}]}, ("conditions", "wrong")),
        ("all_of", {"conditions": [{"figure": "x", "at_lest": 1}]}, ("conditions", "wrong")),
        (
            "all_of",
            {"conditions": [{"figure": "x", "at_least": 1}], "split": "points"},
            ("conditions", "missing"),
        ),
        ("discretionary", {"range": [3, 1]}, ("range", "wrong")),
        ("discretionary", {"range": [1, 2, 3]}, ("range", "wrong")),
        ("percent_step", {"figure": "x", "target": 9, "deduct": 1, "step": 0}, ("step", "wrong")),
        ("bonus", {"cap": 2}, ("figure", "missing")),
        ("bonus", {"figure": "x"}, ("each", "missing")),
        ("zero_trigger", {"when": "x", "rule": {"kind": "y"}}, ("rule.kind", "wrong")),
        ("zero_trigger", {"when": "x", "rule": {"kind": "tiers"}}, ("rule.figure", "missing")),
        ("manual", {"full": True}, ("full", "wrong")),
        ("manual", {"waits_for": " "}, ("waits_for", "wrong")),
        ("manual", {"waits_for": 5}, ("waits_for", "wrong")),
        ("manual", {"full": float("nan")}, ("full", "wrong")),
        ("rate_points", {"figure": " "}, ("figure", "wrong")),
        ("manual", {"looked": {"figure": "x"}}, ("looked", "wrong")),
        ("manual", {"looked": {"figure": "x", "at_least": 0}}, ("looked", "wrong")),
        ("manual", {"looked": {"figure": "x", "at_least": 1, "of": 2}}, ("looked", "wrong")),
        ("manual", {"looked": "x"}, ("looked", "wrong")),
        ("per_error", {"deduct": 1, "recorded": 2}, ("recorded", "wrong")),
        ("waiting", {}, ("waits_for", "missing")),
    ],
)
def test_a_fault_is_named_by_its_parameter(
    kind: str, params: dict[str, object], fault: tuple[str, str]
) -> None:
    assert fault in faults(kind, **params)


def formulas(rule: Rule) -> tuple[tuple[str, str], ...]:
    read, _ = read_rule(rule)
    assert read is not None
    return tuple((formula.parameter, formula.text) for formula in read.all_formulas)


def test_every_formula_of_a_rule_is_found_the_inner_ones_too() -> None:
    inner = {"kind": "all_of", "conditions": [{"figure": "a", "at_least": "norm(a)"}]}
    rule = Rule(kind="zero_trigger", params={"when": "b > 0", "rule": inner})
    assert formulas(rule) == (
        ("when", "b > 0"),
        ("rule.conditions", "a"),
        ("rule.conditions", "norm(a)"),
    )
    parts = {"kind": "completeness", "records": "r", "parts": {"甲": "p"}, "deduct_each": 1}
    given = {name: one for name, one in parts.items() if name != "kind"}
    looked = {"figure": "v", "at_least": "norm(v)"}
    rule = Rule(kind="manual", params={"looked": looked})
    assert formulas(rule) == (("looked", "v"), ("looked", "norm(v)"))
    rule = Rule(kind="completeness", params={**given, "quota": 4})
    assert formulas(rule) == (("records", "r"), ("parts", "p"))


#: Sorts of values of a rule, and which reader takes which of them.
SORTS: dict[str, object] = {
    "number": 7,
    "nought": 0,
    "minus": -1,
    "exact": Decimal("1.5"),
    "number in words": "1/2",
    "words": "没有",
    "blank": " ",
    "true": True,
    "true in words": "true",
    "pending": "pending",
    "empty list": [],
    "pair": [1, 2],
    "pair turned": [2, 1],
    "pairs": [[1, 2]],
    "triples": [[1, 2, 3]],
    "texts": ["x", "y"],
    "truths": [True],
    "empty mapping": {},
    "mapping": {"甲": "x"},
    "mapping of truths": {"甲": True},
    "mappings": [{"figure": "x"}],
}
NUMBERS = {"number", "nought", "minus", "exact", "number in words"}
WORDS = {"words", "true in words", "pending"}
LISTS_OF_FORMULAS = {"pair", "pair turned", "texts"}
TAKEN = {
    parameter.FORMULA: NUMBERS | WORDS,
    parameter.FORMULAS: (NUMBERS - {"exact"}) | WORDS | LISTS_OF_FORMULAS,
    parameter.OPERAND: NUMBERS | WORDS,
    parameter.NUMBER: NUMBERS,
    parameter.POINTS: NUMBERS - {"minus"},
    parameter.POSITIVE: NUMBERS - {"minus", "nought"},
    parameter.POINTS_OR_PENDING: (NUMBERS - {"minus"}) | {"pending"},
    parameter.TIERS: {"pairs"},
    parameter.BANDS: {"triples"},
    parameter.RANGE: {"pair"},
    parameter.PARTS: {"mapping"} | LISTS_OF_FORMULAS,
    parameter.FLAG: {"true", "true in words"},
    RULE: {"empty mapping", "mapping", "mapping of truths"},
    parameter.TEXT: WORDS | {"number in words"},
    choice("pending", "words"): {"pending"},
}


def test_each_reader_of_parameters_is_tried() -> None:
    held = {reader for reader in vars(parameter).values() if isinstance(reader, parameter.Reader)}
    used = {own.param.reader for kind in KINDS.values() for own in declared(kind)}
    choices = {reader for reader in used if " | " in reader.wanted}
    assert held | used <= {*TAKEN, CONDITIONS, LOOKED} | choices


@pytest.mark.parametrize("reader", TAKEN, ids=lambda reader: reader.wanted)
@pytest.mark.parametrize("sort", SORTS)
def test_a_reader_of_parameters_takes_its_own_sort_and_no_other(
    reader: parameter.Reader, sort: str
) -> None:
    if sort in TAKEN[reader]:
        reader.read(SORTS[sort])
    else:
        with pytest.raises(ValueError):  # noqa: PT011 - read_params turns it into a fault
            reader.read(SORTS[sort])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_parameter_of_a_rule_ends_in_a_traceback(kind: type[ScoringRule]) -> None:
    example = rule_of(kind)
    for own in declared(kind):
        for sort, value in SORTS.items():
            given = {**example.params, own.name: value}
            read, wrong = read_rule(Rule(kind=kind.kind, params=given))
            assert (read is None) == bool(wrong), (own.name, sort)
