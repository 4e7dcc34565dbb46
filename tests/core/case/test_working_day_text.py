"""A year's notice of holidays: read from what people type, judged as a whole."""

from datetime import date
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from taizhang.core.case.working_day import WorkingDays, legal_edition
from taizhang.core.case.working_day_text import notice_doubts, notice_read

TODAY = date(2026, 11, 20)
LAW = ", ".join(day.isoformat() for day in legal_edition(2027).rest)
NOTICE: dict[str, Any] = {
    "year": 2027,
    "known_from": date(2026, 11, 10),
    "rest": f"{LAW}\n2027-02-05..2027-02-11",
    "work": "2027-01-31",
    "document": "国务院办公厅关于2027年部分节假日安排的通知",
    "verified": True,
    "today": TODAY,
}


def test_days_and_ranges_are_read() -> None:
    edition = notice_read(**NOTICE)
    assert {date(2027, 2, day) for day in range(5, 12)} <= edition.rest
    assert edition.work == {date(2027, 1, 31)}
    assert notice_doubts(edition) == []
    calendar = WorkingDays([edition]).known_on(TODAY)
    assert [calendar.works(date(2027, 2, 11)), calendar.works(date(2027, 1, 31))] == [False, True]
    assert calendar.after(date(2027, 2, 4), 1) == date(2027, 2, 12)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"rest": f"{LAW} 2027-02-30"}, ["HOLIDAY_001"]),
        ({"rest": f"{LAW} 2027-02-11..2027-02-05"}, ["HOLIDAY_001"]),
        ({"rest": f"{LAW} 2027-01-01..2027-06-30"}, ["HOLIDAY_001"]),
        ({"rest": f"{LAW} 2026-12-31"}, ["HOLIDAY_002"]),
        ({"work": "2027-02-06"}, ["HOLIDAY_003"]),
        ({"work": "2027-03-10"}, ["HOLIDAY_004"]),
        ({"known_from": date(2026, 11, 21)}, ["HOLIDAY_006"]),
        ({"known_from": date(2025, 12, 31)}, ["HOLIDAY_006"]),
        ({"document": "  "}, ["HOLIDAY_008"]),
        ({"work": "明天 2026-01-03 2027-03-10"}, ["HOLIDAY_001", "HOLIDAY_002", "HOLIDAY_004"]),
    ],
)
def test_nonsense_is_told_all_at_once(change: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        notice_read(**NOTICE | change)
    assert [issue.code.name for issue in refused.value.issues] == codes


def test_a_legal_holiday_left_out_is_doubted() -> None:
    edition = notice_read(**NOTICE | {"rest": "2027-02-05..2027-02-11"})
    (doubt,) = notice_doubts(edition)
    assert "2027-10-01" in str(doubt.facts["days"])
