"""Figures on ledgers small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from taizhang.core.base.figure import Figure, ReasonCode
from taizhang.core.base.issue import Refused
from taizhang.core.base.period import parse_period
from taizhang.core.definition.programme import Programmes
from taizhang.core.indicator import Question, figures
from tests.core.ledger import Boards, ask, book, figure, flags, indicator, value

ALL = "SA,SB,SC,TA 2026-01..2026-12"
LECTURES = """
2026-01-08 SA lectures 1 topic=tb   audience=old
2026-02-08 SA lectures 1 topic=aids audience=youth
2026-02-09 SB lectures 1 topic=tb   audience=youth
2026-05-09 TA lectures 1 topic=tb   audience=old
"""


# sums and what is known of them


def test_a_closed_month_without_a_record_is_nothing_and_an_open_one_is_missing() -> None:
    closed = figure(book(LECTURES, ALL), "lectures")
    assert (closed.value, closed.low, closed.high, flags(closed)) == (4, 4, 4, ())
    empty = figure(book("", ALL), "lectures", "SC")
    assert (empty.value, empty.high, empty.reason) == (0, 0, None)
    silent = figure(book("", ""), "lectures", "SC")
    assert silent.value is None
    assert silent.reason.code is ReasonCode.NOT_REPORTED


def test_a_sum_with_gaps_gives_the_known_sum_and_says_how_much_is_known() -> None:
    """SC has not closed June; all other months are closed or hold a record."""
    ledger = book(LECTURES, "SA,SB,TA 2026-01..2026-12\nSC 2026-01..2026-05\nSC 2026-07..2026-12")
    found = figure(ledger, "lectures")
    assert (found.value, found.low, found.high) == (4, 4, None)
    assert flags(found) == ("incomplete 3/4",)
    assert "应报4个单位，3个已报齐" in found.sentence
    assert flags(figure(ledger, "lectures", "T")) == ()


def test_one_measure_may_stand_several_times_in_a_formula_with_different_filters() -> None:
    ledger = book(LECTURES, ALL)
    formula = "lectures[topic == 'tb'] + lectures[topic == 'aids']"
    assert figure(ledger, formula, "D").value == 4
    mixed = "lectures - lectures[topic == 'tb'] + lectures[audience == 'youth']"
    assert figure(ledger, mixed, "D").value == 3


def test_the_flag_counts_members_as_in_78_of_94() -> None:
    codes = [f"C{number:02}" for number in range(94)]
    tree = "D 区 -\nS 街道 D\n" + "".join(f"{code} 社区 S\n" for code in codes)
    reported = "".join(f"2026-05-0{1 + n % 9} {code} lectures 2\n" for n, code in enumerate(codes))
    ledger = book("".join(reported.splitlines(keepends=True)[:78]), tree=tree)
    found = figure(ledger, "lectures", "D", "2026-05")
    assert (found.value, found.high, flags(found)) == (156, None, ("incomplete 78/94",))
    share = figure(ledger, "completion", "D", "2026-05")
    assert flags(share)[0] == "of 78/94"
    assert (share.numerator, share.denominator, share.value) == (39, 39, 100)
    assert (share.done, share.owed, share.reached, share.of) == (156, 39, 78, 78)


def test_a_month_counts_as_known_when_it_holds_a_record() -> None:
    ledger = book("2026-05-09 SA lectures 3")
    assert figure(ledger, "lectures", "SA", "2026-05").high == 3
    assert flags(figure(ledger, "lectures", "SA", "2026Q2")) == ("incomplete 0/1",)


def test_a_blank_answer_is_said_and_leaves_no_upper_end() -> None:
    ledger = book(
        "2026-05-09 SA attendance ? topic=tb\n2026-05-10 SA attendance 40 topic=aids", ALL
    )
    found = figure(ledger, "attendance", "S")
    assert (found.value, found.high, flags(found)) == (40, None, ("blank 1",))
    only = figure(book("2026-05-09 SA attendance ?"), "attendance", "SA", "2026-05")
    assert only.reason.code is ReasonCode.ANSWER_BLANK
    aids = figure(ledger, "attendance[topic == 'aids']", "S")
    assert (aids.value, aids.high, flags(aids)) == (40, 40, ())
    april = figure(ledger, "attendance", "S", "2026-04")
    assert (april.value, april.high, flags(april)) == (0, 0, ())
    times = figure(ledger, "count(attendance)", "S")
    assert (times.value, times.high, flags(times)) == (2, 2, ())


def test_inexact_quantities_give_bounds_and_a_flag() -> None:
    ledger = book("2026-05-09 SA attendance 200..999\n2026-05-10 SB attendance ~30", ALL)
    found = figure(ledger, "attendance")
    assert (found.value, found.low, found.high) == (230, 230, 1029)
    assert flags(found) == ("inexact", "about")
    assert "230人次至1029人次" in found.sentence
    more = figure(book("2026-05-09 SA attendance 500+", ALL), "attendance")
    assert (more.value, more.high, flags(more)) == (500, None, ("inexact",))


def test_a_period_that_runs_is_counted_to_date() -> None:
    page = "2026-05-09 SA lectures 1\n2026-05-20 SA lectures 1\n2026-06-01 SA lectures 1"
    day = date(2026, 5, 10)
    ledger = book(page, "SA 2026-01..2026-05", today=day)
    found = figure(ledger, "lectures", "SA")
    assert (found.value, found.high) == (1, 1)
    assert flags(found) == ("to_date 2026-05-10",)
    assert (found.as_of, found.tree) == (day, day)
    later = figure(ledger, "lectures", "SA", "2026H2")
    assert later.reason.code is ReasonCode.WAITING


def test_the_running_month_is_not_due_but_may_be_asked_for_alone() -> None:
    """On 10 May nobody can have closed May; the year is judged by January to April."""
    ledger = book("2026-02-09 SA lectures 3", "SA 2026-01..2026-04", today=date(2026, 5, 10))
    year = figure(ledger, "lectures", "SA", "2026")
    assert (year.value, year.high, flags(year)) == (3, 3, ("to_date 2026-05-10",))
    assert flags(figure(ledger, "completion", "SA", "2026"))[0] == "to_date 2026-05-10"
    assert "to_date 2026-05-10" not in flags(figure(ledger, "norm(lectures)", "SA", "2026"))
    may = figure(ledger, "lectures", "SA", "2026-05")
    assert may.reason.code is ReasonCode.NOT_REPORTED
    forgot = book("2026-02-09 SA lectures 3", "SA 2026-01..2026-03", today=date(2026, 5, 10))
    assert "incomplete 0/1" in flags(figure(forgot, "lectures", "SA", "2026"))


def test_as_of_is_what_the_ledger_had_accepted() -> None:
    page = """
    2026-01-08 SA lectures 1 +2026-01-09
    2026-02-08 SA lectures 1 +2026-04-20
    """
    ledger = replace(book(page, ALL), as_of=date(2026, 3, 31))
    assert value(ledger, "lectures", "SA", "2026Q1") == 1
    assert value(book(page, ALL), "lectures", "SA", "2026Q1") == 2


# levels


def test_a_level_stands_for_twelve_months_and_then_is_missing() -> None:
    page = (
        "2025-06-30 SA population 900\n2026-03-01 SA population 1000\n2025-07-01 SB population 700"
    )
    ledger = book(page)
    assert value(ledger, "population", "SA", "2026Q1") == 1000
    assert value(ledger, "population", "SA", "2025-06") == 900
    assert value(ledger, "population", "SB", "2026H1") == 700
    assert figure(ledger, "population", "SB", "2026-07").reason.code is ReasonCode.NOT_REPORTED
    street = figure(ledger, "population", "S", "2026H1")
    assert (street.value, street.high, flags(street)) == (1700, None, ("incomplete 2/3",))


def test_year_end_dates_of_a_level_fit_february() -> None:
    ledger = book("2024-02-29 SA population 900\n2024-03-01 SB population 800")
    assert figure(ledger, "population", "SA", "2025-02").value is None
    assert value(ledger, "population", "SB", "2025-02") == 800


def test_values_of_several_units_come_together_as_their_measure_says() -> None:
    page = """
    2026-03-01 SA population 1000
    2026-03-01 SB population 300..400
    2026-03-01 SC population 200
    2026-03-01 TA population 700
    """

    def asked(way: str, unit: str) -> Figure:
        ledger = book(page)
        (one,) = ledger.programmes.packs
        measures = {key: replace(found, over_units=way) for key, found in one.measures.items()}
        changed = replace(one, measures=measures)
        return figure(replace(ledger, programmes=Programmes((changed,))), "population", unit)

    assert (asked("sum", "S").low, asked("sum", "S").high) == (1500, 1600)
    assert (asked("max", "S").low, asked("max", "S").high) == (1000, 1000)
    assert (asked("max", "T").value, asked("max", "D").value) == (700, 1000)
    assert asked("last", "S").reason.code is ReasonCode.NOT_APPLICABLE
    assert asked("last", "SA").value == 1000


# ratios


def test_a_ratio_is_recomputed_at_every_level_over_members_known_on_both_sides() -> None:
    """SA 90/1000, SB 60/500, SC has no population, TA has not counted who was reached."""
    page = """
    2026-03-01 SA population 1000
    2026-03-01 SB population 500
    2026-03-01 TA population 800
    2026-04-01 SA reached 90
    2026-04-01 SB reached 60
    2026-04-01 SC reached 40
    """
    ledger = book(page)
    street = figure(ledger, "coverage", "S")
    assert (street.numerator, street.denominator, street.value) == (150, 1500, 10)
    assert flags(street) == ("of 2/3",)
    assert "只计分子和分母都已知的2个单位（共3个）" in street.sentence
    assert flags(figure(ledger, "coverage")) == ("of 2/4",)
    assert figure(ledger, "coverage").value == 10
    assert figure(ledger, "coverage", "TA").reason.code is ReasonCode.NOT_REPORTED
    assert figure(ledger, "coverage", "SC").reason.code is ReasonCode.NOT_REPORTED


def test_nothing_over_nothing_does_not_apply() -> None:
    found = figure(book("", ALL), "per_lecture")
    assert found.reason.code is ReasonCode.NOT_APPLICABLE
    assert (found.value, found.numerator, found.denominator) == (None, None, None)


def test_the_norm_is_that_of_the_members_kept_and_followed_by_analogy() -> None:
    """Six lectures a year: SA 2, SB 1 of 6 each; of TA May alone is known, SC is not at all.

    In May TA did one where half of one was due; of the others, half of whose months are known,
    nobody reached it.
    """
    found = figure(book(LECTURES, "SA,SB 2026-01..2026-12"), "completion")
    assert (found.numerator, found.denominator) == (Fraction(7, 2), Fraction(25, 2))
    assert (found.done, found.reached, found.of) == (4, 0, 2)
    assert found.value == 28
    assert flags(found) == ("of 3/4", "of_months 25/48", "capped", "by_analogy")
    assert "《规范（第三版）》" in found.sentence
    assert "参照执行" in found.sentence
    whole = figure(book(LECTURES, ALL), "completion", "D", "2026H1")
    assert (whole.numerator, whole.denominator) == (4, 12)


def test_two_of_twelve_months_are_too_few_for_a_share() -> None:
    found = figure(book(LECTURES), "completion", "SA")
    assert (found.value, found.reason.code) == (None, ReasonCode.TOO_FEW_KNOWN)
    assert "每个单位都须达到一半" in found.sentence


def test_before_the_norm_nothing_is_in_force() -> None:
    found = figure(book("", "SA 2016-01..2016-12"), "completion", "SA", "2016")
    assert found.reason.code is ReasonCode.NOT_IN_FORCE


def test_a_cap_holds_at_both_ends() -> None:
    ledger = book("2026-05-09 SA lectures 9", "SA 2026-01..2026-12")
    found = figure(ledger, "completion", "SA")
    assert (found.value, found.numerator, found.denominator) == (100, 6, 6)
    assert (found.done, found.owed, found.reached, found.of) == (9, 6, 1, 1)
    assert "capped" in flags(found)
    wide = figure(book("2026-05-09 SA lectures 3..9", "SA 2026-01..2026-12"), "completion", "SA")
    assert (wide.low, wide.high) == (50, 100)
    assert "capped" not in flags(wide)


def test_value_is_numerator_over_denominator_even_when_inexact() -> None:
    ledger = book("2026-03-01 SA population 800..1000\n2026-04-01 SA reached 90..100")
    found = figure(ledger, "coverage", "SA")
    assert (found.numerator, found.denominator) == (90, 1000)
    assert (found.value, found.high) == (9, Fraction(25, 2))


# earlier periods, conditions about units, entities


def test_growth_compares_members_known_in_both_years() -> None:
    growth = indicator(
        "growth",
        numerator="attendance - year_before(attendance)",
        denominator="year_before(attendance)",
    )
    page = """
    2025-05-01 SA attendance 40
    2026-05-01 SA attendance 50
    2025-05-01 SB attendance 10
    2026-05-01 SC attendance 99
    2025-05-01 SC attendance 60
    """
    found = figure(book(page, indicators=[growth]), "growth", "S", "2026-05")
    assert (found.numerator, found.denominator, found.value) == (49, 100, 49)
    assert flags(found) == ("of 2/3",)
    alone = figure(book(page, indicators=[growth]), "growth", "SB", "2026-05")
    assert alone.reason.code is ReasonCode.NOT_REPORTED


def test_previous_is_the_period_of_equal_length_before() -> None:
    page = "2025-12-09 SA lectures 5\n2026-02-09 SA lectures 2\n2026-04-09 SA lectures 7"
    ledger = book(page, "SA 2025-01..2026-12")
    assert value(ledger, "lectures - previous(lectures)", "SA", "2026Q2") == 5
    assert value(ledger, "lectures - previous(lectures)", "SA", "2026Q1") == -3
    assert value(ledger, "previous(previous(lectures))", "SA", "2026Q2") == 5


def test_units_are_counted_by_kind_and_by_condition() -> None:
    ledger = book(LECTURES, "SA,SB,TA 2026-01..2026-12")
    assert value(ledger, "units('社区', '村')") == 4
    found = figure(ledger, "units_where(lectures >= 2, '社区')")
    assert (found.low, found.high, flags(found)) == (1, 2, ("incomplete 3/4",))
    share = figure(ledger, "units_where(lectures >= 1, '社区') / units('社区')", "S")
    assert (share.low, share.high) == (Fraction(2, 3), 1)


def test_things_whose_due_date_has_passed() -> None:
    boards = Boards(("SA", "2026-06-29"), ("SA", "2026-06-30"), ("SB", "2026-01-01"), ("TA", ""))
    ledger = book(entities=boards)
    assert value(ledger, "overdue('boards')", "S", "2026H1") == 2
    assert value(ledger, "overdue('boards')", "SA", "2026H1") == 1
    assert value(ledger, "overdue('boards')", "TA", "2026H1") == 0


def test_aggregates() -> None:
    page = "2026-05-01 SA attendance 40\n2026-05-02 SA attendance 20\n2026-05-03 SB attendance 60"
    ledger = book(page, ALL)
    assert value(ledger, "mean(attendance)") == 40
    assert value(ledger, "largest(attendance)") == 60
    assert value(ledger, "count(attendance)") == 3
    assert figure(ledger, "mean(attendance)", "TA").reason.code is ReasonCode.NOT_APPLICABLE
    level = book("2026-05-01 SA materials 1 @b1\n2026-05-01 SB materials 1 @b1", ALL)
    assert value(level, "distinct(materials)") == 1


def test_a_mean_is_taken_over_known_members() -> None:
    page = "2026-05-01 SA attendance 40\n2026-05-02 SB attendance ?"
    found = figure(book(page, "SA,SC 2026-01..2026-12"), "mean(attendance)", "S")
    assert (found.value, flags(found)) == (40, ("of 2/3",))


def test_dates_and_booleans() -> None:
    ledger = book(LECTURES, ALL)
    assert value(ledger, "lectures >= 4 and period_end() > '2026-06-30'") == 1
    open_one = figure(book(LECTURES), "lectures >= 40")
    assert (open_one.value, open_one.reason.code) == (None, ReasonCode.WAITING)
    assert value(book(LECTURES), "lectures >= 2") == 1


# by unit, month, dimension


def test_by_unit_gives_the_children_or_the_units_of_a_level() -> None:
    ledger = book(LECTURES, ALL)
    assert [(one.unit_code, one.value) for one in ask(ledger, "lectures", by="unit")] == [
        ("S", 3),
        ("T", 1),
    ]
    found = ask(ledger, "lectures", by="unit", level="community")
    assert [(one.unit_code, one.value) for one in found] == [
        ("SA", 2),
        ("SB", 1),
        ("SC", 0),
        ("TA", 1),
    ]


def test_by_month() -> None:
    found = ask(book(LECTURES, "SA 2026-01..2026-03"), "lectures", "SA", "2026H1", by="month")
    assert [(one.bucket, one.period, one.value) for one in found][:4] == [
        ("2026-01", "2026-01", 1),
        ("2026-02", "2026-02", 1),
        ("2026-03", "2026-03", 0),
        ("2026-04", "2026-04", None),
    ]


def test_a_level_by_month_stands_until_it_changes() -> None:
    page = "2026-02-10 SA population 900\n2026-05-10 SA population 950"
    found = ask(book(page), "population", "SA", "2026H1", by="month")
    assert [one.value for one in found] == [None, 900, 900, 900, 950, 950]


def test_by_dimension() -> None:
    found = ask(book(LECTURES, ALL), "lectures", by="topic")
    assert [(one.bucket, one.value) for one in found] == [("aids", 1), ("tb", 3)]
    share = ask(book(LECTURES, ALL), "lectures[audience == 'old'] / lectures", by="topic")
    assert [(one.bucket, one.value) for one in share] == [("aids", 0), ("tb", Fraction(2, 3))]
    (whole,) = ask(book(LECTURES, ALL), "completion", by="topic")
    assert (whole.bucket, whole.reason.code) == (None, ReasonCode.NOT_APPLICABLE)


def test_by_something_unknown_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(Refused) as caught:
        ask(book(), "lectures", by="topics")
    assert caught.value.issues[0].facts["nearest"] == "topic"


def test_a_question_with_several_mistakes_names_them_all() -> None:
    with pytest.raises(Refused) as caught:
        figures(
            book(),
            Question(
                indicators=("lecture", "births + lectures", "completion"),
                units=("D",),
                period=parse_period("2026"),
                home="he",
            ),
        )
    assert [issue.code.name for issue in caught.value.issues] == ["FORMULA_003", "FORMULA_008"]


# what is asked for


def test_without_names_all_current_indicators_and_measures_answer_in_pack_order() -> None:
    old = indicator("old", status="historic", numerator="births", denominator="population")
    audit = indicator("audit", status="audit", numerator="births", denominator="population")
    ledger = book(LECTURES, ALL, indicators=[old, audit])
    found = figures(ledger, Question(units=("D",), period=parse_period("2026")))
    assert [one.key.removeprefix("he.") for one in found] == [
        *("completion", "coverage", "birth_rate", "per_lecture"),
        *("lectures", "attendance", "materials", "births"),
        *("reached", "population", "households"),
    ]
    by_topic = figures(ledger, Question(units=("D",), period=parse_period("2026"), by="topic"))
    assert {one.key for one in by_topic} == {"he.lectures", "he.attendance", "he.per_lecture"}


def test_a_historic_indicator_is_not_computed() -> None:
    old = indicator("old", status="historic", numerator="births", denominator="population")
    found = figure(book(indicators=[old]), "old")
    assert (found.value, found.reason.code) == (None, ReasonCode.NOT_IN_FORCE)
    assert found.status == "historic"


def test_there_is_no_figure_of_a_unit_that_does_not_exist() -> None:
    assert figure(book(), "lectures", "XX").reason.code is ReasonCode.NO_UNIT


def test_units_that_keep_nothing_are_told_so() -> None:
    tree = "D 区 -\nS 街道 D\nG 网格 S"
    found = figure(book(tree=tree), "lectures", "S")
    assert found.reason.code is ReasonCode.NOT_APPLICABLE


def test_a_grid_inside_a_community_is_settled_by_its_closing() -> None:
    tree = "D 区 -\nS 街道 D\nSA 社区 S\nSA-G01 网格 SA"
    ledger = book("2026-05-01 SA-G01 lectures 2", "SA 2026-01..2026-12", tree=tree)
    found = figure(ledger, "lectures", "SA-G01")
    assert (found.value, found.high, flags(found)) == (2, 2, ())
    assert value(ledger, "lectures", "SA") == 2
    half = figure(book("2026-05-01 SA-G01 lectures 2", tree=tree), "lectures", "SA-G01")
    assert flags(half) == ("incomplete 0/1",)


# doubts


def test_implausible_rates_are_flagged() -> None:
    page = "2026-05-01 SA births 70\n2026-05-01 SA population 1000"
    ledger = book(page, ALL)
    rate = figure(ledger, "birth_rate", "SA")
    assert (rate.value, flags(rate)[-1]) == (70, "implausible")
    fine = book("2026-05-01 SA births 60\n2026-05-01 SA population 1000", ALL)
    assert "implausible" not in flags(figure(fine, "birth_rate", "SA"))
    beyond = book("2026-05-01 SA reached 90\n2026-05-01 SA population 80")
    assert "implausible" in flags(figure(beyond, "coverage", "SA"))
    extra = indicator("done", numerator="lectures", denominator="norm(lectures)")
    more = book("2026-05-09 SA lectures 9", "SA 2026-01..2026-12", indicators=[extra])
    assert figure(more, "done", "SA").value == 150
    assert "implausible" not in flags(figure(more, "done", "SA"))


def test_an_unverified_source_is_flagged() -> None:
    one = indicator("doubt", numerator="reached", denominator="population", verified=False)
    page = "2026-05-01 SA reached 40\n2026-05-01 SA population 80"
    assert flags(figure(book(page, indicators=[one]), "doubt", "SA")) == ("unverified_source",)


# records behind


def test_the_records_behind_are_counted_and_found() -> None:
    ledger = book(LECTURES, ALL)
    found = figure(ledger, "lectures[topic == 'tb']", "S")
    assert found.records.count == 2
    assert dict(found.records.query) == {
        "unit": "S",
        "measure": "he.lectures",
        "from": "2026-01-01",
        "to": "2026-12-31",
        "tree": "2026-12-31",
        "as_of": "2027-03-01",
        "where.topic": "tb",
    }
    assert figure(ledger, "completion").records.count == 4
    # one lecture's record states both
    assert figure(ledger, "lectures[topic == 'tb'] + lectures").records.count is None


def test_units_and_questions_are_answered_in_order() -> None:
    question = Question(
        indicators=("lectures", "completion"),
        units=("S", "SB"),
        period=parse_period("2026Q1"),
        by="month",
        home="he",
    )
    found = figures(book(LECTURES, ALL), question)
    assert [(one.unit_code, one.key, one.bucket) for one in found] == [
        (unit, f"he.{key}", f"2026-0{month}")
        for unit in ("S", "SB")
        for key in ("lectures", "completion")
        for month in (1, 2, 3)
    ]
