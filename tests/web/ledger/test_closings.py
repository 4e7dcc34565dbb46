"""Closed months: by a person's word, by themselves, and over a change of the tree."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Month, parse_period
from taizhang.web.audit.code import AccessCode
from taizhang.web.ledger.code import ClosingCode
from tests.web.ledger.furnish import FIRST, GONE, MERGED, NOW, SECOND, STREET, codes, lecture

YEAR = parse_period("2026")
TODAY = date(2026, 7, 10)


def close(unit: str, month: Month, user: Any, pack: str = "trial", now: datetime = NOW) -> bool:
    from taizhang.web.ledger.facts.actions import closings_close

    return bool(closings_close(closings=[(unit, pack, month)], acting_user=user, now=now))


def closed(*units: str, as_of: date = TODAY) -> dict[str, list[int]]:
    from taizhang.web.ledger.facts.closing import LedgerClosings
    from taizhang.web.units.queries import history

    by_unit = LedgerClosings(history()).closed("trial", units, YEAR, as_of)
    return {unit: sorted(months) for unit, months in by_unit.items()}


def test_one_tap_closes_and_the_second_changes_nothing(owner: Any) -> None:
    from taizhang.web.audit.models import Entry

    assert close(FIRST, Month(2026, 5), owner)
    rows = Entry.objects.count()
    assert not close(FIRST, Month(2026, 5), owner)
    assert Entry.objects.count() == rows
    assert closed(FIRST, SECOND) == {FIRST: [202605]}


def test_closing_counts_from_its_day_on(any_owner: Any) -> None:
    close(FIRST, Month(2026, 5), any_owner, now=datetime(2026, 6, 9, 15, 59, tzinfo=UTC))
    close(FIRST, Month(2026, 4), any_owner, now=datetime(2026, 6, 9, 16, 0, tzinfo=UTC))
    assert closed(FIRST, as_of=date(2026, 6, 8)) == {}
    assert closed(FIRST, as_of=date(2026, 6, 9)) == {FIRST: [202605]}
    assert closed(FIRST, as_of=date(2026, 6, 10)) == {FIRST: [202604, 202605]}


def test_months_close_by_themselves_and_never_before_the_closing_day(owner: Any) -> None:
    from taizhang.web.accounts.models import Instance
    from taizhang.web.ledger.accept.actions import record_accept

    Instance.objects.update(close_after=2)  # as it was since ever
    assert closed(FIRST)[FIRST] == [202601, 202602, 202603, 202604, 202605, 202606]
    assert closed(FIRST, as_of=date(2026, 7, 9))[FIRST][-1] == 202605
    Instance.objects.update(close_after=12)
    assert closed(FIRST, as_of=date(2026, 7, 11))[FIRST][-1] == 202605
    assert closed(FIRST, as_of=date(2026, 7, 12))[FIRST][-1] == 202606
    Instance.objects.update(close_after=10)
    assert record_accept(record=lecture(), acting_user=owner, now=NOW).late == 1


def test_a_setting_changes_nothing_that_was_said_before(owner: Any) -> None:
    from taizhang.web.accounts.actions import closing_terms_set
    from taizhang.web.accounts.queries import closing_days_set, terms_on

    terms = replace(terms_on(TODAY), holds_from=TODAY, closing_day=5, close_after=1)
    closing_terms_set(terms=terms, acting_user=owner, now=NOW)
    assert closed(FIRST) == {}, "months over before the setting stay open"
    assert closed(FIRST, as_of=date(2026, 8, 4)) == {}
    assert closed(FIRST, as_of=date(2026, 8, 5)) == {FIRST: [202607]}
    days = closing_days_set()
    assert days.due_on(Month(2026, 6)) == date(2026, 7, 10)
    assert days.due_on(Month(2026, 7)) == date(2026, 8, 5)
    with pytest.raises(Refused, match="ACCOUNT_016"):
        closing_terms_set(
            terms=replace(terms, holds_from=date(2026, 7, 9)), acting_user=owner, now=NOW
        )


def by_people(*units: str, as_of: date = TODAY) -> dict[str, list[int]]:
    from taizhang.web.ledger.facts.closing import LedgerClosings
    from taizhang.web.units.queries import history

    told = LedgerClosings(history()).closed_by_people("trial", units, YEAR, as_of)
    return {unit: sorted(months) for unit, months in told.items()}


def test_what_people_closed_is_told_apart_from_what_closes_by_itself(owner: Any) -> None:
    from taizhang.web.accounts.models import Instance

    Instance.objects.update(close_after=10)
    close(FIRST, Month(2026, 5), owner, now=datetime(2026, 6, 10, 15, 59, tzinfo=UTC))
    close(FIRST, Month(2026, 4), owner, now=datetime(2026, 6, 10, 16, 0, tzinfo=UTC))
    assert closed(FIRST)[FIRST][-1] == 202606
    assert by_people(FIRST, SECOND) == {FIRST: [202604, 202605]}
    assert by_people(FIRST, as_of=date(2026, 6, 10)) == {FIRST: [202605]}
    close(GONE, Month(2026, 2), owner)
    assert by_people(MERGED) == {MERGED: [202602]}


def test_successor_has_the_months_that_its_origin_closed(owner: Any) -> None:
    close(GONE, Month(2026, 2), owner)
    close(MERGED, Month(2026, 5), owner)
    assert closed(MERGED) == {MERGED: [202602, 202605]}
    assert closed(GONE) == {GONE: [202602]}


def test_what_cannot_be_closed(owner: Any) -> None:
    assert codes(lambda: close(FIRST, Month(2026, 7), owner)) == [ClosingCode.CLOSING_001]
    assert codes(lambda: close(FIRST, Month(2026, 5), owner, "none")) == [ClosingCode.CLOSING_002]
    assert codes(lambda: close(STREET, Month(2026, 5), owner)) == [ClosingCode.CLOSING_003]
    assert codes(lambda: close(GONE, Month(2026, 5), owner)) == [ClosingCode.CLOSING_003]
    assert codes(lambda: close("1", Month(2026, 8), owner, "none")) == [
        ClosingCode.CLOSING_001,
        ClosingCode.CLOSING_002,
    ]
    assert close(FIRST, Month(2026, 7), owner, now=NOW + timedelta(days=21))


@pytest.mark.parametrize("own", [True, False])
def test_worker_closes_own_unit_alone(owner: Any, own: bool) -> None:
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role

    worker = user_add(
        username="wang", name="王", role=Role.RECORDER, unit=FIRST, acting_user=owner, now=NOW
    )
    if own:
        assert close(FIRST, Month(2026, 5), worker)
    else:
        assert codes(lambda: close(SECOND, Month(2026, 5), worker)) == [AccessCode.ACCESS_001]


def test_many_closings_in_one_transaction(any_owner: Any) -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.ledger.facts.actions import closings_close

    rows = Entry.objects.count()
    wanted = [(FIRST, "trial", Month(2026, 5)), (SECOND, "trial", Month(2026, 5))]
    common = {"acting_user": any_owner, "now": NOW}
    assert closings_close(closings=[*wanted, wanted[0]], **common) == 2
    assert closings_close(closings=wanted, **common) == 0
    assert Entry.objects.count() == rows + 1
    bad = [(FIRST, "trial", Month(2026, 4)), (STREET, "trial", Month(2026, 5))]
    assert codes(lambda: closings_close(closings=bad, **common)) == [ClosingCode.CLOSING_003]
    assert closed(FIRST, SECOND) == {FIRST: [202605], SECOND: [202605]}
