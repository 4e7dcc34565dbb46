"""What holds for every ledger: figures add up, ratios are those of their parts, gaps are gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.base.figure import Figure, ReasonCode
from taizhang.core.base.period import Period, parse_period
from taizhang.core.base.quantity import Quantity, QuantityKind
from taizhang.core.indicator import Question, figures
from tests.strategies import DISTRICT, STREETS, Town, exact_quantities, quantities, towns

TREES = st.sampled_from([None, date(2025, 1, 1), date(2026, 2, 1), date(2026, 12, 31)])
PERIODS = st.sampled_from(["2026", "2026H1", "2026-03", "2026-02..2026-04"]).map(parse_period)
MEASURES = st.sampled_from(["lectures", "attendance", "births", "lectures[topic == 'tb']"])
ODDS = settings(max_examples=60, deadline=None)


def answers(
    town: Town, what: str, units: tuple[str, ...], period: Period, tree: date | None, **by: object
) -> tuple[Figure, ...]:
    question = Question(indicators=(what,), units=units, period=period, home="he", **by)
    return figures(town.book(tree=tree), question)


def figure(town: Town, what: str, unit: str, period: Period, tree: date | None) -> Figure:
    (found,) = answers(town, what, (unit,), period, tree)
    return found


def blank(found: Figure) -> bool:
    """Say whether all that was reported is an answer left open."""
    return found.reason is not None and found.reason.code is ReasonCode.ANSWER_BLANK


def unbound(found: Figure) -> bool:
    """Say whether nobody below the unit keeps what is asked."""
    return found.reason is not None and found.reason.code is ReasonCode.NOT_APPLICABLE


@ODDS
@given(towns(joint=False), MEASURES, PERIODS, TREES)
def test_a_sum_is_that_of_its_disjoint_parts(
    town: Town, what: str, period: Period, tree: date | None
) -> None:
    """Streets add to the district; what lies on units that are gone hangs below their street."""
    whole = figure(town, what, DISTRICT, period, tree)
    parts = answers(town, what, (DISTRICT,), period, tree, by="unit")
    assert {one.unit_code for one in parts} == set(STREETS)
    known = [one for one in parts if one.value is not None]
    if blank(whole):  # elsewhere nothing was stated either
        assert not any(one.value for one in known)
        return
    assert (whole.value is None) == (not known)
    if known:
        assert whole.value == sum(one.value for one in known)
        # A street whose communities have all gone elsewhere keeps nothing.
        tops = [one.high for one in parts if one.value is not None or not unbound(one)]
        if whole.high is not None:
            assert None not in tops
            assert whole.high == sum(tops)
        else:
            assert None in tops
        assert whole.records.count == sum(one.records.count for one in parts)


@ODDS
@given(towns(), MEASURES, PERIODS, TREES)
def test_months_add_up_to_their_period(
    town: Town, what: str, period: Period, tree: date | None
) -> None:
    """Events: the months of a period, read under one tree, add up to it."""
    tree = tree or period.end
    whole = figure(town, what, DISTRICT, period, tree)
    months = answers(town, what, (DISTRICT,), period, tree, by="month")
    known = [one.value for one in months if one.value is not None]
    if blank(whole):  # in the other months nothing was stated either
        assert not any(known)
        return
    assert (whole.value is None) == (not known)
    if known:
        assert whole.value == sum(known)
        assert (whole.high is None) == any(one.high is None for one in months)


@ODDS
@given(towns(), st.sampled_from(["lectures", "attendance"]), PERIODS, TREES)
def test_values_of_a_dimension_add_up(
    town: Town, what: str, period: Period, tree: date | None
) -> None:
    whole = figure(town, what, DISTRICT, period, tree)
    parts = answers(town, what, (DISTRICT,), period, tree, by="topic")
    if whole.value is not None and parts[0].bucket is not None:
        assert whole.value == sum(one.value or 0 for one in parts)


@ODDS
@given(towns(), PERIODS, TREES, st.sampled_from([DISTRICT, *STREETS]))
def test_a_ratio_is_its_numerator_over_its_denominator(
    town: Town, period: Period, tree: date | None, unit: str
) -> None:
    """And numerator and denominator are sums over the same members."""
    for what, factor in (("per_lecture", 1), ("lectures[topic == 'tb'] / lectures", 1)):
        found = figure(town, what, unit, period, tree)
        if found.value is not None and found.denominator:
            assert found.value == factor * found.numerator / found.denominator
    completion = figure(town, "completion", unit, period, tree)
    if completion.value is not None:
        share = 100 * completion.numerator / completion.denominator
        assert completion.value == min(share, Fraction(100))


@ODDS
@given(towns(), st.sampled_from(["per_lecture", "lectures[topic == 'tb'] / lectures"]), TREES)
def test_members_left_out_of_a_ratio_count_on_neither_side(
    town: Town, what: str, tree: date | None
) -> None:
    """Dropping every fact of the members left out changes nothing."""
    period = parse_period("2026H1")
    found = figure(town, what, DISTRICT, period, tree)
    left_out = [code for code in found.records.query.get("without", "").split(",") if code]
    cells = [one for one in found.records.query.get("without_months", "").split(",") if one]
    if found.value is None or not (left_out or cells):
        return
    homes = town.history.tree(found.tree).homes
    gone = {code for one in left_out for code in homes(one)}
    months = {
        (code, int(month))
        for member, month in (cell.split("/") for cell in cells)
        for code in homes(member)
    }
    kept = tuple(
        fact
        for fact in town.facts
        if fact.unit not in gone and (fact.unit, fact.month) not in months
    )
    again = figure(replace(town, facts=kept), what, DISTRICT, period, tree)
    assert (again.numerator, again.denominator) == (found.numerator, found.denominator)


@ODDS
@given(towns(values=exact_quantities, all_closed=True), MEASURES, PERIODS, TREES)
def test_where_everything_is_closed_and_exact_nothing_is_open(
    town: Town, what: str, period: Period, tree: date | None
) -> None:
    found = figure(town, what, DISTRICT, period, tree)
    assert found.low == found.high == found.value
    assert not any(
        flag.startswith(("incomplete", "inexact", "blank", "of")) for flag in map(str, found.flags)
    )


@ODDS
@given(towns(values=quantities, all_closed=True), st.data())
def test_the_interval_holds_every_way_the_facts_may_turn_out(
    town: Town, data: st.DataObject
) -> None:
    """Fill every inexact or missing quantity in: the exact figures lie inside the open ones."""
    exact: dict[tuple[str, int], Quantity] = {}
    for fact in town.facts:
        value = fact.value
        low = int(value.low or 0)
        high = int(value.high) if value.high is not None else low + 40
        number = Decimal(data.draw(st.integers(low, high)))
        exact.setdefault((fact.record, fact.ordinal), Quantity(number, number, QuantityKind.EXACT))
    filled = tuple(replace(fact, value=exact[fact.record, fact.ordinal]) for fact in town.facts)
    period = parse_period("2026")
    for what in ("lectures", "attendance + attendance", "lectures - previous(lectures)"):
        wide = figure(town, what, DISTRICT, period, None)
        narrow = figure(replace(town, facts=filled), what, DISTRICT, period, None)
        if wide.value is not None:
            assert wide.low <= narrow.value
            assert wide.high is None or narrow.value <= wide.high


@ODDS
@given(towns(), TREES)
def test_outsiders_see_no_small_count_and_what_they_see_is_true(
    town: Town, tree: date | None
) -> None:
    period = parse_period("2026")
    question = Question(
        indicators=("births", "births / population", "lectures"),
        units=(DISTRICT,),
        period=period,
        by="unit",
        level="community",
        home="he",
    )
    inside = figures(town.book(tree=tree), question)
    outside = figures(town.book(tree=tree, public=True), question)
    for seen, true in zip(outside, inside, strict=True):
        assert (seen.key, seen.unit_code) == (true.key, true.unit_code)
        if seen.value is not None:
            # What is about people opens to its rule for outsiders, not to records.
            assert replace(seen, records=true.records) == true
        if true.key == "he.births" and true.value is not None and 1 <= true.value <= 4:
            assert seen.value is None
    births = [
        (true, seen.reason is not None and seen.reason.code == "suppressed")
        for seen, true in zip(outside, inside, strict=True)
        if true.key == "he.births" and true.value is not None
    ]
    # Lower ends add up; upper ends where each is known.  An end of nothing tells nobody.
    for ends in ([true.low for true, _ in births], [true.high for true, _ in births]):
        hidden = [end for end, (_, withheld) in zip(ends, births, strict=True) if withheld and end]
        shown = [end for end, (_, withheld) in zip(ends, births, strict=True) if not withheld]
        if None not in ends and any(shown):
            assert len(hidden) != 1
