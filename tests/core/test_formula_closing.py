"""Reporting rates: what units have closed of what is due, and what a person closed in time."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.base.closing_day import ClosingDays, ClosingRow
from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.period import Month, parse_period
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula import EvaluationContext, NameScope, Window, evaluate, parse
from taizhang.core.rules.rubric_source import _NothingRecorded
from tests.core.ledger import Closed, ask, book, figure, flags, indicator, pack, value
from tests.core.naive import answer
from tests.strategies import Town, towns

#: SA closed all in time, SB March late and May by itself, SC nothing after April; T has one unit.
CLOSED = """
SA,TA 2026-01..2026-12
SB 2026-01..2026-02 2026-03-05
SB 2026-03 2026-04-11
SB 2026-04 2026-05-10
SB 2026-05 -
SC 2026-01..2026-04 2026-05-02
"""


YEAR = parse_period("2026")


def test_unit_months_closed_of_those_due() -> None:
    ledger = book("", CLOSED)
    found = figure(ledger, "reporting_rate()", "S", "2026-01..2026-05")
    assert (found.numerator, found.denominator, found.value) == (14, 15, Fraction(1400, 15))
    assert (found.unit, flags(found)) == ("percent", ())
    assert "「健康教育」的报结率" in found.sentence
    assert "14 ÷ 15" in found.sentence
    assert value(ledger, "reporting_rate()", "SB", "2026-01..2026-05") == 100
    assert value(ledger, "reporting_rate()", "D", "2026") == Fraction(100 * (12 * 2 + 5 + 4), 48)


def test_units_that_closed_every_month_due() -> None:
    ledger = book("", CLOSED)
    assert value(ledger, "reported_units()", "S", "2026-01..2026-04") == 3
    assert value(ledger, "reported_units()", "S", "2026-01..2026-05") == 2
    assert value(ledger, "reported_units() / units('社区')", "D", "2026") == Fraction(2, 4)


def test_only_a_person_closes_in_time_and_not_after_the_closing_day() -> None:
    """Of SB: January late, February in time, March a day late, April on the day, May by itself."""
    ledger = book("", CLOSED)
    found = figure(ledger, "on_time_rate()", "SB", "2026-01..2026-05")
    assert (found.numerator, found.denominator, found.value) == (2, 5, 40)
    # SC closed January to March late, April in time, May never.
    assert figure(ledger, "on_time_rate()", "SC", "2026-01..2026-05").numerator == 1


def test_the_closing_day_is_the_one_that_holds_for_the_month() -> None:
    days = ClosingDays((ClosingRow(date(2026, 3, 1), closing_day=15),))
    ledger = book("", CLOSED, closing_days=days)
    assert figure(ledger, "on_time_rate()", "SB", "2026-03").value == 100
    assert figure(book("", CLOSED), "on_time_rate()", "SB", "2026-03").value == 0


def test_months_are_due_from_their_closing_day_and_from_the_start() -> None:
    early = book("", CLOSED, today=date(2026, 5, 9))
    assert figure(early, "reporting_rate()", "S", "2026").denominator == 9
    due = book("", CLOSED, today=date(2026, 5, 10))
    found = figure(due, "reporting_rate()", "S", "2026")
    assert (found.denominator, flags(found)) == (12, ("to_date 2026-05-10",))
    none = figure(book("", CLOSED, today=date(2026, 2, 9)), "reporting_rate()", "S", "2026")
    assert none.reason.code is ReasonCode.WAITING
    started = book("", CLOSED, due_from={"he": date(2026, 3, 20)})
    assert figure(started, "reporting_rate()", "S", "2026-01..2026-05").denominator == 9


def test_an_earlier_period_is_asked_up_to_the_same_time() -> None:
    ledger = book("", CLOSED, today=date(2026, 5, 20))
    # May is not due yet, so at that time of April it was not either.
    waiting = figure(ledger, "previous(reporting_rate())", "SC", "2026-05")
    assert waiting.reason.code is ReasonCode.WAITING
    later = book("", CLOSED, today=date(2026, 6, 20))
    assert value(later, "reporting_rate() - previous(reporting_rate())", "SC", "2026-05") == -100
    assert value(later, "months_where(reporting_rate() >= 100)", "SC", "2026-01..2026-05") == 4


def test_an_indicator_or_a_condition_may_use_the_rates() -> None:
    rate = indicator("on_time", formula="on_time_rate()")
    ledger = book("", CLOSED, indicators=(rate,))
    assert figure(ledger, "on_time", "SB", "2026-01..2026-05").value == 40
    assert figure(ledger, "on_time", "SB", "2026-01..2026-05").numerator == 2
    assert value(ledger, "units_where(on_time >= 90, '社区')", "S", "2026-01..2026-05") == 1
    assert value(ledger, "share_of_units(reporting_rate() >= 100, '社区')", "D", "2026") == 50


def test_a_rubric_item_on_closings_rewards_no_unit_that_did_nothing() -> None:
    """What closes a month has done something; a rubric may score it with full marks."""
    nothing = _NothingRecorded({}, 0)
    rates = ("reporting_rate()", "on_time_rate()")
    for text in rates:
        context = EvaluationContext(NameScope(Programmes((pack(),)), "he"), Window(YEAR))
        assert evaluate(parse(text), context, nothing).low == 0


def test_packs_are_named_or_the_own_one_or_all() -> None:
    other = pack(
        key="law", label="普法", unit_kinds=("街道",), measures={}, forms={}, counting=(),
        norms={}, indicators={},
    )  # fmt: skip
    ledger = book("", "SA 2026-01\nS 2026-01", programmes=Programmes((pack(), other)))
    (own,) = ask(ledger, "reporting_rate()", "S", "2026-01")
    assert (own.numerator, own.denominator) == (1, 3)
    (law,) = ask(ledger, "reporting_rate('law')", "S", "2026-01")
    assert (law.numerator, law.denominator) == (1, 1)
    both = figure(ledger, "reporting_rate('he', 'law')", "S", "2026-01")
    assert (both.numerator, both.denominator) == (2, 4)
    assert figure(ledger, "reporting_rate('law')", "SA", "2026-01").reason.code is (
        ReasonCode.NOT_APPLICABLE
    )


def test_a_grid_owes_no_month_of_its_own() -> None:
    tree = "D 区 -\nS 街道 D\nSA 社区 S\nSA1 网格 SA"
    found = figure(book("", "SA 2026-01..2026-12", tree), "reporting_rate()", "SA1")
    assert (found.value, found.reason.code) == (None, ReasonCode.NOT_APPLICABLE)


def test_one_question_reads_each_pack_once_and_each_month_in_time() -> None:
    ledger = book("", CLOSED)
    closings = ledger.closings
    assert isinstance(closings, Closed)
    ask(ledger, "reporting_rate()", "D", "2026", by="unit", level="community")
    assert closings.calls == 1


@settings(max_examples=40, deadline=None)
@given(towns(), st.data())
def test_rates_are_counted_from_the_closings_of_each_month(town: Town, data: st.DataObject) -> None:
    """The second route: walk the units that exist at each month's end and look them up."""
    told: dict[tuple[str, int], str] = {}
    for code, months in sorted(town.closed.items()):
        for number in sorted(months):
            end = Month.from_number(number).end
            day = data.draw(st.sampled_from(["-", *(str(end + timedelta(n)) for n in (1, 10, 11))]))
            told[code, number] = day
    due = closed = in_time = 0
    behind: set[str] = set()
    everyone: set[str] = set()
    answered = answer(town, "reporting_rate()", parse_period("2026"))
    tree = town.history.tree(answered.tree)
    for month in parse_period("2026").months():
        limit = month.plus(1).start + timedelta(days=9)
        for unit in town.history.tree(month.end).units.values():
            if unit.kind != "社区":
                continue
            due += 1
            everyone.add(tree.seat(unit.code))
            if month.number in town.closed[unit.code]:
                closed += 1
                day = told[unit.code, month.number]
                in_time += day != "-" and day <= str(limit)
            else:
                behind.add(tree.seat(unit.code))
    assert (answered.numerator, answered.denominator) == (closed, due)
    ledger = town.book(tree=answered.tree)
    ledger.closings.told.update(told)
    timely = figure(ledger, "on_time_rate()", answered.unit_code)
    assert (timely.numerator, timely.denominator) == (in_time, due)
    reported = figure(ledger, "reported_units()", answered.unit_code)
    assert reported.value == len(everyone - behind)
