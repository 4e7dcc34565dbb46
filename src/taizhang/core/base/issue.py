"""A message of the software about data: code, place, facts, remedy.

Every room declares its own messages as an ``Enum`` that inherits from :class:`Code`, beside the
code that raises them.  Core marks the English text for translation and never translates: the edge
(command line, page) passes its own ``translate``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum


def gettext_noop(text: str) -> str:
    """Mark ``text`` for translation without importing a translation library."""
    return text


class Marked(str):
    """A fact that is a marked text itself: it is translated together with its message."""


class Level(StrEnum):
    """How much an issue weighs."""

    ERROR = "error"
    FUTURE_ERROR = "future_error"  # will be an error in the next format version
    WARNING = "warning"


class Code(Enum):
    """Base of all message enums; a member's value is (sentence, remedy), both marked."""

    @property
    def sentence(self) -> str:
        """Give the English sentence that says what is wrong, with ``%(name)s`` facts."""
        return str(self.value[0])

    @property
    def remedy(self) -> str:
        """Give the English sentence that says what to do."""
        return str(self.value[1])


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issue was found: a file with line, or sheet, row and column (all 1-based)."""

    file: str = ""
    line: int | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        if self.line is not None:
            parts.append(str(self.line))
        text = ":".join(parts)
        cell = "/".join(str(p) for p in (self.sheet, self.row, self.column) if p is not None)
        return f"{text}[{cell}]" if cell else text or "-"


NOWHERE = Place()


def _same(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong or doubtful in data from outside."""

    code: Code
    place: Place = NOWHERE
    facts: Mapping[str, object] = field(default_factory=dict)
    level: Level = Level.ERROR

    def sentence(self, translate: Callable[[str], str] = _same) -> str:
        """Say what is wrong, in the language of ``translate``."""
        return translate(self.code.sentence) % self._facts(translate)

    def remedy(self, translate: Callable[[str], str] = _same) -> str:
        """Say what to do, in the language of ``translate``."""
        return translate(self.code.remedy) % self._facts(translate)

    def _facts(self, translate: Callable[[str], str]) -> Mapping[str, object]:
        return {
            name: translate(fact) if isinstance(fact, Marked) else fact
            for name, fact in self.facts.items()
        }

    def line(self, translate: Callable[[str], str] = _same, mark: str = "") -> str:
        """Give the one-line form of the command contract: ``CODE place: sentence remedy``.

        ``mark`` (错误：, Warning:) stands before the sentence and tells how much it weighs.
        """
        text = f"{self.sentence(translate)} {self.remedy(translate)}"
        gap = "" if not mark or mark.endswith("：") else " "
        return f"{self.code.name} {self.place}: {mark}{gap}{text}"

    def as_json(self, translate: Callable[[str], str] = _same) -> dict[str, object]:
        """Give the JSON shape of the command contract."""
        return {
            "code": self.code.name,
            "file": self.place.file or None,
            "line": self.place.line,
            "sheet": self.place.sheet,
            "row": self.place.row,
            "column": self.place.column,
            "level": self.level.value,
            "sentence": self.sentence(translate),
            "remedy": self.remedy(translate),
        }


class Refused(Exception):
    """Raised when data from outside cannot be taken; carries every issue found, never just one."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(issue.line() for issue in self.issues))


def errors(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Keep the issues that refuse the data (not warnings, not future errors)."""
    return tuple(issue for issue in issues if issue.level is Level.ERROR)
