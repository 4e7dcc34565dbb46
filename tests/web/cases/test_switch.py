"""Cases in the place of monthly sums: no month has both, and figures run on over the switch."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Month, Period
from taizhang.core.indicator import Question, figures
from taizhang.web.instance.paths import Home
from tests.core.case.problem import COUNTED_FILES
from tests.web.cases.furnish import opening, send, step
from tests.web.ledger.furnish import FIRST, SECOND, STREET, furnish

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
