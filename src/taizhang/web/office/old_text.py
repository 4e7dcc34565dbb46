"""Old texts read again whenever they are looked at; nothing of what was read is stored."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.pack.examine import examine, once
from taizhang.documents.pack_check.template_check import check_documents
from taizhang.reading.base.line import DocumentType
from taizhang.reading.read import Reading, read
from taizhang.reading.review.finding import Accepted, Action, Decision, Draft, Finding
from taizhang.reading.review.review import Shown, accepted, findings, shown
from taizhang.web.office.models import Review
from taizhang.web.office.text_seal import unseal

#: What may be said of a text where its content does not tell.
KINDS = ("plan", "summary", "selfcheck", "rubric", "notice")


def content_of(review: Review) -> bytes:
    """Open the sealed text of a review.

    :raises Refused: OFFICE_011
    """
    return unseal(bytes(review.content), review.digest)


def readings_of(review: Review) -> tuple[Reading, ...]:
    """Read the text of a review; the last few readings are kept in memory.

    :raises Refused: OFFICE_011, READING_…
    """
    return _kept(review).readings


def findings_of(review: Review, *, names: bool = False) -> Sequence[Finding]:
    """Give all findings of a review in the order of the text."""
    return _kept(review).findings(names)


def reading_keep(name: str, content: bytes) -> str:
    """Read a file, keep the reading in memory for the page that follows; give its digest.

    :raises Refused: READING_… where it cannot be read
    """
    digest = hashlib.sha256(content).hexdigest()
    _read(digest, "", name, _Opened(lambda: content))
    return digest


@dataclass
class _Kept:
    """One reading with its findings, made once each with and without names."""

    readings: tuple[Reading, ...]
    made: dict[bool, tuple[Finding, ...]] = field(default_factory=dict)

    def findings(self, names: bool) -> tuple[Finding, ...]:
        if names not in self.made:
            self.made[names] = tuple(findings(self.readings, names=names))
        return self.made[names]


@dataclass(frozen=True)
class _Opened:
    """Hands a text to the cache unopened: any of the same digest is as good as another."""

    open: Callable[[], bytes] = field(compare=False)


def _kept(review: Review) -> _Kept:
    return _read(review.digest, review.kind, review.name, _Opened(lambda: content_of(review)))


@lru_cache(maxsize=4)
def _read(digest: str, kind: str, name: str, opened: _Opened) -> _Kept:
    return _Kept(reading_of(name, opened.open(), kind))


def reading_of(name: str, content: bytes, kind: str = "") -> tuple[Reading, ...]:
    """Read the documents of a file.

    :param kind: one of :data:`KINDS`, '' to let the content tell
    :raises Refused: READING_… where it cannot be read
    """
    result = read([(name, content)], DocumentType(kind) if kind else None)
    if result.issues:
        raise Refused(result.issues)
    return result.readings


def lines_of(review: Review, *, names: bool = False) -> list[Shown]:
    """Give the lines of a review's text."""
    return shown(readings_of(review), names=names)


def decisions_of(review: Review) -> dict[str, Decision]:
    """Give what was decided on the findings of a review."""
    return {
        choice.finding: Decision(Action(choice.action), choice.fields)
        for choice in review.choices.all()
    }


def accepted_of(review: Review) -> Accepted:
    """Give what the decisions of a review leave; names of people stay masked.

    Decisions on findings of another reading (the kind of the text was changed since) count for
    nothing.
    """
    readings = readings_of(review)
    known = {finding.id for finding in findings_of(review)}
    decisions = {key: decision for key, decision in decisions_of(review).items() if key in known}
    return accepted(readings, decisions)


@dataclass(frozen=True)
class CheckedDraft:
    """A draft pack with what ``taizhang pack check`` says of it."""

    draft: Draft
    issues: tuple[Issue, ...]


def drafts_checked(drafts: Sequence[Draft]) -> list[CheckedDraft]:
    """Check draft packs as the command does, each in a folder that goes again."""
    return [CheckedDraft(draft, _check(draft.key, draft.files)) for draft in drafts]


def _check(key: str, files: Mapping[str, str]) -> tuple[Issue, ...]:
    with tempfile.TemporaryDirectory(prefix="taizhang-") as root:
        home = Path(root) / key
        for name, text in files.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        whole = examine(home)
        issues = whole.issues
        if whole.pack is not None:
            issues = once((*issues, *check_documents(whole.pack, whole.others)))
        return issues
