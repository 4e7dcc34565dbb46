"""The expression language gives what XPath gives, and what a form's author expects of blanks."""

from datetime import date
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.core.base.issue import Place, Refused
from taizhang.core.form.expression.code import ExpressionCode
from taizhang.core.form.expression.compiler import MOST_TOKENS, compile_expression
from taizhang.core.form.expression.value import FUNCTIONS

DAY = date(2026, 5, 1)
ANSWERS: dict[str, object] = {
    "held": "yes",
    "people": 12,
    "text_people": "12",
    "share": "2.50",
    "blank": "",
    "none": None,
    "on": "2026-05-01",
    "day": date(2026, 4, 30),
    "kinds": ["b", "a"],
    "words": "a b",
    "rows": [{"n": 1}, {"n": 2}],
    "n": [1, None, 2.5],
    "many": {"low": 500, "kind": "at_least"},
    "few": {"low": 0, "high": 30, "kind": "at_most"},
    "lost": {"kind": "missing"},
    "materials.kind": "fold",
}


def value(text: str, current: object = None) -> object:
    return compile_expression(text)(ANSWERS, DAY, current)


def codes(text: str) -> list[object]:
    with pytest.raises(Refused) as caught:
        compile_expression(text)
    return [issue.code for issue in caught.value.issues]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("${held} = 'yes'", True),
        ("held == 'yes'", True),
        ("held != 'yes'", False),
        ("'yes' = ${held}", True),
        ("${people} > 5 and ${people} <= 12", True),
        ("${text_people} = 12", True),
        ("${text_people} = '12.0'", False),
        ("${people} = '12.0'", True),
        ("${share} + 0.5", 3),
        ("0.1 + 0.2 = 0.3", True),
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        ("-${people}", -12),
        ("people-1", 11),
        ("7 div 2", Decimal("3.5")),
        ("7 div 0", None),
        ("-7 mod 3", -1),
        ("not(${held} = 'no') or false()", True),
        ("${on} <= today()", True),
        ("${on} < today()", False),
        ("${day} < ${on}", True),
        ("today() > date('2026-04-30')", True),
        ("date(decimal-date-time(${on}) + 31)", date(2026, 6, 1)),
        ("selected(${kinds}, 'a')", True),
        ("selected(${words}, 'c')", False),
        ("count-selected(${kinds})", 2),
        ("selected-at(${words}, 1)", "b"),
        ("if(${people} > 10, 'many', 'few')", "many"),
        ("coalesce(${blank}, ${held})", "yes"),
        ("regex(${text_people}, '^[0-9]{2}$')", True),
        ("regex(${held}, '^[0-9]$')", False),
        ("string-length(${held})", 3),
        ("concat(${held}, '-', ${people})", "yes-12"),
        ("round(2.5)", 3),
        ("round(-2.5)", -2),
        ("round(2.345, 2)", Decimal("2.35")),
        ("int(2.9)", 2),
        ("number('x')", None),
        ("sum(${n})", Decimal("3.5")),
        ("count(${rows})", 2),
        ("max(${n})", Decimal("2.5")),
        ("min(3, 2, 7)", 2),
        ("abs(-3)", 3),
        ("contains(${held}, 'e')", True),
        ("starts-with(${held}, 'y') and ends-with(${held}, 's')", True),
        ("substr(${held}, 1, 2)", "e"),
        ("normalize-space('  a   b ')", "a b"),
        ("string(${share})", "2.50"),
        ("boolean(${held})", True),
        ("materials.kind = 'fold'", True),
        ("${many} >= 500", True),
        ("${few} = 30", True),
        ("true()", True),
    ],
)
def test_value(text: str, wanted: object) -> None:
    found = value(text)
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize("name", ["blank", "none", "absent", "lost"])
def test_blank_is_an_empty_text_and_no_number(name: str) -> None:
    assert value(f"${{{name}}} = ''") is True
    assert value(f"${{{name}}} != 5") is True
    for sign in ("<", "<=", ">", ">="):
        assert value(f"${{{name}}} {sign} 0") is False
    assert value(f"${{{name}}} + 1") is None
    assert not value(f"${{{name}}}")


def test_dot_is_the_checked_answer() -> None:
    assert value(". >= 0 and . <= 10", 10) is True
    assert value(". >= 0 and . <= 10", 11) is False
    assert compile_expression(". > 1").self_reference is True
    assert compile_expression("a > 1").self_reference is False


def test_names_and_compared_texts_are_known() -> None:
    found = compile_expression("${held} = 'yes' and selected(kinds, 'a') and concat(x, 'z') = y")
    assert found.names == {"held", "kinds", "x", "y"}
    assert found.literals == {("held", "yes"), ("kinds", "a")}
    assert compile_expression("on <= today()").uses_today is True


@pytest.mark.parametrize("text", ["${a", "a =", "", "a b", "((a)", "'open", "a ++ b", "=", "a,b"])
def test_unreadable_is_refused(text: str) -> None:
    assert codes(text) == [ExpressionCode.EXPRESSION_001]


def test_every_fault_is_named_at_once_with_the_place() -> None:
    with pytest.raises(Refused) as caught:
        compile_expression("now() and foo(1) and if(1) and regex(a, 'x')", Place("f.md", 7))
    assert [issue.code for issue in caught.value.issues] == [
        ExpressionCode.EXPRESSION_003,
        ExpressionCode.EXPRESSION_002,
        ExpressionCode.EXPRESSION_004,
        ExpressionCode.EXPRESSION_006,
    ]
    assert {issue.place for issue in caught.value.issues} == {Place("f.md", 7)}


@pytest.mark.parametrize(
    "text", ["once(1)", "uuid()", "pulldata('a', 'b', 'c', d)", "jr:choice-name(a, 'b')"]
)
def test_what_depends_on_chance_or_device_is_refused(text: str) -> None:
    assert codes(text) == [ExpressionCode.EXPRESSION_003]


@pytest.mark.parametrize("pattern", ["^(a+)+$", "[0-9]+", "^[0-9]", "^" + "a" * 201 + "$", "^[$"])
def test_slow_or_loose_patterns_are_refused(pattern: str) -> None:
    assert codes(f"regex(a, '{pattern}')") == [ExpressionCode.EXPRESSION_006]


@pytest.mark.parametrize(
    "text",
    ["not(" * 390 + "1" + ")" * 390, "-" * 1900 + "1", "+".join("1" * 250), "a" * 3000],
)
def test_what_could_exhaust_the_machine_is_refused(text: str) -> None:
    assert codes(text) == [ExpressionCode.EXPRESSION_005]


def test_the_deepest_allowed_expression_still_runs() -> None:
    depth = MOST_TOKENS - 1
    assert value("not(" * depth + "a" + ")" * depth) is (depth % 2 == 1)
    assert value("+".join(["1"] * (MOST_TOKENS // 2))) == MOST_TOKENS // 2


numbers = st.integers(-10_000, 10_000)


@given(left=numbers, right=numbers)
def test_arithmetic_agrees_with_python(left: int, right: int) -> None:
    answers = {"a": left, "b": str(right)}

    def run(text: str) -> object:
        return compile_expression(text)(answers, DAY)

    assert run("a + b") == left + right
    assert run("a - b") == left - right
    assert run("a * b") == left * right
    assert run("a < b") is (left < right)
    assert run("a = b") is (left == right)
    assert run("not(a >= b)") is (left < right)
    if right:
        assert run("a div b * b") == pytest.approx(left)


def run_or_refused(text: str) -> bool:
    """Nothing but a Refused with issues may come out of a text."""
    try:
        compile_expression(text)(ANSWERS, DAY, "x")
    except Refused as refused:
        return bool(refused.issues)
    return True


@given(st.text(max_size=40))
def test_any_text_compiles_or_is_refused_with_issues(text: str) -> None:
    assert run_or_refused(text)


@given(st.lists(st.sampled_from([*FUNCTIONS, "(", ")", ",", "a", "'x'", "1", "=", "and", "."])))
def test_any_words_compile_or_are_refused(words: list[str]) -> None:
    assert run_or_refused(" ".join(words))


def test_a_simple_comparison_is_fast() -> None:
    run = compile_expression("${held} = 'yes'")
    times, count = [], 50_000
    for _ in range(3):
        start = process_time()
        for _ in range(count):
            run(ANSWERS, DAY)
        times.append(process_time() - start)
    assert count / min(times) >= 300_000
