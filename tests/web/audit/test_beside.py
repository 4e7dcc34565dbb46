"""Verifying reads one moment: whoever writes meanwhile waits for nothing and alarms nobody."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from taizhang.web.home import Home
from tests.web.ledger.furnish import NOW, furnish, lecture


@pytest.fixture
def recorder(any_instance: Home) -> Any:
    """This fixture will give the owner of an instance that holds some records."""
    from taizhang.web.ledger.actions import record_accept

    owner = furnish()
    for _ in range(4):
        record_accept(record=lecture(), acting_user=owner, now=NOW)
    return owner


def beside(owner: Any, waited: list[float]) -> Callable[[int, int], None]:
    """Give a `tell` that has another connection accept a record while the work is under way."""
    from taizhang.web.ledger.actions import record_accept

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
    from taizhang.web.audit import queries
    from taizhang.web.ledger import rebuild
    from taizhang.web.ledger.models import Record

    monkeypatch.setattr(queries, "_TOLD", 3)
    monkeypatch.setattr(rebuild, "AT_ONCE", 2)
    waited: list[float] = []
    assert queries.verify(tell=beside(recorder, waited)).issues == ()
    plain = len(waited)
    assert plain >= 2
    held = Record.objects.count()
    agreed = rebuild.facts_verify(beside(recorder, waited))
    assert agreed.issues == ()
    assert agreed.records == held  # those written meanwhile are of another moment
    assert len(waited) >= plain + 2
    assert max(waited) < 1, waited
    assert Record.objects.count() == held + len(waited) - plain
    assert queries.verify().issues == ()
    assert not [name for name in connection.introspection.table_names() if "rebuilt" in name]


def test_a_rebuild_that_finds_nothing_wrong_holds_no_writer(
    recorder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.web.ledger import actions, rebuild

    waited: list[float] = []
    tell = beside(recorder, waited)
    counted = rebuild._count_anew
    monkeypatch.setattr(rebuild, "AT_ONCE", 2)
    monkeypatch.setattr(rebuild, "_count_anew", lambda _: counted(tell))
    rebuilt = actions.facts_rebuild(acting_user=recorder, now=NOW)
    assert rebuilt.issues == ()
    assert rebuilt.records == 4
    assert len(waited) == 2
    assert max(waited) < 1, waited
