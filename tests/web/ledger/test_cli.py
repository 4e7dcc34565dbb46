"""The commands on records, facts and closings, as people run them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from taizhang.cli import main
from taizhang.web.instance.paths import Home
from tests.web.ledger.furnish import (
    FIRST,
    MERGED,
    NOW,
    SECOND,
    STREET,
    THIRD,
    furnish,
    lecture,
    line,
)


@pytest.fixture
def run(instance: Home, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> Any:
    """This fixture will run a command on a furnished instance: arguments → (code, out, err)."""
    furnish()
    monkeypatch.setenv("TAIZHANG_LANGUAGE", "en")
    for group in ("records", "closings", "facts"):
        monkeypatch.setattr(f"taizhang.cli.{group}.now", lambda: NOW)

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*map(str, arguments), "--home", str(instance.path)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """This fixture will write a record file of three lines, as a spreadsheet program might."""
    lines = [
        line(lecture(id="a", answers={"materials": [{"kind": "fold", "copies": 20}]})),
        line(lecture(id="b", unit=SECOND, date=date(2026, 5, 7), with_units=(FIRST,))),
        line(lecture(id="c", replaces="a", reason="更正")),
    ]
    path = tmp_path / "records.jsonl"
    text = "\ufeff" + "\r\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_import_list_show_withdraw_rebuild(run: Any, file: Path) -> None:
    code, out, err = run("records", "import", file, "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "records": 3,
        "unchanged": 0,
        "replaced": 1,
        "withdrawn": 0,
        "late": 0,
        "facts": 9,
        "issues": [],
    }
    again = run("records", "import", file)
    assert again[1].startswith("0 records accepted (0 replace, 0 withdraw others), 3 known before")

    _, out, _ = run("records", "list", "--unit", STREET, "--format", "json")
    assert [record["id"] for record in json.loads(out)["records"]] == ["b", "c", "a"]
    _, out, _ = run("records", "list", "--live", "--to", "2026-05-06", "--format", "csv")
    assert [row.split(",")[3] for row in out.splitlines()[1:]] == ["c"]

    _, out, _ = run("records", "show", "a", "--format", "json")
    shown = json.loads(out)
    assert (shown["followed_by"], shown["answers"]["people"]) == ("c", 35)
    assert [fact["value"] for fact in shown["facts"]] == ["1", "35", "20"]
    code, out, _ = run("records", "show", "b")
    assert code == 0
    assert "facts         trial.lectures 360602001001 2026-05-06 1" in out

    code, out, _ = run("records", "withdraw", "c", "--reason", "重复")
    assert (code, out.splitlines()[0][:18]) == (0, "1 records accepted")
    code, out, err = run("facts", "rebuild")
    assert (code, err, len(out.split()[0])) == (0, "", 64)
    assert run("facts", "rebuild")[1] == out
    assert run("audit", "verify")[0] == 0


def test_bad_file_and_absent_record_exit_1(run: Any, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b'{"id": "\xff"}\n{"id": 1}\n')
    code, out, err = run("records", "import", bad, "--format", "json")
    assert code == 1
    assert [issue["line"] for issue in json.loads(out)["issues"]] == [1, 2, 2, 2, 2, 2]
    assert err.splitlines()[0].startswith(f"RECORD_001 {bad}:1: Error: The line is not JSON")
    code, _, err = run("records", "show", "zzz")
    assert (code, err[:10]) == (1, "RECORD_022")


def test_wrong_usage_exits_2(run: Any) -> None:
    assert run("records", "list", "--limit", "0")[0] == 2
    assert run("records", "list", "--from", "May")[0] == 2
    assert run("records", "withdraw", "a")[0] == 2


def test_closings(run: Any, file: Path) -> None:
    close = ("closings", "close", "--unit", FIRST, "--month", "2026-05")
    assert run(*close)[1] == "1 closed now, 0 were closed before.\n"
    assert run(*close, "--pack", "trial")[1] == "0 closed now, 1 were closed before.\n"
    assert run(*close, "--pack", "none")[0] == 1
    assert run("closings", "close", "--unit", "360602009000", "--month", "2026-05")[0] == 1
    assert run("closings", "close", "--unit", FIRST, "--month", "May")[0] == 2
    _, out, _ = run("closings", "list", "--unit", STREET, "--period", "2026Q2", "--format", "json")
    (closing,) = json.loads(out)["closings"]
    assert (closing["month"], closing["pack"], closing["unit"]) == ("2026-05", "trial", FIRST)
    assert json.loads(run("closings", "list", "--period", "2026Q1", "--format", "json")[1]) == {
        "closings": []
    }
    _, out, _ = run("records", "import", file)
    assert out.splitlines()[1] == "3 of them came after their month was closed."


def test_a_street_closes_its_units_for_several_months(run: Any) -> None:
    several = (
        "closings",
        "close",
        "--unit",
        STREET,
        "--unit",
        THIRD,
        "--month",
        "2026-04..2026-05",
    )
    assert run(*several, "--month", "2026-06")[1] == "12 closed now, 0 were closed before.\n"
    _, out, _ = run("closings", "list", "--period", "2026Q2", "--format", "json")
    closed = {closing["unit"] for closing in json.loads(out)["closings"]}
    assert closed == {FIRST, SECOND, MERGED, THIRD}
    code, _, err = run(*several, "--unit", "360602009000", "--month", "2026-08")
    assert (code, err[:11]) == (1, "CLOSING_003")


def test_another_user_sees_own_records_alone(run: Any, file: Path) -> None:
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role
    from taizhang.web.accounts.queries import user_named

    common = {"name": "", "acting_user": user_named(None), "now": NOW, "role": Role.RECORDER}
    user_add(username="first", unit=FIRST, **common)
    user_add(username="third", unit=THIRD, **common)
    run("records", "import", file)
    run("closings", "close", "--unit", FIRST, "--month", "2026-05")

    def ids(user: str) -> list[str]:
        answer = json.loads(run("records", "list", "--as", user, "--format", "json")[1])
        return [record["id"] for record in answer["records"]]

    assert ids("first") == ["b", "c", "a"]  # b credits the community
    assert ids("third") == []
    assert run("records", "show", "b", "--as", "first")[0] == 0
    assert run("records", "show", "b", "--as", "third")[0] == 1
    assert run("records", "withdraw", "b", "--reason", "x", "--as", "first")[0] == 1
    assert run("closings", "list", "--as", "third", "--format", "csv")[1].count("\n") == 1
    assert run("facts", "rebuild", "--as", "first")[0] == 1
