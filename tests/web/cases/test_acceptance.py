"""Records of cases: the states, numbers and facts that follow from them in one transaction."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from tests.web.cases.furnish import CLINIC, NOW, opening, send, step
from tests.web.ledger.furnish import FIRST, SECOND, STREET, codes

FAR = {"until": "2026-12-31", "reason_text": "天气"}


def stored(uid: str = "a") -> Any:
    from taizhang.web.cases.models import Case

    return Case.objects.get(uid=uid)


def measured() -> dict[str, int]:
    """Give the live facts by measure."""
    from taizhang.web.ledger.models import Cube, Fact

    facts: Counter[str] = Counter()
    for measure, low in Fact.objects.filter(retired_at=None).values_list("measure", "low"):
        facts[measure] += low // 10_000
    cube: Counter[str] = Counter()
    for measure, low in Cube.objects.values_list("measure", "low"):
        cube[measure] += low // 10_000
    assert facts == cube
    return facts


def rebuilt(user: Any, now: Any = NOW) -> Any:
    from taizhang.web.ledger.facts.actions import facts_rebuild

    return facts_rebuild(acting_user=user, now=now)


def test_an_opening_gives_a_numbered_open_case(any_owner: Any) -> None:
    from taizhang.web.audit.verify import verify

    send(any_owner, [opening("a"), opening("b"), opening("c", SECOND)])
    assert [stored(uid).number for uid in "abc"] == ["WT-2026-001", "WT-2026-002", "WT-2026-001"]
    case = stored()
    assert (case.state, case.owner, case.opener, str(case.due)) == (
        "open",
        FIRST,
        FIRST,
        "2026-07-10",
    )
    assert measured() == {"hc.problem_opened": 3}
    assert rebuilt(any_owner).issues == ()
    assert not verify().issues


def test_the_whole_way(any_owner: Any) -> None:
    lines = [
        opening("a"),
        step("a", "ask_up"),
        step("a", "back", STREET, "2026-07-03", by="sun", answers={"reason": "not_ours"}),
        step("a", "ask_up", day="2026-07-04"),
        step("a", "finish", STREET, "2026-07-05", by="sun"),
    ]
    for line in lines:
        send(any_owner, [line])
    case = stored()
    assert (case.state, case.owner, case.idle) == ("done", STREET, 0)
    send(any_owner, [step("a", "verify", "360602000000", "2026-07-06", by="sun")])
    assert stored().idle == 1  # who finished it may not verify it
    send(any_owner, [step("a", "verify", "360602000000", "2026-07-06", by="zhou")])
    case = stored()
    assert (case.state, str(case.ended)) == ("verified", "2026-07-06")
    assert measured() == {"hc.problem_opened": 1, "hc.problem_finished": 1, "hc.problem_days": 5}
    send(
        any_owner,
        [
            step(
                "a",
                "reopen",
                "360602000000",
                "2026-07-07",
                by="zhou",
                answers={"reason_text": "又堆了"},
            )
        ],
    )
    assert stored().state == "doing"
    assert measured() == {"hc.problem_opened": 1}
    assert rebuilt(any_owner).issues == ()


def test_returned_cases_are_marked_until_their_owner_acts(owner: Any) -> None:
    back = step("a", "back", STREET, "2026-07-03", by="sun", answers={"reason": "not_ours"})
    send(owner, [opening("a"), step("a", "ask_up"), back])
    assert stored().returned
    send(owner, [step("a", "finish", day="2026-07-04")])
    assert not stored().returned


def test_corrections_keep_case_and_number(any_owner: Any) -> None:
    send(any_owner, [opening("a"), step("a", "start", id="s")])
    again = opening("a2", replaces="a", reason="日期写错", day="2026-06-30")
    send(any_owner, [again])
    case = stored()
    assert (case.number, str(case.opened), case.state) == ("WT-2026-001", "2026-06-30", "doing")
    # A later step may name the case by the id of the correction; it is the same case.
    send(any_owner, [step("a2", "finish", day="2026-07-03")])
    assert stored().state == "done"
    assert measured() == {"hc.problem_opened": 1}
    assert rebuilt(any_owner).issues == ()


def test_a_withdrawn_opening_ends_the_case(any_owner: Any) -> None:
    send(any_owner, [opening("a")])
    gone = {**opening("w"), "answers": {}, "withdraws": "a", "reason": "重复"}
    send(any_owner, [gone], NOW + timedelta(minutes=1))
    assert (stored().state, stored().ended_aside) == ("withdrawn", True)
    assert measured() == {}
    assert rebuilt(any_owner).issues == ()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (step("nowhere", "start"), "STEP_001"),
        (step("WT-2026-001", "start"), "STEP_001"),
        ({**step("a", "dance"), "answers": {"done_on": "2026-07-02", "step": "start"}}, "STEP_002"),
        ({**step("a", "start"), "form": "hc.problem", "answers": {"on": "2026-07-02"}}, "STEP_003"),
        ({**step("a", "start"), "case": None}, "STEP_004"),
        (step("a", "start", unit="360602009009"), "RECORD_009"),
        (step("a", "start", time="25:00"), "RECORD_002"),
    ],
)
def test_what_is_wrong_in_itself_is_refused_and_nothing_is_stored(
    owner: Any, line: dict[str, Any], code: str
) -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.ledger.models import Record

    send(owner, [opening("a")])
    records, entries = Record.objects.count(), Entry.objects.count()
    assert [found.name for found in codes(lambda: send(owner, [line, opening("b")]))] == [code]
    assert (Record.objects.count(), Entry.objects.count()) == (records, entries)
    assert rebuilt(owner).issues == ()


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([step("a", "verify", STREET, by="sun")], "open"),  # from a state that has no such step
        ([step("a", "start", SECOND)], "open"),  # by the wrong hand
        ([step("a", "start", day="2026-06-01")], "open"),  # before the opening
        ([step("a", "finish", time="09:00"), step("a", "start", time="10:00")], "doing"),
        ([step("a", "prolong", STREET, by="sun", answers=FAR)], "open"),  # longer than may be
    ],
)
def test_a_step_that_does_not_fit_is_kept_without_effect(
    owner: Any, lines: list[dict[str, Any]], state: str
) -> None:
    send(owner, [opening("a"), *lines])
    assert (stored().state, stored().idle) == (state, 1)


def test_two_hands_offline_stand_in_the_order_of_their_hours(owner: Any) -> None:
    send(owner, [opening("a")])
    send(owner, [step("a", "finish", time="15:00", by="lin")])
    assert (stored().state, stored().idle) == ("open", 1)
    send(owner, [step("a", "start", time="09:30", by="chen")])  # came later, happened before
    assert (stored().state, stored().idle) == ("done", 0)


def test_a_step_under_later_ones_is_changed_only_from_above(owner: Any) -> None:
    from tests.web.cases.furnish import person

    send(owner, [opening("a"), step("a", "ask_up", id="up"), step("a", "finish", STREET, by="sun")])
    gone = {**step("a", "ask_up"), "answers": {}, "withdraws": "up", "reason": "填错"}
    for name in ("case", "step", "by"):
        gone.pop(name)
    assert [code.name for code in codes(lambda: send(person("lin"), [gone]))] == ["STEP_005"]
    send(owner, [gone])
    assert stored().state == "open"
    assert rebuilt(owner).issues == ()


def test_who_may_send_steps(owner: Any) -> None:
    from tests.web.cases.furnish import person

    send(owner, [opening("a")])
    send(person("chen"), [step("a", "ask_up")])
    with pytest.raises(Refused):
        send(person("wu"), [step("a", "start", SECOND)])  # has nothing to do with it
    with pytest.raises(Refused):
        send(person("sun"), [step("a", "finish", FIRST)])  # a reviewer acts for the street alone
    send(person("sun"), [step("a", "finish", STREET, "2026-07-03", by="sun")])
    assert stored().state == "done"


def test_a_body_beside_the_tree_takes_and_settles_a_case(any_owner: Any) -> None:
    from tests.web.cases.furnish import person

    to = {"to": CLINIC}
    send(
        any_owner,
        [opening("a"), step("a", "ask_up"), step("a", "assign", STREET, by="sun", answers=to)],
    )
    assert (stored().owner, stored().idle) == (CLINIC, 0)
    send(person("bai"), [step("a", "accept", CLINIC, "2026-07-03", by="bai")])
    send(person("bai"), [step("a", "finish", CLINIC, "2026-07-04", by="bai")])
    assert (stored().state, stored().owner) == ("done", CLINIC)
    assert measured() == {"hc.problem_opened": 1}
    assert rebuilt(any_owner).issues == ()


def test_units_that_a_step_names_help_and_are_asked_for_no_credit(any_owner: Any) -> None:
    from taizhang.web.ledger.models import Credit, Fact

    send(any_owner, [opening("a")])
    send(any_owner, [{**step("a", "ask_up", day="2026-07-05"), "with": [SECOND]}])
    assert stored().state == "up"
    assert not Credit.objects.exists()
    assert not Fact.objects.exclude(unit=FIRST).exists()
    assert rebuilt(any_owner).issues == ()
