"""Theme days and duties against dates verified by hand for 2024–2030."""

from datetime import date

import pytest

from taizhang.core.base.period import parse_period
from taizhang.core.definition.calendar import (
    SOLAR_TERMS,
    Day,
    DayRule,
    days,
    days_in,
    occurrences,
    spans,
)

YEARS = range(2024, 2031)


def dates(rule: DayRule) -> list[str]:
    """Give the occurrences 2024–2030 as the test tables write them."""
    found = [spans(rule, year) for year in YEARS]
    assert all(len(one) == 1 and one[0][0] == one[0][1] for one in found)
    return [f"{one[0][0]:%m-%d}" for one in found]


# Printed calendars, 2024 … 2030.
VERIFIED = {
    "春节": ({"lunar": "01-01"}, "02-10 01-29 02-17 02-06 01-26 02-13 02-03"),
    "除夕": ({"lunar": "12-last"}, "02-09 01-28 02-16 02-05 01-25 02-12 02-02"),
    "端午": ({"lunar": "05-05"}, "06-10 05-31 06-19 06-09 05-28 06-16 06-05"),
    "中秋": ({"lunar": "08-15"}, "09-17 10-06 09-25 09-15 10-03 09-22 09-12"),
    "老年节": ({"lunar": "09-09"}, "10-11 10-29 10-18 10-08 10-26 10-16 10-05"),
    "清明": ({"solar_term": "清明"}, "04-04 04-04 04-05 04-05 04-04 04-04 04-05"),
    "冬至": ({"solar_term": "冬至"}, "12-21 12-21 12-22 12-22 12-21 12-21 12-22"),
    "世界防治麻风病日": ({"nth": "last sun of 01"}, "01-28 01-26 01-25 01-31 01-30 01-28 01-27"),
    "国际罕见病日": ({"nth": "last day of 02"}, "02-29 02-28 02-28 02-28 02-29 02-28 02-28"),
    "世界肾脏病日": ({"nth": "2nd thu of 03"}, "03-14 03-13 03-12 03-11 03-09 03-08 03-14"),
    "安全教育日": ({"nth": "last mon of 03"}, "03-25 03-31 03-30 03-29 03-27 03-26 03-25"),
    "世界哮喘日": ({"nth": "1st tue of 05"}, "05-07 05-06 05-05 05-04 05-02 05-01 05-07"),
    "母亲节": ({"nth": "2nd sun of 05"}, "05-12 05-11 05-10 05-09 05-14 05-13 05-12"),
    "全国助残日": ({"nth": "3rd sun of 05"}, "05-19 05-18 05-17 05-16 05-21 05-20 05-19"),
    "国际聋人日": ({"nth": "last sun of 09"}, "09-29 09-28 09-27 09-26 09-24 09-30 09-29"),
    "世界视觉日": ({"nth": "2nd thu of 10"}, "10-10 10-09 10-08 10-14 10-12 10-11 10-10"),
    "慢阻肺日": ({"nth": "3rd wed of 11"}, "11-20 11-19 11-18 11-17 11-15 11-21 11-20"),
    "世界防治结核病日": ({"on": "03-24"}, " ".join(["03-24"] * 7)),
}


@pytest.mark.parametrize("name", VERIFIED)
def test_a_day_falls_where_printed_calendars_put_it(name: str) -> None:
    when, expected = VERIFIED[name]
    assert dates(DayRule(key="day", label=name, **when)) == expected.split()


def test_a_lunar_day_at_the_turn_of_the_year_may_come_twice_or_not_at_all() -> None:
    laba = DayRule(key="laba", label="腊八", lunar="12-08")
    found = {year: [f"{start:%m-%d}" for start, _ in spans(laba, year)] for year in YEARS}
    assert found == {
        2024: ["01-18"],
        2025: ["01-07"],
        2026: ["01-26"],
        2027: ["01-15"],
        2028: ["01-04"],
        2029: ["01-22"],
        2030: ["01-11"],
    }
    assert [f"{day:%m-%d}" for day, _ in spans(laba, 2022)] == ["01-10", "12-30"]
    assert spans(laba, 2023) == ()


def test_a_leap_month_never_holds_the_festival() -> None:
    # 2025 has a sixth month and a leap sixth month; 2023 a leap second one.
    assert spans(DayRule(key="x", label="", lunar="06-06"), 2025) == (
        (date(2025, 6, 30), date(2025, 6, 30)),
    )
    assert spans(DayRule(key="x", label="", lunar="02-02"), 2023) == (
        (date(2023, 2, 21), date(2023, 2, 21)),
    )


def test_the_thirtieth_of_a_short_lunar_month_does_not_exist() -> None:
    assert spans(DayRule(key="x", label="", lunar="12-30"), 2026) == ()
    assert spans(DayRule(key="x", label="", lunar="12-30"), 2024) == (
        (date(2024, 2, 9), date(2024, 2, 9)),
    )


def test_every_solar_term_comes_once_a_year_and_in_order() -> None:
    for year in YEARS:
        found = [spans(DayRule(key="x", label="", solar_term=term), year) for term in SOLAR_TERMS]
        assert all(len(one) == 1 for one in found)
        assert found == sorted(found)


def test_spans_months_and_weekends() -> None:
    def one(**when: str) -> tuple[tuple[date, date], ...]:
        return spans(DayRule(key="x", label="", **when), 2026)

    assert one(span="04") == ((date(2026, 4, 1), date(2026, 4, 30)),)
    assert one(span="04-15..04-21") == ((date(2026, 4, 15), date(2026, 4, 21)),)
    assert one(span="12-20..01-05") == ((date(2026, 12, 20), date(2027, 1, 5)),)
    assert one(span="02-20..02-29") == ((date(2026, 2, 20), date(2026, 2, 28)),)
    # 全国科普日 2026: Saturday 19 and Sunday 20 September
    assert one(nth="3rd weekend of 09") == ((date(2026, 9, 19), date(2026, 9, 20)),)
    assert one(nth="5th mon of 02") == ()
    assert one(on="02-29") == ()


def test_recurring_duties() -> None:
    assert [f"{start:%m-%d}..{end:%m-%d}" for start, end in occurrences("quarter", 2026)] == [
        "01-01..03-31",
        "04-01..06-30",
        "07-01..09-30",
        "10-01..12-31",
    ]
    assert len(list(occurrences("month:1", 2026))) == 12
    assert list(occurrences("month:31", 2026))[1] == (date(2026, 2, 28), date(2026, 2, 28))
    assert list(occurrences("year:03", 2026)) == [(date(2026, 3, 1), date(2026, 3, 31))]
    assert list(occurrences("year:03-05", 2026)) == [(date(2026, 3, 5), date(2026, 3, 5))]
    assert list(occurrences("half", 2026))[1] == (date(2026, 7, 1), date(2026, 12, 31))


def test_days_are_in_date_order_and_respect_their_first_year() -> None:
    rules = [
        DayRule(key="late", label="宪法日", on="12-04"),
        DayRule(key="young", label="新设日", on="05-01", since=2026),
        DayRule(key="early", label="元旦", on="01-01", topic="节日"),
    ]
    assert [day.key for day in days(rules, 2025)] == ["early", "late"]
    assert days(rules, 2026)[0] == Day(
        key="early", label="元旦", start=date(2026, 1, 1), end=date(2026, 1, 1), topic="节日"
    )
    assert [day.key for day in days(rules, 2026)] == ["early", "young", "late"]


def test_a_span_over_new_year_touches_both_years() -> None:
    rules = [DayRule(key="winter", label="寒假", span="12-20..01-05")]
    assert [day.start.year for day in days_in(rules, parse_period("2026-01"))] == [2025]
    assert [day.start.year for day in days_in(rules, parse_period("2026"))] == [2025, 2026]
    assert days_in(rules, parse_period("2026-05")) == ()


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"on": "03-24", "span": "03"},
        {"on": "13-01"},
        {"on": "02-30"},
        {"on": "3-4"},
        {"span": "00"},
        {"span": "04-15"},
        {"span": "04-15..04-31"},
        {"nth": "6th sun of 05"},
        {"nth": "2nd day of 05"},
        {"nth": "2nd sun of 13"},
        {"lunar": "13-01"},
        {"lunar": "09-31"},
        {"solar_term": "春节"},
        {"every": "week"},
        {"every": "month:32"},
        {"every": "year:13"},
    ],
)
def test_a_rule_that_says_no_day_is_refused(when: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        spans(DayRule(key="x", label="", **when), 2026)
