"""Accepting records one by one, 8 writers, against bare one-insert transactions on the same disk.

Both are durable: SQLite, WAL, synchronous FULL, immediate transactions; PostgreSQL as it comes.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import psycopg

from bench.ledger import instance, record
from bench.postgresql import server
from bench.writer import writers_start

WRITERS = 8
ROUNDS = 3  # ours and the baseline in turn, so that what else the machine does meets both
RECORDS = 250  # a writer and round
INSERTS = 500  # a writer and round
BAR = 0.14


def run(records: int = RECORDS, inserts: int = INSERTS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Let 8 writers accept records, and 8 insert bare rows, in turn; on PostgreSQL too."""
    here = _measured(None, records, inserts, rounds)
    notes = [f"transactions a second, the median of {rounds} rounds", f"SQLite: {here.said()}"]
    notes.append(f"PostgreSQL: {_on_postgresql(records, inserts, rounds)}")
    return {
        "name": f"accept one record, {WRITERS} writers",
        "ours": round(here.ours, 1),
        "baseline": round(here.bare, 1),
        "ratio": round(here.ratio, 3),
        "bar": f"≥ {BAR:g} ×",
        "met": here.ratio >= BAR and not here.lost and not here.doubled,
        "note": "; ".join(notes),
    }


def _on_postgresql(records: int, inserts: int, rounds: int) -> str:
    """Measure the same on a server; what keeps it from running does not cost SQLite's figures."""
    try:
        with server() as address:
            if address is None:
                return "not on this machine"
            return _measured(address, records, inserts, rounds).all_said()
    except (OSError, subprocess.SubprocessError, psycopg.Error, AssertionError) as error:
        traceback.print_exc()
        return f"NOT MEASURED, {type(error).__name__}"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one database did."""

    ours: float  # accepted a second
    bare: float  # bare rows a second
    ratio: float
    times: str
    lost: int
    doubled: int

    def said(self) -> str:
        """Say how long one took, and that none is lost or doubled."""
        return f"{self.times}, {self.lost} lost, {self.doubled} doubled"

    def all_said(self) -> str:
        """Say the rates too."""
        rates = f"{self.ours:.0f} against {self.bare:.0f}, {self.ratio:.3f} ×"
        return f"{rates}, {self.said()}"


def _measured(address: str | None, records: int, inserts: int, rounds: int) -> Measured:
    with instance(address) as (home, _):
        from django.db import connection, connections

        connections.close_all()
        folder = home.path.parent
        ours, bare, times = [], [], []
        for number in range(rounds):
            files = _files(folder, number, records)
            began = _run(writers_start, home.path, files, folder)
            ours.append(WRITERS * records / (_ended(files) - began))
            times += [file.with_suffix(".times") for file in files]
            ends = [folder / f"bare{writer}.end" for writer in range(WRITERS)]
            began = _run(_bare_start, address, inserts, ends, folder)
            ended = max(float(end.read_text("utf-8")) for end in ends)
            bare.append(WRITERS * inserts / (ended - began))
        with connection.cursor() as cursor:
            cursor.execute("SELECT uid FROM ledger_record")
            stored = [row[0] for row in cursor.fetchall()]
        told = [file.with_suffix(".ack").read_text("utf-8").split() for file in times]
        said = {uid for uids in told for uid in uids}
        return Measured(
            median(ours),
            median(bare),
            median(one / other for one, other in zip(ours, bare, strict=True)),
            times_said(times),
            len(said - set(stored)),
            len(stored) - len(set(stored)),
        )


def _run(start: Callable[..., list[subprocess.Popen[str]]], *arguments: Any) -> float:
    """Run processes that wait until the file `go` exists and give the moment it was made.

    Each writes when it did its last: a Python that ends takes longer than many records.
    """
    go = arguments[-1] / "go"
    processes = start(*arguments[:-1], go)
    began = time.monotonic()
    go.touch()
    for process in processes:
        assert process.wait() == 0
    go.unlink()
    return began


def _ended(files: Iterable[Path]) -> float:
    """Give the moment when the last record of all writers was accepted."""
    told = (json.loads(file.with_suffix(".times").read_text("utf-8")) for file in files)
    return max(float(one["ended"]) for one in told)


def _files(folder: Path, round_: int, records: int) -> list[Path]:
    random = Random(f"taizhang-bench-accept-{round_}")  # noqa: S311 - the same on every run
    files = []
    for writer in range(WRITERS):
        file = folder / f"writer{round_}-{writer}.jsonl"
        first = (round_ * WRITERS + writer) * records
        lines = [record(first + number, random) for number in range(records)]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        file.write_text(text, encoding="utf-8")
        files.append(file)
    return files


def times_said(files: Iterable[Path]) -> str:
    """Say what the writers measured: half and 95 % of the acceptances, computing time for one."""
    told = [json.loads(file.read_text("utf-8")) for file in files]
    every = sorted(second for one in told for second in one["seconds"])
    half, most = (every[int(part * (len(every) - 1))] * 1000 for part in (0.5, 0.95))
    computing = sum(one["computing"] for one in told) / len(every) * 1000
    return f"p50 {half:.1f} ms, p95 {most:.1f} ms, computing {computing:.2f} ms a record"


_BARE_SQLITE = """
import pathlib, sqlite3, sys, time
database, go, number, inserts, end = sys.argv[1:]
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
pathlib.Path(end).write_text(str(time.monotonic()))
"""
_BARE_POSTGRESQL = """
import pathlib, psycopg, sys, time
database, go, number, inserts, end = sys.argv[1:]
connection = psycopg.connect(database)
print("ready", flush=True)
while not pathlib.Path(go).exists():
    time.sleep(0.002)
for index in range(int(inserts)):
    row = (f"{number}-{index}", "x" * 400)
    connection.execute("INSERT INTO bare (uid, body) VALUES (%s, %s)", row)
    connection.commit()
pathlib.Path(end).write_text(str(time.monotonic()))
"""


def _bare_start(
    address: str | None, inserts: int, ends: Sequence[Path], go: Path
) -> list[subprocess.Popen[str]]:
    """Start the writers of bare rows and wait until all stand ready."""
    database = address or str(go.parent / "bare.sqlite3")
    if address is None:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(_BARE_TABLE.format(key="INTEGER PRIMARY KEY"))
            connection.commit()
    else:
        with psycopg.connect(address) as server_:
            server_.execute(_BARE_TABLE.format(key="BIGSERIAL PRIMARY KEY"))
    program = _BARE_SQLITE if address is None else _BARE_POSTGRESQL
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, database, go, str(number), str(inserts), end],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number, end in enumerate(ends)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    return processes


_BARE_TABLE = "CREATE TABLE IF NOT EXISTS bare (id {key}, uid TEXT, body TEXT)"
