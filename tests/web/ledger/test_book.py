"""The Book on the instance's database: fresh inside a transaction, and as known on any day."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from taizhang.core.aggregate.reference_engine import ReferenceEngine
from taizhang.core.base.period import parse_period
from taizhang.core.base.quantity import from_scaled
from taizhang.core.counting.fact import Fact
from taizhang.core.indicator import Question, figures
from tests.web.ledger.furnish import DISTRICT, FIRST, GONE, NOW, SECOND, STREET, THIRD, lecture

DAY = timedelta(days=1)
WHEN = NOW - 3 * DAY


def opened(**how: Any) -> Any:
    from taizhang.web.ledger.open_book import open_book

    return open_book(now=how.pop("now", NOW), language="en", **how)


def accept(record: Any, user: Any, now: Any = WHEN) -> None:
    from taizhang.web.ledger.accept.actions import record_accept

    record_accept(record=record, acting_user=user, now=now)


def lectures(book: Any, unit: str = DISTRICT) -> Fraction | None:
    question = Question(units=(unit,), period=parse_period("2026"), indicators=("lectures",))
    return figures(book, question)[0].value


def test_a_record_counts_inside_its_own_transaction(any_owner: Any) -> None:
    from django.db import transaction

    accept(lecture(), any_owner)
    book = opened()
    assert lectures(book) == 1
    with transaction.atomic():
        accept(lecture(unit=SECOND), any_owner)
        assert lectures(book) == 2
        transaction.set_rollback(True)
    assert lectures(book) == 1


def test_one_moment_stands_still_while_others_write(any_owner: Any) -> None:
    from taizhang.web.base.moment import one_moment

    accept(lecture(), any_owner)
    with one_moment():
        assert lectures(opened()) == 1
        elsewhere(lambda: accept(lecture(unit=SECOND), any_owner))
        assert lectures(opened()) == 1
    assert lectures(opened()) == 2
    accept(lecture(unit=THIRD), any_owner)
    assert lectures(opened()) == 3


def elsewhere(write: Callable[[], None]) -> None:
    """Write on a connection of its own, as another request does."""
    from django.db import connections

    def run() -> None:
        try:
            write()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result(timeout=60)


def test_the_book_of_an_earlier_day_knows_what_was_known(any_owner: Any) -> None:
    first = lecture()
    accept(first, any_owner, WHEN)
    accept(lecture(unit=THIRD), any_owner, WHEN + DAY)
    accept(
        lecture(replaces=first.id, reason="重复", answers={"held": "no"}), any_owner, WHEN + 2 * DAY
    )
    told = [lectures(opened(as_of=(WHEN + days * DAY).date())) for days in range(3)]
    assert told == [1, 2, 1]
    assert lectures(opened()) == 1
    # A day to come is known as today is, and says so.
    book = opened(as_of=date(2030, 1, 1))
    assert (book.as_of, lectures(book)) == (book.today, 1)


def test_today_is_read_from_the_cube_and_the_past_from_facts(owner: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    accept(lecture(), owner)
    asked = []
    for as_of in (None, NOW.date(), NOW.date() - DAY):
        book = opened(as_of=as_of)
        with CaptureQueriesContext(connection) as told:
            assert lectures(book) == 1
        asked.append(any("ledger_cube" in query["sql"] for query in told.captured_queries))
    assert asked == [True, True, False]


def test_a_tree_that_is_imported_is_seen_at_once(owner: Any) -> None:
    from taizhang.web.units.actions import File, units_import

    before = opened().history
    assert opened().history is before, "units are read once"
    fresh = f"360602001009,九社区,community,社区,{STREET},2026-06-01,"
    data = f"code,name,level,kind,parent,valid_from,valid_to\n{fresh}\n".encode()
    units_import(units=File(name="more.csv", data=data), acting_user=owner, now=NOW)
    assert "360602001009" in opened().history.codes


def test_the_engine_of_the_book_agrees_with_the_plain_one(any_owner: Any) -> None:
    """Facts, cube and closure as the ledger writes them, against the same facts in memory."""
    from taizhang.core.aggregate.query import AggregateQuery, Aggregation, DimensionFilter
    from taizhang.web.ledger import models

    rows = [{"kind": "fold", "copies": 10}, {"kind": "fold", "copies": None}]
    rows.append({"kind": "poster", "copies": {"low": 5, "kind": "at_least"}})
    old = lecture(unit=GONE, date=date(2026, 2, 3), answers={"held_on": "2026-02-03"})
    wrong = lecture(unit=SECOND, answers={"materials": rows})
    for record in (
        old,
        wrong,
        lecture(answers={"materials": rows, "topic": "law"}),
        lecture(unit=FIRST, with_units=(SECOND, THIRD), answers={"materials": rows[:1]}),
    ):
        accept(record, any_owner)
    accept(lecture(unit=SECOND, replaces=wrong.id, reason="改"), any_owner, WHEN + DAY)
    book = opened()
    facts = [
        Fact(
            record=f"{row.record_id:09}",
            ordinal=row.ordinal,
            measure=row.measure,
            unit=row.unit,
            date=row.date,
            value=from_scaled(row.low, row.high, row.kind),
            dimensions=_dimensions(row.dims),
            entity=row.entity,
            person=row.person,
            joint=row.joint,
            accepted_at=row.accepted_at,
            retired_at=row.retired_at,
        )
        for row in models.Fact.objects.all()
    ]
    assert len(facts) > 20
    plain = ReferenceEngine(facts, book.history)
    span = (date(2026, 1, 1), date(2026, 6, 30))
    asks = [
        AggregateQuery(f"trial.{measure}", how, *span, where, by)
        for measure in ("lectures", "attendance", "materials")
        for how in Aggregation
        for where, by in (
            ((), None),
            ((), "month"),
            ((), "kind"),
            ((DimensionFilter("kind", ("fold",)),), None),
        )
    ]
    for tree in (date(2026, 3, 31), date(2026, 6, 30)):
        for as_of in (None, (WHEN).date()):
            how = {"tree": tree, "as_of": as_of}
            expected = plain.totals(asks, book.history.codes, **how)
            assert book.engine.totals(asks, book.history.codes, **how) == expected
            assert len(expected) > 100


def _dimensions(text: str) -> dict[str, str]:
    from taizhang.core.counting.fact import dims_of

    return dims_of(text)


def test_scattered_measures_are_those_whose_rows_bear_dates() -> None:
    from taizhang.core.counting.measure import CountingRule
    from taizhang.core.definition.pack import Pack
    from taizhang.core.definition.programme import Programmes
    from taizhang.web.ledger.open_book import scattered

    rules = (
        CountingRule(form="p.visit", date="held_on", facts={"p.visits": 1, "p.people": "people"}),
        CountingRule(form="p.visit", date="next_on", facts={"p.people": "people"}),
        CountingRule(form="p.visit", date="rows.day", each="rows", facts={"p.rows": 1}),
        CountingRule(form="p.other", date="day", facts={"p.visits": 1}),
    )
    pack = Pack(key="p", version="1", label="试", unit_kinds=("社区",), counting=rules)
    assert scattered(Programmes((pack,))) == {"p.people", "p.rows"}


@pytest.mark.parametrize("public", [False, True])
def test_what_the_caller_says_is_in_the_book(owner: Any, public: bool) -> None:
    tree = date(2026, 3, 31)
    book = opened(tree=tree, public=public)
    assert (book.tree, book.public, book.language) == (tree, public, "en")
