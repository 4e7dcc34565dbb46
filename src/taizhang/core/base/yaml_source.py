"""YAML 1.2 as plain values that know their lines; what a pack does not need is refused.

Built on the parser's events, so that aliases cannot multiply, tags cannot construct anything, and
a key that stands twice is seen.  Numbers stay exact (``int`` or ``Decimal``); a number with leading
zeros is text, because codes and months look like that.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from taizhang.core.base.code import YamlCode
from taizhang.core.base.issue import Issue, Marked, Place, gettext_noop

MORE_DOCUMENTS = Marked(gettext_noop("it holds more than one document"))
TOO_DEEP = Marked(gettext_noop("it is nested too deeply"))
NO_PLAIN_KEY = Marked(gettext_noop("a key must be a plain text"))

#: The largest YAML file: reading costs about 3 s a megabyte.
MOST_BYTES = 500_000
MOST_DEPTH = 30

_WHOLE = re.compile(r"[-+]?(0|[1-9]\d{0,17})", re.ASCII)
_NUMBER = re.compile(r"[-+]?(0|[1-9]\d{0,17})\.\d{1,18}", re.ASCII)
_BLANK = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class YamlMap(dict[str, object]):
    """A mapping that knows its own line and the line of each key."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class YamlList(list[object]):
    """A list that knows its own line and the line of each entry."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def line_of(value: object, default: int | None = None) -> int | None:
    """Give the line where a mapping or list begins."""
    return value.line if isinstance(value, (YamlMap, YamlList)) else default


def read_yaml(data: bytes, file: str, first_line: int = 1) -> tuple[object, list[Issue]]:
    """Read one YAML document; ``None`` when it is blank or an issue forbids reading it.

    ``first_line`` is the line of the file on which ``data`` begins.
    """
    if len(data) > MOST_BYTES:
        facts = {"found": len(data), "most": MOST_BYTES}
        return None, [Issue(YamlCode.PACK_003, Place(file), facts)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [Issue(YamlCode.PACK_011, Place(file), {"byte": error.start})]
    reader = _Reader(file, first_line)
    try:
        value = reader.document(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = error.problem or error.context or ""
        why = why if isinstance(why, Marked) else " ".join(str(why).split())
        return None, [*reader.issues, reader.unreadable(why, mark.line if mark else None)]
    except YAMLError as error:  # a character that YAML forbids: no mark, only a position
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) if isinstance(position, int) else None
        why = " ".join(str(getattr(error, "reason", error)).split())
        return None, [reader.unreadable(why, line)]
    return value, reader.issues


class _Reader:
    """Builds values from parser events."""

    def __init__(self, file: str, first_line: int) -> None:
        self.file = file
        self.first_line = first_line
        self.issues: list[Issue] = []

    def unreadable(self, why: str, line: int | None) -> Issue:
        place = Place(self.file, None if line is None else line + self.first_line)
        return Issue(YamlCode.PACK_002, place, {"why": why})

    def document(self, events: Iterable[Any]) -> object:
        stream = iter(events)
        value: object = None
        documents = 0
        for event in stream:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    line = event.start_mark.line
                    self.issues.append(self.unreadable(MORE_DOCUMENTS, line))
                    return value
                value = self._value(next(stream), stream, 0)
        return value

    def _line(self, event: Any) -> int:
        return int(event.start_mark.line) + self.first_line

    def _value(self, event: Any, stream: Iterator[Any], depth: int) -> object:
        self._refuse(event)
        if isinstance(event, ScalarEvent):
            return scalar(event.value) if event.implicit[0] else event.value
        if depth > MOST_DEPTH:
            raise MarkedYAMLError(problem=TOO_DEEP, problem_mark=event.start_mark)
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, stream, depth)
        if isinstance(event, SequenceStartEvent):
            seq = YamlList(self._line(event))
            for inner in stream:
                if isinstance(inner, SequenceEndEvent):
                    break
                seq.lines.append(self._line(inner))
                seq.append(self._value(inner, stream, depth + 1))
            return seq
        return None

    def _mapping(self, event: Any, stream: Iterator[Any], depth: int) -> YamlMap:
        mapping = YamlMap(self._line(event))
        for inner in stream:
            if isinstance(inner, MappingEndEvent):
                break
            self._refuse(inner)
            if not isinstance(inner, ScalarEvent):
                raise MarkedYAMLError(problem=NO_PLAIN_KEY, problem_mark=inner.start_mark)
            key, line = str(inner.value), self._line(inner)
            value = self._value(next(stream), stream, depth + 1)
            if key in mapping:
                facts = {"key": key, "first": mapping.lines[key]}
                self.issues.append(Issue(YamlCode.PACK_005, Place(self.file, line), facts))
                continue
            mapping[key] = value
            mapping.lines[key] = line
        return mapping

    def _refuse(self, event: Any) -> None:
        refused = ""
        if isinstance(event, AliasEvent):
            refused = f"*{event.anchor}"
        elif getattr(event, "anchor", None):
            refused = f"&{event.anchor}"
        elif getattr(event, "tag", None) and str(event.tag) != "!":
            refused = str(event.tag)
        if refused:
            place = Place(self.file, self._line(event))
            self.issues.append(Issue(YamlCode.PACK_004, place, {"found": refused}))


def scalar(text: str) -> object:
    """Resolve a plain scalar by the YAML 1.2 core schema: ``no`` and dates are text."""
    if text in _BLANK:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    return text


def near(name: str, known: Iterable[str], most: int = 12) -> str:
    """Name the closest known spelling, or all known names where none is close."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, 1)
    return ", ".join(close or names[:most]) or "-"
