"""A danger of the example pack goes its way in an instance: served, handed up and back, closed."""

import itertools
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from taizhang.core.pack.examine import shipped_folder
from taizhang.web.accounts.models import Role
from taizhang.web.instance.paths import Home
from tests.web.cases.furnish import send
from tests.web.ledger.furnish import DISTRICT, FIRST, STREET, furnish

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "packs" / "examples" / "fire_safety"
NOW = datetime(2026, 7, 10, 2, tzinfo=UTC)
PEOPLE = {
    "chen": (Role.RECORDER, FIRST),
    "lin": (Role.LEAD, FIRST),
    "sun": (Role.REVIEWER, STREET),
    "zhou": (Role.OFFICER, DISTRICT),
}
#: The first date of each form.
DATES = {"served": "served_on", "rectified": "rectified_on", "rechecked": "checked_on"}
_numbers = itertools.count(1)


@pytest.fixture
def author(any_instance: Home) -> Any:
    """This fixture will install the example beside `common`, add people and give the owner."""
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.programmes.actions import pack_install

    owner = furnish({
        path.relative_to(common).as_posix(): path.read_bytes()
        for common in (shipped_folder() / "common",)
        for path in common.rglob("*")
        if path.is_file()
    })  # fmt: skip
    pack_install(source=EXAMPLE, acting_user=owner, now=NOW)
    for name, (role, unit) in PEOPLE.items():
        user_add(username=name, name=name, role=role, unit=unit, acting_user=owner, now=NOW)
    return owner


def found(uid: str, danger: str, day: str) -> dict[str, Any]:
    """Give the line that opens a case; the due day is worked out by the form."""
    answers = {"found_on": day, "place": "3栋", "kind": "exit", "danger": danger, "party": "shop"}
    return {
        "id": uid,
        "form": "fire_safety.found",
        "unit": FIRST,
        "date": day,
        "answers": answers,
        "by": "chen",
    }


def step(
    form: str, case: str, day: str, by: str = "chen", unit: str = FIRST, **answers: str
) -> dict[str, Any]:
    """Give the line of a step."""
    return {
        "id": f"fire-{next(_numbers)}",
        "form": f"fire_safety.{form}",
        "unit": unit,
        "date": day,
        "case": case,
        "answers": {DATES.get(form, "done_on"): day, **answers},
        "by": by,
    }


def stored(uid: str = "a") -> Any:
    from taizhang.web.cases.models import Case

    return Case.objects.get(uid=uid)


def stands(uid: str = "a") -> tuple[str, str, str, int]:
    """Give (state, owner, due day, steps without effect)."""
    case = stored(uid)
    return case.state, case.owner, str(case.due), case.idle


def test_a_serious_danger_has_a_day_and_an_ordinary_one_seven(author: Any) -> None:
    send(author, [found("a", "serious", "2026-07-01"), found("b", "ordinary", "2026-07-01")])
    assert stored("a").number == "YH-2026-001"
    assert (str(stored("a").due), str(stored("b").due)) == ("2026-07-02", "2026-07-08")


def test_served_rectified_and_rechecked_by_another(author: Any) -> None:
    send(author, [found("a", "serious", "2026-07-01")])
    send(author, [step("served", "a", "2026-07-01", to="duty", way="hand")])
    send(author, [step("rectified", "a", "2026-07-02", how="cleared")])
    assert stands() == ("done", FIRST, "2026-07-05", 0)  # the recheck is owed in three days
    send(author, [step("rechecked", "a", "2026-07-03")])
    assert stands() == ("done", FIRST, "2026-07-05", 1)  # whoever rectified it may not
    send(author, [step("rechecked", "a", "2026-07-03", by="lin")])
    case = stored()
    assert (case.state, str(case.ended), case.idle) == ("closed", "2026-07-03", 1)
    again = step("danger_step", "a", "2026-07-09", step="reopen", reason_text="又堵上了")
    send(author, [again])
    assert stored().state == "served"


def test_up_to_the_district_and_back_the_way_it_came(author: Any) -> None:
    def hand(name: str, by: str, unit: str, day: str, **answers: str) -> None:
        send(author, [step("danger_step", "a", day, by, unit, step=name, **answers)])

    send(author, [found("a", "ordinary", "2026-07-01")])
    send(author, [step("served", "a", "2026-07-01", to="head", way="post")])
    hand("ask_up", "chen", FIRST, "2026-07-02")
    hand("accept", "sun", STREET, "2026-07-03")
    hand("ask_up", "sun", STREET, "2026-07-03")
    assert stands() == ("up", DISTRICT, "None", 0)
    hand("accept", "zhou", DISTRICT, "2026-07-04")
    hand("back", "zhou", DISTRICT, "2026-07-05", reason="settled_above")
    assert stands()[:2] == ("up", STREET)
    hand("back", "sun", STREET, "2026-07-06", reason="settled_above")
    assert stands() == ("served", FIRST, "2026-07-12", 0)  # seven days and the four it was away
    send(author, [step("rectified", "a", "2026-07-07", how="mended")])
    send(author, [step("rechecked", "a", "2026-07-08", by="lin")])
    assert stands() == ("closed", FIRST, "None", 0)
