"""Quotas and progress: handed down or planned, spread over the year, judged by what is known."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import Period, parse_period
from taizhang.core.book import Book
from taizhang.core.counting.measure import CountingRule
from taizhang.core.definition.calendar import DayRule
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.task import PlanTemplate, Task
from taizhang.core.formula import NameScope, parse
from taizhang.core.progress.task_progress import TaskProgress, TaskState, progress, whole_quota
from taizhang.core.progress.timetable import responsibility, timetable
from taizhang.core.quota import adds_up, quota, target
from tests.core.ledger import COUNTING, MEASURES, book, figure, measure, pack

LECTURES = Task(
    key="lectures",
    label="举办讲座",
    measure="lectures",
    quota="norm(lectures)",
    lead="专干",
    support=("卫生站", "志愿者"),
)
EVENTS = Task(
    key="events",
    label="大型活动",
    measure="lectures[topic == 'tb']",
    quota="4",
    spread=(3, 6, 9, 12),
    lead="主任",
    support=("专干",),
)
SURVEY = Task(key="survey", label="调查", measure="reached", quota="60", spread="at_end")
RATE = Task(key="rate", label="覆盖率", measure="coverage", quota="60")
PAPERS = Task(key="papers", label="上报计划", due="01-31", lead="专干")
CHECK = Task(key="check", label="整理", every="quarter", days=("tb_day",))
RACK = Task(key="rack", label="取阅架", measure="materials", every="month")
SHARE = Task(key="share", label="入户", measure="attendance", quota="households * 0.5")
TASKS = (LECTURES, EVENTS, SURVEY, RATE, PAPERS, CHECK, RACK, SHARE)
DAYS = (DayRule(key="tb_day", label="世界防治结核病日", on="03-24"),)


class Handed:
    """Quotas as a bureau handed them down."""

    def __init__(self, given: Mapping[tuple[str, str, str], int | Fraction]) -> None:
        self.given = given

    def handed(self, measure: str, unit: str, period: Period) -> Fraction | None:
        amount = self.given.get((measure, unit, str(period)))
        return None if amount is None else Fraction(amount)


def ledger(
    said: str = "",
    closed: str = "",
    today: date = date(2026, 5, 20),
    tasks: tuple[Task, ...] = TASKS,
    handed: Mapping[tuple[str, str, str], int | Fraction] | None = None,
) -> Book:
    one = book(said, closed, today=today)
    planned = pack(plan=PlanTemplate(title="计划", tasks=tasks), calendar=DAYS)
    return replace(one, programmes=Programmes((planned,)), targets=Handed(handed or {}))


def state(one: Book, key: str, unit: str = "SA", period: str = "2026") -> TaskProgress:
    (home,) = one.programmes.packs
    found = progress(one, home, unit, parse_period(period))
    return next(row for row in found if row.task.key == key)


def owed(one: Book, unit: str, period: str, measure: str = "he.lectures") -> Fraction | None:
    return target(one, measure, unit, parse_period(period))


def test_a_quota_is_the_plan_s_year_spread_over_its_months() -> None:
    one = ledger()
    assert owed(one, "SA", "2026") == 6
    assert owed(one, "SA", "2026Q1") == Fraction(3, 2)
    assert owed(one, "SA", "2025-12..2026-01") == 1


def test_a_parent_owes_what_its_units_owe() -> None:
    one = ledger()
    assert owed(one, "S", "2026") == 18
    assert owed(one, "D", "2026H1") == 12
    (home,) = one.programmes.packs
    assert quota(one, home, EVENTS, "S", parse_period("2026")) == 12


@pytest.mark.parametrize(
    ("formula", "adds"),
    [
        ("lectures", True),
        ("lectures[topic == 'tb'] + 2 * attendance", True),
        ("previous(population)", True),
        ("overdue('boards') + units('社区')", True),
        ("units_where(lectures > 0)", True),
        ("coverage", False),
        ("if(lectures > 0, 1, 0)", False),
        ("largest(attendance)", False),
        ("distinct(materials)", False),  # a batch of leaflets is the same batch everywhere
        ("distinct(checks)", True),  # a board stands in one community
    ],
)
def test_what_adds_up_over_units_is_told_from_what_does_not(formula: str, adds: bool) -> None:
    checks = measure("checks", "检查", "次")
    rule = CountingRule(form="he.board", date="on", entity="board", facts={"he.checks": 1})
    packs = pack(measures={one.key: one for one in (*MEASURES, checks)}, counting=(*COUNTING, rule))
    scope = NameScope(Programmes((packs,)), "he")
    assert adds_up(parse(formula), scope) is adds


def test_a_parent_owes_of_what_does_not_add_up_as_much_as_each_of_its_units() -> None:
    one = ledger()
    (home,) = one.programmes.packs
    year = parse_period("2026")
    assert quota(one, home, RATE, "SA", year) == quota(one, home, RATE, "S", year) == 60
    handed = {("he.coverage", "SA", "2026"): 70}
    differing = ledger(handed=handed)
    assert quota(differing, home, RATE, "S", year) is None


def test_a_quota_handed_down_goes_before_the_plan_for_exactly_its_months() -> None:
    handed = {("he.lectures", "SA", "2026"): 12, ("he.lectures", "S", "2026H1"): 5}
    one = ledger(handed=handed)
    assert owed(one, "SA", "2026") == 12
    assert owed(one, "SA", "2026H1") == 3
    assert owed(one, "S", "2026") == 12 + 6 + 6
    assert owed(one, "S", "2026H1") == 5


def test_without_a_plan_there_is_no_quota() -> None:
    one = ledger()
    assert owed(one, "SA", "2026", "he.births") is None
    assert owed(ledger(tasks=()), "SA", "2026") is None
    assert state(one, "lectures", "S").quota == 18


def test_target_in_a_formula_is_the_same_quota() -> None:
    one = ledger("2026-01-05 SA lectures 3", "SA 2026-01..2026-05")
    assert figure(one, "target(lectures)", "SA", "2026").value == 6


def test_a_quota_may_rest_on_a_level_that_is_exactly_known() -> None:
    one = ledger("2026-01-05 SA households 400\n2026-01-05 SB households ~300")
    assert state(one, "share").quota == 200
    assert state(one, "share", "SC").quota is None
    assert state(one, "share", "SC").sentence == "没有任务数。"


def test_a_recurring_task_without_quota_owes_one_each_time() -> None:
    assert state(ledger(), "rack").quota == 12
    assert state(ledger(), "rack", "S", "2026Q1").quota == 9


def test_progress_is_on_track_when_the_whole_things_due_are_done() -> None:
    # by 20 May four months are over: 6 × 4/12 = 2
    found = state(ledger("2026-01-05 SA lectures 1\n2026-05-02 SA lectures 1"), "lectures")
    assert (found.due, found.state) == (2, TaskState.ON_TRACK)
    assert found.sentence == "任务6次，到2026-05-20应完成2次，已完成2次（3个月未报结）：进度正常。"


def test_people_are_told_whole_things_while_the_plan_reckons_exactly() -> None:
    # seven of the year, an even part of a quarter: 7 × 3/12 = 1.75
    handed = {("he.lectures", "SA", "2026Q1"): Fraction(7, 4)}
    one = ledger("2026-01-05 SA lectures 1", "SA 2026-01", handed=handed, today=date(2026, 2, 10))
    found = state(one, "lectures", "SA", "2026Q1")
    assert (found.quota, found.owed()) == (Fraction(7, 4), 2)
    assert (found.due, found.owed_by_now()) == (Fraction(7, 12), 0)
    assert found.sentence.startswith("任务2次（折算1.75次），到2026-02-10应完成0次，")
    assert found.quota_figure is not None
    assert found.quota_figure.shown() == "2"
    over = ledger("2026-01-05 SA lectures 1", "SA 2026-01..2026-03", handed=handed)
    ended = state(over, "lectures", "SA", "2026Q1")
    assert (ended.owed_by_now(), ended.state) == (2, TaskState.BEHIND)
    assert "任务2次（折算1.75次），到2026-05-20应完成2次，已完成1次" in ended.sentence


def test_where_nothing_of_the_year_falls_due_nothing_is_done_or_behind() -> None:
    found = state(ledger("2026-01-05 SA reached 12"), "survey", "SA", "2026H1")
    assert (found.quota, found.state) == (0, TaskState.NOT_DUE)
    assert found.sentence.startswith("本时段没有任务数，已完成")


def test_what_is_no_whole_thing_keeps_its_fraction() -> None:
    assert whole_quota(Fraction(5, 2), "公斤") == Fraction(5, 2)
    assert whole_quota(Fraction(5, 2), "percent") == Fraction(5, 2)
    assert whole_quota(Fraction(5, 2), "人次") == 3


def test_progress_is_behind_only_when_the_months_that_are_over_are_known() -> None:
    said = "2026-01-05 SA lectures 1"
    assert state(ledger(said), "lectures").state is TaskState.NOT_KNOWN
    assert state(ledger(said, "SA 2026-01..2026-04"), "lectures").state is TaskState.BEHIND
    assert state(ledger("", "SA 2026-01..2026-04"), "lectures").state is TaskState.BEHIND
    assert state(ledger(), "lectures").state is TaskState.NOT_KNOWN


def test_half_a_lecture_is_owed_by_nobody() -> None:
    one = ledger(closed="SA 2026-01", today=date(2026, 2, 10))
    found = state(one, "lectures")
    assert (found.due, found.state) == (Fraction(1, 2), TaskState.NOT_DUE)


def test_a_done_task_is_done_and_an_ended_period_owes_everything() -> None:
    done = "\n".join(f"2026-0{month}-05 SA lectures 2" for month in range(1, 4))
    assert state(ledger(done), "lectures").state is TaskState.DONE
    ended = ledger("2026-01-05 SA lectures 5", "SA 2026", today=date(2027, 1, 20))
    found = state(ended, "lectures")
    assert (found.due, found.state) == (6, TaskState.BEHIND)


def test_what_falls_due_in_named_months_is_not_due_before_them() -> None:
    one = ledger(closed="SA 2026-01..2026-02", today=date(2026, 3, 20))
    assert state(one, "events").state is TaskState.NOT_DUE
    later = ledger(closed="SA 2026-01..2026-03", today=date(2026, 4, 2))
    assert (state(later, "events").due, state(later, "events").state) == (1, TaskState.BEHIND)
    assert state(later, "survey").state is TaskState.NOT_DUE


def test_a_rate_is_judged_at_the_end_and_never_by_parts() -> None:
    said = "2026-01-05 SA reached 40\n2026-01-05 SA population 100"
    assert state(ledger(said), "rate").due == 0
    ended = ledger(said, "SA 2026", today=date(2027, 1, 5))
    assert state(ended, "rate").state is TaskState.BEHIND


def test_a_dated_task_waits_for_its_day_and_no_figure_tells_whether_it_was_done() -> None:
    early = state(ledger(today=date(2026, 1, 10)), "papers")
    assert early.state is TaskState.NOT_DUE
    assert early.dates == ((date(2026, 1, 31), date(2026, 1, 31)),)
    late = state(ledger(), "papers")
    assert (late.state, late.figure, late.quota) == (TaskState.NOT_KNOWN, None, None)
    assert "由责任人确认" in late.sentence
    assert state(ledger(), "papers", period="2026H2").state is TaskState.NOT_DUE
    assert len(state(ledger(), "check").dates) == 4


def test_a_task_due_once_is_due_on_that_day_alone() -> None:
    once = Task(key="once", label="一次", due="2026-02-28")
    one = ledger(tasks=(once,))
    assert state(one, "once").dates == ((date(2026, 2, 28), date(2026, 2, 28)),)
    assert state(one, "once", period="2025").dates == ()


def test_a_unit_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refused, match="SCORE_002"):
        state(ledger(), "lectures", "XX")


def test_the_quota_is_a_figure_for_documents_and_json_is_complete() -> None:
    found = state(ledger("2026-01-05 SA lectures 3"), "lectures")
    assert found.quota_figure is not None
    assert (found.quota_figure.value, found.quota_figure.unit) == (6, "次")
    said = found.as_json()
    assert (said["quota"], said["due"], said["done"], said["state"]) == (6, 2, 3, "on_track")
    english = replace(ledger("2026-01-05 SA lectures 3"), language="en")
    assert state(english, "lectures").sentence.startswith("Quota 6次; due by 2026-05-20: 2次")


def test_the_responsibility_matrix_names_leaders_first() -> None:
    departments, rows = responsibility(PlanTemplate(tasks=(LECTURES, EVENTS)))
    assert departments == ("专干", "主任", "卫生站", "志愿者")
    assert rows[0].roles == {"卫生站": "support", "志愿者": "support", "专干": "lead"}
    assert rows[1].roles == {"专干": "support", "主任": "lead"}


def test_the_timetable_puts_days_and_tasks_into_their_months() -> None:
    planned = pack(plan=PlanTemplate(tasks=TASKS), calendar=DAYS)
    march, april = timetable(planned, parse_period("2026-03..2026-04"))
    assert [day.label for day in march.days] == ["世界防治结核病日"]
    march_tasks = {task.key for task in march.tasks}
    assert march_tasks == {"lectures", "events", "rate", "check", "rack", "share"}
    assert {task.key for task in april.tasks} == {"lectures", "rate", "rack", "share"}


def test_progress_is_judged_with_half_of_the_months() -> None:
    """By 20 May two lectures are due and one is held; two months of four are closed, or one."""
    half = state(ledger("2026-01-05 SA lectures 1", "SA 2026-02"), "lectures")
    assert half.state is TaskState.BEHIND
    assert half.sentence == ("任务6次，到2026-05-20应完成2次，已完成1次（2个月未报结）：进度滞后。")
    less = state(ledger("2026-01-05 SA lectures 1"), "lectures")
    assert less.state is TaskState.NOT_KNOWN
