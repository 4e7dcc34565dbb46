"""Random histories: one owner always, sums that agree, and the same result by every route."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.base.quantity import from_answer
from taizhang.core.case.counting import facts_of_case
from taizhang.core.case.fold import Standing, fold, gather, settled, take
from taizhang.core.case.step import StepRecord, end_of
from taizhang.core.case.table import Asked, CaseQuestion, CaseTable, row_of
from taizhang.core.counting.fact import dims_text
from taizhang.core.definition.case import ENDED_ASIDE, OPENS
from tests.core.case.history import FIRST, LAST, WORLD, case, days_of, kind_of
from tests.core.case.problem import COUNTED, PROBLEM

RANDOM = st.randoms(use_true_random=True)  # reproducible: a failure prints its seed
OWNERS = WORLD.ownership
SWITCH = date(2026, 6, 1)


def known_by(records: list[StepRecord], as_of: datetime) -> list[StepRecord]:
    """Give the records as they stood at a moment: later ones and later retirements unknown."""
    return [
        replace(record, retired_at=None)
        if record.retired_at is not None and record.retired_at > as_of
        else record
        for record in records
        if record.accepted_at <= as_of
    ]


@given(RANDOM)
@settings(max_examples=120, deadline=None)
def test_an_open_case_has_one_owner_who_exists(random: Random) -> None:
    records = case(random, "k")
    for _ in range(8):
        on, as_of = days_of(random), end_of(days_of(random))
        for standing in (
            fold(PROBLEM, records, WORLD, on),
            fold(PROBLEM, records, WORLD, on, as_of),
        ):
            if standing is None:
                continue
            assert standing.over == PROBLEM.ends(standing.state)
            if not standing.over:
                assert OWNERS.exists(standing.owner, on), (standing.owner, on)
                assert OWNERS.may_own(standing.owner, on)


@given(RANDOM)
@settings(max_examples=120, deadline=None)
def test_the_order_of_arrival_does_not_matter(random: Random) -> None:
    records = case(random, "k")
    shuffled = random.sample(records, len(records))
    for on in (LAST, days_of(random)):
        assert fold(PROBLEM, records, WORLD, on) == fold(PROBLEM, shuffled, WORLD, on)
    assert facts_of_case(PROBLEM, records, WORLD) == facts_of_case(PROBLEM, shuffled, WORLD)


@given(RANDOM)
@settings(max_examples=120, deadline=None)
def test_step_by_step_is_the_same_as_from_scratch(random: Random) -> None:
    """The state is stored after each acceptance; only what came out of order is folded anew."""
    records = case(random, "k")
    stored: Standing | None = None
    steps = 0
    for index, record in enumerate(records):
        moment = record.accepted_at
        known = known_by(records[: index + 1], moment)
        retired = any(
            index and records[index - 1].accepted_at < (each.retired_at or moment) <= moment
            for each in records
            if each.retired_at is not None
        )
        in_order = stored is not None and record.order > stored.last and record.step != OPENS
        if stored is not None and in_order and not retired and not stored.over:
            stored = take(stored, record, WORLD)
            steps += 1
        else:
            stored = gather(PROBLEM, known, WORLD, date.max)
        assert stored == gather(PROBLEM, known, WORLD, date.max)
    if stored is not None:
        known = known_by(records, records[-1].accepted_at)
        assert settled(stored, LAST, WORLD) == fold(PROBLEM, known, WORLD, LAST) or any(
            record.date > LAST for record in records
        )


@given(RANDOM)
@settings(max_examples=120, deadline=None)
def test_what_was_known_and_what_stood_are_folds_of_fewer_records(random: Random) -> None:
    records = case(random, "k")
    for _ in range(6):
        on, as_of = days_of(random), end_of(days_of(random))
        by_then = known_by(records, as_of)
        assert fold(PROBLEM, records, WORLD, on, as_of) == fold(PROBLEM, by_then, WORLD, on)
        dated = [record for record in records if record.date <= on or record.step == OPENS]
        standing = fold(PROBLEM, records, WORLD, on)
        # A withdrawal looks at every step known; without one, later steps change nothing before.
        if standing is None or standing.state not in ENDED_ASIDE:
            assert standing == fold(PROBLEM, dated, WORLD, on) or _withdrawn(records)


def _withdrawn(records: list[StepRecord]) -> bool:
    return not any(record.step == OPENS and record.retired_at is None for record in records)


@given(RANDOM)
@settings(max_examples=60, deadline=None)
def test_the_sum_over_owners_is_the_number_of_open_cases(random: Random) -> None:
    cases = {f"k{number}": case(random, f"k{number}") for number in range(6)}
    pairs = [(PROBLEM.key, record) for records in cases.values() for record in records]
    table = CaseTable(kind_of, random.sample(pairs, len(pairs)), WORLD, LAST)
    for _ in range(4):
        on = days_of(random)
        known = random.choice((None, days_of(random)))
        rows = table.rows(on, known).values()
        is_open = [row for row in rows if row.ended is None]
        owners = Counter(row.owner for row in is_open)

        def asked(
            unit: str, what: Asked = Asked.OPEN, on: date = on, known: date | None = known
        ) -> int:
            question = CaseQuestion(
                asked=what, kind=PROBLEM.key, unit=unit, first=FIRST, last=on, known=known
            )
            return table.count(question)

        assert sum(owners.values()) == len(is_open) == asked("D")
        tree = OWNERS.history.tree(on)
        for unit in tree.below("D"):
            beside = {body.code for body in OWNERS.bodies.bodies if body.parent == unit.code}
            own = sum(owners[code] for code in {unit.code, *beside})
            below = sum(asked(child.code) for child in tree.children(unit.code))
            # A body whose unit was merged or recoded is counted where its unit went.
            assert asked(unit.code) >= own + below
        late = [row for row in is_open if row.due is not None and row.due < on]
        assert asked("D", Asked.OVERDUE) == len(late)
        assert asked("D", Asked.IN_TIME) <= asked("D", Asked.DUE)


@given(RANDOM)
@settings(max_examples=60, deadline=None)
def test_limits_of_two_parts_of_a_period_are_those_of_the_whole(random: Random) -> None:
    """Every limit falls into one period, whatever was learnt of it later; units add up, too."""
    cases = [case(random, f"k{number}") for number in range(5)]
    pairs = [(PROBLEM.key, record) for records in cases for record in records]
    table = CaseTable(kind_of, pairs, WORLD, LAST)
    known = random.choice((None, days_of(random)))
    turn = days_of(random)

    def asked(what: Asked, unit: str, first: date, last: date) -> int:
        question = CaseQuestion(
            asked=what, kind=PROBLEM.key, unit=unit, first=first, last=last, known=known
        )
        return table.count(question)

    begin, end = FIRST - timedelta(days=400), LAST + timedelta(days=400)
    rows = table.rows(known or LAST, known).values()
    for what in (Asked.DUE, Asked.IN_TIME):
        parts = asked(what, "D", begin, turn) + asked(what, "D", turn + timedelta(days=1), end)
        assert parts == asked(what, "D", begin, end)
        runs = [
            run
            for row in rows
            for run in row.runs
            if run.clock == "finish" and row.state not in ENDED_ASIDE and not run.standing
        ]
        fallen = [run for run in runs if run.answered is not None or run.due < (known or LAST)]
        in_time = [run for run in fallen if run.answered is not None and run.answered <= run.due]
        assert asked(what, "D", begin, end) == len(fallen if what is Asked.DUE else in_time)


@given(RANDOM)
@settings(max_examples=120, deadline=None)
def test_facts_say_at_every_moment_what_the_fold_says(random: Random) -> None:
    records = case(random, "k")
    facts = facts_of_case(PROBLEM, records, WORLD)
    assert len({(fact.record, fact.ordinal) for fact in facts}) == len(facts)
    moments = [record.accepted_at for record in records]
    moments += [record.retired_at for record in records if record.retired_at is not None]
    for moment in (*moments, *(each + timedelta(seconds=1) for each in moments)):
        live = {
            fact.measure.rpartition("_")[2]: fact
            for fact in facts
            if fact.accepted_at is not None
            and fact.accepted_at <= moment
            and (fact.retired_at is None or fact.retired_at > moment)
        }
        standing = fold(PROBLEM, records, WORLD, date.max, moment)
        wanted = set()
        if standing is not None and standing.state not in ENDED_ASIDE:
            wanted = {"opened", "finished", "days"} if standing.over else {"opened"}
        assert set(live) == wanted
        if standing is not None and "days" in live and standing.ended is not None:
            assert live["days"].value.low == (standing.ended - standing.opened).days
            assert live["finished"].record == standing.ended_by


def plainly(standing: Standing, records: list[StepRecord]) -> dict[tuple[str, str], object]:
    """Count a case by reading its line of time once, forwards: (measure, record) → number."""
    by_name = {record.record: record for record in records}
    order = list(COUNTED.states)
    held: list[tuple[int, StepRecord]] = []
    for line in standing.line:
        if line.record == "" or not line.effect:
            continue
        place = order.index(line.state)
        held = [(before, step) for before, step in held if before <= place]
        held.append((place, by_name[line.record]))
    steps = [step for _, step in held]
    counted: dict[tuple[str, str], object] = {}
    asked = [step for step in steps if step.step == "ask_up"]
    settling = [step for step in steps if step.step in (OPENS, "finish")]
    if asked:
        counted["hc.asked", asked[-1].record] = 1
    if settling and settling[-1].answers["how"] in ("at_once", "well"):
        counted["hc.settled", settling[-1].record] = 1
    elif asked:
        counted["hc.asked_only", asked[-1].record] = 1
    for step in steps:
        if step.step == "finish":
            counted["hc.metres", step.record] = step.answers["metres"]
    if standing.over:
        days = (standing.ended or standing.opened) - standing.opened
        counted["hc.problem_finished", standing.ended_by] = 1
        counted["hc.problem_days", standing.ended_by] = days.days
    counted["hc.raised", standing.opening] = 1
    return {key: value for key, value in counted.items() if by_name[key[1]].date >= SWITCH}


@given(RANDOM)
@settings(max_examples=200, deadline=None)
def test_counts_of_steps_are_a_plain_count_over_the_fold_at_every_moment(random: Random) -> None:
    records = case(random, "k")
    facts = facts_of_case(COUNTED, records, WORLD)
    assert len({(fact.record, fact.ordinal) for fact in facts}) == len(facts)
    assert all(fact.date >= SWITCH for fact in facts)  # the sums of before hold what was before
    moments = [record.accepted_at for record in records]
    moments += [record.retired_at for record in records if record.retired_at is not None]
    for moment in (*moments, *(each + timedelta(seconds=1) for each in moments)):
        live = [
            fact
            for fact in facts
            if fact.accepted_at is not None
            and fact.accepted_at <= moment
            and (fact.retired_at is None or fact.retired_at > moment)
        ]
        standing = fold(COUNTED, records, WORLD, date.max, moment)
        wanted = {}
        if standing is not None and standing.state not in ENDED_ASIDE:
            wanted = plainly(standing, records)
            opening = next(each for each in records if each.record == standing.opening)
            sort = opening.answers["sort"]
            assert {fact.dims for fact in live} <= {dims_text({"sort": str(sort)} if sort else {})}
        stated = {(fact.measure, fact.record): fact.value for fact in live}
        assert stated == {key: from_answer(value) for key, value in wanted.items()}
        assert len(live) == len(stated)


@given(RANDOM)
@settings(max_examples=120, deadline=None)
def test_what_is_settled_as_it_begins_owes_nothing(random: Random) -> None:
    records = [record for record in case(random, "k") if record.step == OPENS]
    standing = fold(COUNTED, records, WORLD, LAST)
    if standing is None or standing.state in ENDED_ASIDE:
        return
    row = row_of(standing, WORLD, LAST)
    at_once = records[-1].answers["how"] == "at_once"
    assert standing.over == at_once
    assert row.days == (0 if at_once else None)
    assert all((run.answered == row.opened) == at_once for run in row.runs)
    assert all(run.in_time for run in row.runs if at_once and run.due >= row.opened)


@given(RANDOM)
@settings(max_examples=120, deadline=None)
def test_clocks_of_any_history_make_sense(random: Random) -> None:
    records = case(random, "k")
    on = days_of(random)
    standing = fold(PROBLEM, records, WORLD, on)
    if standing is None:
        return
    row = row_of(standing, WORLD, on)
    running = [run for run in row.runs if run.answered is None]
    moving = [run for run in standing.runs if run.running and not run.standing]
    assert len({run.clock for run in moving}) == len(moving)  # one of a clock runs at a time
    assert standing.over is False or running == []
    for run in row.runs:
        assert run.start <= on
        assert run.due >= run.limit or any(each.prolonged for each in standing.runs)
        assert not (run.standing and run.overdue)
        assert run.overdue == (run.answered is None and not run.standing and run.due < on)
        assert OWNERS.known(run.unit)
        if run.answered is not None:
            assert run.start <= run.answered <= on
