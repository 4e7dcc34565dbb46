"""Clocks: limits, stops, returns, prolongations, reminders and working days."""

from datetime import date

import pytest

from taizhang.core.case.clock import Reading
from taizhang.core.case.fold import CaseWorld
from taizhang.core.case.working_day import (
    WorkingDays,
    YearEdition,
    announced_edition,
    legal_edition,
    shipped_working_days,
)
from tests.core.case.problem import WORLD, case, day, row, why, world

OPEN = "05-01 A open due_on=05-31\n05-02 A start\n"
SHIPPED = world(days=shipped_working_days(2024, 2027))


def clock(text: str, step: str = "finish", on: str = "12-31", where: CaseWorld = WORLD) -> Reading:
    (last,) = [run for run in row(text, on, where).runs if run.clock == step][-1:]
    return last


def test_a_limit_runs_until_its_step_and_is_late_the_day_after() -> None:
    assert not clock(OPEN, on="05-31").overdue
    late = clock(OPEN, on="06-03")
    assert (late.overdue, late.days_over, late.in_time) == (True, 3, False)
    assert clock(f"{OPEN}05-31 A finish").in_time is True
    assert clock(f"{OPEN}06-01 A finish").in_time is False
    assert row("05-01 A open").runs == ()  # no day was given


def test_reminders_come_before_the_due_day() -> None:
    assert clock(OPEN, on="05-10").next_reminder == day("05-24")
    assert clock(OPEN, on="05-24").next_reminder == day("05-30")
    assert clock(OPEN, on="05-30").next_reminder is None
    assert row(OPEN, on="05-10").reminder == day("05-24")


def test_the_senders_clock_stands_while_another_owner_has_it() -> None:
    up = f"{OPEN}05-11 A ask_up\n"
    standing = row(up, on="09-01")
    assert (standing.standing, standing.due, standing.owner) == (True, None, "S")
    assert not clock(up, on="09-01").overdue
    back = f"{up}05-31 S back reason=settled_above\n"
    assert clock(back).due == day("06-20")
    assert clock(back).limit == day("05-31")
    assert clock(f"{back}06-20 A finish").in_time is True
    assert clock(back).unit == "A"


@pytest.mark.parametrize("reason", ["not_ours", "needs_facts"])
def test_a_return_of_what_should_not_have_been_sent_undoes_the_stop(reason: str) -> None:
    back = f"{OPEN}05-11 A ask_up\n05-21 S back reason={reason}\n"
    assert clock(back).due == day("05-31")
    # It may be sent again, and then the clock stands.
    again = f"{back}05-22 A ask_up\n05-27 S back reason=settled_above\n"
    assert clock(again).due == day("06-05")


def test_one_receiver_stops_a_clock_once() -> None:
    once = f"{OPEN}05-11 A ask_up\n05-16 S back reason=settled_above\n"
    assert clock(once).due == day("06-05")
    twice = f"{once}05-17 A ask_up\n"
    assert row(twice, on="06-10").standing is False
    assert clock(twice, on="06-10").overdue
    other = f"{once}05-17 A ask_up to=D\n05-20 D back reason=settled_above\n"
    assert clock(other).due == day("06-08")


def test_a_receiver_may_send_on_and_the_first_clock_stands_until_it_is_back() -> None:
    text = f"{OPEN}05-11 A ask_up\n05-13 S ask_up\n05-16 D back reason=not_ours\n"
    assert clock(text, on="05-20").standing  # the street has it still
    assert clock(f"{text}05-21 S back reason=settled_above").due == day("06-10")


def test_a_stop_after_the_due_day_helps_nobody() -> None:
    late = f"{OPEN}06-05 A ask_up\n"
    assert row(late, on="06-10").standing is False
    assert clock(late, on="06-10").days_over == 10


def test_acceptance_starts_the_receivers_clock_and_a_return_ends_it() -> None:
    up = f"{OPEN}05-11 A ask_up\n"
    assert [run.clock for run in row(up).runs] == ["finish"]
    signed = f"{up}05-13 S accept\n"
    assert clock(signed, "back", on="05-14").due == day("05-20")
    assert clock(signed, "back", on="05-14").unit == "S"
    back = f"{signed}05-18 S back reason=settled_above"
    assert clock(back, "back").in_time is True
    sent_on = f"{signed}05-18 S ask_up\n"
    assert clock(sent_on, "back", on="08-01").standing
    received = f"{sent_on}05-19 D accept\n05-29 D back reason=settled_above\n"
    runs = [run for run in row(received, on="06-01").runs if run.clock == "back"]
    first, second = runs
    assert (second.unit, second.due, second.answered) == ("D", day("05-26"), day("05-29"))
    assert (first.unit, first.answered, first.due) == ("S", None, day("06-02"))
    settled = f"{received}06-02 S finish\n"
    assert [run.in_time for run in row(settled).runs if run.clock == "back"] == [True, False]


def test_only_the_parent_prolongs_and_not_without_bounds() -> None:
    text = f"{OPEN}05-20 {{}} prolong until={{}} reason_text=下雨\n"
    assert clock(text.format("S", "06-10")).due == day("06-10")
    assert why(case(text.format("A", "06-10")))[-1] == "not_yours"
    assert why(case(text.format("S", "06-16")))[-1] == "no_longer_limit"
    assert why(case(text.format("S", "05-31")))[-1] == "no_longer_limit"
    twice = text.format("S", "06-10") + "05-21 S prolong until=06-12 reason_text=又下雨"
    assert why(case(twice))[-1] == "no_longer_limit"
    done = f"{OPEN}05-19 A finish\n05-20 S prolong until=06-10 reason_text=下雨"
    assert why(case(done))[-1] == "no_longer_limit"
    # The day after the limit it may still be moved, and the case is in time again.
    after = f"{OPEN}06-03 S prolong until=06-10 reason_text=下雨\n06-08 A finish"
    assert clock(after).in_time is True


def test_a_reopening_runs_the_clock_on_and_undoes_what_followed() -> None:
    text = f"{OPEN}05-20 A finish !li\n05-25 A reopen reason_text=没净\n"
    again = row(text, on="06-02")
    assert [run.clock for run in again.runs] == ["finish"]
    assert clock(text, on="06-02").overdue
    assert clock(f"{text}05-30 A finish").in_time is True


def test_a_case_passed_on_for_good_takes_its_clock_along() -> None:
    sent = f"{OPEN}05-10 A send to=B\n"
    assert clock(sent).unit == "B"
    assert clock(sent).due == day("05-31")


def test_a_voided_case_owes_nothing() -> None:
    assert row(f"{OPEN}05-10 S void reason_text=重复").runs == ()


# working days


def test_working_days_skip_holidays_and_work_the_exchanged_days() -> None:
    days = shipped_working_days(2024, 2026).known_on(date(2026, 2, 1))
    # Spring Festival 2026: free from 15 to 23 February, worked on the 14th and 28th.
    assert days.after(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert days.after(date(2026, 2, 14), 1) == date(2026, 2, 24)
    assert days.after(date(2026, 2, 26), 2) == date(2026, 2, 28)
    assert days.between(date(2026, 2, 13), date(2026, 3, 1)) == 6


def test_a_year_is_counted_by_the_law_until_its_notice() -> None:
    assert announced_edition(2026) is not None
    assert announced_edition(2099) is None
    before = shipped_working_days(2024, 2026).known_on(date(2025, 10, 1))
    assert not before.works(date(2026, 1, 1))
    assert before.works(date(2026, 1, 2))
    assert not before.works(date(2026, 1, 4))
    after = shipped_working_days(2024, 2026).known_on(date(2025, 12, 1))
    assert not after.works(date(2026, 1, 2))
    assert after.works(date(2026, 1, 4))
    assert legal_edition(2026).work == frozenset()


def test_between_counts_what_after_steps() -> None:
    days = shipped_working_days(2024, 2026).known_on(date(2026, 1, 1))
    start = date(2026, 4, 20)
    for count in range(1, 40):
        assert days.between(start, days.after(start, count)) == count


def test_open_limits_follow_a_notice_with_a_note_and_answered_ones_stay() -> None:
    notice = YearEdition(
        year=2026,
        known_from=day("05-15"),
        rest=frozenset((day("05-18"),)),
        work=frozenset((day("05-23"),)),
    )
    where = world(days=WorkingDays((notice,)))
    signed = "05-11 A open\n05-12 A ask_up\n05-13 S accept\n"
    assert clock(signed, "back", on="05-14", where=where).due == day("05-20")
    moved = clock(signed, "back", on="05-15", where=where)
    assert (moved.due, moved.was_due) == (day("05-21"), day("05-20"))
    answered = clock(f"{signed}05-14 S back reason=not_ours", "back", where=where)
    assert (answered.due, answered.was_due) == (day("05-20"), None)


def test_shipped_years_are_taken_into_a_case() -> None:
    signed = "09-25 A open\n09-26 A ask_up\n09-29 S accept"
    assert clock(signed, "back", on="09-30", where=SHIPPED).due == day("10-12")
