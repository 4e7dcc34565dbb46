"""The demonstration: made once, through the real actions, the same on every machine."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from importlib.resources import files

from taizhang.core.unit.file import read_changes, read_units
from taizhang.core.unit.tree import ChangeKind, History, UnitChange
from taizhang.demo.activity import FURTHER, further_records
from taizhang.demo.activity.habits import stream
from taizhang.demo.decision import decisions
from taizhang.demo.instance import FORMER, PACKS
from taizhang.demo.profile import profile
from taizhang.demo.records import SPAN, batches


def demo_history() -> History:
    data = files("taizhang.demo") / "data"
    text = (data / "units.csv").read_text(encoding="utf-8") + FORMER
    units, issues = read_units(text.encode(), "units.csv")
    changes, more = read_changes((data / "changes.csv").read_bytes(), "changes.csv")
    assert not issues
    assert not more
    return History(units, changes)


def test_the_same_records_every_time_and_the_gaps_of_real_life_among_them():
    history = demo_history()
    written = list(batches(history))
    again = hashlib.sha256(repr(list(batches(demo_history()))).encode()).hexdigest()
    assert hashlib.sha256(repr(written).encode()).hexdigest() == again
    lines = [line for batch in written for line in batch.lines]
    assert 33_000 < len(lines) < 38_000
    assert len({line["id"] for line in lines}) == len(lines)
    assert sum("replaces" in line for line in lines) > 20
    assert sum("withdraws" in line for line in lines) > 10
    assert any(line.get("with") for line in lines)
    text = json.dumps(lines, ensure_ascii=False)
    assert '"at_least"' in text
    assert '"between"' in text
    assert '"people": null' in text
    assert any(line["unit"] == "360602001007" for line in lines)
    assert not any(
        line["unit"] == "360602001007" and str(line["date"]) > "2026-02-28" for line in lines
    )
    closed = Counter(month for batch in written for _, month in batch.closed)
    assert all(closed[month] > 60 for month in SPAN.months())
    assert closed[SPAN.last] < 94, "some communities have not closed the last month"


def test_every_programme_keeps_records_and_none_disturbs_another():
    history = demo_history()
    forms = Counter(
        line["form"].split(".")[0] for batch in batches(history) for line in batch.lines
    )
    # The yearly assessment asks for nothing: it reads the others.
    assert set(forms) == set(PACKS) - {"annual_assessment"}
    assert all(count > 400 for count in forms.values())
    unit = history.tree(SPAN.end).unit("360602001001")
    assert unit is not None
    who = profile(unit.code, unit.kind)
    month = SPAN.last
    together = [line for key, line in further_records(who, month) if key == "healthy_city"]
    alone = list(FURTHER["healthy_city"](who, month, stream("healthy_city", who, month)))
    assert together == alone


def test_the_tree_is_the_real_one_but_for_one_made_up_merger():
    history = demo_history()
    assert UnitChange(
        date=next(iter(history.changes)).date,
        kind=ChangeKind.MERGE,
        sources=("360602001006", "360602001007"),
        targets=("360602001006",),
    ) in {
        UnitChange(date=c.date, kind=c.kind, sources=tuple(sorted(c.sources)), targets=c.targets)
        for c in history.changes
    }
    before, after = history.tree(SPAN.start), history.tree(SPAN.end)
    assert len(before.units) == len(after.units) + 1 == 104


def test_the_assessor_left_some_items_open():
    tree = demo_history().tree(SPAN.start)
    decided = list(decisions(tree))
    health = [decision for decision in decided if decision.rubric == "health_education"]
    papers = [decision for decision in health if decision.item == "papers"]
    assert 70 < len(papers) < 95
    assert {int(paper.points) for paper in papers} == {0, 5}
    assert all(decision.reason for decision in decided)
    yearly = [decision for decision in decided if decision.rubric == "annual_assessment"]
    assert {decision.item for decision in yearly} == {"papers", "accuracy"}
    samples = [decision for decision in yearly if decision.item == "accuracy"]
    assert all(sample.points is None and sample.checked == 50 for sample in samples)
    assert 40 < len(samples) < 80
