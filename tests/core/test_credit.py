"""What a record counts for at a unit that it credits follows from the answers of that unit."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.core.counting.credit import Credit, CreditGiven, CreditState, credit_of

ACCEPTED = datetime(2026, 7, 10, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def at(days: int) -> datetime:
    return ACCEPTED + days * DAY


YES, NO = CreditGiven(True, at(3)), CreditGiven(False, at(5))


@pytest.mark.parametrize(
    ("answers", "asked_since", "state", "since", "until"),
    [
        ((), None, "waiting", None, None),
        ((YES,), None, "confirmed", 3, None),
        ((NO,), None, "refused", None, None),
        ((NO, CreditGiven(True, at(6))), None, "confirmed", 6, None),
        ((YES, NO), None, "refused", 3, 5),
        ((YES, NO, CreditGiven(True, at(6))), None, "refused", 3, 5),
        ((CreditGiven(True, at(-1)),), None, "confirmed", 0, None),
        ((), at(1), "unasked", 0, None),
        ((), at(0), "waiting", None, None),
        ((NO,), at(1), "refused", 0, 5),
        ((YES,), at(1), "confirmed", 0, None),
    ],
)
def test_what_follows(
    answers: tuple[CreditGiven, ...],
    asked_since: datetime | None,
    state: str,
    since: int | None,
    until: int | None,
) -> None:
    moments = [None if days is None else at(days) for days in (since, until)]
    expected = Credit(CreditState(state), *moments)
    assert credit_of(ACCEPTED, answers, asked_since) == expected


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=6))
def test_it_counts_only_after_a_confirmation_and_never_twice(drawn: list[tuple[bool, int]]) -> None:
    answers = [CreditGiven(yes, at(day)) for yes, day in sorted(drawn, key=lambda pair: pair[1])]
    credit = credit_of(ACCEPTED, answers, None)
    assert (credit.since is None) is not any(answer.is_confirmed for answer in answers)
    if credit.since is not None:
        assert credit.since == next(answer.at for answer in answers if answer.is_confirmed)
    assert (credit.state is CreditState.CONFIRMED) is (
        credit.since is not None and credit.until is None
    )
