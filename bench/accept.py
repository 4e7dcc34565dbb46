"""Accepting records one by one, 8 writers, against bare one-insert transactions on the same disk.

Both are durable: SQLite, WAL, synchronous FULL, immediate transactions.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from bench.ledger import instance, record
from bench.writer import writers_start

WRITERS = 8
RECORDS = 250  # each
INSERTS = 1000  # each
BAR = 0.14


def run(records: int = RECORDS, inserts: int = INSERTS) -> dict[str, Any]:
    """Time 8 writers that accept records, then 8 that insert bare rows."""
    with instance() as (home, _):
        from django.db import connections

        connections.close_all()
        folder = home.path.parent
        ours, spent = _accepting(home.path, folder, records)
        lost, doubled = _lost(home.database, folder)
        bare = _bare(folder, inserts)
    return {
        "name": f"accept one record, {WRITERS} writers",
        "ours": round(ours, 1),
        "baseline": round(bare, 1),
        "ratio": round(ours / bare, 3),
        "bar": f"≥ {BAR:g} ×",
        "met": ours >= BAR * bare and not lost and not doubled,
        "note": f"transactions a second; {lost} lost, {doubled} doubled; {spent}",
    }


def _accepting(home: Path, folder: Path, records: int) -> tuple[float, str]:
    """Give the records accepted a second, and how long one took, in words."""
    random = Random("taizhang-bench-accept")  # noqa: S311 - the same records on every run
    files = []
    for writer in range(WRITERS):
        file = folder / f"writer{writer}.jsonl"
        lines = [record(writer * records + number, random) for number in range(records)]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        file.write_text(text, encoding="utf-8")
        files.append(file)
    go = folder / "go"
    processes = writers_start(home, files, go)
    started = time.perf_counter()
    go.touch()
    for process in processes:
        assert process.wait() == 0
    rate = WRITERS * records / (time.perf_counter() - started)
    return rate, times_said([file.with_suffix(".times") for file in files])


def times_said(files: Iterable[Path]) -> str:
    """Say what the writers measured: half and 95 % of the acceptances, computing time for one."""
    told = [json.loads(file.read_text("utf-8")) for file in files]
    every = sorted(second for one in told for second in one["seconds"])
    half, most = (every[int(part * (len(every) - 1))] * 1000 for part in (0.5, 0.95))
    computing = sum(one["computing"] for one in told) / len(every) * 1000
    return f"p50 {half:.1f} ms, p95 {most:.1f} ms, computing {computing:.2f} ms a record"


def _lost(database: Path, folder: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(database)) as connection:
        stored = [row[0] for row in connection.execute("SELECT uid FROM ledger_record")]
    said = {uid for file in folder.glob("writer*.ack") for uid in file.read_text("utf-8").split()}
    return len(said - set(stored)), len(stored) - len(set(stored))


_BARE = """
import pathlib, sqlite3, sys, time
database, go, number, inserts = sys.argv[1:]
connection = sqlite3.connect(database, isolation_level=None, timeout=30)
connection.execute("PRAGMA journal_mode=WAL")
connection.execute("PRAGMA synchronous=FULL")
print("ready", flush=True)
while not pathlib.Path(go).exists():
    time.sleep(0.002)
for index in range(int(inserts)):
    connection.execute("BEGIN IMMEDIATE")
    row = (f"{number}-{index}", "x" * 400)
    connection.execute("INSERT INTO bare (uid, body) VALUES (?, ?)", row)
    connection.execute("COMMIT")
"""


def _bare(folder: Path, inserts: int) -> float:
    database, go = folder / "bare.sqlite3", folder / "go-bare"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, uid TEXT, body TEXT)")
        connection.commit()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _BARE, database, go, str(number), str(inserts)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(WRITERS)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    started = time.perf_counter()
    go.touch()
    for process in processes:
        assert process.wait() == 0
    return WRITERS * inserts / (time.perf_counter() - started)
