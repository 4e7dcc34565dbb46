"""Complaints of the shipped pack over the switch, by the database; what papers say of openings."""

from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from taizhang.core.base.period import Month, Period
from taizhang.core.case.table import Asked, CaseQuestion
from taizhang.web.instance.paths import Home
from tests.web.cases.furnish import send
from tests.web.ledger.furnish import FIRST, STREET, furnish

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
KIND = "healthy_city.hygiene_complaint"


def complaint(uid: str, day: str) -> dict[str, Any]:
    answers = {"received_on": day, "kind": "rubbish", "place": "北门", "channel": "phone"}
    return {"id": uid, "form": KIND, "unit": FIRST, "date": day, "answers": answers}


def answered(uid: str, day: str) -> dict[str, Any]:
    answers = {"answered_on": day, "result": "settled"}
    form = "healthy_city.complaint_answer"
    head = {"id": f"{uid}-answer", "form": form, "case": uid, "unit": FIRST, "date": day}
    return {**head, "answers": answers}


@pytest.fixture
def complaints(any_instance: Home) -> Any:
    """This fixture will record complaints begun before and after the switch."""
    from taizhang.web.programmes.actions import pack_install

    owner = furnish()
    for key in ("common", "healthy_city"):
        source = Path(str(files("taizhang") / "packs" / key))
        pack_install(source=source, acting_user=owner, now=NOW)
    lines = [
        complaint("december", "2025-12-02"), answered("december", "2025-12-08"),
        complaint("over", "2025-12-26"), answered("over", "2026-01-08"),
        complaint("late", "2026-01-12"), answered("late", "2026-02-10"),
        complaint("open", "2026-03-09"),
    ]  # fmt: skip
    send(owner, lines, NOW)
    return owner


@pytest.mark.parametrize("known", [None, date(2026, 3, 10)])
def test_limits_before_the_switch_are_left_to_the_sums(
    complaints: object, known: date | None
) -> None:
    from taizhang.web.ledger.open_book import open_book

    cases = open_book(now=NOW).cases

    def count(asked: Asked, first: Month, last: Month) -> int:
        span = Period(first, last)
        return cases.count(
            CaseQuestion(
                asked=asked, kind=KIND, unit=STREET, first=span.start, last=span.end, known=known
            )
        )

    december, january = Month(2025, 12), Month(2026, 1)
    assert count(Asked.DUE, december, december) == 0
    assert count(Asked.DUE, december, Month(2026, 3)) == 2
    assert (count(Asked.DUE, january, january), count(Asked.IN_TIME, january, january)) == (2, 1)


def test_an_opening_says_what_became_of_its_case(complaints: object) -> None:
    from taizhang.web.ledger.open_book import open_book

    cases = open_book(now=NOW).cases
    rows = cases.opened(["over", "late", "open", "over-answer"], date(2026, 1, 31), None)
    told = {record: (row.number, row.state) for record, row in rows.items()}
    assert told == {"over": ("TS-2025-002", "answered"), "late": ("TS-2026-001", "open")}
