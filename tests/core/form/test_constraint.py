"""A constraint refuses what is certainly wrong: a bound that nobody knows is no check."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from taizhang.core.form import check, form_from_table
from taizhang.core.form.expression.bound import compile_constraint, unless_missing
from taizhang.core.form.expression.compiler import compile_expression
from taizhang.core.form.xform import xform

MISSING = {"kind": "missing"}


@pytest.mark.parametrize(
    ("written", "served"),
    [
        (". >= 0 and . <= 10", ". >= 0 and . <= 10"),
        (". <= ${x}", "(${x} = '' or . <= ${x})"),
        ("${x} = '' or . <= ${x}", "${x} = '' or . <= ${x}"),
        ("not(. > ${x})", "(${x} = '' or . <= ${x})"),
        ("not(. > ${x} or . < 3)", "((${x} = '' or . <= ${x}) and . >= 3)"),
        (". = ${a} + ${b}", "(${a} = '' or ${b} = '' or . = (${a} + ${b}))"),
        (". != ${x}", "(${x} = '' or . != ${x})"),
        (". <= ${a} div ${b}", "(${a} = '' or ${b} = '' or ${b} = 0 or . <= (${a} div ${b}))"),
        (". <= ${a} div 2", "(${a} = '' or . <= (${a} div 2))"),
        (". <= sum(${r})", "(count-non-empty(${r}) < count(${r}) or . <= sum(${r}))"),
        (". <= max(${a}, 5)", "(${a} = '' or . <= max(${a}, 5))"),
        (". <= coalesce(${x}, 5)", ". <= coalesce(${x}, 5)"),
        (
            ". <= coalesce(${x}, ${y})",
            "(((${x} = '') and (${y} = '')) or . <= coalesce(${x}, ${y}))",
        ),
        (
            ". <= if(${k} = 'a', ${x}, 10)",
            "(if((${k} = 'a'), ${x} = '', false()) or . <= if((${k} = 'a'), ${x}, 10))",
        ),
        (
            "if(${x} > 3, . < 5, . < 9)",
            "(((${x} = '' or ${x} > 3) and . < 5) or ((${x} = '' or ${x} <= 3) and . < 9))",
        ),
        ("${k} = 'a' or . <= 5", "${k} = 'a' or . <= 5"),
        ("${d} != '' and . >= ${d}", "((${d} != '') and (${d} = '' or . >= ${d}))"),
        ("string-length(.) < 5 and selected(${m}, 'a')", None),
        ("regex(., '^[A-Z]{2}$')", None),
        (". <= ${x", None),
        ("(" * 3000, None),
    ],
)
def test_rewritten(written: str, served: str | None) -> None:
    assert unless_missing(written) == (written if served is None else served)


@pytest.mark.parametrize(
    ("constraint", "answer", "others", "is_taken"),
    [
        (". <= ${x}", 167, {}, True),
        (". <= ${x}", 167, {"x": ""}, True),
        (". <= ${x}", 167, {"x": MISSING}, True),
        (". <= ${x}", 167, {"x": 100}, False),
        (". >= ${x}", 167, {}, True),
        (". <= ${x}", 167, {"x": {"kind": "at_least", "low": 100}}, True),
        (". <= ${x}", 167, {"x": {"kind": "at_most", "high": 100}}, False),
        (". >= ${x}", 90, {"x": {"kind": "at_most", "high": 100}}, True),
        (". <= ${x}", {"kind": "between", "low": 90, "high": 200}, {"x": 100}, True),
        (". <= ${x}", {"kind": "between", "low": 190, "high": 200}, {"x": 100}, False),
        (". <= ${x}", {"kind": "at_least", "low": 90}, {"x": 100}, True),
        (". <= ${x}", {"kind": "at_least", "low": 101}, {"x": 100}, False),
        (". <= 100", {"kind": "at_most", "high": 500}, {}, True),
        (". >= 10 and . <= 20", {"kind": "between", "low": 5, "high": 30}, {}, True),
        (". >= 10 and . <= 20", {"kind": "between", "low": 21, "high": 30}, {}, False),
        (". = ${x}", 15, {"x": {"kind": "between", "low": 5, "high": 30}}, True),
        (". = ${x}", 35, {"x": {"kind": "between", "low": 5, "high": 30}}, False),
        (". <= ${x} - ${y}", 8, {"x": 10, "y": {"kind": "between", "low": 1, "high": 5}}, True),
        (". <= ${x} - ${y}", 8, {"x": 10, "y": {"kind": "between", "low": 3, "high": 5}}, False),
        (". <= ${x} - ${y}", 8, {"x": 10}, True),
        (". <= ${x} - ${y}", 8, {"x": 10, "y": 3}, False),
        (". <= sum(${r})", 8, {"r": [3, None]}, True),
        (". <= sum(${r})", 8, {"r": [3, MISSING]}, True),
        (". <= sum(${r})", 8, {"r": [3, {"kind": "at_least", "low": 2}]}, True),
        (". <= sum(${r})", 8, {"r": [3, {"kind": "between", "low": 2, "high": 4}]}, False),
        (". <= sum(${r})", 8, {"r": [3, 4]}, False),
        (". <= ${a} div ${b}", 8, {"a": 5, "b": 0}, True),
        ("not(. > ${x})", 8, {"x": {"kind": "between", "low": 5, "high": 9}}, True),
        ("not(. > ${x})", 8, {"x": {"kind": "between", "low": 5, "high": 7}}, False),
        (". >= ${d}", "2026-05-01", {}, True),
        (". >= ${d}", "2026-05-01", {"d": "2026-05-02"}, False),
    ],
)
def test_only_what_is_certainly_wrong_is_refused(
    constraint: str, answer: object, others: dict[str, object], is_taken: bool
) -> None:
    assert bool(compile_constraint(constraint)(others, None, answer)) is is_taken


def test_more_rough_numbers_than_can_be_tried_refuse_nothing() -> None:
    names = [f"n{number}" for number in range(9)]
    rough = {name: {"kind": "between", "low": 1, "high": 2} for name in names}
    text = ". <= " + " + ".join(f"${{{name}}}" for name in names)
    assert compile_constraint(text)(rough, None, 1000) is True


@dataclass(frozen=True)
class Comparison:
    left: str
    sign: str
    right: str


@dataclass(frozen=True)
class Joined:
    word: str  # and, or, not, if
    parts: tuple["Comparison | Joined", ...]


_SIDES = st.sampled_from([".", "${x}", "${y}", "${x} - ${y}", "${x} + 2", "3", "0"])
_PARTS = st.recursive(
    st.builds(Comparison, _SIDES, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), _SIDES),
    lambda inner: st.one_of(
        st.builds(Joined, st.sampled_from(["and", "or"]), st.tuples(inner, inner)),
        st.builds(Joined, st.just("not"), st.tuples(inner)),
        st.builds(Joined, st.just("if"), st.tuples(inner, inner, inner)),
    ),
    max_leaves=6,
)
_ROUGH = st.tuples(st.integers(0, 4), st.integers(0, 3)).map(
    lambda pair: {"kind": "between", "low": pair[0], "high": pair[0] + pair[1]}
)
_NUMBERS = st.one_of(st.integers(0, 6), _ROUGH)
_ANSWERS = st.one_of(st.none(), st.just(""), st.just(MISSING), _NUMBERS)


def written(part: Comparison | Joined) -> str:
    if isinstance(part, Comparison):
        return f"{part.left} {part.sign} {part.right}"
    inside = [f"({written(inner)})" for inner in part.parts]
    if part.word in ("not", "if"):
        return f"{part.word}({', '.join(inside)})"
    return f" {part.word} ".join(inside)


def may_be(part: Comparison | Joined, answers: Mapping[str, object], wanted: bool) -> bool:
    """Say by trying every number whether a part may be as wanted; what is not known may be all."""
    if isinstance(part, Joined):
        if part.word == "not":
            return may_be(part.parts[0], answers, not wanted)
        if part.word == "if":
            test, then, other = part.parts
            arms = ((True, then), (False, other))
            return any(may_be(test, answers, y) and may_be(a, answers, wanted) for y, a in arms)
        every = all if (part.word == "and") is wanted else any
        return every(may_be(inner, answers, wanted) for inner in part.parts)
    text = f"{part.left} {part.sign} {part.right}"
    names = [name for name in answers if name in re.findall(r"[xy]|\.", text)]
    choices = [_numbers(answers[name]) for name in names]
    if not all(choices):
        return True
    plain = compile_expression(text)
    seen = (dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*choices))
    return any(bool(plain(one, None, one.get("."))) is wanted for one in seen)


def _numbers(answer: object) -> list[int]:
    if isinstance(answer, int):
        return [answer]
    if isinstance(answer, Mapping) and "low" in answer:
        return list(range(int(answer["low"]), int(answer["high"]) + 1))
    return []


@given(_PARTS, _NUMBERS, _ANSWERS, _ANSWERS)
@example(Comparison(".", "=", "${x}"), 3, {"kind": "between", "low": 1, "high": 4}, None)
@example(
    Joined("not", (Comparison(".", "<", "3"),)), {"kind": "between", "low": 0, "high": 3}, 0, 0
)
@settings(max_examples=400)
def test_refused_is_what_no_number_could_make_right(
    part: Comparison | Joined, answer: object, x: object, y: object
) -> None:
    answers = {".": answer, "x": x, "y": y}
    taken = bool(compile_constraint(written(part))({"x": x, "y": y}, None, answer))
    assert taken is may_be(part, answers, True)


@given(_PARTS, st.integers(0, 6), st.none() | st.integers(0, 6), st.none() | st.integers(0, 6))
def test_the_phone_takes_what_the_ledger_takes(
    part: Comparison | Joined, answer: int, x: int | None, y: int | None
) -> None:
    """The phone reads what is served by XPath's rules, in which a blank fails every comparison."""
    form = form_from_table(
        f"""
        | survey |
        |        | type    | name | label | constraint |
        |        | integer | x    | 甲    |            |
        |        | integer | y    | 乙    |            |
        |        | integer | n    | 数    | {written(part)} |
        """
    )
    served, complaints = xform(form)
    assert not complaints
    condition = re.search(r'nodeset="/data/n"[^>]*? constraint="([^"]*)"', served)
    assert condition is not None
    text = re.sub(r"/data/([xy])", r"${\1}", condition[1])
    for sign, name in (("<", "lt"), (">", "gt"), ("'", "apos"), ("&", "amp")):
        text = text.replace(f"&{name};", sign)
    answers = {name: value for name, value in (("x", x), ("y", y)) if value is not None}
    on_phone = bool(compile_expression(text)(answers, None, answer))
    assert on_phone is (not check(form, {**answers, "n": answer}))
