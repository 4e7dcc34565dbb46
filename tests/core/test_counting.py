"""What a record states: every clause of the counting rules, and that counting is fast."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from taizhang.core.base.quantity import MISSING, Quantity, QuantityKind, exact
from taizhang.core.counting.counter import Counter, facts_of
from taizhang.core.counting.fact import Fact, Submission
from taizhang.core.counting.measure import CountingRule
from taizhang.core.form import EntitySpec, Field, Form

FORM = Form(
    key="he.lecture",
    title="讲座",
    version="1",
    fields=(
        Field(name="held", type="select_one", label="已举办"),
        Field(name="held_on", type="date", label="日期"),
        Field(name="topic", type="select_one", label="主题"),
        Field(name="people", type="integer", label="人次"),
        Field(name="board", type="text", label="宣传栏"),
        Field(name="kind", type="select_one", label="种类", repeat="materials"),
        Field(name="copies", type="integer", label="份数", repeat="materials"),
        Field(name="given_on", type="date", label="日期", repeat="materials"),
    ),
    repeats=("materials",),
)
LECTURES = CountingRule(
    form="he.lecture",
    date="held_on",
    when="held == 'yes'",
    by={"topic": "topic"},
    facts={"he.lectures": 1, "he.attendance": "people"},
    entity="board",
)
MATERIALS = CountingRule(
    form="he.lecture",
    date="materials.given_on",
    each="materials",
    when="materials.kind != 'none' and held = 'yes'",
    by={"kind": "materials.kind", "topic": "topic"},
    facts={"he.materials": "materials.copies"},
)
RULES = (LECTURES, MATERIALS)
ANSWERS = {
    "held": "yes",
    "held_on": "2026-05-06",
    "topic": "tb",
    "people": 35,
    "board": "B1",
    "materials": [
        {"kind": "leaflet", "copies": 100, "given_on": "2026-06-01"},
        {"kind": "none", "copies": 7},
        {"kind": "book", "copies": None},
    ],
}


def record(**changes: object) -> Submission:
    values: dict[str, object] = {
        "id": "r1",
        "form": "he.lecture",
        "unit": "360602001001",
        "date": date(2026, 5, 7),
        "answers": ANSWERS,
        **changes,
    }
    return Submission(**values)  # type: ignore[arg-type]


def test_each_clause_of_a_rule() -> None:
    at = datetime(2026, 5, 8, tzinfo=UTC)
    lecture, attendance, leaflets, books = facts_of(record(accepted_at=at), FORM, RULES)
    assert lecture == Fact(
        record="r1",
        ordinal=0,
        measure="he.lectures",
        unit="360602001001",
        date=date(2026, 5, 6),
        value=exact(1),
        dimensions={"topic": "tb"},
        entity="B1",
        accepted_at=at,
    )
    assert (attendance.ordinal, attendance.measure, attendance.value) == (
        1,
        "he.attendance",
        exact(35),
    )
    assert (leaflets.ordinal, leaflets.date, leaflets.value) == (2, date(2026, 6, 1), exact(100))
    assert leaflets.dims == '{"kind":"leaflet","topic":"tb"}'
    assert leaflets.entity is None
    # A blank answer is a fact with a missing value; a blank date falls back on the record's.
    assert (books.ordinal, books.date, books.value) == (3, date(2026, 5, 7), MISSING)


def test_what_a_form_keeps_is_told_apart_by_unit() -> None:
    # Every community has a board B1; a number that no form keeps means the same everywhere.
    kept = replace(FORM, entity=EntitySpec(dataset="boards", id_field="board"))
    found = facts_of(record(with_units=("360602001002",)), kept, (LECTURES,))
    assert {(fact.unit, fact.entity) for fact in found} == {
        ("360602001001", "360602001001:B1"),
        ("360602001002", "360602001001:B1"),  # credited, yet one board
    }
    other = facts_of(record(unit="360602001002"), kept, (LECTURES,))
    assert {fact.entity for fact in other} == {"360602001002:B1"}
    unnamed = facts_of(record(answers={**ANSWERS, "board": ""}), kept, (LECTURES,))
    assert {fact.entity for fact in unnamed} == {None}


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("", MISSING),
        ("12.5", exact("12.5")),
        (Decimal("0.0001"), exact("0.0001")),
        (0, exact(0)),
        (
            Quantity(Decimal(500), None, QuantityKind.AT_LEAST),
            Quantity(Decimal(500), None, QuantityKind.AT_LEAST),
        ),
        (
            {"low": 200, "high": 999, "kind": "between"},
            Quantity(Decimal(200), Decimal(999), QuantityKind.BETWEEN),
        ),
        (
            {"high": 500, "kind": "at_most"},
            Quantity(Decimal(0), Decimal(500), QuantityKind.AT_MOST),
        ),
    ],
)
def test_quantities_pass_through(answer: object, value: Quantity) -> None:
    found = facts_of(record(answers={**ANSWERS, "people": answer}), FORM, (LECTURES,))
    assert found[1].value == value


@pytest.mark.parametrize("answer", [True, "many", [1], float("inf"), "0.00001"])
def test_what_is_no_quantity_is_refused(answer: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - core.quantity words it
        facts_of(record(answers={**ANSWERS, "people": answer}), FORM, (LECTURES,))


def test_blank_dimension_is_absent_and_false_condition_states_nothing() -> None:
    found = facts_of(record(answers={**ANSWERS, "topic": "", "board": None}), FORM, (LECTURES,))
    assert found[0].dimensions == {}
    assert found[0].dims == ""
    assert found[0].entity is None
    assert facts_of(record(answers={**ANSWERS, "held": "no"}), FORM, RULES) == ()
    assert facts_of(record(answers={"held": "yes"}), FORM, (MATERIALS,)) == ()
    assert facts_of(record(form="he.other"), FORM, ()) == ()


def test_ordinals_do_not_depend_on_credited_units() -> None:
    alone = facts_of(record(), FORM, RULES)
    assert [fact.joint for fact in alone] == [False] * 4
    credited = ("360602001002", "360602001001", "360602001002", "360602002001")
    together = facts_of(record(with_units=credited), FORM, RULES)
    assert {fact.joint for fact in together} == {True}
    units = ["360602001001", "360602001002", "360602002001"]
    assert [(fact.ordinal, fact.unit) for fact in together] == [
        (ordinal, unit) for ordinal in range(4) for unit in units
    ]
    assert [fact.measure for fact in together[::3]] == [fact.measure for fact in alone]


def test_credit_of_the_own_unit_alone_is_not_joint() -> None:
    assert not facts_of(record(with_units=("360602001001",)), FORM, RULES)[0].joint


def test_bare_name_in_a_repeat_means_the_row_first() -> None:
    rule = CountingRule(
        form="he.lecture",
        date="held_on",
        each="materials",
        when="${kind} = 'book'",
        facts={"he.books": 1},
    )
    found = facts_of(record(answers={**ANSWERS, "kind": "leaflet"}), FORM, (rule,))
    assert [(fact.ordinal, fact.measure) for fact in found] == [(0, "he.books")]


def test_dates_may_be_text_or_date_and_nothing_else() -> None:
    answers = {**ANSWERS, "held_on": date(2026, 5, 6)}
    assert facts_of(record(answers=answers), FORM, RULES) == facts_of(record(), FORM, RULES)
    for wrong in (datetime(2026, 5, 6, tzinfo=UTC), 20260506, "soon"):
        with pytest.raises(ValueError):  # noqa: PT011 - two sources of words
            facts_of(record(answers={**ANSWERS, "held_on": wrong}), FORM, RULES)


def test_rows_must_be_rows() -> None:
    for wrong in ("leaflet", [1], {"kind": "x"}):
        with pytest.raises(ValueError, match="list of rows"):
            facts_of(record(answers={**ANSWERS, "materials": wrong}), FORM, (MATERIALS,))


def test_rule_that_cannot_work_is_refused_when_prepared() -> None:
    with pytest.raises(ValueError, match="no repeat 'boards'"):
        Counter(FORM, [CountingRule(form="he.lecture", date="held_on", each="boards", facts={})])
    with pytest.raises(ValueError, match="each: materials"):
        Counter(
            FORM, [CountingRule(form="he.lecture", date="held_on", facts={"m": "materials.copies"})]
        )


def test_counting_is_fast() -> None:
    counter = Counter(FORM, RULES)
    one = record()
    fastest = 0.0
    for _ in range(5):
        started = time.process_time()
        for _ in range(2000):
            counter.facts(one)
        fastest = max(fastest, 2000 / (time.process_time() - started))
    # 30,000 records a second are wanted; half of it leaves room for a busy machine.
    assert fastest > 15_000


def test_blank_answers_that_a_number_needs_are_named() -> None:
    counter, day = Counter(FORM, RULES), date(2026, 5, 7)

    def blanks(**changes: object) -> tuple[str, ...]:
        return counter.blanks({**ANSWERS, **changes}, day)

    assert blanks() == ("materials.copies",)  # of the book; what is none counts for nothing
    assert blanks(materials=[]) == ()  # a lecture without leaflets is a whole lecture
    assert blanks(people=None, materials=[]) == ("people",)
    assert blanks(people="", held="no") == ()  # what was not held needs no number


def test_where_only_rows_count_a_record_without_rows_names_them() -> None:
    each = replace(MATERIALS, when=None)
    day = date(2026, 5, 7)
    assert Counter(FORM, [each]).blanks({"held": "yes"}, day) == ("materials",)
    assert Counter(FORM, [each]).blanks(ANSWERS, day) == ("materials.copies",)
    assert Counter(FORM, [LECTURES, each]).blanks({**ANSWERS, "materials": []}, day) == ()
