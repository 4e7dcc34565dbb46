"""The pages of the desk and of records on each database, and while others write."""

from typing import Any

from tests.web.browsing import person, signed_in, soup
from tests.web.ledger.furnish import FIRST, NOW, STREET, lecture


def test_pages_read_the_same_on_each_database(any_owner: Any) -> None:
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.models import Record

    person("chen", "reviewer", STREET)
    person("li", "recorder", FIRST)
    record = lecture()
    record_accept(record=record, acting_user=user_named("li"), now=NOW)
    reviewer, recorder = signed_in("chen"), signed_in("li")
    for client in (reviewer, recorder):
        for address in (
            "/",
            "/desk/plans/",
            "/plan/",
            "/calendar/",
            "/figures/",
            "/figures/table/",
            "/burden/?period=2026Q2",
            "/burden/forms/",
            "/records/?q=结核&period=2026&state=unreviewed",
            f"/records/{record.id}/",
            "/figure/?key=trial.attendance&unit=" + FIRST,
        ):
            soup(client.get(address))
    review = {"kind": "returned", "note": "请核对"}
    assert reviewer.post(f"/review/{record.id}/", review).status_code == 302
    assert "请核对" in soup(recorder.get("/")).get_text()
    rows = soup(reviewer.get("/records/?state=returned")).select(".records a.row")
    assert len(rows) == 1
    assert Record.objects.get(uid=record.id).retired_at is None


def test_a_page_is_never_older_than_what_was_written_before_it(any_owner: Any) -> None:
    """Each record that was accepted before a page is asked for stands on it."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import record_accept

    person("li", "recorder", FIRST)
    client = signed_in("li")
    address = f"/figures/?unit={FIRST}&period=2026&key=trial.lectures"
    for number in range(1, 4):
        record_accept(record=lecture(), acting_user=user_named("li"), now=NOW)
        assert soup(client.get(address)).select_one("p.value").get_text().split() == [
            str(number),
            "次",
        ]
