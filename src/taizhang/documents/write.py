"""Writing a document: a Book, a template, a unit, a period → a tree."""

from __future__ import annotations

from dataclasses import replace

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Period
from taizhang.core.book import Book
from taizhang.core.definition.pack import DocumentTemplate
from taizhang.core.definition.programme import Programmes, UnknownName
from taizhang.documents.code import DocumentCode
from taizhang.documents.render.layout import misfits
from taizhang.documents.render.text import to_text
from taizhang.documents.template.book_source import BookSource, subject_of, tree_day
from taizhang.documents.template.composition import compose
from taizhang.documents.tree import Document


def write(
    book: Book,
    template: DocumentTemplate | str,
    unit: str,
    period: Period,
    *,
    synthetic: bool = False,
) -> Document:
    """Write a document of a unit for a period.

    ``template`` is a template or its key (as :func:`template_of`).  ``synthetic`` marks every page.
    Warnings (too long, a table too wide) are in ``Document.issues``.

    :raises Refused: with every error of the template, the unit or the period
    """
    chosen = template_of(book.programmes, template) if isinstance(template, str) else template
    subject = subject_of(book, unit, period)
    if subject is None:
        facts = {"unit": unit, "day": tree_day(book, period).isoformat()}
        raise Refused([Issue(DocumentCode.DOCUMENT_013, facts=facts)])
    source = BookSource(book, unit, chosen.key.partition(".")[0])
    document = compose(chosen, source, subject, synthetic=synthetic)
    return replace(document, issues=(*document.issues, *misfits(document.blocks)))


def text_of(book: Book, template: str, unit: str, period: Period) -> str:
    """Write a document and give its text, for the tests of packs.

    :raises Refused: as :func:`write`
    """
    return to_text(write(book, template, unit, period))


def template_of(programmes: Programmes, name: str) -> DocumentTemplate:
    """Find a template by its key; a bare one means that of the pack installed first.

    :raises Refused: if there is none
    """
    try:
        return programmes.document(name)
    except UnknownName:
        facts = {"name": name, "allowed": ", ".join(sorted(programmes.documents))}
        raise Refused([Issue(DocumentCode.DOCUMENT_011, facts=facts)]) from None
