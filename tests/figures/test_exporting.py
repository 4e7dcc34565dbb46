"""What a district sends: facts by year and district, no person to be followed, the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from taizhang.core.aggregate.query import AggregateQuery, Aggregation
from taizhang.core.base.quantity import exact
from taizhang.core.counting.fact import Fact
from taizhang.core.unit.tree import History, Unit, UnitLevel
from taizhang.figures.dialect import POSTGRESQL, SQLITE
from taizhang.figures.engine import IbisEngine
from taizhang.figures.fact_source import Parquet
from taizhang.figures.parcel.export import export
from tests.figures.stores import PostgreSQLStore, SQLiteStore

DAY = date(2026, 5, 6)
DISTRICT, STREET = "360602000000", "360602001000"


def history() -> History:
    """Make a district, a street and two communities."""
    levels = ((DISTRICT, UnitLevel.DISTRICT, None), (STREET, UnitLevel.STREET, DISTRICT))
    units = [
        Unit(code=code, name=code, level=level, kind="街道", parent=parent)
        for code, level, parent in levels
    ]
    units += [
        Unit(
            code=f"{STREET[:9]}{number:03}",
            name=str(number),
            level=UnitLevel.COMMUNITY,
            kind="社区",
            parent=STREET,
        )
        for number in (1, 2)
    ]
    return History(units)


def fact(record: str, unit: str, day: date = DAY, person: str | None = None) -> Fact:
    """Make a fact of one person."""
    return Fact(
        record=record,
        ordinal=0,
        measure="p.people",
        unit=unit,
        date=day,
        value=exact(1),
        person=person,
        accepted_at=datetime(2026, 5, 7, tzinfo=UTC),
    )


FACTS = [
    fact("1", f"{STREET[:9]}001", person="token-of-wang"),
    fact("2", f"{STREET[:9]}002", person="token-of-wang"),
    fact("3", f"{STREET[:9]}002", person="token-of-li"),
    fact("4", f"{STREET[:9]}002", day=date(2025, 12, 31)),
    replace(fact("5", f"{STREET[:9]}001"), retired_at=datetime(2026, 6, 1, tzinfo=UTC)),
]


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    store = SQLiteStore()
    store.fill(FACTS, history())
    for name in ("once", "again"):
        export(SQLITE, str(store.file), tmp_path / name, district=DISTRICT)
    store.close()
    return tmp_path


def test_partitions_by_year_and_district(sent: Path) -> None:
    names = [file.relative_to(sent / "once").as_posix() for file in _files(sent / "once")]
    assert [name.rpartition("/")[0] for name in names] == [
        f"closure/district={DISTRICT}",
        f"facts/year=2025/district={DISTRICT}",
        f"facts/year=2026/district={DISTRICT}",
    ]
    # An export can be repeated and compared byte by byte.
    again = [file.read_bytes() for file in _files(sent / "again")]
    assert [file.read_bytes() for file in _files(sent / "once")] == again


def test_what_was_written_is_said(tmp_path: Path) -> None:
    store = SQLiteStore()
    store.fill(FACTS, history())
    parts = export(SQLITE, str(store.file), tmp_path / "out", district=DISTRICT)
    store.close()
    assert [part.rows for part in parts] == [len(history().closure()), 1, 4]
    assert all((tmp_path / "out" / part.path).is_file() for part in parts)
    assert len({part.digest for part in parts}) == 3


def test_people_can_be_counted_and_not_followed(sent: Path) -> None:
    for file in _files(sent / "once" / "facts"):
        assert b"token-of" not in file.read_bytes()
    engine = IbisEngine(Parquet(sent / "once" / "facts", sent / "once" / "closure"))
    ask = AggregateQuery("p.people", Aggregation.DISTINCT, DAY, DAY)
    (total,) = engine.totals([ask], [DISTRICT], tree=DAY).values()
    assert (total.low, total.facts, total.records) == (2, 3, 3)


def test_what_was_retired_is_there_for_those_who_ask_what_was_known(sent: Path) -> None:
    engine = IbisEngine(Parquet(sent / "once" / "facts", sent / "once" / "closure"))
    ask = AggregateQuery("p.people", Aggregation.SUM, DAY, DAY)
    (then,) = engine.totals([ask], [DISTRICT], tree=DAY, as_of=date(2026, 5, 31)).values()
    (now,) = engine.totals([ask], [DISTRICT], tree=DAY).values()
    assert (then.facts, now.facts) == (4, 3)


def test_two_districts_with_equal_record_numbers_stay_apart(tmp_path: Path) -> None:
    store = SQLiteStore()
    joint = [replace(one, joint=True) for one in FACTS[:2]]
    store.fill(joint, history())
    for district in (DISTRICT, "360603000000"):
        export(SQLITE, str(store.file), tmp_path, district=district)
    store.close()
    found = duckdb.read_parquet(f"{tmp_path}/facts/**/*.parquet").fetchall()
    assert len({(row[0], row[3]) for row in found}) == 4


@pytest.mark.postgresql
def test_a_postgresql_database_sends_the_same(sent: Path, postgresql_database: str) -> None:
    store = PostgreSQLStore(postgresql_database)
    store.fill(FACTS, history())
    export(POSTGRESQL, postgresql_database, sent / "postgresql", district=DISTRICT)
    store.close()
    both = [
        duckdb.read_parquet(f"{sent / name}/facts/**/*.parquet").order("record_id").fetchall()
        for name in ("once", "postgresql")
    ]
    assert both[0] == both[1]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.parquet"))
