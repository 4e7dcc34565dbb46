"""Numbers of cases and things: patterns, counters, provisional ones."""

import pytest

from taizhang.core.base.number_label import NumberPattern

WT = NumberPattern("WT-{year}-{serial:3}")


def test_a_number_is_written_by_its_pattern_and_grows_beyond_it() -> None:
    assert WT.number(2026, 7) == "WT-2026-007"
    assert WT.number(2026, 12345) == "WT-2026-12345"
    assert NumberPattern("XC-{serial:2}").number(2026, 3) == "XC-03"


def test_a_counter_serves_a_year_or_all() -> None:
    assert (WT.counter(2026), NumberPattern("XC-{serial}").counter(2026)) == (2026, 0)


def test_a_provisional_number_is_the_record_s_own() -> None:
    assert WT.provisional(2026, "a") == WT.provisional(2026, "a") != WT.provisional(2026, "b")
    assert WT.provisional(2026, "a").startswith("WT-2026-临")


@pytest.mark.parametrize(
    "text", ["WT", "{serial}{serial}", "{year}", "{serial:0}", "a b{serial}", "{x}{serial}"]
)
def test_what_gives_no_number(text: str) -> None:
    assert not NumberPattern(text).sound


@pytest.mark.parametrize(
    "text", ["WT-{year}-{serial:3}", "〔{year}〕{serial}", "XC{serial:2}", "栏{serial}"]
)
def test_what_gives_numbers(text: str) -> None:
    assert NumberPattern(text).sound
