"""A cap over a duty counts in each unit that owes: hand-made ledgers, and a second route."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.base.figure import Figure, FlagName, ReasonCode
from taizhang.core.base.period import Month, Period, parse_period
from taizhang.core.definition.norm import Norm, NormVersion
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula import NameScope, define
from taizhang.core.indicator import Question, figures
from taizhang.core.unit.tree import ClosureRow
from tests.core.ledger import book, figure, flags, indicator, pack, value
from tests.strategies import DISTRICT, STREETS, Town, exact_quantities, towns

ALL = "SA,SB,SC,TA 2026-01..2026-12"
#: SA did half as much again as the six it owes, SC the six, SB and TA did less.
WORK = """
2026-05-09 SA lectures 9
2026-05-09 SB lectures 2
2026-05-01 SC lectures 6
2026-06-01 TA lectures 1
"""


def counted(found: Figure) -> tuple[object, ...]:
    return (found.numerator, found.denominator, found.done, found.owed, found.reached, found.of)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("SA", (6, 6, 9, 6, 1, 1)),
        ("SB", (2, 6, 2, 6, 0, 1)),
        ("S", (14, 18, 17, 18, 2, 3)),
        ("D", (15, 24, 18, 24, 2, 4)),
    ],
)
def test_a_cap_holds_where_the_duty_is(unit: str, expected: tuple[int, ...]) -> None:
    found = figure(book(WORK, ALL), "completion", unit)
    assert counted(found) == expected
    assert found.value == Fraction(100 * expected[0], expected[1])
    shape = found.as_json()
    assert [shape[key] for key in ("done", "owed", "reached", "of")] == list(expected[2:])


def test_the_sentence_says_how_many_reach_it_and_what_was_done_in_all() -> None:
    found = figure(book(WORK, ALL), "completion", "S")
    assert "14 ÷ 18（共完成17），为77.8%；3个社区中2个达到。" in found.sentence
    assert "capped" in flags(found)
    english = replace(book(WORK, ALL), language="en")
    assert "2 of 3 units reach it" in figure(english, "completion", "S").sentence
    assert "达到" not in figure(book(WORK, ALL), "completion", "SA").sentence
    villages = "D 区 -\nS 街道 D\nSA 社区 S\nSB 村 S"
    mixed = figure(book(WORK, ALL, villages), "completion", "S")
    assert mixed.reach == "2个村（社区）中1个达到"


def test_a_joint_activity_counts_in_each_duty_and_once_in_the_sum() -> None:
    joint = "2026-05-09 SA lectures 3 !j\n2026-05-09 SB lectures 3 !j\n2026-05-01 SC lectures 6"
    found = figure(book(joint, ALL), "completion", "S")
    assert counted(found) == (3 + 3 + 6, 18, 3 + 6, 18, 1, 3)
    assert "几个单位共同开展的，各单位的任务都计，合计只计一次。" in found.sentence
    assert "共同开展" not in figure(book(WORK, ALL), "completion", "S").sentence


HALF = Fraction(1, 2)


def test_a_unit_that_is_not_known_adds_its_known_month_and_reaches_nothing() -> None:
    """Of SC May alone is known: half of one lecture is owed in it, and met."""
    found = figure(book(WORK, "SA,SB,TA 2026-01..2026-12"), "completion", "S")
    assert counted(found) == (6 + 2 + HALF, 12 + HALF, 9 + 2 + 6, 12 + HALF, 1, 2)
    assert "of_months 25/36" in flags(found)


def test_a_value_that_is_missing_leaves_its_month_out() -> None:
    found = figure(book(WORK + "2026-07-01 SC lectures ?", ALL), "completion", "S")
    met = 6 + 2 + 11 * HALF
    assert counted(found) == (met, 18 - HALF, 9 + 2 + 6, 18 - HALF, 2, 3)


def test_a_unit_of_which_no_month_is_known_is_out_of_both_sums() -> None:
    """SC's one month holds a value that nobody knows, so what it did there bounds nothing."""
    doubtful = WORK + "2026-05-02 SC lectures ?"
    found = figure(book(doubtful, "SA,SB,TA 2026-01..2026-12"), "completion", "S")
    assert counted(found) == (6 + 2, 12, 9 + 2, 12, 1, 2)


def test_where_nobody_is_known_there_is_no_duty() -> None:
    found = figure(book("", ""), "completion", "S")
    assert found.reason is not None
    assert (found.done, found.owed, found.reached, found.of) == (None, None, None, None)


def test_a_rough_number_leaves_the_met_part_between_two() -> None:
    found = figure(
        book("2026-05-09 SA lectures 3..9\n2026-05-09 SB lectures 6+", ALL), "completion", "S"
    )
    assert (found.low, found.high) == (Fraction(100 * 9, 18), Fraction(100 * 12, 18))
    assert found.reached == 1  # SB certainly, SA perhaps


def test_a_cap_over_a_hundred_lets_each_unit_do_more() -> None:
    wide = indicator("wide", numerator="lectures", denominator="norm(lectures)", cap=120)
    found = figure(book(WORK, ALL, indicators=[wide]), "wide", "S")
    assert found.numerator == Fraction(72, 10) + 2 + 6
    assert found.reached == 2


def test_units_of_a_kind_that_owes_nothing_make_up_for_nobody() -> None:
    """The norm binds communities; a village's lectures are done, not owed."""
    tree = "D 区 -\nS 街道 D\nSA 社区 S\nSV 村 S"
    work = "2026-05-01 SA lectures 2\n2026-05-01 SV lectures 20"
    only = pack(mirrors={"社区": "卫生服务站"})
    ledger = book(work, "SA,SV 2026-01..2026-12", tree, programmes=Programmes((only,)))
    assert counted(figure(ledger, "completion", "S")) == (2, 6, 22, 6, 0, 1)


# quotas


class Handed:
    """Quotas handed down, by unit, for the whole year."""

    def __init__(self, **quotas: int) -> None:
        self.quotas = quotas

    def handed(self, measure: str, unit: str, period: Period) -> Fraction | None:
        assert measure == "he.lectures"
        quota = self.quotas.get(unit) if period == parse_period("2026") else None
        return None if quota is None else Fraction(quota)


TASK = indicator("task", numerator="lectures", denominator="target(lectures)", cap=100)


@pytest.mark.parametrize(
    ("quotas", "expected"),
    [
        # what is handed on in full is owed where it went
        ({"S": 12, "SA": 4, "SB": 4, "SC": 4}, (4 + 2 + 4, 12, 17, 12, 2, 3)),
        # a quota of the street itself, other than its units' together, is the street's own duty
        ({"S": 40, "SA": 4, "SB": 4, "SC": 4}, (17, 40, 17, 40, 0, 1)),
        ({"S": 10}, (10, 10, 17, 10, 1, 1)),
    ],
)
def test_a_quota_is_owed_where_it_was_handed(
    quotas: dict[str, int], expected: tuple[int, ...]
) -> None:
    ledger = book(WORK, ALL, indicators=[TASK], targets=Handed(**quotas))
    assert counted(figure(ledger, "task", "S")) == expected


# which indicators are over a duty follows from their formula


LIMIT = Norm(
    key="he.density",
    label="密度",
    measure=None,
    unit="次",
    versions=(NormVersion(document="限值", values={"社区": Fraction(3)}, spread="limit"),),
)
RATE = Norm(
    key="he.share",
    label="比例",
    measure=None,
    unit="percent",
    versions=(NormVersion(document="要求", values={"社区": Fraction(90)}),),
)
OWED = indicator("owed", "次", formula="norm(lectures)")
_NORMS = {"he.lectures": pack().norms["he.lectures"], "he.density": LIMIT, "he.share": RATE}


@pytest.mark.parametrize(
    ("parts", "over"),
    [
        ({"numerator": "lectures", "denominator": "norm(lectures)"}, True),
        ({"formula": "lectures / norm(lectures)"}, True),
        ({"numerator": "lectures", "denominator": "norm(lectures) * 2"}, True),
        ({"numerator": "lectures", "denominator": "owed"}, True),
        (
            {"numerator": "lectures", "denominator": "coalesce(target(lectures), norm(lectures))"},
            True,
        ),
        ({"numerator": "lectures", "denominator": "12"}, False),
        ({"numerator": "lectures", "denominator": "year_before(lectures)"}, False),
        ({"numerator": "attendance", "denominator": "lectures"}, False),
        ({"numerator": "lectures", "denominator": "norm(lectures) + lectures"}, False),
        ({"numerator": "lectures", "denominator": "norm(density)"}, False),
        ({"numerator": "coverage", "denominator": "norm(share)"}, False),
    ],
)
def test_what_is_over_a_duty_is_read_from_the_formula(parts: dict[str, str], over: bool) -> None:
    asked = indicator("asked", "ratio", cap=1, **parts)
    scope = NameScope(Programmes((pack(asked, OWED, norms=_NORMS),)))
    assert (define(asked, scope).owing is not None) is over
    assert define(replace(asked, cap=None), NameScope(scope.programmes)).owing is None


def test_a_duty_keeps_its_cap_inside_another_formula() -> None:
    ledger = book(WORK, ALL)
    assert value(ledger, "coalesce(completion, 0)", "S") == Fraction(1400, 18)
    assert value(ledger, "units_where(completion >= 100, '社区')", "S") == 2


def test_each_month_and_each_unit_is_asked_alike() -> None:
    ledger = book(WORK, ALL)
    question = Question(
        units=("D",), period=parse_period("2026"), indicators=("completion",), by="unit", home="he"
    )
    assert [counted(found)[:2] for found in figures(ledger, question)] == [(14, 18), (1, 6)]
    months = figures(ledger, replace(question, by="month"))
    assert [found.numerator for found in months][4:6] == [Fraction(3, 2), Fraction(1, 2)]


def test_an_outsider_reads_no_part_of_a_duty_that_is_withheld() -> None:
    persons = indicator("persons", numerator="births", denominator="norm(births)", cap=100)
    births = replace(_NORMS["he.lectures"], key="he.births", measure="he.births", unit="人")
    programmes = Programmes((pack(persons, norms={"he.births": births}),))
    ledger = book("2026-05-09 SA births 3", ALL, programmes=programmes, public=True)
    found = figure(ledger, "persons", "S")
    assert found.reason is not None
    assert found.reason.code is ReasonCode.SUPPRESSED
    assert (found.done, found.owed, found.reached, found.of, found.reach) == (
        *(None, None, None, None),
        "",
    )


# a second route: loops over the facts and the closure table

PERIODS = st.sampled_from(["2026", "2026H1", "2026-03", "2026-02..2026-10"]).map(parse_period)


def under(rows: tuple[ClosureRow, ...], unit: str, day: date) -> dict[str, str]:
    """Give each code that rolls up to a unit, with the code under which its facts lie."""
    valid = [
        row for row in rows if (row.valid_from or date.min) <= day <= (row.valid_to or date.max)
    ]
    nearest: dict[str, tuple[int, str]] = {}
    for row in valid:
        nearest[row.code] = min(nearest.get(row.code, (99, "")), (row.depth, row.ancestor))
    return {row.code: nearest[row.code][1] for row in valid if row.ancestor == unit}


def owed_by(town: Town, code: str, months: tuple[Month, ...]) -> Fraction:
    """Six lectures a year, a twelfth for each month at whose end a community existed."""
    lives = [row for row in town.history.rows(code) if row.kind in ("社区", "村")]
    existed = sum(any(row.exists_on(month.end) for row in lives) for month in months)
    return Fraction(existed, 2)


def by_hand(town: Town, unit: str, period: Period) -> tuple[Any, ...]:
    """Work out met, owed, done, reached, of by plain loops."""
    seats = under(town.history.closure(), unit, period.end)
    owed: Mapping[str, Fraction] = defaultdict(Fraction)
    done: dict[str, dict[str, int]] = defaultdict(dict)
    everything: dict[str, int] = {}
    for code, seat in seats.items():
        owed[seat] += owed_by(town, code, period.months())  # type: ignore[index]
    for fact in town.facts:
        if (
            fact.measure == "he.lectures"
            and fact.unit in seats
            and period.start <= fact.date <= period.end
        ):
            number = int(fact.value.low or 0)
            everything[fact.record] = number
            done[seats[fact.unit]][fact.record] = number
    bound = {seat: amount for seat, amount in owed.items() if amount}
    met = sum(min(Fraction(sum(done[seat].values())), amount) for seat, amount in bound.items())
    reached = sum(sum(done[seat].values()) >= amount for seat, amount in bound.items())
    return met, sum(bound.values()), sum(everything.values()), reached, len(bound)


@settings(max_examples=80, deadline=None)
@given(
    towns(values=exact_quantities, all_closed=True),
    PERIODS,
    st.sampled_from([DISTRICT, *STREETS]),
)
def test_what_is_met_is_what_plain_loops_find(town: Town, period: Period, unit: str) -> None:
    question = Question(units=(unit,), period=period, indicators=("completion",), home="he")
    (found,) = figures(town.book(), question)
    expected = by_hand(town, unit, period)
    if not expected[1]:
        assert found.value is None
        return
    assert found.value == 100 * found.numerator / found.denominator
    assert (found.numerator, found.denominator, found.done, found.reached, found.of) == expected
    assert found.owed == found.denominator


@settings(max_examples=60, deadline=None)
@given(towns(), PERIODS, st.sampled_from([DISTRICT, *STREETS]))
def test_what_is_met_is_the_sum_of_what_each_known_unit_meets(
    town: Town, period: Period, unit: str
) -> None:
    """Where months are known whole or not at all: a unit counts as it answers alone."""
    book_open = town.book()
    question = Question(units=(unit,), period=period, indicators=("completion",), home="he")
    (whole,) = figures(book_open, question)
    if whole.value is None or whole.of is None:
        return
    tree = town.history.tree(period.end)
    units = tuple(member.code for member in tree.members(unit, ("社区", "村")))
    gone = any(way == "split" for way in tree.homes(unit).values())
    answers = figures(book_open, replace(question, units=units))
    alone = [unit for unit in answers if unit.owed]
    assert whole.reached <= whole.of
    assert whole.numerator <= whole.denominator
    if not gone and whole.flag(FlagName.OF_MONTHS) is None:  # what is known is known whole
        assert whole.denominator == sum(unit.owed for unit in alone)
        assert whole.numerator == sum(unit.numerator for unit in alone)
        assert whole.reached == sum(unit.reached for unit in alone)
