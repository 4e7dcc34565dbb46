"""``taizhang closings settings``, and what figures and scores say of months that are open."""

import json
from datetime import date
from typing import Any

import pytest

from taizhang.cli import main
from taizhang.web.instance.paths import Home
from tests.web.ledger.furnish import FIRST, NOW, STREET, furnish, lecture

NEXT = NOW.replace(month=8, day=20)


@pytest.fixture
def run(instance: Home, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> Any:
    """This fixture will run commands on one lecture of May, nothing closed, on 20 August."""
    from taizhang.web.ledger.accept.actions import record_accept

    record_accept(record=lecture(), acting_user=furnish(), now=NOW)
    for module in ("figures", "closings"):
        monkeypatch.setattr(f"taizhang.cli.{module}.now", lambda: NEXT)
        monkeypatch.setattr(f"taizhang.cli.{module}.today", lambda: NEXT.date())
    capsys.readouterr()

    def command(*words: object) -> str:
        assert main([*map(str, words), "--home", str(instance.path)]) == 0
        return capsys.readouterr().out

    return command


def figures(run: Any, *words: object) -> dict[str, Any]:
    asked = ("--unit", STREET, "--period", "2026", "--indicator", "lectures")
    return json.loads(run("figures", *asked, *words, "--format", "json"))


def test_a_change_of_settings_leaves_what_an_earlier_day_said(run: Any) -> None:
    days = ("2026-07-09", "2026-07-10", "2026-08-19")
    before = [figures(run, "--as-of", day) for day in days]
    assert [one["open_months"]["through"] for one in before] == ["2026-05", "2026-06", "2026-07"]
    rows = json.loads(
        run("closings", "settings", "--closing-day", 25, "--close-after", 3, "--format", "json")
    )["settings"]
    assert [(row["from"], row["closing_day"], row["close_after"]) for row in rows] == [
        (None, 10, None),
        ("2026-08-20", 25, 3),
    ]
    assert [figures(run, "--as-of", day) for day in days] == before
    assert figures(run)["open_months"]["through"] == "2026-07", "July ended before the change"
    run("closings", "start", "2026-08-01")
    assert [figures(run, "--as-of", day) for day in days] == before
    assert figures(run)["open_months"]["months"] == 0
    run("audit", "verify")


def test_figures_say_once_who_has_not_closed(run: Any) -> None:
    told = figures(run)["open_months"]
    assert told["sentence"].startswith("截至2026年8月20日，")
    assert "未报结，下列为已收到数的合计" in told["sentence"]
    assert told["by_unit"][FIRST] == [f"2026-0{month}" for month in range(1, 8)]
    lines = run("figures", "--unit", STREET, "--period", "2026").splitlines()
    assert lines[0] == told["sentence"]
    assert "不少于" not in "".join(lines)


def test_only_a_system_administrator_sets_the_closing_day(run: Any) -> None:
    from taizhang.web.accounts.queries import terms_on
    from tests.web.browsing import person

    person("li", "recorder", FIRST)
    with pytest.raises(AssertionError):
        run("closings", "settings", "--closing-day", 5, "--as", "li")
    assert terms_on(date(2026, 8, 20)).closing_day == 10
