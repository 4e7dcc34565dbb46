"""One figure in the tree of a province: of a district and of the whole, from cold.

The tree is made up but of a province's measure: 16 cities, districts, streets, communities and
villages with codes as GB/T 2260 and 10114 build them, and two grids in every eighth of them.
Counted is the time of the processor, start of Python included, over a ledger without a record and
over one with a year of lectures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count as numbers
from pathlib import Path
from typing import Any

from bench.command import processor_seconds
from bench.facts import ROOT, cached

UNITS = 64_000
SECOND = 24_000
ROUNDS = 3
OF_DISTRICT, OF_PROVINCE = 1.0, 3.0
PROVINCE, DISTRICT = "370000000000", "370102000000"
#: Every eighth community has grids; every so many lie in one street, one district, one city.
GRIDS, IN_STREET, IN_DISTRICT, IN_CITY = 8, 34, 13, 9
PACKS = ("common", "health_education")
HEAD = "code,name,level,kind,parent,valid_from,valid_to"


def units_of(count: int) -> Iterator[str]:
    """Give about ``count`` rows of a units file, the heading before them."""
    yield HEAD
    yield f"{PROVINCE},东海省,province,省,,,"
    made = 1
    for city in numbers(1):
        parent = f"37{city:02d}00000000"
        yield f"{parent},东{city}市,city,地级市,{PROVINCE},,"
        made += 1
        for district in range(2, 2 + IN_CITY):
            for row in _district(f"37{city:02d}{district:02d}", parent, district):
                yield row
                made += 1
            if made >= count:
                return


def _district(six: str, parent: str, number: int) -> Iterator[str]:
    kind, below = ("市辖区", "社区") if number % 3 else ("县", "村")
    yield f"{six}000000,第{six}{kind[-1]},district,{kind},{parent},,"
    for street in range(1, 1 + IN_DISTRICT):
        above = f"{six}{street:03d}000"
        yield f"{above},第{street}街道,street,街道,{six}000000,,"
        for place in range(1, 1 + IN_STREET):
            code = f"{six}{street:03d}{place:03d}"
            yield f"{code},第{street}之{place}{below},community,{below},{above},,"
            if place % GRIDS == 0:
                for grid in (1, 2):
                    yield f"{code}-G{grid:02d},{grid}号网格,grid,网格,{code},,"


def run(rounds: int = ROUNDS) -> dict[str, Any]:
    """Time one figure of a district and of the province, without records and with some."""
    times: dict[int, dict[str, float]] = {}
    for count in (SECOND, UNITS):
        folder = province(count)
        os.environ["TAIZHANG_KEYS"] = str(folder / "keys")
        times[count] = {
            f"{what}, {ledger}": _seconds(folder / ledger, unit, rounds)
            for ledger in ("empty", "full")
            for what, unit in (("district", DISTRICT), ("province", PROVINCE))
        }
    whole = times[UNITS]
    district = max(seconds for what, seconds in whole.items() if what.startswith("district"))
    all_of_it = max(seconds for what, seconds in whole.items() if what.startswith("province"))
    said = "; ".join(
        f"{count:,} units: " + ", ".join(f"{what} {seconds:.2f}" for what, seconds in found.items())
        for count, found in times.items()
    )
    return {
        "name": f"one figure in the tree of a province ({UNITS:,} units): of a district",
        "ours": round(district, 3),
        "baseline": None,
        "ratio": None,
        "bar": f"district ≤ {OF_DISTRICT:g} s, province ≤ {OF_PROVINCE:g} s",
        "met": district <= OF_DISTRICT and all_of_it <= OF_PROVINCE,
        "note": f"seconds of the processor, median of {rounds}, start of Python included; {said}",
    }


def _seconds(home: Path, unit: str, rounds: int) -> float:
    asked = ("--unit", unit, "--period", "2025", "--indicator", "lectures", "--home", str(home))
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        return processor_seconds(["figures", *asked], env, rounds)


def province(count: int) -> Path:
    """Give a folder with the instances ``empty`` and ``full``, made once for this machine."""
    sources = sorted((ROOT / "src" / "taizhang" / "web").glob("*/migrations/0*.py"))
    sources.append(Path(__file__))
    return cached("province", count, sources, lambda folder: _make(folder, count))


def _make(folder: Path, count: int) -> None:
    env = {**os.environ, "TAIZHANG_KEYS": str(folder / "keys")}
    env.pop("DATABASE_URL", None)
    rows = list(units_of(count))
    (folder / "units.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "records.jsonl").write_text("\n".join(lectures(rows)) + "\n", encoding="utf-8")
    for name in ("empty", "full"):
        home = str(folder / name)
        steps = [["init", home]]
        steps += [["pack", "install", key, "--home", home] for key in PACKS]
        steps.append(["units", "import", str(folder / "units.csv"), "--home", home])
        if name == "full":
            steps.append(["records", "import", str(folder / "records.jsonl"), "--home", home])
        for step in steps:
            command = [sys.executable, "-m", "taizhang.cli", *step]
            subprocess.run(command, env=env, check=True, capture_output=True)


def lectures(rows: list[str]) -> Iterator[str]:
    """Give two lectures of every fifth community and village, as lines for an import."""
    places = [row.split(",")[0] for row in rows if ",community," in row]
    answers = {"held": "yes", "topic": "tb", "audience": "elderly", "people": 11, "materials": []}
    for code in places[::5]:
        for day in ("2025-03-05", "2025-08-05"):
            record = {
                "id": f"{code}-{day}",
                "form": "health_education.lecture",
                "unit": code,
                "date": day,
                "answers": {**answers, "held_on": day},
            }
            yield json.dumps(record)


__all__ = ["run", "units_of"]
