"""What a record picks from a list must have been begun by a record of its unit."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from taizhang.core.counting.fact import Submission
from tests.web.ledger.furnish import FIRST, GONE, MERGED, NOW, SECOND, line

PROBLEMS = Path(__file__).resolve().parents[2] / "errors" / "ANSWER_013" / "input"
DAY = date(2026, 6, 1)


@pytest.fixture
def user(owner: Any) -> Any:
    """This fixture will give the owner of an instance that keeps a list of problems."""
    from taizhang.web.programmes.actions import pack_install

    files = {
        path.relative_to(PROBLEMS).as_posix(): path.read_bytes()
        for path in PROBLEMS.rglob("*")
        if path.is_file() and path.parent.name != "tests"
    }
    pack_install(source=files, acting_user=owner, now=NOW)
    return owner


def problem(uid: str, key: str, unit: str = FIRST, day: date = DAY) -> Submission:
    answers = {"no": key, "found_on": day.isoformat(), "until": "2026-06-09"}
    return Submission(id=uid, form="broken.problem", unit=unit, date=day, answers=answers)


def review(uid: str, key: str, unit: str = FIRST) -> Submission:
    answers = {"no": key, "seen_on": DAY.isoformat()}
    return Submission(id=uid, form="broken.review", unit=unit, date=DAY, answers=answers)


def imported(user: Any, *records: Submission) -> list[tuple[str, int | None]]:
    """Import records as a file and give code and line of what is wrong."""
    from taizhang.web.ledger.accept.actions import records_import

    lines = [json.dumps(line(record)) for record in records]
    try:
        records_import(lines=lines, file="r", acting_user=user, now=NOW)
    except Refused as refused:
        return [(issue.code.name, issue.place.line) for issue in refused.issues]
    return []


def test_every_unknown_thing_of_a_file_is_named_and_nothing_stored(user: Any) -> None:
    from taizhang.web.ledger import models

    codes = imported(
        user,
        review("early", "W-1"),
        problem("one", "W-1"),
        review("right", "W-1"),
        review("other", "W-1", SECOND),
        review("wrong", "W-9"),
    )
    assert codes == [("ANSWER_013", 1), ("ANSWER_013", 4), ("ANSWER_013", 5)]
    assert models.Record.objects.count() == 0


def test_what_the_ledger_holds_may_be_picked(user: Any) -> None:
    old = problem("old", "W-2", GONE, date(2026, 3, 1))
    assert imported(user, problem("one", "W-1"), old) == []
    assert imported(user, review("a", "W-1"), review("b", "W-2", MERGED)) == []
    gone = Submission(
        id="out", form="broken.problem", unit=FIRST, date=DAY, answers={}, withdraws="one",
        reason="误记",
    )  # fmt: skip
    again = Submission(
        id="out2", form="broken.review", unit=FIRST, date=DAY, answers={}, withdraws="a",
        reason="误记",
    )  # fmt: skip
    assert imported(user, gone, again) == []
    assert imported(user, review("c", "W-1")) == [("ANSWER_013", 1)]
