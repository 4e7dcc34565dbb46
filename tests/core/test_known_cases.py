"""What is known, on ledgers small enough to count by hand: cuts, halves, reasons, sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from taizhang.core.base.closing_day import ClosingRow, closing_days
from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.period import Month, parse_period
from taizhang.core.book import Book
from taizhang.core.indicator.open_months import open_months
from tests.core.ledger import book, figure, flags, indicator

ALL_YEAR = "SA,SB,SC,TA 2026-01..2026-12"


def on(day: str, page: str = "", closed: str = "", **given: object) -> Book:
    return book(page, closed, today=date.fromisoformat(day), **given)


def sentence(ledger: Book, period: str = "2026", unit: str = "D") -> str:
    return open_months(ledger, [unit], parse_period(period), ["he"]).sentence().zh


# the cut of a running period


def test_one_community_that_closes_early_leaves_the_district_rate_about_itself() -> None:
    """95 communities, all closed to September; on 5 November one has closed October already."""
    codes = [f"C{number:02}" for number in range(95)]
    tree = "D 区 -\nS 街道 D\n" + "".join(f"{code} 社区 S\n" for code in codes)
    page = "".join(
        f"2026-0{1 + n % 9}-05 {code} lectures {6 if n else 1}\n"
        f"2026-0{1 + n % 9}-05 {code} attendance {8 if n else 19}\n"
        for n, code in enumerate(codes)
    )
    page += "2026-10-07 C00 lectures 6\n2026-10-07 C00 attendance 10\n"
    closed = f"{','.join(codes)} 2026-01..2026-09"
    early = closed + "\nC00 2026-10"
    for text in (closed, early):
        found = figure(on("2026-11-05", page, text, tree=tree), "per_lecture")
        assert (found.numerator, found.denominator) == (771, 565)
        assert found.through == "2026-09"
        assert flags(found) == ("to_date 2026-11-05",)
    over = figure(on("2026-11-05", page, early, tree=tree), "per_lecture", "D", "2026-01..2026-10")
    assert (over.numerator, over.denominator) == (781, 571)
    assert flags(over) == ("of_months 856/950",)


@pytest.mark.parametrize(
    ("day", "through", "above"),
    [
        ("2026-11-09", "2026-09", 9),
        ("2026-11-10", "2026-10", 10),
        ("2026-11-15", "2026-10", 10),
        ("2026-11-30", "2026-10", 10),
        ("2026-12-31", "", 12),
    ],
)
def test_a_running_ratio_is_cut_at_the_last_month_due(day: str, through: str, above: int) -> None:
    page = "\n".join(f"2026-{month:02}-03 SA lectures 1" for month in range(1, 13))
    found = figure(on(day, page, "SA 2026-01..2026-12"), "completion", "SA")
    assert (found.done, found.denominator) == (above, Fraction(above, 2))
    assert found.through == through
    count = figure(on(day, page, "SA 2026-01..2026-12"), "lectures", "SA")
    assert count.value == date.fromisoformat(day).month
    if through:
        assert f"2026年1月至{int(through[5:])}月" in found.sentence
        assert f"比率计至已到报结日的{int(through[5:])}月" in found.sentence


def test_a_count_asks_only_for_months_due() -> None:
    closed = "SA 2026-01..2026-08"
    for day, expected in (("2026-11-09", ("2026-09",)), ("2026-11-10", ("2026-09", "2026-10"))):
        found = figure(on(day, "2026-01-03 SA lectures 1", closed), "lectures", "SA")
        (incomplete,) = (flag for flag in found.flags if flag.name == "incomplete")
        assert tuple(incomplete.detail.split(",")) == expected


def test_before_the_first_closing_day_a_ratio_waits_and_a_count_does_not() -> None:
    ledger = on("2026-01-20", "2026-01-08 SA lectures 2")
    share = figure(ledger, "completion", "SA")
    assert (share.value, share.reason.code) == (None, ReasonCode.WAITING)
    assert "还没有到期应报结的月份" in share.sentence
    assert figure(ledger, "lectures", "SA").value == 2
    assert figure(ledger, "mean(lectures)", "SA").reason.code is ReasonCode.WAITING


def test_levels_alone_are_not_cut() -> None:
    page = "2026-11-12 SA population 1000\n2026-11-12 SA reached 100"
    found = figure(on("2026-11-15", page), "coverage", "SA")
    assert (found.value, found.through) == (10, "")


def test_an_earlier_time_is_cut_alike() -> None:
    growth = indicator(
        "growth",
        numerator="attendance - previous(attendance)",
        denominator="previous(attendance)",
    )
    page = "".join(
        f"{year}-{month:02}-03 SA attendance {10 if year == 2025 else 12}\n"
        for year in (2025, 2026)
        for month in range(1, 12)
    )
    ledger = on("2026-11-15", page, "SA 2025-01..2026-10", indicators=[growth])
    found = figure(ledger, "growth", "SA")
    assert (found.numerator, found.denominator) == (120 - 100, 100)


# a period that is over is written whole


def yearly(day: str, closed: str) -> Book:
    page = "\n".join(
        f"2026-{month:02}-03 {unit} {measure} {value}"
        for month in range(1, 13)
        for unit in ("SA", "SB", "SC", "TA")
        for measure, value in (("lectures", 1), ("births", 2))
    )
    page += "\n" + "\n".join(f"2026-01-03 {unit} population 1000" for unit in ("SA", "SB", "SC"))
    quiet = page.replace("2026-12-03 SB", "2026-11-03 SB").replace("2026-12-03 SC", "2026-11-03 SC")
    return on(day, quiet, closed)


def test_the_paper_of_25_december_and_that_of_5_january() -> None:
    closed = "SA,SB,SC,TA 2026-01..2026-11"
    december = yearly("2026-12-25", closed)
    running = figure(december, "completion")
    assert (running.done, running.denominator, running.through) == (46, 22, "2026-11")
    assert figure(december, "lectures").value == 48
    assert sentence(december) == "数字截至2026年12月25日；比率按已到报结日的1—11月计算。"
    january = yearly("2027-01-05", closed + "\nSA 2026-12")
    whole = figure(january, "completion")
    assert (whole.done, whole.denominator, whole.through) == (48, 23, "")
    assert flags(whole)[0] == "of_months 46/48"
    assert sentence(january).startswith("截至2027年1月5日，3个单位3个月（")
    assert "未报结，下列为已收到数的合计。" in sentence(january)


def test_a_month_not_yet_due_is_not_asked_of_units_pooled_whole() -> None:
    """December is open for SB and SC: they are pooled until the tenth, and left out then."""
    closed = "SA,SB,SC,TA 2026-01..2026-11\nSA 2026-12"
    before = figure(yearly("2027-01-09", closed), "birth_rate", "S")
    assert (before.numerator, before.denominator, flags(before)) == (72, 3000, ())
    after = figure(yearly("2027-01-10", closed), "birth_rate", "S")
    assert (after.value, after.reason.code) == (None, ReasonCode.TOO_FEW_KNOWN)
    more = figure(yearly("2027-01-10", closed + "\nSB 2026-12"), "birth_rate", "S")
    assert (more.numerator, more.denominator, flags(more)) == (48, 2000, ("of 2/3",))


# half


@pytest.mark.parametrize(("months", "known"), [(6, True), (5, False)])
def test_a_unit_alone_is_known_with_half_of_its_months(months: int, known: bool) -> None:
    closed = f"TA 2026-01..2026-{months:02}"
    found = figure(on("2027-03-01", "2026-01-03 TA lectures 1", closed), "completion", "T")
    assert (found.value is not None) == known
    if not known:
        assert found.reason.code is ReasonCode.TOO_FEW_KNOWN


def test_of_two_units_each_must_be_known() -> None:
    tree = "D 区 -\nS 街道 D\nSA 社区 S\nSB 社区 S"
    page = "2026-01-03 SA lectures 1"
    one = on("2027-03-01", page, "SA 2026-01..2026-12\nSB 2026-01..2026-05", tree=tree)
    assert figure(one, "completion").reason.code is ReasonCode.TOO_FEW_KNOWN
    both = on("2027-03-01", page, "SA 2026-01..2026-12\nSB 2026-01..2026-06", tree=tree)
    assert (figure(both, "completion").denominator, flags(figure(both, "completion"))[0]) == (
        9,
        "of_months 18/24",
    )


def test_half_of_the_months_and_half_of_the_units_are_needed() -> None:
    page = "2026-01-03 SA lectures 1"
    few_units = "SA 2026-01..2026-12\nSB,SC,TA 2026-01..2026-05"
    assert figure(on("2027-03-01", page, few_units), "completion").reason.code == "too_few_known"
    few_months = "SA,SB 2026-01..2026-06\nSC 2026-01..2026-05"
    assert figure(on("2027-03-01", page, few_months), "completion").reason.code == "too_few_known"
    enough = "SA,SB 2026-01..2026-12"
    assert figure(on("2027-03-01", page, enough), "completion").denominator == 12


# the start


def test_months_before_the_start_are_asked_of_nobody() -> None:
    page = "2026-02-03 SA lectures 2\n2026-07-03 SA lectures 3"
    ledger = replace(
        on("2027-03-01", page, "SA 2026-06..2026-12"), due_from={"he": date(2026, 6, 15)}
    )
    found = figure(ledger, "completion", "SA")
    assert (found.done, found.denominator) == (5, 4), "February is held, so it is known"
    assert flags(figure(ledger, "lectures", "SA")) == ()
    assert sentence(ledger, unit="SA") == ""


# reasons


def test_each_reason_is_true() -> None:
    closed = on("2027-03-01", "", ALL_YEAR)
    never = figure(closed, "population", "SA")
    assert (never.reason.code, never.reason.sentence) == ("never_counted", "已报结，没有清点过。")
    assert figure(closed, "coverage", "SA").reason.code is ReasonCode.NEVER_COUNTED
    silent = on("2027-03-01")
    assert figure(silent, "population", "SA").reason.code is ReasonCode.NOT_REPORTED
    assert figure(silent, "lectures", "SA").reason.code is ReasonCode.NOT_REPORTED
    blank = on("2027-03-01", "2026-05-03 SA attendance ?\n2026-05-03 SA population ?", ALL_YEAR)
    for what in ("attendance", "population"):
        found = figure(blank, what, "SA")
        assert (found.reason.code, found.reason.sentence) == (
            "answer_blank",
            "填报了，这一项空着。",
        )


def test_a_flag_says_which_months_are_open() -> None:
    page = "2026-01-03 SA lectures 1"
    found = figure(on("2027-03-01", page, "SA 2026-01..2026-09\nSA 2026-12"), "lectures", "SA")
    assert (found.value, found.high, flags(found)) == (1, None, ("incomplete 0/1",))
    assert "10—11月还没有报结" in found.sentence
    assert "不少于" not in found.sentence
    assert found.as_json()["open_months"] == {"units": 1, "months": 2, "of": 12}


# who has not closed


def test_who_has_not_closed_is_named_where_they_are_few() -> None:
    closed = "SA 2026-01..2026-10\nSB,SC,TA 2026-01..2026-12"
    ledger = on("2027-03-01", "", closed)
    assert sentence(ledger) == (
        "截至2027年3月1日，1个单位2个月（SA社区11—12月）未报结，下列为已收到数的合计。"
    )
    assert sentence(ledger, unit="SA") == "截至2027年3月1日，11—12月未报结，下列为已收到数的合计。"
    assert sentence(ledger, unit="SB") == ""
    assert sentence(on("2027-03-01")) == (
        "截至2027年3月1日，4个单位48个月未报结，下列为已收到数的合计。"
    )


# the setting


def test_a_later_row_changes_nothing_that_was_due_before() -> None:
    days = closing_days(
        [ClosingRow(date(2026, 11, 20), 25, 3), ClosingRow(date(2020, 1, 1), 5, None)]
    )
    assert days.due_on(Month(2026, 10)) == date(2026, 11, 5)
    assert days.closes_on(Month(2026, 10)) is None
    assert days.due_on(Month(2026, 11)) == date(2026, 12, 25)
    assert days.closes_on(Month(2026, 11)) == date(2026, 12, 25), "never before the closing day"
    late = closing_days([ClosingRow(date(2020, 1, 1), 5, 12)])
    assert late.closes_on(Month(2026, 10)) == date(2026, 11, 12)


def test_without_a_setting_the_tenth_is_the_closing_day() -> None:
    assert closing_days([]).due_on(Month(2026, 12)) == date(2027, 1, 10)
