"""One thing that was read, as a person reviews it: where it stands and what it proposes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypedDict

from taizhang.core.base.issue import Issue


class FindingKind(StrEnum):
    """What was found."""

    FIGURE = "figure"
    TASK = "task"
    SECTION = "section"
    RULE = "rule"
    DOUBT = "doubt"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a finding stands: line of the file, and columns where they are known.

    ``clean_line`` is the number of the clean line that holds it (``line`` itself, or the first of
    the lines that the page had broken); columns are 0-based, the second one is behind the end.
    """

    line: int
    clean_line: int
    clean: tuple[int, int] | None = None
    original: tuple[int, int] | None = None

    def as_json(self) -> dict[str, object]:
        """Give the place as JSON."""
        return {
            "line": self.line,
            "clean_line": self.clean_line,
            "clean": list(self.clean) if self.clean else None,
            "original": list(self.original) if self.original else None,
        }


@dataclass(frozen=True)
class Finding:
    """One finding of a review; ``fields`` are what it proposes, and each may be corrected."""

    id: str
    kind: FindingKind
    #: which document it is of, counted from 0 over all files
    document: int
    place: Spot
    text: str
    fields: Mapping[str, object]
    #: names of people in the text or the fields are masked
    masked: bool = False
    #: the section of a rule; the figures that a doubt is about
    about: tuple[str, ...] = ()
    #: of a rule: section, bonus or penalty
    part: str = ""
    issue: Issue | None = field(default=None, compare=False)

    def as_json(self) -> dict[str, object]:
        """Give the finding as JSON; the words of an issue are the edge's own to translate."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "document": self.document,
            "place": self.place.as_json(),
            "text": self.text,
            "fields": dict(self.fields),
            "masked": self.masked,
            "about": list(self.about),
            "part": self.part or None,
            "code": self.issue.code.name if self.issue else None,
        }


class Action(StrEnum):
    """What a person decides on a finding."""

    ACCEPT = "accept"
    CORRECT = "correct"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on one finding; ``fields`` are those that a correction changes."""

    action: Action
    fields: Mapping[str, object] = field(default_factory=dict)


class BaselineRow(TypedDict):
    """One figure of a baseline: what was counted, how it is known, when, where it was read."""

    id: str
    what: str
    unit: str
    quantity: dict[str, object]
    period: str | None
    as_of: str | None
    every: str | None
    status: str
    file: str
    line: int
    text: str


@dataclass(frozen=True)
class Draft:
    """The draft pack of one document: path → text."""

    key: str
    title: str
    document: int
    files: Mapping[str, str]


@dataclass(frozen=True)
class Accepted:
    """What a review gives: the baseline, the drafts, what is undecided and what was wrong."""

    baseline: tuple[BaselineRow, ...]
    drafts: tuple[Draft, ...]
    undecided: tuple[str, ...]
    issues: tuple[Issue, ...]

    @property
    def files(self) -> dict[str, str]:
        """Give the files of all drafts; each in the folder of its key where there are several."""
        alone = len(self.drafts) == 1
        return {
            path if alone else f"{draft.key}/{path}": text
            for draft in self.drafts
            for path, text in draft.files.items()
        }


def finding_id(kind: FindingKind, *content: object) -> str:
    """Give the name of a finding: the same text read again gives the same one.

    :param content: JSON values: span of its document, place, text, fields
    """
    digest_source = json.dumps(
        [kind.value, *content], ensure_ascii=False, sort_keys=True, default=str
    )
    return hashlib.sha256(digest_source.encode()).hexdigest()[:16]
