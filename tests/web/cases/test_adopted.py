"""Problems kept so far in a list of things are read as cases, and no figure jumps."""

import json
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import pytest

from taizhang.core.base.period import Month, parse_period
from taizhang.core.indicator import Question, figures
from taizhang.demo.activity.healthy_city import _problem
from taizhang.demo.profile import profile
from taizhang.web.instance.paths import Home
from tests.web.ledger.furnish import DISTRICT, FIRST, NOW, SECOND, STREET, furnish

#: The indicators as they counted problems while these were things of a list.
BEFORE = """
indicators:
  found: {label: 查出, formula: distinct(healthy_city.problem_reports), unit: 次}
  overdue:
    label: 超期
    formula: overdue('problems', 'state', 'open') + overdue('problems', 'state', 'doing')
    unit: 个
  rectified:
    label: 完成率
    numerator: distinct(healthy_city.problems_done)
    denominator: >-
      max(distinct(healthy_city.problems_done),
      distinct(healthy_city.problem_reports) - entities('problems', 'state', 'asked_up'))
    unit: percent
  of_due:
    label: 到期完成率
    numerator: distinct(healthy_city.problems_done)
    denominator: distinct(healthy_city.problems_done) + overdue
    unit: percent
  excused:
    label: 不计
    formula: >-
      entities('problems', 'state', 'asked_up') + entities('problems', 'state', 'open')
      + entities('problems', 'state', 'doing') - overdue
    unit: 个
"""
PACK = {
    "pack.yaml": "{key: was, version: '1', label: 原来, unit_kinds: [社区], uses: [healthy_city]}",
    "indicators.yaml": BEFORE,
}
SAME = {
    "found": "problems_found",
    "overdue": "problems_overdue",
    "rectified": "rectified_share",
    "of_due": "rectified_of_due_share",
    "excused": "problems_excused",
}


@pytest.fixture
def problems(instance: Home) -> Any:
    """This fixture will record two years of the demonstration's problems of two communities."""
    from taizhang.web.ledger.accept.actions import records_import
    from taizhang.web.ledger.facts.actions import closings_close
    from taizhang.web.programmes.actions import pack_install

    owner = furnish()
    for key in ("common", "healthy_city"):
        source = Path(str(files("taizhang") / "packs" / key))
        pack_install(source=source, acting_user=owner, now=NOW)
    pack_install(
        source={name: text.encode() for name, text in PACK.items()}, acting_user=owner, now=NOW
    )
    random = Random(3)  # noqa: S311 - made-up problems
    lines = []
    for unit in (FIRST, SECOND):
        for number in range(14):
            month = Month(2025, 4).plus(number)
            for line in _problem(profile(unit, "社区"), month, random):
                if line["date"] <= "2026-07-10":
                    lines.append(json.dumps({"id": f"p{len(lines)}", **line}))
    records_import(lines=lines, file="p", acting_user=owner, now=NOW)
    asked = json.loads(lines[0])
    asked["id"], asked["date"] = "asked", "2025-06-01"
    asked["answers"] |= {"problem_no": "UP-1", "reported_on": "2025-06-01", "state": "asked_up"}
    asked["answers"]["due_on"] = "2025-06-30"  # within its limit: only then the limit stands
    records_import(lines=[json.dumps(asked)], file="q", acting_user=owner, now=NOW)
    months = [Month(2025, 1).plus(number) for number in range(18)]
    closings_close(
        closings=[(unit, "healthy_city", month) for unit in (FIRST, SECOND) for month in months],
        acting_user=owner,
        now=NOW,
    )
    return owner


def value(key: str, unit: str, period: str, now: datetime, as_of: date | None = None) -> Any:
    from taizhang.web.ledger.open_book import open_book

    book = open_book(now=now, as_of=as_of)
    asked = Question(units=(unit,), indicators=(key,), period=parse_period(period))
    figure = figures(book, asked)[0]
    return figure.value, figure.reason


def test_no_figure_jumps(problems: Any) -> None:
    told = []
    for before, after in SAME.items():
        for unit in (FIRST, SECOND, STREET, DISTRICT):
            for period in ("2025", "2025-08", "2026H1"):
                was = value(f"was.{before}", unit, period, NOW)
                told.append(was[0])
                assert value(f"healthy_city.{after}", unit, period, NOW) == was, (
                    before,
                    unit,
                    period,
                )
    assert sum(each is not None and each > 0 for each in told) > 20


def test_what_was_not_done_is_not_in_time(problems: Any) -> None:
    late = datetime(2027, 1, 20, tzinfo=UTC)
    in_time = value("healthy_city.rectified_in_time_share", DISTRICT, "2025", late)[0]
    assert in_time is not None
    assert 0 < in_time < 100  # a problem past its limit that nobody put right counts against it


def test_the_rebuild_tells_the_same(problems: Any) -> None:
    from taizhang.web.cases.models import Case
    from taizhang.web.ledger.facts.actions import facts_rebuild

    assert Case.objects.filter(before_start=True).count() > 20
    assert facts_rebuild(acting_user=problems, now=NOW).issues == ()
    case = Case.objects.get(number="UP-1")
    assert (case.state, case.owner, case.opener) == ("up", STREET, FIRST)


def test_an_old_problem_goes_on_as_a_case(problems: Any) -> None:
    from taizhang.web.cases.models import Case
    from tests.web.cases.furnish import send

    uid = Case.objects.get(number="UP-1").uid
    done = {"done_on": "2026-07-01", "how": "已清运"}
    line = {"id": "d", "form": "healthy_city.problem_done", "unit": STREET, "date": "2026-07-01"}
    send(problems, [{**line, "case": uid, "answers": done, "by": "sun"}])
    assert Case.objects.get(uid=uid).state == "done"
