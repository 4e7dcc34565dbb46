"""Readers of values in a pack's files: texts, numbers, dates, choices, keys; others refused.

What is wrong becomes an issue at its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar, cast

from taizhang.core.base.invisible_sign import unseen
from taizhang.core.base.issue import Issue, Place
from taizhang.core.base.literal import day_of, whole_read
from taizhang.core.base.yaml_source import YamlList, YamlMap, line_of, near
from taizhang.core.definition.norm import LIMIT
from taizhang.core.pack.code import PackCode
from taizhang.core.pack.schema import PART_SCHEMAS, Key

KEY = re.compile(r"[a-z][a-z0-9_]*")

Table = dict[str, object]
T = TypeVar("T")


def value_of(table: Table, key: str, default: T) -> T:
    """Give a value that the shape has already typed, or what stands in for it."""
    return cast(T, table.get(key, default))


class WrongValue(ValueError):
    """Raised by a reader of values when a value is not of its type."""


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise WrongValue
    return str(value).strip()


def _filled(value: object) -> str:
    text = _text(value)
    if not text:
        raise WrongValue
    return text


def _number(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise WrongValue
    return Fraction(value)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise WrongValue
    return value


def _flag(value: object) -> bool:
    words = {"yes": True, "no": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in words:
        return words[value]
    raise WrongValue


def _date(value: object) -> date:
    try:
        return day_of(str(value))
    except ValueError:
        raise WrongValue from None


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, YamlList):
        raise WrongValue
    return tuple(_filled(text) for text in value)


def _text_or_texts(value: object) -> tuple[str, ...]:
    return _texts(value) if isinstance(value, YamlList) else (_filled(value),)


def _text_texts_or_words(value: object) -> tuple[str, ...] | dict[str, str]:
    return _words(value) if isinstance(value, YamlMap) else _text_or_texts(value)


def _words(value: object) -> dict[str, str]:
    if not isinstance(value, YamlMap):
        raise WrongValue
    return {key: _text(text) for key, text in value.items()}


def _numbers(value: object) -> dict[str, Fraction]:
    if not isinstance(value, YamlMap):
        raise WrongValue
    numbers = {key: _number(number) for key, number in value.items()}
    if any(number < 0 for number in numbers.values()):
        raise WrongValue
    return numbers


def _spread(value: object) -> str | tuple[int, ...]:
    if value in ("even", "at_end"):
        return str(value)
    if not isinstance(value, YamlList) or not value:
        raise WrongValue
    whole = tuple(_whole(whole_read(month) if isinstance(month, str) else month) for month in value)
    if not all(1 <= month <= 12 for month in whole) or len(set(whole)) < len(whole):
        raise WrongValue
    return tuple(sorted(whole))


def _spread_or_limit(value: object) -> str | tuple[int, ...]:
    return LIMIT if value == LIMIT else _spread(value)


def _mapping(value: object) -> YamlMap:
    if not isinstance(value, YamlMap):
        raise WrongValue
    return value


def _list(value: object) -> YamlList:
    if not isinstance(value, YamlList):
        raise WrongValue
    return value


def _any(value: object) -> object:
    return value


def _one_of(*choices: str) -> Callable[[object], str]:
    older = {word: today for word, today in OLDER_WORDS if today in choices}

    def read(value: object) -> str:
        text = _text(value)
        text = older.get(text, text)
        if text not in choices:
            raise WrongValue
        return text

    return read


def _key(value: object) -> str:
    text = _text(value)
    if not KEY.fullmatch(text):
        raise WrongValue
    return text


#: Words of packs written before, each with the one that says it today.
OLDER_WORDS = (("stock", "level"), ("stock", "place"))

CHOICES: Mapping[str, tuple[str, ...]] = {
    "event | level": ("event", "level"),
    "activity | place | service | person": ("activity", "place", "service", "person"),
    "sum | max | last": ("sum", "max", "last"),
    "current | audit | survey | historic": ("current", "audit", "survey", "historic"),
    "month | quarter | half | year": ("month", "quarter", "half", "year"),
    "month | quarter | half | year | any": ("month", "quarter", "half", "year", "any"),
    "blank | as_of": ("blank", "as_of"),
    "district | street | community | grid": ("district", "street", "community", "grid"),
    "merge | split | rename | recode": ("merge", "split", "rename", "recode"),
    "general | special": ("general", "special"),
    "计划 | 总结 | 自查报告 | 通报 | 请示 | 函 | 公示 | 通知 | 方案 | 报告": (
        "计划", "总结", "自查报告", "通报", "请示", "函", "公示", "通知", "方案", "报告",
    ),
}  # fmt: skip

READERS: Mapping[str, Callable[[object], object]] = {
    "text": _filled,
    "text or blank": _text,
    "key": _key,
    "number": _number,
    "whole number from 0": _whole,
    "true | false": _flag,
    "date": _date,
    "list of texts": _texts,
    "text | list of texts": _text_or_texts,
    "text | list of texts | mapping of texts": _text_texts_or_words,
    "mapping of texts": _words,
    "mapping of numbers from 0": _numbers,
    "even | at_end | list of months": _spread,
    "even | at_end | limit | list of months": _spread_or_limit,
    "formula": _filled,
    "expression": _filled,
    "mapping": _mapping,
    "list": _list,
    "anything": _any,
    **{name: _one_of(*choices) for name, choices in CHOICES.items()},
}

#: Names that stand in headings, tables and file names, on one line.
_NAMES = frozenset(("label", "title"))


@dataclass(slots=True)
class PackReader:
    """Reads mappings of one file by their shapes and gathers every issue with its line."""

    file: str
    issues: list[Issue]

    def say(self, code: PackCode, line: int | None, **facts: object) -> None:
        """Add an issue at a line of the file."""
        self.issues.append(Issue(code, Place(self.file, line), facts))

    def place(self, value: object, line: int | None = None) -> Place:
        """Give the place of a mapping or list."""
        return Place(self.file, line_of(value, line))

    def table(self, value: object, name: str, where: str, line: int | None) -> dict[str, object]:
        """Read one mapping by the shape ``name``; absent, blank and wrong keys are left out."""
        shape = PART_SCHEMAS[name]
        if not isinstance(value, YamlMap):
            self.say(
                PackCode.PACK_008, line, key=where, where=name, found=shown(value),
                wanted="mapping",
            )  # fmt: skip
            return {}
        values: dict[str, object] = {}
        for key, cell in value.items():
            at = value.lines[key]
            if key not in shape:
                known = near(key, shape, 20)
                self.say(PackCode.PACK_006, at, key=key, where=where, known=known)
            elif cell is not None:
                self._take(values, key, shape[key], cell, where, at)
        for key, rule in shape.items():
            if rule.required and value.get(key) is None:
                self.say(PackCode.PACK_007, value.line, key=key, where=where, wanted=rule.kind)
        return values

    def _take(
        self, values: dict[str, object], key: str, rule: Key, value: object, where: str, line: int
    ) -> None:
        try:
            values[key] = READERS[rule.kind](value)
            if key in _NAMES and (signs := unseen(str(value))):
                self.say(PackCode.PACK_020, line, key=key, where=where, signs=", ".join(signs))
        except WrongValue:
            facts = {"key": key, "where": where, "found": shown(value), "wanted": rule.kind}
            self.say(PackCode.PACK_008, line, **facts)

    def under(self, root: object, name: str) -> object:
        """Give what stands under ``name``, or the whole file where it begins at once."""
        if isinstance(root, YamlMap) and name not in root:
            return root
        return self.table(root, f"{name}.yaml", f"{name}.yaml", 1).get(name)

    def keyed(self, value: object, where: str, line: int | None) -> list[tuple[str, object, int]]:
        """Give (key, value, line) of a mapping of named things, whose keys must be ASCII."""
        if not isinstance(value, YamlMap):
            return []
        for key in value:
            if not KEY.fullmatch(key):
                self.say(PackCode.PACK_010, value.lines[key], key=key)
        return [(key, named, value.lines[key]) for key, named in value.items()]


def shown(value: object) -> str:
    """Show a value of a YAML file in a message."""
    if isinstance(value, YamlMap):
        return "mapping"
    if isinstance(value, YamlList):
        return "list"
    if value is None:
        return "blank"
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
