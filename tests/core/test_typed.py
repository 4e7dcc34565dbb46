"""What a person types is read as it was meant, or not at all."""

from datetime import date
from decimal import Decimal

import pytest

from taizhang.core.base.literal import day_of, day_read, number_read, whole_of, whole_read

NO_NUMBERS = (
    "",
    " 1",
    "1 ",
    "1_000",
    "１２３",
    "1２",
    "٣",
    "1e2",
    "+5",
    "0x10",
    "inf",
    "nan",
    "--1",
    "一",
)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_only_python_takes_for_a_number_is_none(text: str) -> None:
    assert whole_read(text) is None
    assert number_read(text) is None
    with pytest.raises(ValueError, match="whole number"):
        whole_of(text)


def test_plain_numbers_are_read() -> None:
    assert (whole_read("012"), whole_of("-7")) == (12, -7)
    assert [number_read(text) for text in ("12.50", "-.5", "3.")] == [
        *(Decimal("12.50"), Decimal("-0.5"), Decimal(3)),
    ]
    assert number_read("1" * 19) is None
    assert whole_read("1.0") is None


@pytest.mark.parametrize(
    "text",
    ["", "20260501", "2026-W18-5", "2026-5-1", "２０２６-05-01", "2026-02-30", "2026-05-01T10:00"],
)
def test_what_only_python_takes_for_a_day_is_none(text: str) -> None:
    assert day_read(text) is None
    with pytest.raises(ValueError, match="no day"):
        day_of(text)


def test_a_day_is_read() -> None:
    assert day_read("2026-05-01") == day_of("2026-05-01") == date(2026, 5, 1)
