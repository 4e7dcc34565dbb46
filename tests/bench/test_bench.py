"""The benchmarks run, on a small ledger: ours and the baseline find the same."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def bench(cache: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``script/bench`` as it calls Python, with a cache of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        env={**os.environ, "TAIZHANG_BENCH_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_rows_over_facts_find_what_plain_sql_finds(tmp_path: Path) -> None:
    said = []
    for _ in range(2):
        done = bench(tmp_path, "--json", "--facts", "60000", "1", "page")
        assert done.returncode == 0, done.stderr
        document = json.loads(done.stdout)
        assert set(document["machine"]) == {"cores", "memory_gib"}
        said.append([_lasting(row) for row in document["rows"]])
    assert [row["row"] for row in said[0]] == [1, 2]
    assert said[0] == said[1], "the same facts from the cache as made anew"
    assert "rows" in said[0][0]["note"]
    # One folder each, and nothing half made.
    assert sorted(path.name.partition("-")[0] for path in tmp_path.iterdir()) == [
        "parquet",
        "store",
    ]


def _lasting(row: dict[str, Any]) -> dict[str, Any]:
    """Keep what does not depend on the clock: names, bars, the rows found."""
    assert row["ours"] > 0
    assert row["baseline"] > 0
    note = row["note"].split("; ")[-1] if row["row"] == 1 else ""
    return {"row": row["row"], "name": row["name"], "bar": row["bar"], "note": note}


def test_an_unknown_row_is_wrong_usage(tmp_path: Path) -> None:
    done = bench(tmp_path, "9")
    assert done.returncode == 2
    assert "no such row: 9" in done.stderr


#: Stands in for `python -m bench --one ROW`: each row does as its name says.
ROW = """
import json, os, signal, sys
name = sys.argv[1]
if name == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
if name == "silent":
    sys.exit(3)
if name == "stopped":
    os.kill(os.getppid(), signal.SIGINT)
    signal.pause()
print("a line of a library")
cannot = "no Java" if name == "absent" else None
print(json.dumps({"name": name, "ours": 1, "baseline": None, "ratio": None, "bar": None,
                  "met": None, "note": "", "cannot": cannot, "failed": False}))
"""
RUN = """
import sys
from bench import __main__ as bench
bench.ONE = [sys.executable, "-c", sys.argv[1]]
bench.MODULES = ("killed", "silent", "stopped", "absent", "quick", "slow")
sys.argv = ["bench", *sys.argv[2:]]
sys.exit(bench.main())
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN, ROW, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_row_that_falls_is_named_and_costs_no_other() -> None:
    done = run("--json", "killed", "quick", "silent", "absent", "slow")
    rows = json.loads(done.stdout)["rows"]
    assert [(row["name"], row["cannot"], row["failed"]) for row in rows] == [
        ("killed", "ended by signal 9", True),
        ("quick", None, False),
        ("silent", "ended without figures", True),
        ("absent", "no Java", False),
        ("slow", None, False),
    ]
    assert done.returncode == 1
    # Each row stands on a line of its own, for whoever reads while the rest still runs.
    assert [json.loads(line.rstrip(","))["name"] for line in done.stdout.splitlines()[1:-1]] == [
        *("killed", "quick", "silent", "absent", "slow"),
    ]


def test_what_this_machine_lacks_is_no_failure() -> None:
    done = run("absent", "quick")
    assert done.returncode == 0
    assert done.stdout.splitlines() == ["–  absent: NOT MEASURED — no Java", "–  quick: 1 — "]


@pytest.mark.parametrize("json_wanted", [True, False])
def test_a_run_that_is_stopped_keeps_what_it_measured(json_wanted: bool) -> None:
    done = run(*(["--json"] if json_wanted else []), "quick", "stopped", "slow")
    assert done.returncode == 130
    if not json_wanted:
        assert done.stdout.splitlines() == [
            "–  quick: 1 — ",
            "–  stopped: NOT MEASURED — interrupted",
            "–  slow: NOT MEASURED — interrupted",
        ]
        return
    rows = json.loads(done.stdout)["rows"]
    assert [(row["name"], row["cannot"]) for row in rows] == [
        ("quick", None),
        ("stopped", "interrupted"),
        ("slow", "interrupted"),
    ]


def test_rows_come_one_by_one() -> None:
    command = [sys.executable, "-c", RUN, ROW, "quick", "stopped"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "–  quick: 1 — \n"
        process.wait(timeout=60)


def test_what_a_row_raises_is_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    from bench import __main__ as tool
    from bench.cannot import CannotRunError

    def row(error: Exception) -> dict[str, Any]:
        def raising(**size: int) -> dict[str, Any]:
            raise error

        monkeypatch.setattr(tool, "import_module", lambda name: SimpleNamespace(run=raising))
        return tool.alone("page", {})

    assert row(CannotRunError("no Chromium"))["cannot"] == "no Chromium"
    assert not row(CannotRunError("no Chromium"))["failed"]
    told = row(ValueError("two\nlines"))
    assert (told["name"], told["cannot"], told["failed"]) == ("page", "ValueError: two", True)


@pytest.mark.parametrize(
    ("module", "finder", "found"),
    [("form", "chromium_find", None), ("spark", "spark_missing", "no Java 17")],
)
def test_a_row_without_its_program_is_named(
    monkeypatch: pytest.MonkeyPatch, module: str, finder: str, found: str | None
) -> None:
    from bench import __main__ as tool

    monkeypatch.setattr(f"bench.{module}.{finder}", lambda: found)
    told = tool.alone(module, {})
    assert told["cannot"] in ("no Chromium on this machine", "Spark cannot run here: no Java 17")
    assert not told["failed"]


def test_postgresql_that_falls_does_not_cost_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    from bench import accept

    def server() -> None:
        raise FileNotFoundError("initdb")

    monkeypatch.setattr(accept, "server", server)
    assert accept._on_postgresql(1, 1, 1) == "NOT MEASURED, FileNotFoundError"
