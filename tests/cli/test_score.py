"""The commands score, decide and plan, as people run them."""

import json
from pathlib import Path
from typing import Any

import pytest

from taizhang.cli import main
from taizhang.web.instance.paths import Home
from tests.web.assess.furnish import NOW, PACKS, furnish
from tests.web.ledger.furnish import FIRST, SECOND, STREET


@pytest.fixture
def run(instance: Home, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> Any:
    """This fixture will run a command on an instance with the shipped packs and a closed year."""
    from taizhang.core.base.period import parse_period
    from taizhang.web.ledger.facts.actions import closings_close

    owner = furnish()
    months = list(parse_period("2025").months())
    closings = [(FIRST, pack, month) for pack in PACKS for month in months]
    closings_close(closings=closings, acting_user=owner, now=NOW)
    monkeypatch.setenv("TAIZHANG_LANGUAGE", "en")
    for group in ("score", "plan"):
        monkeypatch.setattr(f"taizhang.cli.{group}.now", lambda: NOW)

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*map(str, arguments), "--home", str(instance.path)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


ASKED = ("score", "health_education", "--unit", FIRST, "--period", "2025")


def test_a_score_explains_every_lost_point(run: Any) -> None:
    code, out, err = run(*ASKED, "--format", "json")
    assert (code, err) == (0, "")
    score = json.loads(out)
    assert (score["rubric"], score["unit_code"], score["period"]) == (
        "health_education",
        FIRST,
        "2025",
    )
    decided = [
        item
        for section in score["sections"]
        for item in section["items"]
        if item["points"] is not None
    ]
    assert len(decided) > 5
    for item in decided:
        lost = sum(loss["points"] for loss in item["lost"])
        assert round(item["points"] + lost, 2) == item["max"]
        assert all(loss["why"] and loss["remedy"] for loss in item["lost"])
    assert score["total"] + score["pending_max"] + score["lost"] == score["max"] == 100


def test_a_table_says_what_is_missing(run: Any) -> None:
    code, out, _ = run(*ASKED)
    assert code == 0
    assert "How to win it back" in out
    assert "not decided, bonus 0." in out
    code, out, _ = run(*ASKED, "--format", "csv")
    assert out.splitlines()[0].startswith("section,item,points,max")


def test_all_units_below_come_in_code_order_and_unranked(run: Any) -> None:
    asked = ("score", "health_education", "--unit", STREET, "--period", "2025", "--all")
    code, out, _ = run(*asked, "--format", "json")
    assert code == 0
    codes = [score["unit_code"] for score in json.loads(out)["scores"]]
    assert codes == sorted(codes)
    assert {FIRST, SECOND} <= set(codes)
    assert "rank" not in out
    assert run(*asked)[0] == 0
    assert run(*asked, "-o", "s.docx")[0] == 2


def test_a_decision_is_in_the_next_score(run: Any) -> None:
    decided = ("decide", "health_education", "papers", "--unit", FIRST, "--period", "2025")
    code, out, _ = run(*decided, "--points", "4.5", "--reason", "缺小结", "--format", "json")
    assert (code, json.loads(out)["decision"] > 0) == (0, True)
    score = json.loads(run(*ASKED, "--format", "json")[1])
    papers = next(
        item
        for section in score["sections"]
        for item in section["items"]
        if item["key"] == "papers"
    )
    assert (papers["points"], papers["lost"][0]["points"]) == (4.5, 0.5)
    assert run(*decided, "--points", "many")[0] == 2


@pytest.mark.parametrize("name", ["s.docx", "s.html"])
def test_the_assessment_is_a_document(run: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert run(*ASKED, "-o", path)[0] == 0
    assert path.stat().st_size > 1000


def test_a_refused_score_names_its_reason(run: Any) -> None:
    code, out, err = run(
        "score", "nothing", "--unit", FIRST, "--period", "2025", "--format", "json"
    )
    assert code == 1
    assert err.startswith("SCORE_001 ")
    assert json.loads(out)["issues"][0]["code"] == "SCORE_001"


def test_the_plan_shows_numbers_as_people_read_them() -> None:
    from taizhang.cli.plan import short

    assert [short(value) for value in (10 / 3, 4, 0.25, None)] == ["3.3", "4", "0.3", None]


def test_the_plan_says_what_is_due(run: Any) -> None:
    code, out, _ = run("plan", "--unit", FIRST, "--period", "2025", "--format", "json")
    assert code == 0
    tasks = {task["key"]: task for task in json.loads(out)["tasks"]}
    lectures = tasks["lectures"]
    assert (lectures["quota"], lectures["due"], lectures["state"]) == (6, 6, "behind")
    assert lectures["pack"] == "health_education"
    assert tasks["year_plan"]["dates"] == [["2025-01-31", "2025-01-31"]]
    code, out, _ = run("plan", "--unit", FIRST, "--period", "2025", "--pack", "health_education")
    assert code == 0
    assert "behind" in out
    assert run("plan", "--unit", FIRST, "--period", "2025", "--pack", "x")[2].startswith(
        "SCORE_005"
    )


def test_a_running_year_is_a_self_score_and_says_so(run: Any, tmp_path: Path) -> None:
    asked = ("score", "health_education", "--unit", FIRST, "--period", "2026")
    code, out, _ = run(*asked)
    assert code == 0
    assert "A self-score, no assessment: 2026 by what is known on 2026-01-20" in out
    assert json.loads(run(*asked, "--format", "json")[1])["self_score"] is True
    assert "A self-score" in run(*ASKED, "--as-of", "2025-10-31")[1]
    assert "A self-score" not in run(*ASKED)[1]
    assert json.loads(run(*ASKED, "--format", "json")[1])["self_score"] is False
    path = tmp_path / "s.html"
    run(*asked, "-o", path)
    assert "自评，不是考核" in path.read_text(encoding="utf-8")
    run(*ASKED, "-o", path)
    assert "自评" not in path.read_text(encoding="utf-8")
    assert json.loads(run(*ASKED, "--so-far", "--format", "json")[1])["self_score"] is True
