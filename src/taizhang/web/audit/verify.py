"""Reads of the log: its head, and whether it is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection

from taizhang.core.base.issue import Issue, Place
from taizhang.web.audit import chain, snapshot
from taizhang.web.audit.actions import audit_key
from taizhang.web.audit.code import AuditCode
from taizhang.web.audit.models import Head
from taizhang.web.audit.schema import schema_compare
from taizhang.web.audit.sealed_files import SealedFiles, sealed_files_issues, sealed_files_now
from taizhang.web.audit.sealed_rows import Comparison
from taizhang.web.base.moment import Tell, one_moment, untold

#: Where issues of the log are: its table, and the row's number as the line.
LOG = "audit_entry"
_CHUNK = 5_000
_TOLD = 100  # steps between two words of how far it is


@dataclass(frozen=True, slots=True)
class Outside:
    """A head that was kept outside the instance."""

    count: int
    digest: str


def head() -> Outside:
    """Give the head of the log: how many rows, and the hash of the last."""
    stored = Head.objects.filter(pk=1).first()
    return Outside(0, chain.START) if stored is None else Outside(stored.count, stored.digest)


def outside_read(text: str) -> Outside | Issue:
    """Read ``COUNT:DIGEST`` or ``COUNT DIGEST``; AUDIT_007 when it is neither."""
    match = re.fullmatch(r"\s*([0-9]{1,18})[:\s]\s*([0-9a-f]{64})\s*", text)
    if match is None:
        return Issue(AuditCode.AUDIT_007, facts={"text": text})
    return Outside(int(match[1]), match[2])


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying the log found."""

    count: int  # rows of the log
    issues: tuple[Issue, ...]
    uncovered: int  # stored rows from before such rows named the log: only counted
    opened: int  # files and sealed texts that were to be opened
    closed: tuple[Issue, ...]  # those of the issues that speak of them, and of missing keys


def verify(outside: Outside | None = None, tell: Tell = untold) -> Verified:
    """Walk the whole log, the rows that it covers, and what lies sealed; tell all that is wrong.

    Everything is read at one moment beside the writers, none of whom waits; files are opened after
    it, since none is ever written over.

    :param outside: a head kept outside; with it, a cut-off end and a roll-back are found too
    :param tell: is told how many rows of the log and files were gone through, of how many
    :raises Refused: INSTANCE_005 or 014 when the key of the log is missing or none
    """
    walk = _Walk(audit_key(), outside)
    issues: list[Issue] = []
    uncovered = opened = 0
    kept_sealed: list[SealedFiles] = []
    steps = _Steps(tell)
    with one_moment():
        schema = schema_compare()
        issues += schema.issues
        if schema.is_readable:
            kept_sealed = sealed_files_now()
            opened = sum(some.total for some in kept_sealed)
            differences, uncovered = _compare(walk, steps, opened)
            issues += differences
    closed = (*settings.TAIZHANG_INSTANCE.key_issues(), *sealed_files_issues(kept_sealed, steps))
    return Verified(walk.count, (*issues, *closed), uncovered, opened, closed)


def _compare(walk: _Walk, steps: _Steps, opened: int) -> tuple[list[Issue], int]:
    """Walk the log and hold what is stored to it; give the issues, and how many rows are older."""
    stored = head()
    steps.total = stored.count + opened
    try:
        compared = Comparison(walk.key)
        for row, hashed in _rows():
            walk.step(row, hashed)
            compared.step(row)
            steps()
        issues = walk.end(stored)
        more, uncovered = compared.end(snapshot.faults(walk.key))
    except (DatabaseError, ValueError, TypeError, ArithmeticError, AttributeError) as error:
        # A text where a date belongs: whoever wrote it must not stop the others being told.
        why = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(".")
        return [*walk.issues, Issue(AuditCode.AUDIT_018, facts={"why": why})], 0
    return [*issues, *more], uncovered


class _Steps:
    """Counts steps and tells of them now and then."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._done = tell, 0
        self.total = 0

    def __call__(self) -> None:
        self._done += 1
        if self._done % _TOLD == 0:
            self._tell(min(self._done, self.total), self.total)


def _rows() -> Iterator[tuple[chain.Row, str]]:
    """Read the table as it is: a hundred thousand rows in half the time that objects take."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequence, at, actor, action, objects, count, digest, previous, linked, hash "
            "FROM audit_entry ORDER BY sequence"
        )
        while rows := cursor.fetchmany(_CHUNK):
            for *parts, linked, hashed in rows:
                yield chain.Row._make((*parts, bool(linked))), hashed


class _Walk:
    """One walk over the log; neighbouring rows with the same fault are one issue."""

    def __init__(self, key: bytes, kept: Outside | None) -> None:
        self.key = key
        self.kept = kept
        self.count = 0  # number of the last row seen
        self.hash = chain.START
        self.issues: list[Issue] = []
        self.changed: list[int] = []

    def step(self, row: chain.Row, stored: str) -> None:
        sequence, previous = row.sequence, row.previous
        is_sound = chain.row_hash(self.key, row) == stored
        if sequence != self.count + 1:
            self._flush()
            self._tell(AuditCode.AUDIT_002, sequence, first=self.count + 1, last=sequence - 1)
        elif is_sound and previous != self.hash and self.count not in self.changed[-1:]:
            self._tell(AuditCode.AUDIT_003, sequence, last=sequence)
        if not is_sound:
            self.changed.append(sequence)
        else:
            self._flush()
        if self.kept and self.kept.count == sequence and self.kept.digest != stored:
            self._tell(AuditCode.AUDIT_006, sequence, wanted=sequence)
        self.count, self.hash = sequence, stored

    def _flush(self) -> None:
        if self.changed:
            first, last = self.changed[0], self.changed[-1]
            self._tell(AuditCode.AUDIT_001, first, first=first, last=last)
            self.changed = []

    def _tell(self, code: AuditCode, line: int, **facts: object) -> None:
        self.issues.append(Issue(code, Place(LOG, line), facts))

    def end(self, stored: Outside) -> list[Issue]:
        """Compare the end with the stored head and the one kept outside."""
        self._flush()
        if stored != Outside(self.count, self.hash):
            facts = {"found": self.count, "wanted": stored.count}
            self._tell(AuditCode.AUDIT_004, self.count, **facts)
        if self.kept and self.kept.count > self.count:
            facts = {"found": self.count, "wanted": self.kept.count}
            self._tell(AuditCode.AUDIT_005, self.count, **facts)
        return self.issues
