"""A figure costs what the part of the tree it looks at costs, not the whole tree squared."""

import gc
import time
from datetime import date

from bench.province import DISTRICT, PROVINCE, lectures, units_of
from taizhang.core.aggregate.reference_engine import ReferenceEngine
from taizhang.core.base.period import parse_period
from taizhang.core.book import Book
from taizhang.core.definition.programme import Programmes
from taizhang.core.indicator import Question, figures
from taizhang.core.unit.file import read_units
from taizhang.core.unit.tree import ChangeKind, History, Unit, UnitChange
from tests.core.ledger import pack

YEAR = parse_period("2026")
TODAY = date(2026, 11, 30)


def tree_of(count: int) -> tuple[Unit, ...]:
    units, issues = read_units("\n".join(units_of(count)).encode(), "units.csv")
    assert not issues
    return tuple(units)


def seconds(units: tuple[Unit, ...], asked: str, changes: tuple[UnitChange, ...] = ()) -> float:
    """Time one figure over an empty ledger, the history made anew; the best of three."""
    times = []
    for _ in range(3):
        gc.collect()
        start = time.process_time()
        history = History(units, changes)
        book = Book(
            programmes=Programmes((pack(),)),
            history=history,
            engine=ReferenceEngine((), history),
            today=TODAY,
            as_of=TODAY,
        )
        (figure,) = figures(
            book, Question(units=(asked,), period=YEAR, indicators=("he.lectures",))
        )
        times.append(time.process_time() - start)
        assert figure.reason is not None
    return min(times)


def test_the_made_up_province_is_one() -> None:
    rows = list(units_of(3_000))
    assert len(set(rows)) == len(rows) > 3_000
    assert sum("-G01," in row for row in rows) > 100
    assert any("2025-08-05" in line for line in lectures(rows))


def test_a_figure_of_the_whole_tree_grows_with_the_tree() -> None:
    """Four times the units, at most six times the time; the quadratic step took sixteen."""
    small, large = tree_of(1_500), tree_of(6_600)
    assert 3.8 < len(large) / len(small) < 4.3
    assert seconds(large, PROVINCE) < 6 * seconds(small, PROVINCE)


def test_a_figure_of_a_district_takes_little_of_the_tree_around_it() -> None:
    """The province's tree is walked a few times at most, never reporter by reporter."""
    small, large = tree_of(1_500), tree_of(6_600)
    assert seconds(large, DISTRICT) < seconds(large, PROVINCE)
    assert seconds(large, DISTRICT) < 5 * seconds(small, DISTRICT)


def test_changes_elsewhere_cost_a_district_nothing() -> None:
    """A recode a month in other districts splits no month of this one."""
    units = list(tree_of(1_500))
    changes = []
    elsewhere = [unit for unit in units if unit.kind == "村"][:10]
    for month, unit in enumerate(elsewhere, start=2):
        day = date(2026, month, 1)
        target = f"{unit.code[:9]}{int(unit.code[9:]) + 500:03d}"
        at = units.index(unit)
        units[at] = unit._replace(valid_to=date.fromordinal(day.toordinal() - 1))
        units.append(unit._replace(code=target, valid_from=day))
        changes.append(
            UnitChange(date=day, kind=ChangeKind.RECODE, sources=(unit.code,), targets=(target,))
        )
    history = History(units, changes)
    assert history.cuts_below([DISTRICT]) == ()
    assert len(history.cuts_below([PROVINCE])) == 10
    plain = seconds(tree_of(1_500), DISTRICT)
    assert seconds(tuple(units), DISTRICT, tuple(changes)) < 4 * plain
