"""Cases in the place of monthly sums: no month has both, and figures run on over the switch."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Month, Period
from taizhang.core.indicator import Question, figures
from taizhang.web.instance.paths import Home
from tests.core.case.problem import COUNTED_FILES
from tests.web.cases.furnish import opening, send, step
from tests.web.ledger.furnish import FIRST, SECOND, STREET, furnish

AGAIN = {"reason_text": "又出现了"}
NOW = datetime(2026, 9, 10, 2, tzinfo=UTC)
SUMS = {name: data for name, data in COUNTED_FILES.items() if name != "cases.yaml"} | {
    "pack.yaml": COUNTED_FILES["pack.yaml"].replace(b'"1"', b'"0"')
}
_FORMS = {name: data for name, data in SUMS.items() if "problem.md" not in name}
OLD = {name: data for name, data in _FORMS.items() if "done" not in name}


@pytest.fixture
def any_owner(any_instance: Home) -> Any:
    """This fixture will furnish an instance with the pack; give its owner."""
    return furnish(COUNTED_FILES)


def month(uid: str, end: str, raised: int, settled: int, **more: Any) -> dict[str, Any]:
    answers = {"on": end, "sort": "water", "raised": raised, "settled": settled}
    head = {"id": uid, "form": "hc.problem_month", "unit": FIRST, "date": end}
    return {**head, "answers": answers, **more}


def opened(uid: str, day: str, how: str = "", sort: str = "water", unit: str = FIRST) -> Any:
    answers = {"sort": sort, **({"how": how} if how else {})}
    return opening(uid, unit, day, answers=answers)


def done(case: str, day: str, how: str = "well") -> dict[str, Any]:
    line = step(case, "finish", day=day)
    answers = {"on": day, "how": how, "metres": 3}
    return {**line, "form": "hc.problem_done", "answers": answers}


def refused(owner: Any, *lines: dict[str, Any]) -> list[str]:
    with pytest.raises(Refused) as caught:
        send(owner, lines, NOW)
    return [issue.code.name for issue in caught.value.issues]


def value(measure: str, first: int, last: int, unit: str = STREET) -> Any:
    """Give a figure of months of 2026 by the database's engine."""
    from taizhang.web.ledger.open_book import open_book

    period = Period(Month(2026, first), Month(2026, last))
    question = Question(units=(unit,), period=period, indicators=(measure,))
    (figure,) = figures(open_book(now=NOW), question)
    return figure.value


def test_sums_end_and_cases_go_on(any_owner: Any) -> None:
    from taizhang.web.ledger.facts.actions import facts_rebuild

    send(any_owner, [month("may", "2026-05-31", 4, 2)], NOW)
    assert refused(any_owner, month("june", "2026-06-30", 9, 9)) == ["SUM_001"]
    lines = [
        opened("old", "2026-05-20"),  # begun before: open, and never opened
        step("old", "start", day="2026-05-21"),
        done("old", "2026-06-03"),
        opened("a", "2026-06-04", how="at_once"),
        opened("b", "2026-06-05"),
        step("b", "start", day="2026-06-06"),
        done("b", "2026-07-01", how="badly"),
        opened("c", "2026-07-02", sort="rubbish", unit=SECOND),
    ]
    send(any_owner, lines, NOW)
    # What belongs to a month before the switch is still told, and corrected, late.
    send(any_owner, [month("april", "2026-04-30", 1, 1)], NOW)
    again = month("may2", "2026-05-31", 5, 2, replaces="may", reason="漏了一件")
    send(any_owner, [again], NOW)
    assert [value("hc.raised", m, m) for m in range(4, 8)] == [1, 5, 2, 1]
    assert [value("hc.settled", m, m) for m in range(4, 8)] == [1, 2, 2, None]
    assert value("hc.raised", 4, 7) == 9
    assert value("hc.raised[sort == 'rubbish']", 4, 7) == 1
    assert value("hc.raised[sort == 'water']", 4, 7) == 8
    assert value("hc.metres", 6, 7, FIRST) == 6
    wrong = month("june2", "2026-06-30", 5, 2, replaces="may2", reason="日期")
    assert refused(any_owner, wrong) == ["SUM_001"]
    assert facts_rebuild(acting_user=any_owner, now=NOW).issues == ()


def test_a_month_without_cases_is_closed_and_is_nought(any_owner: Any) -> None:
    from taizhang.web.ledger.facts.actions import closings_close

    send(any_owner, [month("may", "2026-05-31", 4, 2), opened("a", "2026-07-03")], NOW)
    closings = [(FIRST, "hc", Month(2026, number)) for number in (5, 6, 7)]
    assert closings_close(closings=closings, acting_user=any_owner, now=NOW) == 3
    assert [value("hc.raised", number, number, FIRST) for number in (5, 6, 7)] == [4, 0, 1]
    assert [value("hc.settled", number, number, FIRST) for number in (5, 6, 7)] == [2, 0, 0]


@pytest.mark.parametrize("seed", range(4))
def test_figures_over_the_switch_are_a_plain_count(any_owner: Any, seed: int) -> None:
    """Sums and random cases, told in any order, against what was put in, month by month."""
    random = Random(seed)  # noqa: S311 - made-up histories
    raised: Counter[int] = Counter()
    settled: Counter[int] = Counter()
    lines: list[list[dict[str, Any]]] = []
    for number in (3, 4, 5):
        sums = random.randrange(6), random.randrange(3)
        end = Month(2026, number).end.isoformat()
        lines.append([month(f"sum{number}", end, *sums)])
        raised[number], settled[number] = sums
    for index in range(25):
        day = date(2026, 5, 10) + timedelta(days=random.randrange(90))
        now = min(day + timedelta(days=random.randrange(1, 25)), date(2026, 8, 31))
        how, uid = random.choice(("at_once", "", "")), f"k{index}"
        before = day < date(2026, 6, 1)
        case = [opened(uid, day.isoformat(), how)]
        raised[day.month] += not before
        if how:
            settled[day.month] += not before
        elif random.random() < 0.8:
            case.append(step(uid, "start", day=day.isoformat()))
            ends = random.choice(("well", "badly"))
            case.append(done(uid, now.isoformat(), ends))
            undone = random.random() < 0.3
            if undone:
                case.append(step(uid, "reopen", day=now.isoformat(), answers=AGAIN, time="18:00"))
            settled[now.month] += ends == "well" and not undone and now >= date(2026, 6, 1)
        lines.append(case)
    for told in random.sample(lines, len(lines)):
        send(any_owner, told, NOW)
    for measure, counted in (("hc.raised", raised), ("hc.settled", settled)):
        for number in range(3, 9):
            assert (value(measure, number, number) or 0) == counted[number], (measure, number)
        assert value(measure, 3, 8) == sum(counted.values())


def test_a_form_that_cases_replace_is_not_offered_any_more(any_owner: Any) -> None:
    from taizhang.web.ledger.phone.form_payload import forms_offered
    from taizhang.web.units.queries import history

    def offered(day: date) -> list[str]:
        unit = history().unit_on(FIRST, day)
        assert unit is not None
        return [offer.form.key for offer in forms_offered(unit, day)]

    assert offered(date(2026, 5, 31)) == ["hc.problem", "hc.problem_month"]
    assert offered(date(2026, 6, 1)) == ["hc.problem"]


def test_the_switch_is_where_the_version_comes_into_force(any_instance: Home) -> None:
    """A version that names an earlier day undoes no sums that were counted until it came."""
    from taizhang.web.ledger.facts.actions import facts_rebuild
    from taizhang.web.programmes.actions import pack_install

    owner = furnish(OLD)
    send(owner, [month("june", "2026-06-30", 9, 9)], NOW)
    began = date(2026, 8, 1)
    pack_install(source=COUNTED_FILES, acting_user=owner, now=NOW, in_force_from=began)
    send(owner, [month("july", "2026-07-31", 3, 1)], NOW)
    assert refused(owner, month("august", "2026-08-31", 1, 1)) == ["SUM_001"]
    late = opened("late", "2026-07-20") | {"pack_version": "1"}
    send(owner, [late, done("late", "2026-08-02") | {"step": "finish"}], NOW)
    send(owner, [opened("new", "2026-08-03", how="at_once")], NOW)
    assert [value("hc.raised", m, m) for m in (6, 7, 8)] == [9, 3, 1]
    assert facts_rebuild(acting_user=owner, now=NOW).issues == ()


def test_what_was_taken_in_before_can_be_withdrawn(any_instance: Home) -> None:
    from taizhang.web.programmes.actions import pack_install

    owner = furnish(OLD)
    send(owner, [month("june", "2026-06-30", 9, 9)], NOW)
    assert value("hc.raised", 6, 6) == 9
    pack_install(source=COUNTED_FILES, acting_user=owner, now=NOW, in_force_from=date(2026, 6, 1))
    gone = month("gone", "2026-06-30", 0, 0, withdraws="june", reason="改记事项")
    send(owner, [gone | {"answers": {}}], NOW)
    assert value("hc.raised", 6, 6) is None
