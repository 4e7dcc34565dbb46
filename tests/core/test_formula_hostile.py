"""Formulas from outside end, stay small enough to be written, and raise nothing undeclared."""

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.base.figure import number
from taizhang.core.base.issue import Refused, errors
from taizhang.core.base.period import parse_period
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula import value as arithmetic
from taizhang.core.formula.code import FormulaCode
from taizhang.core.formula.definition import check_indicator, define_formula
from taizhang.core.formula.name_scope import NameScope
from taizhang.core.formula.parse import parse
from taizhang.core.formula.value import Value, exactly
from taizhang.core.indicator import Question, figures
from taizhang.core.pack.load import load

PACK = """
key: trial
version: "1"
label: 试
unit_kinds: [社区]
"""
MEASURES = "measures:\n  lectures: {label: 讲座, unit: 次, kind: event, about: activity}\n"


def programmes(*formulas: str) -> Programmes:
    """This function will give a pack whose indicators i0, i1 … have these formulas."""
    lines = [
        f"  i{number}: {{label: 指标, unit: 次, formula: '{text}'}}"
        for number, text in enumerate(formulas)
    ]
    files = {
        "pack.yaml": PACK.encode(),
        "measures.yaml": MEASURES.encode(),
        "indicators.yaml": "\n".join(["indicators:", *lines, ""]).encode(),
    }
    pack, issues = load(files)
    assert pack is not None, issues
    return Programmes((pack,))


def chain(step: str, count: int, first: str = "lectures") -> Programmes:
    return programmes(first, *(step.replace("X", f"i{number}") for number in range(count)))


@pytest.mark.parametrize(
    ("known", "last"),
    [
        (chain("X + X", 40), "i40"),
        (chain("X * X", 40), "i40"),
        (chain("X / X", 40), "i40"),
        (chain("if(X > 0, X, X)", 20), "i20"),
        (chain("X + 1", 300), "i300"),
        (chain("previous(X)", 60), "i60"),
        (programmes("+".join(["lectures"] * 200), "+".join(["i0"] * 20)), "i1"),
        (programmes("i1", "i0"), "i0"),
    ],
    ids=["sum", "product", "quotient", "if", "long", "previous", "wide", "circle"],
)
def test_indicators_that_explode_are_refused(known: Programmes, last: str) -> None:
    began = time.process_time()
    found = check_indicator(known.indicators[f"trial.{last}"], known)
    codes = {issue.code for issue in errors(found)}
    assert codes & {FormulaCode.FORMULA_019, FormulaCode.FORMULA_012}
    with pytest.raises(Refused):
        define_formula(f"{last} + {last}", NameScope(known, "trial"))
    assert time.process_time() - began < 3


def test_indicators_that_people_write_are_not() -> None:
    known = chain("X + 1", 15)
    assert not errors(check_indicator(known.indicators["trial.i15"], known))


@pytest.mark.parametrize(
    "text",
    [
        "9" * 41,
        "0." + "9" * 1_900,
        "(" * 100 + "1" + ")" * 100,
        "+".join("1" * 900),
        "-" * 1_900,
        "not " * 400 + "1",
        "min(" * 100 + "1" + ")" * 100,
        "a" * 2_001,
    ],
)
def test_what_is_too_large_is_refused_before_it_is_worked_out(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text)
    assert {one.code for one in caught.value.issues} <= {
        FormulaCode.FORMULA_001,
        FormulaCode.FORMULA_002,
    }


def test_a_value_beyond_all_bounds_has_none() -> None:
    found, small = exactly(10**11), exactly(Fraction(1, 3))
    for _ in range(60):
        found, small = arithmetic.times(found, found), arithmetic.times(small, small)
    assert (found.known, found.low, found.high) == (True, None, None)
    assert (small.known, small.low, small.high) == (True, None, None)
    for part in (exactly(10**40), exactly(Fraction(1, 2**4_000))):
        kept = arithmetic.times(part, exactly(1))
        assert kept.low == part.low
        assert str(kept.low)
        assert number(kept.low) is not None


ENDS = st.one_of(
    st.none(),
    st.fractions(max_denominator=10**9),
    st.sampled_from([Fraction(0), Fraction(10**40), Fraction(-1, 3**2_500), Fraction(7**40)]),
)
OPERATIONS = (
    arithmetic.plus, arithmetic.minus, arithmetic.times, arithmetic.over, arithmetic.smallest,
    arithmetic.largest, arithmetic.both, arithmetic.either, arithmetic.first_known,
)  # fmt: skip


def interval(low: Fraction | None, high: Fraction | None) -> Value:
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Value(low, high)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.builds(interval, ENDS, ENDS), min_size=12, max_size=12),
    st.lists(st.sampled_from(OPERATIONS), min_size=11, max_size=11),
)
def test_no_arithmetic_over_intervals_fails_or_grows(values: list[Value], works: list) -> None:
    found, *rest = values
    for work, other in zip(works, rest, strict=True):
        found = work(found, other)
        for end in (found.low, found.high):
            assert end is None or len(str(end)) < 4_300
            assert end is None or abs(float(end)) < 1e45


LEAVES = st.sampled_from(
    [
        *("lectures", "1", "0", "0.5", "9" * 40, "i0", "sum(lectures)", "max(lectures)", "norm(x)"),
        *("period_end()", "'2026-01-01'", "units('社区')", "count(lectures)", "lectures[a == 'b']"),
    ]
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=", "and", "or"])
    names = st.sampled_from(["min", "max", "coalesce", "previous", "year_before", "days_between"])
    return st.one_of(
        st.builds(lambda a, sign, b: f"({a} {sign} {b})", inner, signs, inner),
        st.builds(lambda name, a, b: f"{name}({a}, {b})", names, inner, inner),
        st.builds(lambda name, a: f"{name}({a})", names, inner),
        st.builds(lambda a, b, c: f"if({a}, {b}, {c})", inner, inner, inner),
        st.builds(lambda a: f"-{a}", inner),
        st.builds(lambda a: f"not ({a})", inner),
    )


@pytest.fixture(scope="module")
def book() -> object:
    from datetime import date

    from taizhang.core.aggregate.reference_engine import ReferenceEngine
    from taizhang.core.book import Book
    from taizhang.core.pack.test_ledger import DEFAULT_UNITS
    from taizhang.core.unit.tree import History, Unit, UnitLevel

    units = [
        Unit(code=code, name=name, level=UnitLevel(level), kind=kind, parent=parent)
        for code, name, level, kind, parent in DEFAULT_UNITS
    ]
    history = History(units)
    day = date(2026, 12, 31)
    return Book(
        programmes=programmes("lectures * 2"),
        history=history,
        engine=ReferenceEngine((), history),
        today=day,
        as_of=day,
    )


@settings(max_examples=250, deadline=None)
@given(st.recursive(LEAVES, _grown, max_leaves=10))
def test_no_formula_fails_or_takes_long(book: object, text: str) -> None:
    period = parse_period("2026")
    began = time.process_time()
    try:
        found = figures(  # type: ignore[arg-type]
            book,
            Question(indicators=(text,), units=("900101000000",), period=period, home="trial"),
        )
    except Refused:
        return
    for figure in found:
        assert figure.shown()
        assert figure.as_json()
    assert time.process_time() - began < 1
