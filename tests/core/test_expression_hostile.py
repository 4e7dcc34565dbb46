"""Expressions over hostile answers: a value or none, never an exception, never without end."""

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.base.issue import Refused
from taizhang.core.form import AnswerCode, Checker, form_from_table
from taizhang.core.form.check import MOST_STEPS
from taizhang.core.form.expression.code import ExpressionCode
from taizhang.core.form.expression.compiler import compile_expression
from taizhang.core.form.expression.value import FUNCTIONS, LARGEST, LONGEST_TEXT, Scalar

DAY = date(2026, 5, 1)


def value(text: str, **answers: object) -> Scalar:
    return compile_expression(text)(answers, DAY)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("date(${people} - 800000)", ""),
        ("date(${people} + 1000000)", ""),
        ("date(${people} - 719165)", date(1, 1, 1)),
        ("date(${people} - 719166)", ""),
        ("date('0000-00-00')", ""),
        ("date('9999-99-99')", ""),
        ("decimal-date-time('１２３４-０１-０１')", None),
        ("9999999999999999999999999999 + ${people}", None),
        ("9999999999999999999999999998 + 1", 10**28 - 1),
        ("9999999999999999999999999999 * ${people} mod 7", None),
        ("1000000000000000000000000 mod 0.0000001", None),
        ("${people} div 0", None),
        ("${people} mod 0", None),
        ("0.0000000000000000000001 * 0.0000000000000000000001", Decimal("1E-44")),
        ("0.000000000000000000000000000000000001 * 0.000000000000000000000000000000001", 0),
        ("round(9999999999999999999999999999, 20)", 10**28 - 1),
        ("round(0.5, -20)", 0),
        ("round(${people}, 9999999)", None),
        ("int(${people} * 0.5)", 1),
        ("substr('abc', 9999999999999999999999999999)", ""),
        ("substr('abc', 0 - 9999999999999999999999999999, 2)", "ab"),
        ("selected-at('a b', 9999999999999999999999999999)", ""),
        ("selected-at('a b', -1)", ""),
        ("number('９')", None),
        ("number('" + "9" * 39 + "')", None),
        ("-9999999999999999999999999999 - 1", None),
    ],
)
def test_what_has_no_bounds_is_bounded(text: str, wanted: Scalar) -> None:
    assert value(text, people=3) == wanted


def test_a_number_of_too_many_digits_is_refused_where_it_is_written() -> None:
    for text in ("(999999999999999999999999999999999999 + ${people}) mod 7", "0." + "1" * 50):
        with pytest.raises(Refused) as caught:
            compile_expression(text)
        assert [one.code for one in caught.value.issues] == [ExpressionCode.EXPRESSION_007]


def test_a_text_that_doubles_is_no_text_any_more() -> None:
    text: Scalar = "a"
    for _ in range(40):
        text = value("concat(${x}, ${x})", x=text)
        assert len(str(text)) <= LONGEST_TEXT
    assert value("concat(${x}, ${x})", x="a" * LONGEST_TEXT) is None


def test_a_square_of_squares_is_no_number_any_more() -> None:
    number: Scalar = 99999
    for _ in range(40):
        number = value("${x} * ${x}", x=number)
    assert number is None


TABLE = """
| survey |
| | type | name | label | about | calculation | constraint | choice_filter |
| | text | note | 文 | activity | | | |
%s
| choices |
| | list_name | name | label | of |
%s
"""
CHOICES = "\n".join(f"| | c | c{number} | 选 | a |" for number in range(1500))


def checked(rows: str, answers: dict[str, object]) -> tuple[dict[str, object], set[object]]:
    checker = Checker(form_from_table(TABLE % (rows.strip(), CHOICES)))
    began = time.process_time()
    clean, issues = checker.take(answers, today=DAY)
    assert time.process_time() - began < 5
    return clean, {one.code for one in issues}


def calculated(count: int, text: str, first: str = "integer") -> str:
    rows = [f"| | {first} | c0 | 数 | activity | | | |"]
    for number in range(1, count):
        before = f"${{c{number - 1}}}"
        rows.append(f"| | calculate | c{number} | | activity | {text.replace('X', before)} | | |")
    return "\n".join(rows)


def repeated(rows: str) -> str:
    return f"| | begin_repeat | rows | 行 | | | | |\n{rows}\n| | end_repeat | | | | | | |"


LONG = "a b " * 2_400
WORDS = " and ".join(["selected(${note}, 'x') = false()"] * 24)


@pytest.mark.parametrize(
    ("rows", "answers", "code"),
    [
        (calculated(33, "concat(X, X)", "text"), {"c0": "aaaaaaaaaa"}, None),
        (calculated(31, "X * X"), {"c0": 99999}, None),
        (calculated(1500, "X + 1"), {"c0": 1}, None),
        (
            repeated(calculated(400, "X + 1")),
            {"rows": [{"c0": 1} for _ in range(1000)]},
            AnswerCode.ANSWER_014,
        ),
        (
            repeated("\n".join(
                f"| | calculate | c{number} | | activity | if({WORDS}, 1, 2) | | |"
                for number in range(10)
            ) + "\n| | integer | n | 数 | activity | | | |"),
            {"note": LONG, "rows": [{"n": 1} for _ in range(1000)]},
            AnswerCode.ANSWER_014,
        ),
        (
            "| | select_multiple c | m | 选 | activity | | | of = 'a' |\n"
            + repeated("| | select_multiple c | k | 选 | activity | | | of = 'a' |"),
            {"rows": [{"k": [f"c{n}" for n in range(1500)]} for _ in range(1000)]},
            AnswerCode.ANSWER_014,
        ),
        (
            repeated("\n".join(
                f"| | integer | n{number} | 数 | activity | | . < ${{n0}} + 1 | |"
                for number in range(300)
            )),
            {"rows": [{f"n{n}": 1 for n in range(300)} for _ in range(1000)]},
            AnswerCode.ANSWER_014,
        ),
    ],
    ids=["doubled", "squared", "long chain", "rows", "words in rows", "filters", "constraints"],
)  # fmt: skip
def test_the_check_of_a_record_ends(
    rows: str, answers: dict[str, object], code: AnswerCode | None
) -> None:
    clean, codes = checked(rows, answers)
    assert codes == ({code} if code else set())
    assert bool(clean) is (code is None)


def test_a_full_register_is_no_hostile_record() -> None:
    rows = repeated(
        calculated(20, "if(X > 5, X + 1, 0)")
        + "\n| | text | code | 码 | activity | | regex(., '^[A-Z0-9-]{2,20}$') | |"
    )
    clean, codes = checked(rows, {"rows": [{"c0": 6, "code": "XC-01"} for _ in range(1000)]})
    assert codes == set()
    assert isinstance(clean["rows"], list)
    assert clean["rows"][999]["c19"] == 25
    assert MOST_STEPS > 3 * 1000 * (20 * 10 + 10)


# Whatever can be written, over whatever can be answered.

NUMBERS = ("0", "1", "0.5", "3", "9999999999999999999999999999", ".0000000000000000000000001")
LEAVES = st.sampled_from(
    [*NUMBERS, "''", "'a b'", "'2026-05-01'", "'9999-12-31'", "'-'", ".", "${n}", "${t}", "${d}",
     "${many}", "${none}", "today()"]
)  # fmt: skip


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(
        ["+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or"]
    )
    joined = st.builds(lambda a, sign, b: f"({a} {sign} {b})", inner, signs, inner)
    names = sorted(set(FUNCTIONS) - {"regex", "today", "true", "false"})

    def call(name: str, parts: list[str]) -> str:
        low, high = FUNCTIONS[name].arguments
        return f"{name}({', '.join(parts[: low if high is None else high])})"

    called = st.builds(call, st.sampled_from(names), st.lists(inner, min_size=4, max_size=4))
    return st.one_of(joined, called, st.builds(lambda a: f"-{a}", inner))


ANSWERS = st.one_of(
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=50),
    st.dates(),
    st.none(),
    st.lists(st.one_of(st.text(max_size=5), st.integers(), st.none()), max_size=5),
    st.sampled_from(["2026-05-01", "-0", "0" * 39, "a " * 4000, {"kind": "about", "low": 5}]),
)


@settings(max_examples=600, deadline=None)
@given(
    st.recursive(LEAVES, _grown, max_leaves=12),
    st.fixed_dictionaries(dict.fromkeys(("n", "t", "d", "many"), ANSWERS)),
    ANSWERS,
)
def test_no_expression_over_no_answer_fails(
    text: str, answers: dict[str, object], current: object
) -> None:
    try:
        expression = compile_expression(text)
    except Refused:
        return
    began = time.process_time()
    found = expression(answers, DAY, current)
    assert time.process_time() - began < 0.5
    assert found is None or isinstance(found, (str, int, Decimal, bool, date))
    if isinstance(found, (int, Decimal)):
        assert abs(found) < max(LARGEST, 10**31)
    assert len(str(found)) <= max(LONGEST_TEXT, 8_000)
