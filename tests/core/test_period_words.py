"""Each kind of period in words, in both languages, and one owner of the words for all rooms."""

import pytest

from taizhang.core.base.period import parse_period
from taizhang.core.indicator.sentence import FigureSentences
from taizhang.core.text.period import period_chinese, period_english

PERIODS = [
    ("2025", "2025年", "year 2025"),
    ("2025H1", "2025年上半年", "first half of 2025"),
    ("2025H2", "2025年下半年", "second half of 2025"),
    ("2025Q1", "2025年第一季度", "quarter 1 of 2025"),
    ("2025Q2", "2025年第二季度", "quarter 2 of 2025"),
    ("2025Q3", "2025年第三季度", "quarter 3 of 2025"),
    ("2025Q4", "2025年第四季度", "quarter 4 of 2025"),
    ("2025-05", "2025年5月", "May 2025"),
    ("2025-12", "2025年12月", "December 2025"),
    ("2025-01..2025-05", "2025年1月至5月", "January 2025 to May 2025"),
    ("2025-02..2025-04", "2025年2月至4月", "February 2025 to April 2025"),
    ("2024-01..2025-12", "2024年1月至2025年12月", "January 2024 to December 2025"),
    ("2024-07..2025-12", "2024年7月至2025年12月", "July 2024 to December 2025"),
]


@pytest.mark.parametrize(("period", "chinese", "english"), PERIODS)
def test_a_period_is_said_in_both_languages(period: str, chinese: str, english: str) -> None:
    assert period_chinese(parse_period(period)) == chinese
    assert period_english(parse_period(period)) == english
    assert FigureSentences("zh").period(parse_period(period)) == chinese
    assert FigureSentences("en").period(parse_period(period)) == period
