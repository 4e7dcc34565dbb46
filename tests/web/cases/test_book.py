"""Counts over cases: SQL over the stored rows against the plain table of all folds."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from taizhang.core.case.table import Asked, CaseQuestion
from tests.web.cases.furnish import CLINIC, NOW, opening, send, step
from tests.web.ledger.furnish import DISTRICT, FIRST, SECOND, STREET, THIRD

KEYS = ("start", "ask_up", "back", "finish", "verify", "reopen", "accept", "assign", "void", "note")
PEOPLE = ("chen", "sun", "zhou", "bai")


def history(random: Random, name: str) -> list[dict[str, Any]]:
    """Give the lines of a case that goes some way or other, steps out of place included."""
    unit = random.choice((FIRST, SECOND, THIRD))
    day = date(2026, 5, 1) + timedelta(days=random.randrange(50))
    lines = [opening(name, unit, day.isoformat())]
    for _ in range(random.randrange(7)):
        day = min(day + timedelta(days=random.randrange(8)), date(2026, 7, 10))
        actor = random.choice((unit, unit, STREET, STREET, DISTRICT, CLINIC))
        key = random.choice(KEYS)
        answers: dict[str, Any] = {}
        if key == "back":
            answers["reason"] = random.choice(("not_ours", "needs_facts", "settled_above"))
        elif key in ("reopen", "void"):
            answers["reason_text"] = "理由"
        elif key == "assign":
            answers["to"] = random.choice((CLINIC, FIRST, SECOND))
        line = step(name, key, actor, day.isoformat(), by=random.choice(PEOPLE), answers=answers)
        lines.append(line)
    return lines


def questions() -> list[CaseQuestion]:
    spans = [(date(2026, 5, 1), date(2026, 5, 31)), (date(2026, 1, 1), date(2026, 7, 10))]
    of_clocks = (Asked.DUE, Asked.IN_TIME, Asked.STANDING)
    asked = []
    for how in Asked:
        for unit in (DISTRICT, STREET, FIRST, SECOND, THIRD):
            for first, last in spans:
                made = {"asked": how, "kind": "hc.problem", "unit": unit, "first": first}
                states = ("", "up", "doing") if how in (Asked.OPEN, Asked.OVERDUE) else ("",)
                clocks = ("", "back", "verify") if how in of_clocks else ("",)
                for state in states:
                    for clock in clocks:
                        more = {"state": state, "clock": clock, "last": last}
                        asked.append(CaseQuestion(**made, **more))
    return asked


@pytest.mark.parametrize("seed", range(3))
def test_sql_counts_what_the_plain_table_counts(any_owner: Any, seed: int) -> None:
    from taizhang.web.cases.book import StoredCases
    from taizhang.web.units.queries import history as tree

    random = Random(seed)  # noqa: S311 - made-up histories
    lines = [line for n in range(30) for line in history(random, f"k{seed}-{n}")]
    for at in range(0, len(lines), 20):
        send(any_owner, lines[at : at + 20], NOW + timedelta(minutes=at))
    today = date(2026, 7, 10)
    cases = StoredCases(tree(), today)
    plain = cases.table("hc.problem")
    for question in questions():
        if question.asked is Asked.DAYS:
            assert cases.days(question) == plain.days(question), question
        else:
            assert cases.count(question) == plain.count(question), question
    opened = CaseQuestion(
        asked=Asked.OPEN, kind="hc.problem", unit=DISTRICT, first=today, last=today
    )
    assert cases.count(opened) > 5
    standing = replace(opened, asked=Asked.STANDING)
    assert cases.count(standing) > 0


def test_the_sum_over_owners_is_the_number_of_open_cases(owner: Any) -> None:
    from taizhang.web.cases.models import Case
    from taizhang.web.units.queries import bodies
    from taizhang.web.units.queries import history as tree

    random = Random(7)  # noqa: S311 - made-up histories
    send(owner, [line for n in range(20) for line in history(random, f"s{n}")])
    for case in Case.objects.filter(ended=None):
        unit = tree().unit_on(case.owner, date(2026, 7, 10))
        assert unit is not None or bodies().body_on(case.owner, date(2026, 7, 10)) is not None


def test_the_past_is_folded_as_it_was_known(owner: Any) -> None:
    from taizhang.web.ledger.open_book import open_book

    send(owner, [opening("a", day="2026-05-01")], datetime.fromisoformat("2026-05-02T00:00Z"))
    send(owner, [step("a", "ask_up", day="2026-05-03")])  # told two months late
    asked = {"asked": Asked.OPEN, "kind": "hc.problem", "first": date(2026, 5, 1)}
    asked["last"] = date(2026, 6, 1)
    now = open_book(now=NOW).cases
    assert now.count(CaseQuestion(**asked, unit=FIRST)) == 0
    assert now.count(CaseQuestion(**asked, unit=STREET)) == 1
    then = open_book(now=NOW, as_of=date(2026, 6, 1)).cases
    known = {"known": date(2026, 6, 1)}
    assert then.count(CaseQuestion(**asked, unit=FIRST, **known)) == 1
