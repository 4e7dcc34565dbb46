"""``taizhang figures``, as people run it, on a ledger small enough to count by hand."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest

from taizhang.cli import main
from taizhang.web.instance.paths import Home
from tests.web.ledger.furnish import (
    DISTRICT,
    FIRST,
    GONE,
    MERGED,
    NOW,
    OTHER,
    SECOND,
    STREET,
    THIRD,
    furnish,
    lecture,
)

#: The day of NOW in Shanghai.
TODAY = "2026-07-10"


@pytest.fixture
def run(instance: Home, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> Any:
    """This fixture will run the command on five lectures, all months of the half-year closed."""
    from taizhang.core.base.period import parse_period
    from taizhang.web.ledger.accept.actions import record_accept
    from taizhang.web.ledger.facts.actions import closings_close

    owner = furnish()
    joint = lecture(unit=FIRST, with_units=(SECOND, THIRD), answers={"people": 100})
    blank = lecture(unit=SECOND, answers={"people": None, "topic": "law"})
    old = lecture(unit=GONE, date=date(2026, 2, 3), answers={"held_on": "2026-02-03", "people": 3})
    first = lecture(unit=FIRST, answers={"held_on": "2026-01-20"}, date=date(2026, 1, 20))
    for record in (first, joint, blank, old):
        record_accept(record=record, acting_user=owner, now=NOW - timedelta(days=2))
    mended = lecture(
        unit=FIRST,
        date=date(2026, 1, 20),
        answers={"held_on": "2026-01-20", "people": 40},
        replaces=first.id,
        reason="点错了数",
    )
    record_accept(record=mended, acting_user=owner, now=NOW - timedelta(days=1))
    months = list(parse_period("2026H1").months())
    closings = [(unit, "trial", month) for unit in (FIRST, SECOND, THIRD) for month in months]
    closings += [(GONE, "trial", month) for month in months[:3]]
    closings += [(MERGED, "trial", month) for month in months[3:]]
    closings_close(closings=closings, acting_user=owner, now=NOW)
    monkeypatch.setenv("TAIZHANG_LANGUAGE", "en")
    monkeypatch.setattr("taizhang.cli.figures.now", lambda: NOW)
    monkeypatch.setattr("taizhang.cli.figures.today", lambda: date.fromisoformat(TODAY))

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["figures", *map(str, arguments), "--home", str(instance.path)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def asked(run: Any, *arguments: object) -> list[dict[str, Any]]:
    """Give the figures of a JSON answer for the half-year."""
    code, out, err = run("--period", "2026H1", "--format", "json", *arguments)
    assert (code, err) == (0, "")
    figures: list[dict[str, Any]] = json.loads(out)["figures"]
    return figures


def values(figures: list[dict[str, Any]], key: str) -> dict[Any, Any]:
    """Give value and upper bound by what the answer is split by."""
    return {figure[key]: (figure["value"], figure["high"]) for figure in figures}


def test_a_joint_lecture_counts_once_and_a_blank_leaves_the_sum_open(run: Any) -> None:
    (lectures, people) = asked(
        run, "--unit", DISTRICT, "--indicator", "lectures", "--indicator", "attendance"
    )
    assert (lectures["key"], lectures["label"]) == ("trial.lectures", "讲座")
    assert (lectures["value"], lectures["low"], lectures["high"]) == (4, 4, 4)
    assert lectures["records"]["count"] == 4
    assert (lectures["unit_code"], lectures["unit_name"]) == (DISTRICT, "月湖区")
    assert (lectures["period"], lectures["tree"]) == ("2026H1", "2026-06-30")
    assert lectures["as_of"] == TODAY
    assert lectures["reason"] is None
    assert "moved 1" in lectures["flags"]
    assert (people["value"], people["low"], people["high"]) == (143, 143, None)
    assert "blank 1" in people["flags"]


def test_by_unit_and_level(run: Any) -> None:
    about = ("--unit", DISTRICT, "--indicator", "lectures", "--by", "unit")
    assert values(asked(run, *about), "unit_code") == {STREET: (4, 4), OTHER: (1, 1)}
    below = asked(run, *about, "--level", "community")
    assert values(below, "unit_code") == {
        FIRST: (2, 2),
        SECOND: (2, 2),
        MERGED: (1, 1),
        THIRD: (1, 1),
    }


def test_by_month_and_by_dimension(run: Any) -> None:
    about = ("--unit", DISTRICT, "--indicator", "lectures", "--by")
    months = values(asked(run, *about, "month"), "bucket")
    assert {month: value for month, (value, _) in months.items()} == {
        "2026-01": 1,
        "2026-02": 1,
        "2026-03": 0,
        "2026-04": 0,
        "2026-05": 2,
        "2026-06": 0,
    }
    by_topic = asked(run, *about, "topic")
    assert values(by_topic, "bucket") == {"law": (1, 1), "tb": (3, 3)}
    assert [figure["bucket_label"] for figure in by_topic] == ["健康相关法律法规", "结核病防治"]
    table = run("--period", "2026H1", *about, "topic")[1]
    assert "结核病防治" in table
    assert " tb " not in table


def test_the_tree_and_the_knowledge_of_another_day(run: Any) -> None:
    about = ("--unit", GONE, "--unit", MERGED, "--indicator", "lectures")
    now = {figure["unit_code"]: figure for figure in asked(run, *about)}
    assert now[MERGED]["value"] == 1
    assert now[GONE]["reason"]["code"] == "no_unit"
    then = {figure["unit_code"]: figure for figure in asked(run, *about, "--tree", "2026-03-31")}
    assert then[GONE]["value"] == 1
    assert then[MERGED]["reason"]["code"] == "no_unit"
    (today,) = asked(run, "--unit", MERGED, "--indicator", "lectures", "--tree", "today")
    assert today["tree"] == TODAY
    people = ("--unit", FIRST, "--indicator", "attendance")
    (before,) = asked(run, *people, "--as-of", "2026-07-08")
    (after,) = asked(run, *people)
    # Nothing was closed by then: what is known is a low end.
    assert (before["value"], before["as_of"], before["high"]) == (135, "2026-07-08", None)
    assert (after["value"], after["high"]) == (140, 140)


def test_a_table_and_a_csv_say_the_same(run: Any) -> None:
    about = ("--period", "2026H1", "--unit", FIRST, "--indicator", "attendance")
    code, out, _ = run(*about)
    assert code == 0
    assert out.splitlines()[2].split() == ["一社区", "受益人次", "140", "人次"]
    # A column that says nothing of any figure takes no room.
    assert out.splitlines()[0].split() == ["Unit", "Figure", "Value", "Counted", "in"]
    (row,) = csv.DictReader(io.StringIO(run(*about, "--format", "csv")[1]))
    assert (row["key"], row["value"], row["high"], row["reason"]) == (
        "trial.attendance",
        "140",
        "140",
        "",
    )
    assert "Split by" in run(*about, "--by", "month")[1].splitlines()[0]


def test_all_that_is_wrong_with_a_question_is_said_at_once(run: Any) -> None:
    code, out, err = run(
        *("--unit", "3606020010", "--unit", "江边街道", "--period", "2026H1"),
        *("--indicator", "lecture", "--indicator", "meetings", "--format", "json"),
    )
    assert code == 1
    issues = json.loads(out)["issues"]
    assert [issue["code"] for issue in issues] == [
        *("FIGUREASK_001", "FIGUREASK_001", "FORMULA_003", "FORMULA_003"),
    ]
    assert f"{STREET} 江边街道" in issues[1]["remedy"]
    assert "lectures" in issues[2]["remedy"]
    assert err.count("FIGUREASK_001 ") == 2


@pytest.mark.parametrize(
    "wrong", [("--period", "2026-13"), ("--tree", "tomorrow"), ("--level", "planet")]
)
def test_wrong_usage_ends_with_two(run: Any, wrong: tuple[str, str]) -> None:
    assert run("--unit", FIRST, "--period", "2026", *wrong)[0] == 2
