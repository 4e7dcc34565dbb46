"""A rubric as read → the JSON of ``taizhang read``, and its issues."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from taizhang.core.base.issue import Issue
from taizhang.reading.base.line import Document
from taizhang.reading.rubric.candidate import rubric_read
from taizhang.reading.rubric.defect import defects_find, grouping_text, item_lawful
from taizhang.reading.rubric.requirement import requirements_of
from taizhang.reading.rubric.rubric import ReadItem, ReadRubric, ReadSection
from taizhang.reading.rubric.rule.clause import Scheme

Table = dict[str, object]


def rubric_of(document: Document, file: str) -> tuple[ReadRubric | None, list[Issue]]:
    """Read the rubric of a document with every defect; ``None`` when it scores nothing."""
    rubric = rubric_read(document)
    return (None, []) if rubric is None else (rubric, defects_find(rubric, document, file))


def rubric_json(rubric: ReadRubric) -> Table:
    """Give a rubric in the shape of the read command; points and bounds are numbers."""
    return {
        "title": rubric.title,
        "total": number(rubric.total),
        "sum": number(rubric.sum),
        "sections": [_section(section) for section in rubric.sections],
        "bonus": [_item(item) for item in rubric.bonus],
        "bonus_cap": number(rubric.bonus_cap),
        "penalties": [_item(penalty) for penalty in rubric.penalties],
    }


def _section(section: ReadSection) -> Table:
    table: Table = {
        "label": section.label,
        "title": section.title,
        "max": number(section.max if section.max is not None else section.sum),
        "stated": section.max is not None,
        "sum": number(section.sum),
        "line": section.line,
        "items": [_item(item) for item in section.items],
    }
    if section.naive != section.sum:
        table["naive_sum"] = number(section.naive)
    if section.regrouped:
        table["regrouping"] = {
            "text": grouping_text(section),
            "groups": [
                {
                    "points": number(run[0].heading),
                    "items": [item.label for item in run],
                    "parts": [number(item.counted) for item in run],
                }
                for run in section.regrouped
            ],
        }
    return table


def _item(item: ReadItem) -> Table:
    table: Table = {
        "label": item.label,
        "title": item.title,
        "max": number(item.max),
        "sum": number(item.sum),
        "line": item.line,
        "heading": number(item.heading),
        "clause": number(item.clause),
        "rules": [rule_json(rule) for rule in item.rules],
        "requirements": [
            {
                "what": bound.figure,
                "operator": bound.operator,
                "value": number(bound.value),
                "unit": bound.unit,
            }
            for bound in requirements_of(item)
        ],
    }
    if item.group:
        table["group"] = item.group
    unlawful = item_lawful(item, "")
    if unlawful:
        table["unlawful"] = [
            {"code": issue.code.name, "replacement": issue.remedy()} for issue in unlawful
        ]
    return table


def rule_json(rule: Scheme) -> Table:
    table: Table = {"kind": rule.kind, "points": number(rule.points)}
    table |= {name: plain(param) for name, param in rule.params.items()}
    table["text"] = rule.text
    if rule.doubts:
        table["open"] = [name for name, _ in rule.doubts]
    return table


def number(value: Fraction | None) -> int | float | None:
    """Give a number as JSON writes it: whole where it is."""
    if value is None:
        return None
    return int(value) if value.denominator == 1 else round(float(value), 6)


def plain(value: object) -> object:
    """Give a parameter as JSON writes it."""
    if isinstance(value, Fraction):
        return number(value)
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    return value
