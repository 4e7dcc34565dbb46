"""Documents of drafts and versions: written, read back, compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher

from taizhang.core.base.figure import Figure
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Period
from taizhang.core.book import Book
from taizhang.documents.format import format_number, plain
from taizhang.documents.tree import Document, Number, blocks_of, texts_of
from taizhang.documents.write import write
from taizhang.web.accounts.queries import instance
from taizhang.web.assess.queries import with_answers
from taizhang.web.base.archive_json import archive_digest, archive_read
from taizhang.web.base.cache import AnswerCache
from taizhang.web.base.moment import one_moment
from taizhang.web.ledger.open_book import open_book
from taizhang.web.office.code import OfficeCode
from taizhang.web.office.models import DocumentVersion, Draft


def document_of(draft: Draft, now: datetime) -> Document:
    """Write a draft from the ledger as it is now, its blanks still blank.

    :raises Refused: with every error of the template, the unit or the period
    """
    with one_moment():
        book = open_book(as_of=draft.as_of, now=now)
        return document_cached(book, draft.template, draft.unit, draft.period)


def document_cached(book: Book, template: str, unit: str, period: Period) -> Document:
    """Write a document, or give the one that was written since the ledger last changed.

    A score in it is that of every other page: decisions and appeals count.

    That of a district takes a second or two, and a page, its saved blanks and its files all ask
    for the same one.  To be called inside ``one_moment``.

    :raises Refused: with every error of the template, the unit or the period
    """
    decided = with_answers(book)
    keep = AnswerCache(book.today, book.as_of, book.tree)
    return keep(
        "document",
        template,
        unit,
        str(period),
        book.language,
        compute=lambda: write(decided, template, unit, period, synthetic=instance().synthetic),
    )


def document_frozen(version: DocumentVersion) -> Document:
    """Read a frozen document.

    :raises Refused: OFFICE_005 when its text does not fit its digest
    """
    if archive_digest(version.content) != version.digest:
        raise Refused([Issue(OfficeCode.OFFICE_005, facts={"number": version.number})])
    document = archive_read(version.content)
    if not isinstance(document, Document):
        raise TypeError(f"version {version.pk} holds no document")
    return document


def without_issues(document: Document) -> Document:
    """Give the document as it is frozen: what its writer should mend is no part of it."""
    return replace(document, issues=())


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number that would be another one today."""

    label: str
    unit_name: str
    then: str
    now: str
    figure: Figure


def number_changes(frozen: Document, today: Document) -> list[NumberChange]:
    """Name the numbers of a frozen document that the ledger would give otherwise today."""
    fresh = {_place(number): number for number in today.numbers}
    others = []
    for number in frozen.numbers:
        other = fresh.get(_place(number))
        then, now = _text(number), "—" if other is None else _text(other)
        if then != now:
            figure = number.figure
            others.append(NumberChange(figure.label, figure.unit_name, then, now, figure))
    return others


def _place(number: Number) -> tuple[object, ...]:
    figure = number.figure
    return (figure.key, figure.unit_code, figure.period, figure.bucket, figure.label)


def _text(number: Number) -> str:
    return replace(format_number(number), mark="").text


def lines_of(document: Document) -> Iterator[str]:
    """Give the text of a document line by line, a table row as one line; no annex of numbers."""
    yield plain(document.head.title)
    if document.head.addressee:
        yield f"{plain(document.head.addressee)}："
    annexes = tuple(annex for annex in document.annexes if annex.kind != "numbers")
    for block in blocks_of((*document.blocks, *annexes)):
        numbering = getattr(block, "numbering", "")
        rows = getattr(block, "rows", None)
        if rows is not None:
            yield from (" | ".join(plain(cell) for cell in row) for row in rows)
            continue
        for inlines in texts_of(block):
            if line := f"{numbering}{plain(inlines)}":
                yield line


@dataclass(frozen=True, slots=True)
class LinePair:
    """Two lines side by side; both are given where they differ or are the same."""

    left: str
    right: str
    same: bool


def side_by_side(left: Sequence[str], right: Sequence[str]) -> list[LinePair]:
    """Put two texts beside each other, line by line."""
    rows: list[LinePair] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [LinePair(line, line, True) for line in left[a:b]]
            continue
        ones, others = left[a:b], right[c:d]
        for index in range(max(len(ones), len(others))):
            rows.append(
                LinePair(
                    ones[index] if index < len(ones) else "",
                    others[index] if index < len(others) else "",
                    False,
                )
            )
    return rows


def pairs_around_changes(rows: Sequence[LinePair]) -> list[LinePair]:
    """Keep the lines that differ and the one before and after each."""
    near = {at + step for at, row in enumerate(rows) if not row.same for step in (-1, 0, 1)}
    return [row for at, row in enumerate(rows) if at in near]
