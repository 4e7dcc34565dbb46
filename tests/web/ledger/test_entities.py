"""Boards and what is due: the latest record stands, corrections step back, successors go on."""

from datetime import date, timedelta
from typing import Any

from taizhang.core.counting.fact import Submission
from tests.web.ledger.furnish import (
    DISTRICT,
    FIRST,
    GONE,
    MERGED,
    NOW,
    OTHER,
    SECOND,
    STREET,
    THIRD,
)


def board(uid: str, day: date, **changes: Any) -> Submission:
    answers = {
        "board": "XC-01",
        "changed_on": day.isoformat(),
        "state": "in_use",
        **changes.pop("answers", {}),
    }
    values = {"id": uid, "form": "trial.board", "unit": FIRST, "date": day, **changes}
    return Submission(answers=answers, **values)


def accept(record: Submission, user: Any, days: int = 0) -> None:
    from taizhang.web.ledger.accept.actions import record_accept

    record_accept(record=record, acting_user=user, now=NOW + timedelta(days=days))


def states(unit: str, on: date, as_of: date | None = None) -> list[tuple[Any, ...]]:
    from taizhang.web.ledger.queries import LedgerEntities
    from taizhang.web.units.queries import history

    latest = LedgerEntities(history()).states("boards", unit, on, as_of)
    return [
        (state["unit"], state["entity"], state["date"], state["due"], state["state"])
        for state in latest
    ]


MAY, JUNE, TODAY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 10)


def test_latest_date_stands_whatever_came_last(owner: Any) -> None:
    accept(board("june", JUNE), owner)
    accept(board("may", MAY, answers={"state": "removed"}), owner, 1)
    due = JUNE + timedelta(days=60)
    assert states(FIRST, TODAY) == [(FIRST, "XC-01", JUNE, due, "in_use")]
    assert states(FIRST, date(2026, 5, 20))[0][2:] == (MAY, MAY + timedelta(days=60), "removed")
    assert states(FIRST, date(2026, 4, 1)) == []


def test_as_of_keeps_what_was_known_then(any_owner: Any) -> None:
    accept(board("may", MAY), any_owner)
    accept(board("june", JUNE), any_owner, 2)
    wrong = board("wrong", date(2026, 6, 20))
    accept(wrong, any_owner, 3)
    out = Submission(
        id="out",
        form="trial.board",
        unit=FIRST,
        date=wrong.date,
        answers={},
        withdraws="wrong",
        reason="误记",
    )
    accept(out, any_owner, 5)
    assert states(FIRST, TODAY)[0][2] == JUNE
    assert states(FIRST, TODAY, TODAY)[0][2] == MAY
    assert states(FIRST, TODAY, TODAY + timedelta(days=2))[0][2] == JUNE
    assert states(FIRST, TODAY, TODAY + timedelta(days=4))[0][2] == date(2026, 6, 20)
    assert states(FIRST, TODAY, TODAY - timedelta(days=1)) == []


def test_stored_latest_state_follows_corrections(any_owner: Any) -> None:
    from taizhang.web.ledger.models import Entity

    accept(board("may", MAY), any_owner)
    accept(board("june", JUNE), any_owner)
    entity = Entity.objects.get()
    assert entity.latest is not None
    assert (entity.latest.record.uid, entity.due) == ("june", JUNE + timedelta(days=60))
    accept(board("r", date(2026, 4, 1), replaces="june", reason="日期写错"), any_owner)
    entity.refresh_from_db()
    assert entity.latest.record.uid == "may"
    for target in ("may", "r"):
        out = {"withdraws": target, "reason": "误记", "answers": {}}
        accept(
            Submission(id=f"{target}x", form="trial.board", unit=FIRST, date=MAY, **out), any_owner
        )  # type: ignore[arg-type]
    entity.refresh_from_db()
    assert (entity.latest, entity.due) == (None, None)
    assert states(FIRST, TODAY) == []


def test_same_number_in_two_communities_is_two_boards(owner: Any) -> None:
    accept(board("a", MAY), owner)
    accept(board("b", JUNE, unit=SECOND), owner)
    accept(board("c", JUNE, unit=THIRD), owner)
    assert [row[0] for row in states(STREET, TODAY)] == [FIRST, SECOND]
    assert [row[0] for row in states(OTHER, TODAY)] == [THIRD]
    assert len(states(DISTRICT, TODAY)) == 3


def test_successor_goes_on_with_the_board(owner: Any) -> None:
    accept(board("old", date(2026, 3, 1), unit=GONE), owner)
    accept(board("new", MAY, unit=MERGED), owner)
    accept(board("late", date(2026, 3, 20), unit=GONE), owner)
    assert states(MERGED, TODAY) == [(GONE, "XC-01", MAY, MAY + timedelta(days=60), "in_use")]
    assert states(GONE, date(2026, 3, 31))[0][2] == date(2026, 3, 20)


def test_a_document_lists_the_latest_records_that_stand(owner: Any) -> None:
    from taizhang.core.base.period import parse_period
    from taizhang.web.ledger.queries import LedgerRecords
    from taizhang.web.units.queries import history

    accept(board("may", MAY), owner)
    accept(board("june", JUNE, unit=SECOND), owner)
    accept(board("wrong", JUNE + timedelta(days=1)), owner)
    accept(board("right", JUNE + timedelta(days=2), replaces="wrong", reason="日期写错"), owner, 2)
    accept(board("away", JUNE, unit=THIRD), owner)

    def latest(unit: str, limit: int, as_of: date | None = None) -> list[str]:
        asked = (parse_period("2026H1"), limit, as_of)
        return [
            record.id for record in LedgerRecords(history()).latest("trial.board", unit, *asked)
        ]

    assert latest(STREET, 9) == ["may", "june", "right"]
    assert latest(STREET, 2) == ["june", "right"]
    assert latest(FIRST, 9) == ["may", "right"]
    assert latest(FIRST, 9, NOW.date()) == ["may", "wrong"]
    assert latest(STREET, 9, MAY) == []


def test_a_book_that_asks_for_many_units_asks_the_database_little(any_owner: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from taizhang.web.ledger.queries import LedgerEntities
    from taizhang.web.units.queries import history

    for unit in (FIRST, SECOND, THIRD):
        accept(board(f"a{unit}", MAY, unit=unit), any_owner)
        accept(board(f"b{unit}", JUNE, unit=unit, answers={"board": "XC-02"}), any_owner)
    units = (DISTRICT, STREET, FIRST, SECOND, THIRD)
    alone = [LedgerEntities(history()).states("boards", unit, TODAY, None) for unit in units]
    assert [len(states) for states in alone] == [6, 4, 2, 2, 2]
    together = LedgerEntities(history())
    with CaptureQueriesContext(connection) as asked:
        for _ in range(3):
            told = [together.states("boards", unit, TODAY, None) for unit in units]
            assert told == alone
    assert len(asked) == 3
