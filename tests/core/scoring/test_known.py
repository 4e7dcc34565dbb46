"""A value that is not known for good, in the words in which a score says it."""

from fractions import Fraction

import pytest

from taizhang.core.scoring.interval import CONDITION, Interval
from taizhang.core.text.bilingual import say


def known(low: object, high: object, unit: str = "次", **more: object) -> Interval:
    ends = [None if end is None else Fraction(end) for end in (low, high)]  # type: ignore[arg-type]
    return Interval(low=ends[0], high=ends[1], unit=unit, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (known(None, None), "未知", "not known"),
        (known(None, 0), "至多0次", "at most 0次"),
        (known(None, 12), "至多12次", "at most 12次"),
        (known(0, None), "至少0次", "at least 0次"),
        (known(3, None), "至少3次", "at least 3次"),
        (known(3, 5), "3–5次", "3–5次"),
        (known(0, 0), "0次", "0次"),
        (known("7/2", "7/2"), "3.5次", "3.5次"),
        (known("1/3", "1/3"), "0.33次", "0.33次"),
        (known(90, 90, "percent"), "90%", "90%"),
        (known(None, None, "percent"), "未知", "not known"),
        (known(1, 1, CONDITION), "成立", "so"),
        (known(0, 0, CONDITION), "不成立", "not so"),
        (known(0, 1, CONDITION), "未定", "not settled"),
        (known(None, None, CONDITION), "未定", "not settled"),
        (known(3, 3, not_applicable=say("无", "none")), "不适用", "not applicable"),
    ],
)
def test_what_is_known_of_a_value_is_said(value: Interval, chinese: str, english: str) -> None:
    assert value.sentence().zh == chinese
    assert value.sentence().en == english


def test_a_value_is_told_apart_from_what_it_misses() -> None:
    assert (
        known("8996/100", "8996/100", "percent", decimals=0).sentence(Fraction(90)).zh == "89.96%"
    )
    assert known(None, None).sentence(Fraction(90)).zh == "未知"
    assert known(None, 12).sentence(Fraction(90)).zh == "至多12次"
