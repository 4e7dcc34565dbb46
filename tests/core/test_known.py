"""What is known, by a second route: loops over unit-months, written from the rules alone.

An event is known in a month that is closed or holds a record, none of them blank.  A ratio is cut
at the last month due, pools months known on both sides, with a level below the line units with all
months due; it has a value where half of the months and half of the units are known, of one or two
units each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang.core.base.closing_day import ClosingRow, closing_days
from taizhang.core.base.figure import Figure, ReasonCode
from taizhang.core.base.period import Month, parse_period
from taizhang.core.book import Book
from taizhang.figures.engine import IbisEngine
from tests.core.ledger import book, facts, figure
from tests.figures.stores import MAKERS, Store

UNITS = ("SA", "SB", "SC", "SD", "SE")
PERIODS = ("2026", "2026H1", "2026Q2", "2026-03", "2026-02..2026-05")
YEARLY_NORM = Fraction(6)


@dataclass(frozen=True)
class Office:
    """A district of some communities: what they recorded and closed by one day."""

    units: tuple[str, ...]
    records: tuple[tuple[date, str, str, int | None], ...]  # day, unit, measure, value
    closed: frozenset[tuple[str, int]]  # unit, month of 2026
    as_of: date
    closing_day: int
    start: date | None

    def book(self) -> Book:
        page = "\n".join(
            f"{day} {unit} {measure} {'?' if value is None else value}"
            for day, unit, measure, value in self.records
        )
        closed = "\n".join(f"{unit} 2026-{month:02}" for unit, month in sorted(self.closed))
        tree = "D 区 -\nS 街道 D\n" + "\n".join(f"{unit} 社区 S" for unit in self.units)
        ledger = book(page, closed, tree, today=self.as_of)
        rows = [ClosingRow(date(2020, 1, 1), self.closing_day)]
        due_from = {} if self.start is None else {"he": self.start}
        return replace(ledger, closing_days=closing_days(rows), due_from=due_from)


@st.composite
def offices(draw: st.DrawFn) -> Office:
    units = UNITS[: draw(st.integers(1, 5))]
    as_of = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 420)))
    over = [month for month in range(1, 13) if Month(2026, month).end < as_of]
    every = [(unit, month) for unit in units for month in over]
    missing = draw(st.sets(st.sampled_from(every), max_size=len(every) // 2)) if every else set()
    few = set(sorted(missing)[:4])  # mostly all is closed but a little
    closed = draw(
        st.sampled_from((set(every) - few, set(every) - few, set(every) - missing, missing))
    )
    days = st.integers(0, 364).map(lambda more: date(2026, 1, 1) + timedelta(days=more))
    values = st.one_of(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.none())
    events = st.tuples(
        days, st.sampled_from(units), st.sampled_from(("lectures", "attendance", "births")), values
    )
    levels = st.tuples(days, st.sampled_from(units), st.just("population"), st.integers(1, 900))
    records = draw(st.lists(st.one_of(events, events, levels), min_size=6, max_size=30))
    start = draw(st.sampled_from((None, None, date(2026, 3, 15))))
    return Office(
        units, tuple(records), frozenset(closed), as_of, draw(st.sampled_from((1, 10, 28))), start
    )


# the second route


def due(office: Office, month: Month) -> bool:
    return month.plus(1).start + timedelta(days=office.closing_day - 1) <= office.as_of


def months_cut(office: Office, period: str) -> list[Month]:
    months = list(parse_period(period).months())
    if months[-1].end <= office.as_of:
        return months
    return [month for month in months if due(office, month)]


def held(office: Office, unit: str, measure: str, month: Month) -> list[int | None]:
    return [
        value
        for day, who, what, value in office.records
        if (who, what, Month.of(day)) == (unit, measure, month) and day <= office.as_of
    ]


def known(office: Office, unit: str, measure: str, month: Month) -> bool:
    values = held(office, unit, measure, month)
    return ((unit, month.month) in office.closed or bool(values)) and None not in values


def asked(office: Office, months: list[Month]) -> list[Month]:
    since = [month for month in months if office.start is None or month.end >= office.start]
    return since or months


def half_known(
    office: Office, owed: dict[str, list[Month]], pooled: dict[str, list[Month]]
) -> bool:
    units = months = all_months = 0
    for unit in office.units:
        have = [month for month in owed[unit] if month in pooled[unit]]
        months, all_months = months + len(have), all_months + len(owed[unit])
        units += bool(pooled[unit]) and 2 * len(have) >= len(owed[unit])
    needed = len(office.units) if len(office.units) <= 2 else len(office.units) / 2
    return units >= needed and 2 * months >= all_months


def rate(office: Office, period: str, above: str, below: str) -> tuple[Fraction, Fraction] | None:
    """Give both sides of a rate, ``None`` where it has no value for want of knowledge."""
    months = months_cut(office, period)
    if not months:
        return None
    pooled = {}
    for unit in office.units:
        pooled[unit] = [
            month
            for month in months
            if known(office, unit, above, month)
            and (below == "norm" or known(office, unit, below, month))
        ]
    if not half_known(office, dict.fromkeys(office.units, asked(office, months)), pooled):
        return None
    top = bottom = Fraction(0)
    for unit in office.units:
        for month in pooled[unit]:
            top += sum(value or 0 for value in held(office, unit, above, month))
            if below == "norm":
                bottom += YEARLY_NORM / 12
            else:
                bottom += sum(value or 0 for value in held(office, unit, below, month))
    return top, bottom


def duty(office: Office, period: str) -> tuple[Fraction, Fraction, Fraction, int, int]:
    """Give what is met, owed and done in the known months, and how many known units reach it."""
    met = owed = done = Fraction(0)
    reached = units = 0
    months = months_cut(office, period)
    for unit in office.units:
        pooled = [month for month in months if known(office, unit, "lectures", month)]
        did = Fraction(
            sum(value or 0 for month in pooled for value in held(office, unit, "lectures", month))
        )
        asked_of = len(pooled) * YEARLY_NORM / 12
        met, owed, done = met + min(did, asked_of), owed + asked_of, done + did
        needed = asked(office, months)
        if pooled and 2 * len([month for month in needed if month in pooled]) >= len(needed):
            units += 1
            reached += did >= asked_of
    return met, owed, done, reached, units


def standing(office: Office, unit: str, day: date) -> int | None:
    counted = [
        (when, place, value)
        for place, (when, who, what, value) in enumerate(office.records)
        if who == unit and what == "population" and when <= day
    ]
    return max(counted)[2] if counted else None


def rate_by_level(office: Office, period: str) -> tuple[Fraction, Fraction] | None:
    """Births by population: units with all of the months due, and a population, at the cut."""
    months = months_cut(office, period)
    if not months:
        return None
    owed = [month for month in asked(office, months) if due(office, month)]
    owed = owed or asked(office, months)
    pooled: dict[str, list[Month]] = {}
    for unit in office.units:
        counted = standing(office, unit, months[-1].end) is not None
        complete = all(known(office, unit, "births", month) for month in owed)
        pooled[unit] = owed if counted and complete else []
    if not half_known(office, dict.fromkeys(office.units, owed), pooled):
        return None
    top = bottom = Fraction(0)
    for unit in office.units:
        if pooled[unit]:
            bottom += standing(office, unit, months[-1].end) or 0
            for month in months:
                top += sum(value or 0 for value in held(office, unit, "births", month))
    return top, bottom


# both engines against it

ODDS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module", params=["reference", "sqlite"])
def store(request: pytest.FixtureRequest) -> Store | None:
    if request.param == "reference":
        yield None
        return
    made = MAKERS["sqlite"]()
    yield made
    made.close()


def opened(office: Office, store: Store | None) -> Book:
    ledger = office.book()
    if store is None:
        return ledger
    page = "\n".join(
        f"{day} {unit} {measure} {'?' if value is None else value}"
        for day, unit, measure, value in office.records
    )
    store.fill(facts(page), ledger.history)
    return replace(ledger, engine=IbisEngine(store.source))


def agrees(found: Figure, sides: tuple[Fraction, Fraction] | None) -> None:
    if sides is None:
        assert found.value is None
        assert found.reason.code is not ReasonCode.NOT_APPLICABLE
    elif sides[1] == 0:
        assert found.reason.code is ReasonCode.NOT_APPLICABLE
    else:
        assert (found.numerator, found.denominator) == sides


def test_a_month_known_on_one_side_counts_on_neither(store: Store | None) -> None:
    """SA left March's attendance blank; SB has May open, and lectures alone recorded in it."""
    day = date(2026, 12, 31)
    records = tuple(
        (date(2026, month, 5), unit, measure, value)
        for month, unit, measure, value in (
            (2, "SA", "lectures", 2),
            (2, "SA", "attendance", 60),
            (3, "SA", "lectures", 5),
            (3, "SA", "attendance", None),
            (5, "SB", "lectures", 7),
            (6, "SB", "lectures", 1),
            (6, "SB", "attendance", 30),
        )
    )
    every = frozenset((unit, month) for unit in UNITS[:3] for month in range(1, 13))
    office = Office(UNITS[:3], records, every - {("SB", 5)}, day, 10, None)
    found = figure(opened(office, store), "attendance / lectures")
    assert (found.numerator, found.denominator) == (90, 3)
    assert rate(office, "2026", "attendance", "lectures") == (90, 3)
    share = figure(opened(office, store), "attendance / norm(lectures)")
    assert (share.numerator, share.denominator) == (90, 18 - 1)


def test_a_rate_of_events_pools_the_months_known_on_both_sides(store: Store | None) -> None:
    @ODDS
    @given(offices(), st.sampled_from(PERIODS))
    def equal(office: Office, period: str) -> None:
        ledger = opened(office, store)
        for unit, part in (
            ("D", office),
            *((one, replace(office, units=(one,))) for one in office.units),
        ):
            found = figure(ledger, "attendance / lectures", unit, period)
            agrees(found, rate(part, period, "attendance", "lectures"))

    equal()


def test_a_rate_by_a_norm_asks_for_the_months_that_are_pooled(store: Store | None) -> None:
    @ODDS
    @given(offices(), st.sampled_from(PERIODS))
    def equal(office: Office, period: str) -> None:
        found = figure(opened(office, store), "lectures / norm(lectures)", "D", period)
        agrees(found, rate(office, period, "lectures", "norm"))

    equal()


def test_a_duty_is_capped_in_each_unit_over_its_known_months(store: Store | None) -> None:
    @ODDS
    @given(offices(), st.sampled_from(PERIODS))
    def equal(office: Office, period: str) -> None:
        found = figure(opened(office, store), "completion", "D", period)
        if rate(office, period, "lectures", "norm") is None:
            assert found.value is None
            return
        sides = (found.numerator, found.denominator, found.done, found.reached, found.of)
        assert sides == duty(office, period)

    equal()


def test_a_part_with_few_known_months_adds_nothing_of_the_others(store: Store | None) -> None:
    """SA knows April alone; what it answered beside a blank in January is not met in April."""
    day = date(2026, 1, 1)
    records = ((day, "SA", "lectures", None), (day, "SA", "lectures", 1))
    closed = {(unit, month) for unit in ("SB", "SC") for month in range(1, 5)} | {("SA", 4)}
    office = Office(UNITS[:3], records, frozenset(closed), date(2026, 5, 1), 1, None)
    found = figure(opened(office, store), "completion", "D", "2026")
    sides = (found.numerator, found.denominator, found.done, found.reached, found.of)
    assert sides == duty(office, "2026") == (0, Fraction(9, 2), 0, 0, 2)


def test_a_rate_by_a_level_pools_units_with_all_months_due(store: Store | None) -> None:
    @ODDS
    @given(offices(), st.sampled_from(PERIODS))
    def equal(office: Office, period: str) -> None:
        found = figure(opened(office, store), "births / population", "D", period)
        agrees(found, rate_by_level(office, period))

    equal()


def test_counts_hold_all_that_was_received(store: Store | None) -> None:
    @ODDS
    @given(offices(), st.sampled_from(PERIODS))
    def equal(office: Office, period: str) -> None:
        found = figure(opened(office, store), "lectures", "D", period)
        values = [
            value
            for unit in office.units
            for month in parse_period(period).months()
            for value in held(office, unit, "lectures", month)
        ]
        stated = [value for value in values if value is not None]
        if stated:
            assert found.value == sum(stated)
        elif values:
            assert found.reason.code is ReasonCode.ANSWER_BLANK
        else:
            assert found.value in (0, None)

    equal()
