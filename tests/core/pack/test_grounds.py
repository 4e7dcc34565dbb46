"""What shipped packs ask for rests on a document or on the unit's own plan; months are months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from taizhang.core.base.period import parse_period
from taizhang.core.definition.pack import Pack
from taizhang.core.form import Form
from taizhang.core.form.expression.compiler import compile_expression
from taizhang.core.rules.context import RuleContext
from taizhang.core.rules.norms import quota_grounded
from taizhang.documents.template.data_source import LawRow
from tools.quotas_page import PAGE, groundless, packs, page

PACKS = {pack.key: pack for pack in packs()}


def test_every_quota_names_a_document_or_is_the_units_own() -> None:
    assert list(groundless()) == []
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("quota", ["8", "norm(nothing)", "2 * 4", "target(events)"])
def test_a_quota_of_nobody_is_refused(quota: str) -> None:
    pack = PACKS["volunteers"]
    assert pack.plan is not None
    task = next(task for task in pack.plan.tasks if task.key == "care")
    plan = replace(pack.plan, tasks=(replace(task, own=False, quota=quota),))
    context = RuleContext(replace(pack, plan=plan), (PACKS["common"],), shipped=True)
    assert [issue.code.name for issue in quota_grounded(context)] == ["RULE_061"]
    outside = replace(context, shipped=False)  # the host answers for a number of its own
    assert list(quota_grounded(outside)) == []


def test_a_recurring_duty_that_is_counted_is_a_quota_too() -> None:
    pack = PACKS["volunteers"]
    assert pack.plan is not None
    task = next(task for task in pack.plan.tasks if task.key == "care")
    plan = replace(pack.plan, tasks=(replace(task, own=False, every="month"),))
    context = RuleContext(replace(pack, plan=plan), (PACKS["common"],), shipped=True)
    assert [issue.code.name for issue in quota_grounded(context)] == ["RULE_061"]


def test_no_norm_asks_a_station_for_what_the_norm_asks_of_centres() -> None:
    norms = PACKS["health_education"].norms
    for name in ("consultations", "av_kinds"):
        ruling = norms[f"health_education.{name}"].versions[-1]
        assert set(ruling.values) == {"卫生服务中心"}


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_every_document_that_a_pack_rests_on_has_its_day(pack: Pack) -> None:
    assert [basis["document"] for basis in pack.legal_basis if not basis.get("from")] == []
    versions = [version for norm in pack.norms.values() for version in norm.versions]
    assert all(version.in_force_from for version in versions)


def test_a_law_rules_over_whole_periods_alone() -> None:
    law = LawRow(in_force_from=date(2025, 11, 1), in_force_to=date(2027, 6, 30))
    ruled = [law.rules(parse_period(text)) for text in ("2024", "2025", "2025-11", "2026", "2027")]
    assert ruled == [False, False, True, True, False]
    assert LawRow().rules(parse_period("1999"))


#: Form, the day it is dated by, the day it keeps as due, and the months between them.
DUE = (
    ("common.board_issue", "changed_on", "next_change", 2, {"state": "in_use"}),
    ("health_education.rack_check", "checked_on", "next_check", 1, {}),
    ("healthy_city.smoke_patrol", "patrolled_on", "next_patrol", 1, {"state": "in_use"}),
    ("healthy_city.frontage", "visited_on", "next_visit", 3, {"state": "agreed"}),
)


def _due(form: Form, name: str, answers: dict[str, object]) -> object:
    values = dict(answers)
    for field in form.fields:
        if field.calculation:
            values[field.name] = compile_expression(field.calculation)(values)
        else:
            values.setdefault(field.name, "")
    return values[name]


def _later(day: date, months: int) -> date:
    """Count months on a calendar: 31 January and two months are 31 March, and one is its last."""
    number = day.year * 12 + day.month - 1 + months
    for end in (day.day, 30, 29, 28):
        try:
            return date(number // 12, number % 12 + 1, min(day.day, end))
        except ValueError:
            continue
    raise AssertionError(day)


@pytest.mark.parametrize(("key", "dated", "due", "months", "more"), DUE)
def test_months_are_months(
    key: str, dated: str, due: str, months: int, more: dict[str, object]
) -> None:
    pack, _, name = key.partition(".")
    form = PACKS[pack].forms[f"{pack}.{name}"]
    days = [date(2026, 1, 31), date(2025, 12, 31), date(2023, 12, 31), date(2026, 7, 1),
            date(2026, 11, 30), date(2027, 12, 29), date(2026, 10, 15)]  # fmt: skip
    for day in days:
        assert _due(form, due, {dated: day, **more}) == _later(day, months), day


def test_a_board_that_came_down_is_due_for_nothing() -> None:
    form = PACKS["common"].forms["common.board_issue"]
    answers = {"changed_on": date(2026, 1, 31), "state": "removed"}
    assert _due(form, "next_change", answers) in ("", None)
