"""The demonstration: made once, through the real actions, the same on every machine."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from taizhang.core.base.number_label import is_given_id
from taizhang.core.unit.file import read_changes, read_units
from taizhang.core.unit.tree import ChangeKind, History, UnitChange
from taizhang.demo.activity import FURTHER, further_records
from taizhang.demo.activity.habits import stream
from taizhang.demo.cases import KINDS
from taizhang.demo.decision import decisions
from taizhang.demo.instance import FORMER, PACKS
from taizhang.demo.people import PEOPLE
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


@cache
def lines_written() -> list[dict[str, Any]]:
    return [line for batch in batches(demo_history()) for line in batch.lines]


def test_the_same_records_every_time_and_the_gaps_of_real_life_among_them():
    history = demo_history()
    written = list(batches(history))
    again = hashlib.sha256(repr(list(batches(demo_history()))).encode()).hexdigest()
    assert hashlib.sha256(repr(written).encode()).hexdigest() == again
    lines = [line for batch in written for line in batch.lines]
    assert 39_000 < len(lines) < 43_000
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
    forms = Counter(line["form"].split(".")[0] for line in lines_written())
    # The yearly assessment asks for next to nothing: it reads the others.
    assert 20 < forms.pop("annual_assessment") < 80
    assert set(forms) == set(PACKS) - {"annual_assessment"}
    assert all(count > 400 for count in forms.values())
    unit = history.tree(SPAN.end).unit("360602001001")
    assert unit is not None
    who = profile(unit.code, unit.kind)
    month = SPAN.last
    together = [line for key, line in further_records(who, month) if key == "healthy_city"]
    alone = list(FURTHER["healthy_city"](who, month, stream("healthy_city", who, month)))
    assert together == alone


def test_cases_of_every_kind_are_opened_with_steps_and_each_step_follows_its_opening():
    shipped = {
        f"{pack}.{key}"
        for pack in PACKS
        if (path := files("taizhang.packs") / pack / "cases.yaml").is_file()
        for key in yaml.safe_load(path.read_text(encoding="utf-8"))
    }
    assert set(KINDS) == shipped
    opened: dict[str, str] = {}
    steps: Counter[str] = Counter()
    accounts = {person.username for person in PEOPLE}
    for line in lines_written():
        if "by" not in line:
            continue
        form, name = str(line["form"]), str(line.get("case", line["id"]))
        by = str(line["by"])
        assert by in accounts or by.startswith(("recorder-", "reviewer-", "clerk-"))
        if "case" in line:
            assert name in opened, "a step stands after its opening"
            steps[opened[name].partition(".")[0]] += 1
        else:
            opened[name] = form
    counts = Counter(opened.values())
    assert len(counts) == len(KINDS)
    # Some dozens of each in the district, not hundreds in a community.
    assert all(6 < count < 900 for count in counts.values())
    assert set(steps) == set(PACKS) - {"volunteers"}


def test_what_happened_goes_on_over_the_switch_from_sums_to_cases():
    months: Counter[tuple[str, str]] = Counter()
    told = {
        "family_services.need_month": "raised",
        "law_outreach.legal_help": "requests",
        "healthy_city.complaint_month": "due",
    }
    cases = {
        "family_services.need": "raised",
        "law_outreach.help_request": "requests",
        "healthy_city.hygiene_complaint": "due",
    }
    for line in lines_written():
        form, year = str(line["form"]), str(line["date"])[:4]
        if form in told and "replaces" not in line:
            assert year == "2025"
            months[told[form], year] += line["answers"][told[form]]
        elif form in cases:
            assert year == "2026"
            months[cases[form], year] += 1
    for key in cases.values():
        before, since = months[key, "2025"] / 12, months[key, "2026"] / 10
        assert before > 10
        assert 0.8 < since / before < 1.25
    corrected = [line for line in lines_written() if line.get("reason") == "结果出来以后补上"]
    assert {str(line["form"]) for line in corrected} == {*told, "law_outreach.guidance_visit"}


def test_things_have_names_and_given_ids_and_some_keep_the_numbers_of_before():
    boards = [line for line in lines_written() if line["form"] == "common.board_issue"]
    given = [line for line in boards if is_given_id(line["answers"]["board"])]
    assert all(line["answers"]["title"] for line in given)
    assert 0.4 < len(given) / len(boards) < 0.8
    typed = [line for line in boards if not is_given_id(line["answers"]["board"])]
    assert {"title" in line["answers"] for line in typed} == {True, False}
    banners = [line["answers"] for line in lines_written() if line["form"] == "common.banner"]
    hung = {answers["banner"] for answers in banners if answers["state"] == "hung"}
    removed = {answers["banner"] for answers in banners if answers["state"] == "removed"}
    assert removed < hung, "some are forgotten where they hang"


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
