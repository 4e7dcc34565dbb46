"""Facts and cube can be thrown away: counted again from the records they are the same."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang.cli import main
from taizhang.core.base.issue import Level
from taizhang.core.counting.fact import Submission
from taizhang.web.instance.paths import Home
from tests.web.ledger.furnish import (
    FIRST,
    GONE,
    MERGED,
    NOW,
    SECOND,
    STREET,
    THIRD,
    furnish,
    lecture,
    line,
    pack_files,
)


def fill(user: Any) -> None:
    """Write records of every sort: joint, replaced, withdrawn, missing, fuzzy."""
    from taizhang.web.ledger.accept.actions import records_import

    rows = {"materials": [{"kind": "fold", "copies": 5}, {"kind": "poster"}]}
    records = [
        lecture(id="a", answers=rows),
        lecture(id="b", with_units=(SECOND, THIRD)),
        lecture(id="c", answers={"people": {"low": 80, "high": 80, "kind": "about"}}),
        lecture(id="d", replaces="c", reason="更正", answers={"people": ""}),
        lecture(id="e", unit=SECOND),
        Submission(
            id="f",
            form="trial.lecture",
            unit=SECOND,
            date=date(2026, 5, 6),
            answers={},
            withdraws="e",
            reason="重复",
        ),
    ]
    texts = [json.dumps(line(record)) for record in records]
    records_import(lines=texts, file="r", acting_user=user, now=NOW)


def rebuilt(user: Any) -> Any:
    from taizhang.web.ledger.facts.actions import facts_rebuild

    return facts_rebuild(acting_user=user, now=NOW)


def test_rebuild_twice_gives_one_digest(any_owner: Any) -> None:
    fill(any_owner)
    once, twice = rebuilt(any_owner), rebuilt(any_owner)
    assert once.issues == ()
    assert (once.records, once.facts, once.cells) == (5, 4 + 6 + 2 + 2 + 2, 4 + 0)
    assert (once.digest, once.facts, once.cells) == (twice.digest, twice.facts, twice.cells)


@pytest.mark.parametrize("harm", ["change", "lose", "add", "cell"])
def test_tampered_rows_are_reported_and_replaced(any_owner: Any, harm: str) -> None:
    from taizhang.web.ledger.facts.rebuild import facts_digest, facts_verify
    from taizhang.web.ledger.models import Cube, Fact

    fill(any_owner)
    right = rebuilt(any_owner)
    fact = Fact.objects.filter(record__uid="a").first()
    assert fact is not None
    if harm == "change":
        Fact.objects.filter(pk=fact.pk).update(low=1, high=1)
    elif harm == "lose":
        fact.delete()
    elif harm == "add":
        fact.pk, fact.ordinal = None, 99
        fact.save()
    else:
        Cube.objects.filter(measure="trial.attendance").update(low=7)
    spoilt = facts_digest()
    assert [issue.code.name for issue in facts_verify(NOW).issues] == ["FACTS_004"]
    assert facts_digest() == spoilt  # only looked at
    issues = rebuilt(any_owner)
    assert [issue.code.name for issue in issues.issues] == ["FACTS_001"]
    assert issues.issues[0].level is Level.WARNING
    assert issues.issues[0].facts["id"] == ("-" if harm == "cell" else "a")
    assert issues.digest == right.digest
    assert facts_verify(NOW).issues == ()
    assert rebuilt(any_owner).issues == ()


def test_a_changed_number_is_found_by_a_deep_verification_alone(
    any_owner: Any, any_instance: Home
) -> None:
    from taizhang.web.ledger.models import Cube

    fill(any_owner)
    verify = ["audit", "verify", "--home", str(any_instance.path)]
    assert main([*verify, "--deep"]) == 0
    Cube.objects.filter(measure="trial.attendance").update(low=7)
    assert main(verify) == 0
    assert main([*verify, "--deep"]) == 1


def test_pack_put_in_force_for_past_days_is_seen(owner: Any) -> None:
    from taizhang.web.programmes.actions import pack_install

    fill(owner)
    before = rebuilt(owner)
    files = pack_files()
    files["pack.yaml"] = files["pack.yaml"].replace(b"1.0.0", b"1.1.0")
    files["measures.yaml"] = files["measures.yaml"].replace(b"{lectures: 1,", b"{lectures: 2,")
    pack_install(source=files, acting_user=owner, now=NOW, in_force_from=date(2026, 1, 1))
    after = rebuilt(owner)
    assert after.issues[0].facts["facts"] == 2 * (1 + 3 + 1 + 1 + 1)  # each as it was and as it is
    assert after.digest != before.digest
    assert rebuilt(owner).digest == after.digest


def cells_of_facts() -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Add up the live facts that are not joint, without the code of the ledger."""
    from taizhang.web.ledger.models import Fact

    cells: dict[tuple[Any, ...], list[int]] = {}
    seen: set[tuple[Any, ...]] = set()
    facts = Fact.objects.filter(retired_at=None, joint=False).order_by("record_id", "ordinal")
    for fact in facts:
        key = (fact.measure, fact.unit, fact.month, fact.dims)
        cell = cells.setdefault(key, [0] * 7)
        first = (fact.record_id, fact.measure) not in seen
        seen.add((fact.record_id, fact.measure))
        more = (
            fact.low or 0,
            fact.high or 0,
            1,
            fact.high is None,
            fact.kind == 4,
            fact.kind == 5,
            first,
        )
        cells[key] = [mine + two for mine, two in zip(cell, more, strict=True)]
    return {key: tuple(cell) for key, cell in cells.items()}


PEOPLE = st.one_of(
    st.integers(0, 500),
    st.just(""),
    st.sampled_from(
        [
            {"low": 500, "kind": "at_least"},
            {"high": 500, "kind": "at_most"},
            {"low": 200, "high": 999, "kind": "between"},
            {"low": 80, "high": 80, "kind": "about"},
        ]
    ),
)
ROWS = st.lists(
    st.fixed_dictionaries({"kind": st.sampled_from(["fold", "poster"]), "copies": PEOPLE}),
    max_size=3,
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "accept", "replace", "withdraw"]),
        st.sampled_from([FIRST, SECOND]),
        st.sampled_from([(), (), (THIRD,)]),
        st.integers(0, 60),
        st.fixed_dictionaries(
            {"people": PEOPLE, "materials": ROWS, "held": st.sampled_from(["yes", "yes", "no"])}
        ),
        st.integers(0, 20),
    ),
    max_size=12,
)


def play(steps: list[Any], user: Any, run: int) -> None:
    """Carry out random steps; a step that corrects picks among the records that stand."""
    from taizhang.web.ledger.accept.actions import record_accept

    standing: list[Submission] = []
    for number, (what, unit, credited, days, answers, pick) in enumerate(steps):
        day = date(2026, 5, 1) + timedelta(days=days)
        record = lecture(
            id=f"{run}-{number}",
            unit=unit,
            with_units=credited,
            date=day,
            answers={**answers, "held_on": day.isoformat()},
        )
        if what != "accept" and standing:
            target = standing.pop(pick % len(standing))
            changes: dict[str, Any] = {"reason": "x"}
            if what == "replace":
                changes["replaces"] = target.id
                standing.append(record)
            else:
                changes |= {"withdraws": target.id, "answers": {}, "with_units": ()}
            record = Submission(
                **{
                    "id": record.id,
                    "form": record.form,
                    "unit": record.unit,
                    "date": record.date,
                    "answers": record.answers,
                    "with_units": record.with_units,
                    **changes,
                }
            )
        else:
            standing.append(record)
        record_accept(record=record, acting_user=user, now=NOW + timedelta(seconds=number))


@pytest.mark.slow
def test_cube_is_the_sum_of_live_facts_and_rebuild_agrees(instance: Home) -> None:
    from taizhang.web.ledger.models import Cube

    owner = furnish()
    runs = iter(range(10_000))

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def check(steps: list[Any]) -> None:
        play(steps, owner, next(runs))
        names = ("low", "high", "facts", "open_high", "about", "missing", "records")
        keys = ("measure", "unit", "month", "dims")
        cells = {row[:4]: row[4:] for row in Cube.objects.values_list(*keys, *names)}
        assert cells == cells_of_facts()

    check()
    once = rebuilt(owner)
    assert once.issues == ()
    assert once.cells == len(cells_of_facts())
    assert rebuilt(owner).digest == once.digest


def test_one_number_in_two_units_is_two_things_before_and_after_a_rebuild(any_owner: Any) -> None:
    from taizhang.core.base.period import parse_period
    from taizhang.core.indicator import Question, figures
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.open_book import open_book

    for unit in (FIRST, SECOND, SECOND):
        answers = {"board": "XC-01", "changed_on": "2026-05-06", "state": "in_use"}
        day = date(2026, 5, 6)
        made = Submission(id=f"x{unit}{id(answers)}", form="trial.board", unit=unit, date=day,
                      answers=answers)  # fmt: skip
        record_accept(record=made, acting_user=any_owner, now=NOW)

    def counted() -> list[Any]:
        asked = ("distinct(trial.board_issues)", "overdue('boards')", "entities('boards')")
        book = open_book(now=NOW, language="zh")
        question = Question(indicators=asked, units=(STREET,), period=parse_period("2026"))
        return [figure.low for figure in figures(book, question)]

    before = counted()
    assert before == [2, 2, 2]
    rebuilt(any_owner)
    assert counted() == before


def board(uid: str, unit: str, **answers: str) -> Submission:
    told = {"board": "XC-01", "changed_on": "2026-05-06", "state": "in_use", **answers}
    day = date.fromisoformat(told["changed_on"])
    return Submission(id=uid, form="trial.board", unit=unit, date=day, answers=told)


SPOILED = {
    "state": "UPDATE ledger_entitystate SET label = 'x' WHERE date = '2026-05-06'",
    "retired": "UPDATE ledger_entitystate SET retired_at = accepted_at WHERE retired_at IS NULL",
    "due": "UPDATE ledger_entity SET due = '2020-01-01' WHERE latest_id IS NOT NULL",
    "latest": "UPDATE ledger_entity SET latest_id = NULL, due = NULL",
    "name": "UPDATE ledger_entity SET key = 'XC-99' WHERE key = 'XC-01'",
}


@pytest.mark.parametrize("what", SPOILED)
def test_states_of_things_are_told_anew_from_the_records(what: str, any_owner: Any) -> None:
    from django.db import connection

    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.models import Entity

    # The recoded community goes on with the board of the one before it; one board is withdrawn.
    records = (
        board("a", GONE, changed_on="2026-03-02"),
        board("b", MERGED, changed_on="2026-05-06"),
        board("c", SECOND),
        board("d", SECOND, changed_on="2026-05-20"),
        board("e", FIRST, board="XC-07"),
        Submission(id="f", form="trial.board", unit=FIRST, date=date(2026, 5, 6), answers={},
               withdraws="e", reason="重复"),
    )  # fmt: skip
    for record in records:
        record_accept(record=record, acting_user=any_owner, now=NOW)
    before = rebuilt(any_owner)
    assert (before.issues, before.states, Entity.objects.count()) == ((), 5, 3)
    with connection.cursor() as cursor:
        cursor.execute(SPOILED[what])
    after = rebuilt(any_owner)
    assert [issue.code.name for issue in after.issues] == ["FACTS_003"]
    assert after.digest == before.digest
    assert rebuilt(any_owner).issues == ()
