"""Page, command and document give one score: decisions and appeals count behind each door."""

import json
from datetime import timedelta
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from taizhang.cli import main
from taizhang.web.instance.paths import Home
from tests.web.assess.furnish import NOW, PLAN, YEAR, answered, appealed, scored, user
from tests.web.browsing import signed_in, soup, words
from tests.web.ledger.furnish import DISTRICT, FIRST

RUBRIC = "family_services"  # its self-check prints the score
ASKED = ("--unit", FIRST, "--period", "2025")


@pytest.fixture
def round_published(assessing: Home) -> Any:
    """This fixture will publish the scores of one community by a rubric that a document prints."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.assess.round_actions import round_open, round_publish
    from taizhang.web.programmes.actions import pack_install

    pack = Path(str(files("taizhang.packs") / RUBRIC))
    pack_install(source=pack, acting_user=user_named(None), now=NOW)
    by = {"acting_user": user("officer"), "now": NOW + timedelta(minutes=2)}
    number = round_open(
        rubric=RUBRIC,
        period=YEAR,
        plan_number=PLAN,
        office=DISTRICT,
        units=(FIRST,),
        acting_user=user("officer"),
        now=NOW,
    ).pk
    scored(number, NOW + timedelta(minutes=1))
    return round_publish(number=number, days=5, **by)


def allowed(number: int) -> None:
    """Allow an appeal against an item that figures score, and one against a person's item."""
    for item, points in (("migrant_events", "2.5"), ("papers", "3.5")):
        appealed(number, item=item)
        answered(number, points, item=item)


def commanded(home: Home, capsys: pytest.CaptureFixture[str], *more: object) -> str:
    capsys.readouterr()
    assert main([*map(str, more), *ASKED, "--home", str(home.path)]) == 0
    return capsys.readouterr().out


def rows_of(page: Any) -> dict[str, str]:
    """Give the points of the items that the self-check lists, by their titles."""
    points = {}
    for row in page.select("tr"):
        cells = [words(cell) for cell in row.select("th, td")]
        if len(cells) == 5:
            points[cells[0]] = cells[2]
    return points


EVENTS, PAPERS = "面向流动人口的活动", "年初有计划、年末有总结"


def test_the_command_prints_what_an_appeal_gave(
    assessing: Home, round_published: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    allowed(round_published.pk)
    page = soup(
        signed_in("lead").get(f"/assessment/{FIRST}/{round_published.pk}/item/migrant_events/")
    )
    assert "申诉后改定2.5分（满分4分）：核对属实" in words(page)
    score = json.loads(commanded(assessing, capsys, "score", RUBRIC, "--format", "json"))
    items = {item["key"]: item for section in score["sections"] for item in section["items"]}
    given = [items[key]["stated_points"] for key in ("migrant_events", "papers")]
    assert given == [2.5, 3.5]
    assert items["migrant_events"]["found"] == "申诉后改定2.5分（满分4分）：核对属实"
    assert items["migrant_events"]["lost"][0]["points"] == 1.5


def test_a_document_prints_what_an_appeal_gave(
    assessing: Home, round_published: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from bs4 import BeautifulSoup

    allowed(round_published.pk)
    file = tmp_path / "check.html"
    commanded(assessing, capsys, "write", f"{RUBRIC}.self_check", "-o", file)
    written = rows_of(BeautifulSoup(file.read_text(encoding="utf-8"), "lxml"))
    assert (written[EVENTS], written[PAPERS]) == ("2.5", "3.5")


def test_the_page_of_a_document_prints_what_an_appeal_gave(round_published: Any) -> None:
    allowed(round_published.pk)
    address = f"/document/{FIRST}/{RUBRIC}.self_check/?period=2025"
    shown = rows_of(soup(signed_in("lead").get(address)))
    assert (shown[EVENTS], shown[PAPERS]) == ("2.5", "3.5")


def test_a_day_before_the_answer_the_points_are_the_old_ones(round_published: Any) -> None:
    from taizhang.core.scoring import rubric_named, score
    from taizhang.web.assess.queries import with_answers
    from taizhang.web.ledger.open_book import open_book

    allowed(round_published.pk)
    answered_at = NOW + timedelta(days=2)
    points = []
    for as_of in (answered_at.date() - timedelta(days=1), answered_at.date()):
        book = with_answers(open_book(as_of=as_of, now=NOW + timedelta(days=9)))
        rubric = rubric_named(book.programmes, RUBRIC)
        items = {item.key: item.stated_points for item in score(book, rubric, FIRST, YEAR).items}
        points.append((items["migrant_events"], items["papers"]))
    assert points == [(0, None), (Fraction("2.5"), Fraction("3.5"))]
