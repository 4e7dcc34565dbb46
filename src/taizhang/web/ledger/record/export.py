"""The export of records: header and rows of the list as a file, a column for each question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from taizhang.core.definition.programme import Programmes
from taizhang.core.form import Field, Form
from taizhang.core.unit.tree import Tree
from taizhang.web.ledger.models import Record, Review
from taizhang.web.ledger.record.present import answer_text, labels_of, unit_named

#: The same question in two versions of a form: its path and its type.
Column = tuple[str, str]


def export_rows(
    records: Sequence[Record], form: str, programmes: Programmes, tree: Tree
) -> tuple[list[str], list[list[str | int | None]]]:
    """Give header and rows of the list as a file; with one form, a column for each question.

    Each record is told in the words of its own version.  The questions of the version in force
    come first, then those that only earlier versions asked.

    :param form: qualified key, '' for all
    """
    columns = _columns(records, form, programmes) if form else {}
    header = [_("Date"), _("Unit code"), _("Unit"), _("Form"), _("Record"), _("Review")]
    header += [_("Accepted at"), *columns.values()]
    words = _Words(programmes)
    reviews = {kind: str(label) for kind, label in Review.Kind.choices}
    units = {code: unit_named(tree, code) for code in {record.unit for record in records}}
    zone = timezone.get_current_timezone()
    rows = []
    for record in records:
        shown = programmes.form_in(record.form, record.pack_version)
        title = shown.title if shown is not None else record.form
        line: list[str | int | None] = [
            record.date.isoformat(),
            record.unit,
            units[record.unit],
            title,
            record.uid,
            reviews.get(getattr(record, "review", None) or "", ""),
            record.accepted_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        ]
        if columns:
            line += words.cells(record, columns)
        rows.append(line)
    return header, rows


def _columns(records: Sequence[Record], form: str, programmes: Programmes) -> dict[Column, str]:
    """Name the questions of a form: of the version in force, then of those that records bear."""
    used = {record.pack_version for record in records if record.form == form}
    columns: dict[Column, str] = {}
    for at, (version, asking) in enumerate(programmes.forms_ever(form)):
        now = at == 0 and form in programmes.forms
        if not now and version not in used:
            continue
        for column, field in _asked(asking).items():
            label = field.label or field.name
            header = label if now else _("%(label)s (earlier version)") % {"label": label}
            columns.setdefault(column, header)
    return columns


def _asked(form: Form) -> dict[Column, Field]:
    return {
        (field.name, field.type): field
        for field in form.fields
        if field.type != "note" and not field.repeat
    }


class _Words:
    """Answers in the words of the version that each record was filled in with, read once each."""

    def __init__(self, programmes: Programmes) -> None:
        self._programmes = programmes
        self._labels: dict[tuple[str, str], dict[Column, Mapping[str, str]]] = {}

    def cells(self, record: Record, columns: Iterable[Column]) -> Iterator[str | int | None]:
        """Give the answers of a record to the questions of a list, empty where it has none."""
        version = record.form, record.pack_version
        if version not in self._labels:
            form = self._programmes.form_in(*version)
            asked = _asked(form) if form is not None else {}
            self._labels[version] = {column: labels_of(field) for column, field in asked.items()}
        labels, answers = self._labels[version], json.loads(record.answers)
        for column in columns:
            value = answers.get(column[0]) if column in labels else None
            if value is None or value == "" or isinstance(value, int):
                yield None if value == "" else value
            else:
                yield answer_text(labels[column], value)
