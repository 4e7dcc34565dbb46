"""Verifying reads one moment: whoever writes meanwhile waits for nothing and alarms nobody."""

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from taizhang.web.instance.paths import Home
from tests.cli.sealed import sealed_things
from tests.web.ledger.furnish import NOW, furnish, lecture


@pytest.fixture
def recorder(any_instance: Home) -> Any:
    """This fixture will give the owner of an instance that holds some records."""
    from taizhang.web.ledger.accept.actions import record_accept

    owner = furnish()
    for _ in range(4):
        record_accept(record=lecture(), acting_user=owner, now=NOW)
    return owner


def beside(owner: Any, waited: list[float]) -> Callable[[int, int], None]:
    """Give a `tell` that has another connection accept a record while the work is under way."""
    from taizhang.web.ledger.accept.actions import record_accept

    def write() -> float:
        begun = time.monotonic()
        try:
            record_accept(record=lecture(), acting_user=owner, now=NOW)
        finally:
            connections.close_all()
        return time.monotonic() - begun

    def tell(done: int, total: int) -> None:
        assert 0 < done <= total
        with ThreadPoolExecutor(1) as pool:
            waited.append(pool.submit(write).result(timeout=20))

    return tell


def test_a_writer_waits_for_no_verification(recorder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.web.audit import verify
    from taizhang.web.ledger.facts import rebuild
    from taizhang.web.ledger.models import Record

    monkeypatch.setattr(verify, "_TOLD", 3)
    monkeypatch.setattr(rebuild, "AT_ONCE", 2)
    waited: list[float] = []
    assert verify.verify(tell=beside(recorder, waited)).issues == ()
    plain = len(waited)
    assert plain >= 2
    held = Record.objects.count()
    agreed = rebuild.facts_verify(NOW, beside(recorder, waited))
    assert agreed.issues == ()
    assert agreed.records == held  # those written meanwhile are of another moment
    assert len(waited) >= plain + 2
    assert max(waited) < 1, waited
    assert Record.objects.count() == held + len(waited) - plain
    assert verify.verify().issues == ()
    assert not [name for name in connection.introspection.table_names() if "rebuilt" in name]


def test_a_rebuild_that_finds_nothing_wrong_holds_no_writer(
    recorder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.web.ledger.facts import actions, rebuild

    waited: list[float] = []
    tell = beside(recorder, waited)
    counted = rebuild._count_anew
    monkeypatch.setattr(rebuild, "AT_ONCE", 2)
    monkeypatch.setattr(rebuild, "_count_anew", lambda _, now: counted(tell, now))
    rebuilt = actions.facts_rebuild(acting_user=recorder, now=NOW)
    assert rebuilt.issues == ()
    assert rebuilt.records == 4
    assert len(waited) == 2
    assert max(waited) < 1, waited


def test_no_statement_of_a_verification_takes_the_lock_of_the_writers(instance: Home) -> None:
    """On a connection that has done nothing yet: what Django finds out first it finds out here."""
    from taizhang.web.audit import schema, verify
    from taizhang.web.instance.open import instance_open
    from taizhang.web.ledger.facts import rebuild

    sealed_things()
    connections.close_all()
    del connections["default"]
    instance_open(instance.path)
    schema._looked_at_once.cache_clear()
    asked = []

    def watched(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        answer = execute(sql, *more)
        asked.append(sql)
        with closing(sqlite3.connect(instance.database, timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # raises where another holds the lock
            other.execute("ROLLBACK")
        return answer

    with connection.execute_wrapper(watched):
        assert verify.verify().issues == ()
        assert rebuild.facts_verify(NOW).issues == ()
    assert len(asked) > 200


def test_a_write_inside_one_moment_is_refused_and_takes_no_lock(instance: Home) -> None:
    from taizhang.web.base.moment import one_moment

    with one_moment():
        connection.introspection.table_names()
        with pytest.raises(OperationalError, match="one moment"), transaction.atomic():
            pass
        with closing(sqlite3.connect(instance.database, timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
