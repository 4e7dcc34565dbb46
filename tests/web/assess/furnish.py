"""A small tree with the two shipped packs, for the tests of scores and decisions."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from taizhang.core.base.issue import Refused
from taizhang.core.base.period import parse_period
from tests.web.browsing import person
from tests.web.ledger.furnish import CHANGES, DISTRICT, FIRST, SECOND, STREET, UNITS

NOW = datetime(2026, 1, 20, 2, tzinfo=UTC)
PACKS = ("common", "health_education")


def furnish() -> Any:
    """Import the tree and install the shipped packs; give the owner."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.programmes.actions import pack_install
    from taizhang.web.units.actions import File, units_import

    owner = user_named(None)
    units_import(
        units=File(name="units.csv", data=UNITS.encode()),
        changes=File(name="changes.csv", data=CHANGES.encode()),
        acting_user=owner,
        now=NOW,
    )
    for name in PACKS:
        source = Path(str(files("taizhang.packs") / name))
        pack_install(source=source, acting_user=owner, now=NOW)
    return owner


#: Who can do what where; names are those that they log in with.
PEOPLE = (
    ("officer", "officer", DISTRICT),
    ("second_officer", "officer", DISTRICT),
    ("street_officer", "officer", STREET),
    ("assessor", "assessor", DISTRICT),
    ("other_assessor", "assessor", DISTRICT),
    ("lead", "lead", FIRST),
    ("sibling", "lead", SECOND),
    ("recorder", "recorder", FIRST),
    ("viewer", "viewer", DISTRICT),
)
PLAN = "月督考备〔2026〕3号"
YEAR = parse_period("2025")
RUBRIC = "health_education"


def people_add(password: str | None = None) -> None:
    """Add people of the roles that assessing needs; the months close a day after their end."""
    from taizhang.web.accounts.models import Instance

    for name, role, unit in PEOPLE:
        person(name, role, unit, password=password)
    Instance.objects.update(close_after=1)


def records_add() -> None:
    """Put two lectures of the first community on record."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import records_import

    lines = [json.dumps(lecture(f"lecture-{day}", day), ensure_ascii=False) for day in (12, 19)]
    records_import(lines=lines, file="records.jsonl", acting_user=user_named(None), now=NOW)


def lecture(uid: str, day: int) -> dict[str, object]:
    """Give a lecture of May 2025 as a line of an import."""
    return {
        "id": uid,
        "form": "health_education.lecture",
        "unit": FIRST,
        "date": f"2025-05-{day}",
        "answers": {
            "planned_on": "2025-05-01",
            "held": "yes",
            "held_on": f"2025-05-{day}",
            "topic": "chronic",
            "audience": "elderly",
            "people": 40,
            "materials": [],
            "summary": "讲了血压怎么量",
        },
    }


def user(name: str) -> Any:
    """Give a person by the name that they log in with."""
    from taizhang.web.accounts.queries import user_named

    return user_named(name)


def opened(units: tuple[str, ...] = (FIRST, SECOND), now: datetime = NOW) -> Any:
    """Open a round and give it."""
    from taizhang.web.assess.round_actions import round_open

    return round_open(
        rubric=RUBRIC,
        period=YEAR,
        plan_number=PLAN,
        office=DISTRICT,
        units=units,
        acting_user=user("officer"),
        now=now,
    )


def decided(item: str = "papers", points: str = "2", **more: Any) -> Any:
    """Have the assessor decide an item of the first community."""
    from taizhang.web.assess.actions import decision_make

    given = {
        "rubric": RUBRIC,
        "item": item,
        "unit": FIRST,
        "period": YEAR,
        "points": Fraction(points),
        "reason": "只有计划，没有总结",
        "acting_user": user("assessor"),
        "now": NOW,
    }
    return decision_make(**{**given, **more})


def scored(number: int, now: datetime = NOW) -> None:
    """Compute all scores of a round."""
    from taizhang.web.assess.round_actions import round_score

    begin = True
    while not round_score(
        number=number, begin=begin, acting_user=user("officer"), now=now
    ).finished:
        begin = False


def published(days: int = 5, **more: Any) -> Any:
    """Open, decide, compute and publish; give the round."""
    from taizhang.web.assess.round_actions import round_publish

    round_ = opened(**more)
    decided()
    scored(round_.pk, NOW + timedelta(minutes=1))
    return round_publish(
        number=round_.pk, days=days, acting_user=user("officer"), now=NOW + timedelta(minutes=2)
    )


def appealed(number: int, item: str = "papers", **more: Any) -> Any:
    """Have the first community appeal against an item."""
    from taizhang.web.assess.appeal_actions import appeal_file

    given = {
        "unit": FIRST,
        "item": item,
        "text": "总结已于十二月二十日补交",
        "acting_user": user("lead"),
        "now": NOW + timedelta(days=1),
    }
    return appeal_file(number=number, **{**given, **more})


def answered(number: int, points: str | None = "5", item: str = "papers", **more: Any) -> Any:
    """Have the second officer answer the appeal."""
    from taizhang.web.assess.appeal_actions import appeal_answer

    given = {
        "unit": FIRST,
        "item": item,
        "allowed": points is not None,
        "points": None if points is None else Fraction(points),
        "reason": "核对属实",
        "acting_user": user("second_officer"),
        "now": NOW + timedelta(days=2),
    }
    return appeal_answer(number=number, **{**given, **more})


#: After the deadline of a round that :func:`published` published.
LATER = NOW + timedelta(days=20)


def signed(number: int, reason: str = "满意度调查明年初完成", **more: Any) -> Any:
    """Sign a round off after the deadline."""
    from taizhang.web.assess.round_actions import round_sign

    given = {"acting_user": user("officer"), "now": LATER}
    return round_sign(number=number, reason=reason, **{**given, **more})


def refused(call: Callable[[], object]) -> list[str]:
    """Give the codes of the issues with which a call is refused."""
    with pytest.raises(Refused) as caught:
        call()
    return [issue.code.name for issue in caught.value.issues]
