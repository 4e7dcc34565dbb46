"""Pages of cases: who sees what, what is offered, how many statements a list costs."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.browsing import signed_in
from tests.web.cases.furnish import CLINIC, NOW, opening, person, send, step
from tests.web.ledger.furnish import DISTRICT, FIRST, SECOND, STREET

#: A list of fifty cases asks no more than this, whatever there is.
MOST_STATEMENTS = 40


@pytest.fixture
def cases(owner: Any) -> Any:
    """This fixture will open some cases: with the community, with the street, done, ended."""
    send(
        owner,
        [
            opening("a"),
            opening("b", SECOND),
            opening("up", day="2026-06-20"),
            step("up", "ask_up", day="2026-06-21"),
            opening("done", day="2026-05-01"),
            step("done", "start", day="2026-05-02"),
            step("done", "finish", day="2026-05-03"),
        ],
    )
    return owner


def listed(who: str, query: str = "") -> list[str]:
    page = signed_in(who).get(f"/cases/{query}")
    assert page.status_code == 200
    found = [name for name in ("a", "b", "up", "done") if f"/cases/{name}/" in page.text]
    return found


def test_each_sees_what_its_units_have_to_do_with(cases: Any) -> None:
    assert listed("zhou") == ["a", "b", "up", "done"]
    assert listed("sun") == ["a", "b", "up", "done"]
    assert listed("chen") == ["a", "up", "done"]
    assert listed("wu") == ["b"]
    assert listed("bai") == []
    assert signed_in("wu").get("/cases/a/").status_code == 404
    assert signed_in("wu").get("/cases/nowhere/").status_code == 404


def test_filters(cases: Any) -> None:
    assert listed("sun", f"?unit={FIRST}&part=owned") == ["a", "done"]
    assert listed("sun", f"?unit={STREET}&state=up") == ["up"]
    assert listed("sun", "?state=done") == ["done"]
    assert listed("sun", "?q=WT-2026-002") == ["up"]
    assert listed("sun", "?q=nothing") == []
    assert listed("sun", "?age=99999999&kind=x%00".replace("%00", "")) == []


def test_cases_without_a_step_for_days_are_found(cases: Any) -> None:
    from taizhang.web.cases.queries import CaseFilter, cases_found

    def stuck(days: int) -> set[str]:
        wanted = CaseFilter(stuck=days)
        return {case.uid for case in cases_found(person("sun"), wanted, NOW)}

    # On 07-10: `a` and `b` began on 07-01, the last steps of `up` and `done` are older.
    assert stuck(9) == {"a", "b", "up", "done"}
    assert stuck(15) == {"up", "done"}
    send(cases, [step("up", "note", STREET, "2026-07-01", by="sun")])
    assert stuck(15) == {"done"}
    assert stuck(10) == {"done"}
    assert listed("sun", "?stuck=7") == ["a", "b", "up", "done"]
    assert listed("sun", "?stuck=soon&state=all") == ["a", "b", "up", "done"]
    assert listed("sun", "?stuck=36000") == []


def test_files_hold_the_same_rows(cases: Any) -> None:
    text = signed_in("chen").get("/cases/?as=csv").content.decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 4
    assert "WT-2026-001" in text
    assert signed_in("chen").get("/cases/?as=xlsx").status_code == 200


def test_steps_are_offered_to_whom_they_belong(cases: Any) -> None:
    from taizhang.core.case.step import IDLE_TEXTS, Idle

    community, street = (signed_in(name).get("/cases/up/").text for name in ("chen", "sun"))
    assert "step=finish" not in community
    assert "step=finish" in street
    assert f"unit={STREET}" in street
    assert "step=verify" in signed_in("sun").get("/cases/done/").text
    send(cases, [step("up", "finish", STREET, "2026-07-01", by="zhou")])
    page = signed_in("zhou").get("/cases/up/").text
    assert "step=verify" not in page
    assert IDLE_TEXTS[Idle.SAME_PERSON].text("zh-hans") in page


def test_the_desk_says_what_waits(cases: Any) -> None:
    from taizhang.web.cases.desk import desk_parts

    today = date(2026, 7, 10)

    def parts(unit: str) -> dict[str, int]:
        return {part.key: part.count for part in desk_parts(unit, today)}

    assert parts(STREET) == {"unsigned": 1, "verify": 1}
    assert parts(FIRST) == {"overdue": 1, "have": 1}
    assert parts(CLINIC) == {}
    assert parts(DISTRICT) == {}


def test_a_list_costs_as_many_statements_as_it_has_pages_not_cases(cases: Any) -> None:
    client = signed_in("sun")
    client.get("/cases/")
    with CaptureQueriesContext(connection) as few:
        client.get("/cases/")
    send(cases, [opening(f"n{number}") for number in range(120)])
    client.get("/cases/")
    with CaptureQueriesContext(connection) as many:
        client.get("/cases/")
    assert len(many) <= len(few) + 1
    assert len(many) <= MOST_STATEMENTS, len(many)


def test_a_step_is_taken_back_by_whoever_may_do_it(cases: Any) -> None:
    from taizhang.web.cases.models import Case
    from taizhang.web.ledger.models import Record

    record = Record.objects.get(case_uid="up").uid
    asked = {"record": record, "reason": "填错"}
    assert signed_in("wu").post("/cases/up/withdraw", asked).status_code == 422
    assert Case.objects.get(uid="up").state == "up"
    assert signed_in("chen").post("/cases/up/withdraw", {"record": record}).status_code == 422
    assert signed_in("chen").post("/cases/up/withdraw", asked).status_code == 302
    assert Case.objects.get(uid="up").state == "open"


def test_whoever_works_at_a_body_begins_with_its_cases(cases: Any) -> None:
    line = step("up", "assign", STREET, "2026-07-01", by="sun", answers={"to": CLINIC})
    send(cases, [line])
    page = signed_in("bai").get("/", follow=True)
    assert page.redirect_chain == []
    assert "/cases/up/" in page.text
    assert f"unit={CLINIC}" in signed_in("bai").get("/cases/up/").text


def test_what_a_step_taken_back_undoes_is_shown_first(cases: Any) -> None:
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role
    from taizhang.web.cases.models import Case, Member
    from taizhang.web.ledger.models import Record

    above = signed_in("zhou")
    started = Member.objects.get(uid="done", step="start").record.uid
    page = above.get(f"/records/{started}/")
    assert 'href="/cases/done/"' in page.text
    taking = {"record": started, "reason": "填错"}
    asked = above.post("/cases/done/withdraw", taking)
    assert (asked.status_code, Record.objects.filter(withdraws__uid=started).count()) == (200, 0)
    assert "2026-05-03" in asked.text
    token = re.search(r'name="undoes" value="([^"]+)"', asked.text)
    assert token is not None
    user_add(username="ma", name="ma", role=Role.LEAD, unit=STREET, acting_user=cases, now=NOW)
    lead = signed_in("ma")
    correcting = lead.get(f"/record/correct/{started}/")
    assert token[1] in correcting.text
    read = lead.get(f"/record/correct/{started}/", {"undoes": token[1]})
    assert (read.status_code, 'name="undoes"' in read.text) == (200, False)
    assert "2026-05-03" in lead.get(f"/record/withdraw/{started}/").text
    assert lead.post(f"/record/withdraw/{started}/", {"reason": "填错"}).status_code == 422
    assert Case.objects.get(uid="done").state == "done"
    done = lead.post("/cases/done/withdraw", taking | {"undoes": token[1]})
    assert done.status_code == 302
    assert Record.objects.filter(withdraws__uid=started).exists()


def test_a_record_tells_its_case_only_to_whom_it_concerns(cases: Any) -> None:
    from taizhang.web.ledger.registry import asides_of

    assert [aside.undoes for aside in asides_of("done", person("chen"), NOW)] == [()]
    assert asides_of("done", person("wu"), NOW) == []
    assert asides_of("nowhere", person("chen"), NOW) == []
