"""The notice of a year's holidays: its effect is read before it holds; open limits follow."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.web.browsing import signed_in
from tests.web.cases.furnish import NOW, opening, send, step
from tests.web.ledger.furnish import STREET

#: The street signed on 7 July and has five working days to send it back.
DUE, LATER = date(2026, 7, 14), date(2026, 7, 15)
NOTICE = {
    "year": "2026",
    "document": "关于2026年7月调休的通知",
    "known_from": "2026-07-09",
    "rest": "2026-07-13",
    "work": "",
}


@pytest.fixture
def up(owner: Any) -> Any:
    """This fixture will hand a problem up to the street, which signs for it."""
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role

    user_add(username="su", name="su", role=Role.SYSTEM, unit="", acting_user=owner, now=NOW)
    send(
        owner,
        [
            opening("a"),
            step("a", "ask_up", day="2026-07-06"),
            step("a", "accept", STREET, "2026-07-07", by="sun"),
        ],
    )
    return owner


def limit() -> date | None:
    from taizhang.web.cases.models import Case

    return Case.objects.get(uid="a").due


def test_a_notice_is_read_before_it_is_written_down(up: Any) -> None:
    from taizhang.web.audit.models import Entry
    from taizhang.web.cases.models import Edition

    assert limit() == DUE
    page = signed_in("su")
    before = Edition.objects.count()
    seen = page.post("/working-days/", NOTICE)
    assert (seen.status_code, Edition.objects.count()) == (200, before)
    assert DUE.isoformat() in seen.text
    assert LATER.isoformat() in seen.text
    token = re.search(r'name="read" value="([^"]+)"', seen.text)
    assert token is not None
    other = page.post("/working-days/", NOTICE | {"rest": "2026-07-14", "read": token[1]})
    assert (other.status_code, Edition.objects.count()) == (200, before)
    done = page.post("/working-days/", NOTICE | {"read": token[1]})
    assert done.status_code == 302
    assert limit() == LATER
    assert Entry.objects.filter(action="calendar.add").count() == 1
    again = page.post("/working-days/", NOTICE | {"read": token[1]})
    assert (again.status_code, "HOLIDAY_007" in again.text) == (422, True)


def test_nonsense_is_refused_and_nothing_is_stored(up: Any) -> None:
    from taizhang.web.cases.models import Edition

    before = Edition.objects.count()
    answer = signed_in("su").post(
        "/working-days/", NOTICE | {"rest": "2026-07-15", "work": "2026-07-15 2025-01-04"}
    )
    assert answer.status_code == 422
    assert all(code in answer.text for code in ("HOLIDAY_002", "HOLIDAY_003"))
    assert Edition.objects.count() == before
    assert limit() == DUE


def test_only_the_system_administrator_writes_notices(up: Any) -> None:
    for name in ("zhou", "chen"):
        assert signed_in(name).get("/working-days/").status_code in (403, 404)


def test_what_is_written_follows_what_was_foreseen(up: Any) -> None:
    from taizhang.core.case.working_day_text import notice_read
    from taizhang.web.cases.actions import edition_add
    from taizhang.web.cases.models import Case
    from taizhang.web.cases.working_day import limits_moved

    edition = notice_read(
        year=2026,
        known_from=date(2026, 7, 9),
        rest=NOTICE["rest"],
        work="",
        document="x",
        verified=False,
        today=date(2026, 7, 10),
    )
    foreseen = {row.uid: (row.before, row.after) for row in limits_moved(edition, NOW)}
    stored = dict(Case.objects.values_list("uid", "due"))
    edition_add(edition=edition, acting_user=up, now=NOW)
    now = dict(Case.objects.values_list("uid", "due"))
    assert foreseen == {uid: (stored[uid], due) for uid, due in now.items() if due != stored[uid]}
    assert list(limits_moved(edition, datetime(2026, 7, 11, tzinfo=UTC))) == []
