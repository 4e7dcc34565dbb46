"""facts key, export, verify, rollup: what a district sends and what the level above makes of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from taizhang.cli import main
from taizhang.web.instance.paths import Home

SHARED = Path(__file__).resolve().parents[1] / "errors" / "shared"
PACKS = Path(__file__).resolve().parents[2] / "src" / "taizhang" / "packs"
DISTRICT = "360602000000"
Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """This fixture will run a command that must succeed and give what it printed."""

    def succeed(*arguments: object) -> str:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert status == 0, printed.err
        return printed.out

    return succeed


@pytest.fixture
def sent(instance: Home, tmp_path: Path, run: Run) -> Path:
    """This fixture will export a district with three lectures; its key lies beside, in `keys`."""
    run("units", "import", SHARED / "units.csv")
    run("pack", "install", PACKS / "common")
    run("pack", "install", PACKS / "health_education")
    lines = [
        {
            "id": f"r{number}",
            "form": "health_education.lecture",
            "unit": f"36060200100{unit}",
            "date": f"2025-0{number}-10",
            "answers": {
                **{"planned_on": f"2025-0{number}-01", "held": "yes"},
                **{"held_on": f"2025-0{number}-10", "topic": "tb", "audience": "residents"},
                **{"speaker": "physician", "place": "室", "people": 30 * number},
            },
        }
        for number, unit in ((1, 1), (2, 2), (3, 1))
    ]
    file = tmp_path / "records.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    run("records", "import", file)
    (tmp_path / "keys").mkdir()
    run("facts", "key", tmp_path / "own.key", tmp_path / "keys" / f"{DISTRICT}.pem")
    folder = tmp_path / "sent"
    printed = run("facts", "export", folder, "--key", tmp_path / "own.key", "--format", "json")
    assert json.loads(printed)["district"] == DISTRICT
    return folder


def test_what_was_sent_is_confirmed_and_names_no_person(sent: Path, run: Run) -> None:
    printed = run("facts", "verify", sent, "--keys", sent.parent / "keys", "--format", "json")
    (row,) = json.loads(printed)
    assert row["district"] == DISTRICT
    (file,) = (sent / "facts").rglob("*.parquet")
    assert row["facts"] == pq.read_metadata(file).num_rows > 0
    assert row["files"] == 2


def test_the_level_above_adds_up_what_the_district_counts(sent: Path, run: Run) -> None:
    out = sent.parent / "rollup.parquet"
    period = ["--period", "2025Q1"]
    run("facts", "rollup", sent, "--keys", sent.parent / "keys", *period, "-o", out)
    rows = {(r["ancestor"], r["measure"], r["bucket"]): r for r in pq.read_table(out).to_pylist()}
    for unit in (DISTRICT, "360602001000", "360602001001"):
        asked = ["figures", "--unit", unit, *period, "--by", "month", "--format", "json"]
        printed = json.loads(run(*asked, "--indicator", "health_education.attendance"))
        for figure in printed["figures"]:
            number = int(figure["period"].replace("-", ""))
            row = rows.get((unit, "health_education.attendance", number))
            assert (row["low"] / 10_000 if row else 0) == (figure["low"] or 0), (unit, number)
    assert rows[DISTRICT, "health_education.attendance", 202502]["low"] == 600_000


def test_nothing_is_added_up_from_a_folder_that_was_touched(
    sent: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = (sent / "facts").rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:-1])
    out = sent.parent / "rollup.parquet"
    command = ["facts", "rollup", str(sent), "--keys", str(sent.parent / "keys")]
    assert main([*command, "--period", "2025", "-o", str(out)]) == 1
    assert "SENDING_009" in capsys.readouterr().err
    assert not out.exists()


def test_without_the_extra_spark_is_refused_with_the_way_to_get_it(
    sent: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "taizhang.figures.spark", raising=False)
    for name in ("pyspark", "pyspark.errors", "pyspark.sql"):
        monkeypatch.setitem(sys.modules, name, None)
    command = ["facts", "rollup", str(sent), "--keys", str(sent.parent / "keys")]
    asked = ["--period", "2025", "-o", str(sent.parent / "x"), "--spark", "spark://h:7077"]
    assert main([*command, *asked]) == 1
    shown = capsys.readouterr().err
    assert "EXPORT_003" in shown
    assert "taizhang[spark]" in shown
