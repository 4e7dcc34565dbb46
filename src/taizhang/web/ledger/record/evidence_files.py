"""The files of evidence held to their rows: each picture is there and opens, and no other is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from taizhang.core.base.issue import Issue, Level, Place, Refused
from taizhang.web.audit.code import SealedRowsCode
from taizhang.web.base.media import media_files
from taizhang.web.ledger.code import EvidenceCode
from taizhang.web.ledger.models import Evidence
from taizhang.web.ledger.record.evidence import evidence_path, evidence_read

_DIGEST = re.compile(r"[0-9a-f]{64}")
#: uid of the record, size of the picture, row of the log.
_Row = tuple[str, int, int | None]


class Pictures:
    """All pictures of the ledger, as their rows named them at one moment."""

    def __init__(self) -> None:
        self._rows: dict[str, list[_Row]] = defaultdict(list)
        told = ("digest", "record__uid", "size", "logged")
        for digest, *row in Evidence.objects.order_by("pk").values_list(*told).iterator(5000):
            self._rows[digest].append((row[0], row[1], row[2]))
        self.total = len(self._rows)

    def issues(self, step: Callable[[], None]) -> Iterator[Issue]:
        """Open each picture once, whatever number of records it is attached to; then the strays."""
        is_open = not settings.TAIZHANG_INSTANCE.key_issues()
        for digest, rows in self._rows.items():
            yield from _picture(digest, rows) if is_open else _there(digest, rows)
            step()
        yield from self._strays(is_open)

    def _strays(self, is_open: bool) -> Iterator[Issue]:
        """Tell of files that no row names.

        A picture is written before its row, so that one may lie there without: while its write is
        under way, or for ever where that was broken off.  It does no harm, and is only a warning.
        """
        root = Path(settings.MEDIA_ROOT)
        known = {evidence_path(digest) for digest in self._rows if _DIGEST.fullmatch(digest)}
        for file in media_files(root):
            if file in known or not file.exists() or _is_named(file):
                continue
            place = Place(file.relative_to(root.parent).as_posix())
            if _DIGEST.fullmatch(file.name.partition(".")[0]) and _is_left(file, is_open):
                yield Issue(EvidenceCode.EVIDENCE_008, place, level=Level.WARNING)
            else:
                yield Issue(EvidenceCode.EVIDENCE_007, place)


def _picture(digest: str, rows: list[_Row]) -> Iterator[Issue]:
    try:
        size = len(evidence_read(digest))
    except Refused:
        there = [*_there(digest, rows)]
        yield from there or [_told(EvidenceCode.EVIDENCE_006, digest, rows[0])]
        return
    for uid, told, logged in rows:
        if told != size:
            name = f"{uid} {digest[:12]}"
            facts = {"id": name, "table": Evidence._meta.db_table, "row": logged or 0}
            yield Issue(SealedRowsCode.AUDIT_008, Place(Evidence._meta.db_table), facts)


def _there(digest: str, rows: list[_Row]) -> Iterator[Issue]:
    if not _DIGEST.fullmatch(digest) or not evidence_path(digest).is_file():
        yield _told(EvidenceCode.EVIDENCE_005, digest, rows[0])


def _told(code: EvidenceCode, digest: str, row: _Row) -> Issue:
    place = Place(f"media/evidence/{digest[:2]}/{digest}")
    return Issue(code, place, {"digest": digest[:12], "uid": row[0]})


def _is_named(file: Path) -> bool:
    """Say whether a row names the file by now: its write ended while files were being opened."""
    return evidence_path(file.name) == file and Evidence.objects.filter(digest=file.name).exists()


def _is_left(file: Path, is_open: bool) -> bool:
    """Say whether a file is what a write of ours left: a draft, or a picture that opens."""
    if "." in file.name:
        return evidence_path(file.name.partition(".")[0]).parent == file.parent
    if evidence_path(file.name) != file:
        return False
    try:
        return not is_open or bool(evidence_read(file.name))
    except Refused:
        return False
