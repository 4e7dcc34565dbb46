"""Rubrics and plans as read → the files of a draft pack, for ``taizhang pack check`` to judge.

Every figure that a rule or task names becomes a measure (or, for a rate, an indicator of two) that
one form counts, so that the draft stands on its own; an owner then puts the measures of the real
packs in their place.  What the text leaves open stays open: the check explains it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from taizhang.core.scoring.draft import RATE_UNITS, Clause
from taizhang.core.scoring.kinds import KINDS
from taizhang.core.scoring.kinds.bonus import Bonus
from taizhang.core.scoring.kinds.per_event import PerEvent
from taizhang.core.scoring.kinds.zero_trigger import ZeroTrigger
from taizhang.core.text.number import number_text
from taizhang.reading.plan.plan import ReadTask
from taizhang.reading.rubric.requirement import requirements_of
from taizhang.reading.rubric.rubric import ReadItem, ReadRubric, ReadSection
from taizhang.reading.rubric.rule.clause import Scheme
from taizhang.reading.tokens.bound import bounds_find

Params = dict[str, object]
#: recurrences that plan.yaml knows; how many there are in a year of those it does not
_EVERY = ("month", "quarter", "half", "year")
_TIMES = {"month": 12, "quarter": 4, "half": 2, "year": 1, "week": 52}


@dataclass
class _Figures:
    """The measures and indicators that a draft needs, named as they come."""

    measures: dict[str, tuple[str, str]] = field(default_factory=dict)  # key → label, unit
    indicators: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # key → label, parts

    def count(self, label: str, unit: str) -> str:
        """Give the key of a measure, made when it is new."""
        names = (label[:40] or "计数", unit if unit not in ("", "点", "个") else "次")
        for key, known in self.measures.items():
            if known == names:
                return key
        key = f"m{len(self.measures) + 1}"
        self.measures[key] = names
        return key

    def rate(self, label: str) -> str:
        """Give the key of an indicator in percent, with measures for its two sides."""
        for key, (known, _part, _whole) in self.indicators.items():
            if known == label:
                return key
        key = f"r{len(self.indicators) + 1}"
        part = self.count(f"{label}：符合数", "次")
        whole = self.count(f"{label}：总数", "次")
        self.indicators[key] = (label, part, whole)
        return key

    def figure(self, label: str, unit: str) -> str:
        """Give the key of whatever a bound compares."""
        rated = unit in RATE_UNITS or (not unit and label.endswith(("率", "度")))
        return self.rate(label) if rated else self.count(label, unit)


def draft_files(
    rubric: ReadRubric | None, tasks: Sequence[ReadTask], title: str, key: str = "draft"
) -> dict[str, str]:
    """Give the files of a draft pack: path → text; only the parts that the text holds."""
    figures = _Figures()
    label = _label(title)
    files: dict[str, str] = {}
    if rubric is not None and rubric.sections:
        files["rubric.yaml"] = _rubric(rubric, figures, key, label)
    if tasks:
        files["plan.yaml"] = _plan(tasks, figures, label)
    if figures.measures:
        files["measures.yaml"] = _measures(figures)
        files["forms/figures.md"] = _form(figures, label)
    if figures.indicators:
        files["indicators.yaml"] = _indicators(figures)
    files["pack.yaml"] = "\n".join(
        [
            f"# 由旧文本《{label}》读出的草稿：先核对，再用正式方案包的计量替换这里的计量。",
            f"key: {key}",
            "version: 0.1.0",
            f"label: {_said(label)}",
            "unit_kinds: [社区, 村]",
            "",
        ]
    )
    return files


def _label(title: str) -> str:
    return re.sub(r"[\s《》\"'#]", "", title)[:40] or "旧文本草稿"


def _said(value: object) -> str:
    """Write a value as flow YAML (JSON is a part of it); fractions as plain decimals."""
    if isinstance(value, Fraction):
        return number_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return (
            value
            if re.fullmatch(r"[a-z][a-z0-9_]*|[\u4e00-\u9fff][\u4e00-\u9fff\d]*", value)
            and value not in ("yes", "no", "on", "off", "true", "false", "null")
            else json.dumps(value, ensure_ascii=False)
        )
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{_said(name)}: {_said(part)}" for name, part in value.items()) + "}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_said(part) for part in value) + "]"
    return str(value)


# the rubric


def _rubric(rubric: ReadRubric, figures: _Figures, key: str, label: str) -> str:
    total = rubric.total if rubric.total is not None else rubric.sum
    lines = [
        f"# 由旧文本读出的评分细则草稿：{label}",
        f"rubric: {{key: {key}, title: {_said(label)}, total: {_said(total)}, "
        "unit_kinds: [社区, 村], period: year}",
        "sections:",
    ]
    for number, section in enumerate(rubric.sections, 1):
        most = section.max if section.max is not None else section.sum
        lines += [
            f"  - key: s{number}",
            f"    title: {_said(_title(section.label, section.title, number))}",
        ]
        lines += [f"    max: {_said(most)}", "    items:"]
        for index, item in enumerate(section.items, 1):
            lines += _item(item, figures, f"s{number}_{index}", section)
    if rubric.bonus:
        cap = rubric.bonus_cap
        lines += ["bonus:", *([f"  cap: {_said(cap)}"] if cap is not None else []), "  items:"]
        for index, item in enumerate(rubric.bonus, 1):
            lines += _bonus(item, figures, f"b{index}", cap)
    for item in rubric.penalties:
        lines.append(f"# 第{item.line}行 总分以外：{' '.join(item.clauses) or item.title}"[:120])
    return "\n".join(lines) + "\n"


def _title(label: str, title: str, number: int) -> str:
    return title or label or f"第{number}部分"


def _item(item: ReadItem, figures: _Figures, key: str, section: ReadSection) -> list[str]:
    """Write an item; one whose rules earn points apart becomes an item for each."""
    rules = [rule for rule in item.rules if rule.kind != ZeroTrigger.kind]
    triggers = [rule for rule in item.rules if rule.kind == ZeroTrigger.kind]
    most = item.counted
    amounts = [rule.points for rule in rules if rule.points is not None]
    apart = len(rules) > 1 and len(amounts) == len(rules) and sum(amounts, Fraction(0)) == most
    lines: list[str] = []
    groups = [[rule] for rule in rules] if apart else [rules]
    for index, group in enumerate(groups, 1):
        points = (group[0].points or most) if apart else most
        rule = _params(group, figures, item, points)
        for trigger in triggers:
            fired = ZeroTrigger.draft(_clause(trigger, item, points), figures)
            rule = fired | ({"rule": rule} if group else {})
        rule = _looked(rule, item, figures)
        name = f"{key}_{index}" if apart else key
        title = _title(item.label, item.title, index)
        lines += (
            [f"      # 第{item.line}行：{clause}" for clause in _clause_lines(item)]
            if index == 1
            else []
        )
        lines += [
            f"      - key: {name}",
            f"        title: {_said(title[:60])}",
            f"        max: {_said(points)}",
        ]
        lines.append(f"        rule: {_said(rule)}")
        wanted = [
            _requirement(
                requirement.figure, requirement.operator, requirement.value, requirement.unit
            )
            for requirement in requirements_of(item)
        ]
        if wanted and index == 1:
            lines.append(f"        requirements: {_said(wanted)}")
    return lines


#: Kinds that give full points where nothing was found, and so must say that somebody looked.
_FOUND_NOTHING = frozenset((PerEvent.kind, ZeroTrigger.kind))


def _looked(rule: Params, item: ReadItem, figures: _Figures) -> Params:
    """Ask how often it was looked at, where finding nothing would earn the points."""
    if rule["kind"] not in _FOUND_NOTHING:
        return rule
    times = figures.count(f"{item.title or item.label}：查看次数", "次")
    return {**rule, "looked": {"figure": times, "at_least": Fraction(1)}}


def _clause_lines(item: ReadItem) -> list[str]:
    return [re.sub(r"\s+", " ", clause)[:150] for clause in item.clauses]


def _requirement(figure: str, operator: str, value: Fraction, unit: str) -> str:
    sign = {"at_least": "不低于", "at_most": "不超过", "above": "高于", "below": "低于"}.get(
        operator, "为"
    )
    return f"{figure}{sign}{number_text(value)}{unit}"


def _params(group: Sequence[Scheme], figures: _Figures, item: ReadItem, most: Fraction) -> Params:
    """Give the rule of core for the rules of one item; what does not fit one rule is manual."""
    if not group:
        return {"kind": "all_or_nothing"}
    kinds = [KINDS[rule.kind] for rule in group]
    clauses = [_clause(rule, item, most) for rule in group]
    if len(group) == 1 and not kinds[0].outside_total:
        return kinds[0].draft(clauses[0], figures)
    if len(group) > 1 and all(kind.by_deduction for kind in kinds):
        return PerEvent.draft_sum(clauses, figures)
    return {"kind": "manual"}


def _clause(rule: Scheme, item: ReadItem, most: Fraction) -> Clause:
    return Clause(
        params=rule.params,
        condition=rule.condition,
        item=item.title,
        most=most,
        headed=item.heading is not None,
        text_unit=next((bound.unit for bound in bounds_find(rule.text)), ""),
    )


def _bonus(item: ReadItem, figures: _Figures, key: str, cap: Fraction | None) -> list[str]:
    lines: list[str] = []
    for index, rule in enumerate(item.rules, 1):
        each = Bonus.each_of(rule.params)
        most = rule.points or cap or (each if isinstance(each, Fraction) else Fraction(1))
        draft = Bonus.draft(_clause(rule, item, most), figures)
        title = (rule.condition or item.title or "加分")[:60]
        lines += [
            f"    - key: {key}_{index}",
            f"      title: {_said(title)}",
            f"      max: {_said(most)}",
            f"      rule: {_said(draft)}",
        ]
    return lines


# the plan and what both count


def _plan(tasks: Iterable[ReadTask], figures: _Figures, label: str) -> str:
    lines = [f"# 由旧文本读出的计划草稿：{label}", f"plan: {{title: {_said(label)}}}", "tasks:"]
    for number, task in enumerate(tasks, 1):
        parts: Params = {"key": f"t{number}", "label": task.what}
        rated = task.unit in RATE_UNITS
        if task.quota is not None and not rated:
            times = _TIMES.get(task.every, 1)
            parts |= {
                "measure": figures.count(task.what, task.unit),
                "quota": number_text(Fraction(task.quota) * times),
            }
        elif task.every in _EVERY:
            parts |= {"measure": figures.count(task.what, "次"), "quota": str(_TIMES[task.every])}
        due = next((day for day in task.on if re.fullmatch(r"\d\d-\d\d", day)), "")
        if due:
            parts["due"] = due
        if task.by:
            parts["lead"] = task.by
        notes = [f"第{task.line}行"]
        notes += (
            [f"目标 {number_text(Fraction(task.quota))}{task.unit}"]
            if rated and task.quota is not None
            else []
        )
        notes += ["、".join(task.on)] if task.on else []
        lines += [f"  # {' '.join(notes)}", f"  - {_task(parts)}"]
    return "\n".join(lines) + "\n"


def _task(parts: Params) -> str:
    written = {
        key: json.dumps(part, ensure_ascii=False) if key in ("quota", "due") else _said(part)
        for key, part in parts.items()
    }
    return "{" + ", ".join(f"{key}: {part}" for key, part in written.items()) + "}"


def _measures(figures: _Figures) -> str:
    lines = ["measures:"]
    for key, (label, unit) in figures.measures.items():
        lines.append(
            f"  {key}: {{label: {_said(label)}, unit: {_said(unit)}, kind: event, about: activity}}"
        )
    facts = {key: key for key in figures.measures}
    lines += ["counting:", f"  - {{form: figures, date: counted_on, facts: {_said(facts)}}}"]
    return "\n".join(lines) + "\n"


def _indicators(figures: _Figures) -> str:
    lines = ["indicators:"]
    for key, (label, part, whole) in figures.indicators.items():
        parts = {
            "label": label,
            "numerator": part,
            "denominator": whole,
            "unit": "percent",
            "cap": Fraction(100),
        }
        lines.append(f"  {key}: {_said(parts)}")
    return "\n".join(lines) + "\n"


def _form(figures: _Figures, label: str) -> str:
    """Write the form that counts every measure of the draft."""
    rows = [
        "| survey |",
        "| | type | name | label | required | constraint | constraint_message | about |",
    ]
    rows.append("| | date | counted_on | 统计日期 | yes |  |  | activity |")
    for key, (name, _unit) in figures.measures.items():
        text = name.replace("|", "／")
        rows.append(f"| | integer | {key} | {text} |  | . >= 0 | 不能小于零 | activity |")
    rows += ["| settings |", "| | form_title | form_id | version | about |"]
    rows.append(f"| | {label.replace('|', '／')}数据 | figures | 1 | activity |")
    return "\n".join(rows) + "\n"
