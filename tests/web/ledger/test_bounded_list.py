"""The list of records is as quick to turn over at its end as at its beginning, and says its end."""

import json

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taizhang.web.instance.paths import Home
from tests.web.browsing import person, signed_in
from tests.web.ledger.furnish import DISTRICT, FIRST, STREET, furnish, lecture


@pytest.fixture
def many(instance: Home) -> None:
    """This fixture will furnish an instance with a hundred records of two communities."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import record_accept

    furnish()
    from django.utils import timezone

    for number in range(50):
        record_accept(
            record=lecture(id=f"r-{number}"), acting_user=user_named(None), now=timezone.now()
        )
    person("zhou", "officer", DISTRICT)


@pytest.mark.usefixtures("many")
def test_a_list_ends_where_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.web.ledger.record import views

    officer = signed_in("zhou")
    whole = BeautifulSoup(officer.get("/records/?page=9999").content, "html.parser")
    assert "只列出最近的" not in whole.get_text()
    monkeypatch.setattr(views, "MOST_LISTED", 45)
    cut = BeautifulSoup(officer.get("/records/?page=9999").content, "html.parser")
    assert "只列出最近的 45 条" in cut.get_text()
    monkeypatch.setattr(views, "MOST_EXPORTED", 10)
    lines = officer.get("/records/?as=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 11


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    "query", ["", f"unit={STREET}", f"unit={FIRST}", "state=unreviewed", "q=tb"]
)
def test_many_units_and_few_give_the_same_list(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.web.ledger import access
    from taizhang.web.ledger.record import listing

    officer = signed_in("zhou")

    def listed() -> list[str]:
        page = BeautifulSoup(officer.get(f"/records/?{query}").content, "html.parser")
        return [str(link["href"]) for link in page.select("a[href^='/records/r-']")]

    few = listed()
    assert len(few) == 40
    monkeypatch.setattr(access, "WIDE", 0)
    monkeypatch.setattr(listing, "WIDE", 0)
    with CaptureQueriesContext(connection) as asked:
        assert listed() == few
    (keys,) = [
        query["sql"]
        for query in asked
        if "LIMIT 40" in query["sql"] and "ledger_record" in query["sql"]
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {keys}")
        plan = json.dumps(cursor.fetchall())
    assert "record_date" in plan, plan
    assert "TEMP B-TREE" not in plan, plan
