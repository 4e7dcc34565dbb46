"""What a year asks of a community: counted from plans and rubrics, at most half of what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from django.test import Client

from taizhang.core.aggregate.reference_engine import ReferenceEngine
from taizhang.core.base.period import Period, year_of
from taizhang.core.book import Book, EmptyLedger
from taizhang.core.definition.programme import Programmes
from taizhang.core.unit.tree import History, Unit, UnitLevel
from taizhang.web.plans.burden_quotas import Demand, demand
from tests.web.browsing import soup
from tools.quotas_page import packs

DISTRICT, STREET, COMMUNITY = "360602000000", "360602001000", "360602001001"
#: What the packs asked for before their quotas rested on documents, counted the same way.
BEFORE = {"events": 75, "meetings": 22, "trainings": 10, "people": 240, "fields": 1305}
YEAR = year_of(2026)


class Handed(EmptyLedger):
    """Knows quotas handed to the community for the year."""

    def __init__(self, **amounts: int) -> None:
        self.amounts = amounts

    def handed(self, measure: str, unit: str, period: Period) -> Fraction | None:
        amount = self.amounts.get(measure.replace(".", "__"))
        return (
            Fraction(amount) if amount is not None and (unit, period) == (COMMUNITY, YEAR) else None
        )


def _book(targets: EmptyLedger) -> Book:
    history = History(
        (
            Unit(code=DISTRICT, name="区", level=UnitLevel.DISTRICT, kind="市辖区", parent=None),
            Unit(code=STREET, name="街", level=UnitLevel.STREET, kind="街道", parent=DISTRICT),
            Unit(code=COMMUNITY, name="社", level=UnitLevel.COMMUNITY, kind="社区", parent=STREET),
        )
    )
    day = date(2026, 12, 31)
    book = Book(
        programmes=Programmes(packs()),
        history=history,
        engine=ReferenceEngine((), history),
        today=day,
        as_of=day,
    )
    return replace(book, targets=targets)


def _asked(book: Book, *, handed: bool = True) -> Demand:
    unit = book.history.tree(book.today).unit(DISTRICT)
    assert unit is not None
    asked = demand(book, unit, YEAR, handed=handed)
    assert asked is not None
    return asked


def test_the_shipped_packs_ask_at_most_half_of_what_they_asked() -> None:
    asked = _asked(_book(EmptyLedger()))
    found = {name: getattr(asked, name) for name in BEFORE}
    assert all(2 * found[name] <= BEFORE[name] for name in BEFORE), found
    assert asked.unset > 20
    lectures = next(form for form in asked.forms if form.form.key == "health_education.lecture")
    assert (lectures.records, lectures.fields) == (6, 12)  # six a year, by the norm
    boards = next(form for form in asked.forms if form.form.key == "common.board_issue")
    assert (boards.records, boards.fields) == (6, 6)  # its name and place were asked once


def test_what_was_handed_down_is_asked_for_too() -> None:
    handed = Handed(
        volunteers__helper_meetings=12,
        healthy_city__hygiene_events=8,
        healthy_city__cleanups=6,  # some of the eight
        common__questionnaires=60,
    )
    book = _book(handed)
    more, plain = _asked(book), _asked(book, handed=False)
    records = {form.form.key: form.records for form in more.forms}
    assert more.meetings - plain.meetings == 12
    assert records["healthy_city.hygiene_event"] == 8
    assert (more.people, plain.people) == (60, 0)
    assert records["common.resident_survey"] == 1
    assert more.unset == plain.unset - 4
    assert more.minutes > plain.minutes


@pytest.mark.usefixtures("district")
def test_the_page_says_what_a_community_is_asked_for(browser: Client) -> None:
    page = soup(browser.get(f"/burden/?unit={COMMUNITY}&period=2026Q2"))
    table = page.select_one("section[aria-labelledby=demand] table")
    assert table is not None
    rows = {row.th.get_text(): [cell.get_text() for cell in row("td")] for row in table("tr")[1:]}
    assert list(rows) == ["活动", "会议", "培训", "问卷", "填项（全部填写）", "分钟（推算）"]
    assert int(rows["活动"][0]) >= 6
