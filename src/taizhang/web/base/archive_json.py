"""Scores and documents as canonical text: written once, digested, read back exactly.

What is signed must say the same in ten years, so it is kept as JSON of its own (format 1) and
never as pickled objects: fractions as ``"75/2"``, dates as ISO days, each value of a class under
its name with the fields that differ from their defaults.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

from taizhang.core.base import figure as figure_words
from taizhang.core.base.issue import Place
from taizhang.core.scoring import outcome, score_sheet
from taizhang.core.text.bilingual import Bilingual
from taizhang.documents import tree

#: 2: the detail of a flag stands behind it; before, open months were marked at each number.
FORMAT = 2
_READ = (1, FORMAT)
_MARKED = frozenset(map(figure_words.FlagName, ("incomplete", "of", "to_date")))
_NAME = "@"  # the key that holds the name of a class
_VALUE = "is"

#: Every class that may stand in a frozen text; nothing else is ever made from one.
CLASSES: Mapping[str, type] = {
    cls.__name__: cls
    for cls in (
        *(Place, figure_words.Figure, figure_words.Reason, figure_words.Behind),
        *(score_sheet.Score, score_sheet.SectionScore, score_sheet.ItemScore),
        *(outcome.Loss, outcome.Waiting),
        *(tree.Document, tree.Head, tree.Heading, tree.Paragraph, tree.Table, tree.List),
        *(tree.PageBreak, tree.Annex, tree.Signature, tree.Note),
        *(tree.Text, tree.Number, tree.DateText, tree.LawRef, tree.Blank, tree.Quoted),
        *(tree.Ordinal, tree.Explanation, tree.Strong),
    )
} | {"Said": Bilingual}
#: A class that was renamed since keeps the name by which frozen texts know it.
_NAME_OF: Mapping[type, str] = {cls: name for name, cls in CLASSES.items()}
_ENUMS: Mapping[str, type[Enum]] = {
    enum.__name__: enum
    for enum in (figure_words.ReasonCode, outcome.WaitsFor, tree.Part, tree.Align)
}


def archive_text(value: object) -> str:
    """Write a score or document tree as canonical JSON: keys in order, no blanks.

    :raises TypeError: for a value of another class
    """
    told = {"format": FORMAT, "content": _out(value)}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def archive_read(text: str) -> Any:
    """Read what :func:`frozen` wrote.

    :raises ValueError: if the text is of another format or names an unknown class
    """
    told = json.loads(text)
    if told.get("format") not in _READ:
        raise ValueError(f"format {told.get('format')} is not {FORMAT}")
    return _in(told["content"], told["format"])


def archive_digest(text: str) -> str:
    """Give the SHA-256 of a frozen text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _out(value: object) -> object:
    if isinstance(value, Enum):
        return {_NAME: type(value).__name__, _VALUE: value.value}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, figure_words.Flag):
        return f"{value}|{value.detail}" if value.detail else str(value)
    if isinstance(value, Fraction):
        return {_NAME: "Fraction", _VALUE: str(value)}
    if isinstance(value, date):
        return {_NAME: "date", _VALUE: value.isoformat()}
    if isinstance(value, (tuple, list)):
        return [_out(part) for part in value]
    if isinstance(value, Mapping):
        return {_NAME: "map", _VALUE: {str(key): _out(part) for key, part in value.items()}}
    name = _NAME_OF.get(type(value), "")
    if not is_dataclass(value) or not name:
        raise TypeError(f"{type(value).__name__} cannot be frozen")
    held = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
    defaults = {field.name: _default(field) for field in fields(value)}
    told = {key: _out(part) for key, part in held.items() if not _same(part, defaults[key])}
    return {_NAME: name, **told}


def _default(field: Field[Any]) -> object:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING


def _same(value: object, default: object) -> bool:
    return type(value) is type(default) and value == default


def _flag(text: str, form: int) -> figure_words.Flag:
    name, _, detail = text.partition("|")
    flag = figure_words.Flag.read(name)
    if form == 1 and flag.name in _MARKED:
        detail = figure_words.MARKED_THEN
    return replace(flag, detail=detail)


def _in(told: Any, form: int) -> Any:
    if isinstance(told, list):
        return tuple(_in(part, form) for part in told)
    if not isinstance(told, dict):
        return told
    name = str(told.get(_NAME))
    if name == "Fraction":
        return Fraction(told[_VALUE])
    if name == "date":
        return date.fromisoformat(told[_VALUE])
    if name == "map":
        return {key: _in(part, form) for key, part in told[_VALUE].items()}
    if name in _ENUMS:
        return _ENUMS[name](told[_VALUE])
    if name not in CLASSES:
        raise ValueError(f"{name} is no class of a frozen text")
    held = {key: _in(part, form) for key, part in told.items() if key != _NAME}
    if CLASSES[name] is figure_words.Figure:
        held["open_months"] = figure_words.OpenCount(*held.get("open_months", ()))
        held["flags"] = tuple(_flag(text, form) for text in held.get("flags", ()))
    if isinstance(waits := held.get("waits_for"), Bilingual):
        # Scores frozen before the kind was kept hold the sentence alone; an assessor may decide.
        held["waits_for"] = outcome.Waiting(outcome.WaitsFor.DECISION, waits)
    return CLASSES[name](**held)
