"""The benchmarks run, on a small ledger: ours and the baseline find the same."""

import json
import os
import subprocess
import sys
from pathlib import Path
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
