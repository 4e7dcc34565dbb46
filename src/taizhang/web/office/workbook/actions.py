"""Writes of forms of other offices: kept, described, mapped, filled and frozen, thrown away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePath

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from taizhang.core.base.invisible_sign import line_of, words_of
from taizhang.core.base.issue import Issue, Level, Refused
from taizhang.core.base.period import Period
from taizhang.core.base.yaml_source import MOST_BYTES as MOST_MAPPING
from taizhang.documents.workbook.mapping import (
    CellKind,
    WorkbookMapping,
    mapping_read,
    mapping_write,
)
from taizhang.documents.workbook.package import MOST_FILE
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append, write_lock
from taizhang.web.office.code import OfficeCode
from taizhang.web.office.models import FilledForm, OutsideForm
from taizhang.web.office.text_seal import seal, unseal
from taizhang.web.office.workbook.queries import (
    FilledBook,
    FillRequest,
    book_filled,
    book_proposed,
    source_json,
)

MAPPING_FILE = "mapping.yaml"


@dataclass(frozen=True, kw_only=True)
class FormMarks:
    """What the catalogue says of a form of another office."""

    title: str
    asked_by: str = ""
    basis: str = ""
    approval: str = ""
    duty: str = ""
    expires_on: date | None = None

    def clean(self) -> FormMarks:
        """Give them as lines without signs that nobody sees, as long as the table takes.

        :raises Refused: OFFICE_016
        """
        lengths = {"title": 200, "asked_by": 200, "basis": 300, "approval": 100, "duty": 200}
        told = {
            name: words_of(line_of(getattr(self, name)))[:most] for name, most in lengths.items()
        }
        if not told["title"]:
            raise Refused([Issue(OfficeCode.OFFICE_016)])
        return FormMarks(**told, expires_on=self.expires_on)


def form_keep(
    *,
    unit: str,
    marks: FormMarks,
    name: str = "",
    content: bytes = b"",
    acting_user: User,
    now: datetime,
) -> OutsideForm:
    """Keep a form of another office, its template sealed and mapped as the labels propose.

    Without a file it stands in the catalogue alone.

    :raises Refused: ACCESS_001, OFFICE_008, 016, WORKBOOK_001 to 010, 022
    """
    require(acting_user, "document.draft", unit)
    short = PurePath(name.replace("\\", "/")).name[:200]
    if not marks.title:
        marks = replace(marks, title=PurePath(short).stem)
    clean = marks.clean()
    if len(content) > MOST_FILE:
        facts = {"name": short, "size": len(content), "most": MOST_FILE}
        raise Refused([Issue(OfficeCode.OFFICE_008, facts=facts)])
    form = OutsideForm(unit=unit, name=short, kept_at=now, kept_by=acting_user)
    _mark(form, clean)
    if content:
        mapping, issues = book_proposed(content, short, now)
        if issues:
            raise Refused(issues)
        form.mapping = mapping_write(mapping, short)
        form.digest = hashlib.sha256(content).hexdigest()
        form.content = seal(content, form.digest)
    with transaction.atomic():
        form.save()
        _log("outside.keep", form, acting_user, now)
    return form


@transaction.atomic
def form_describe(
    *, number: int, marks: FormMarks, acting_user: User, now: datetime
) -> OutsideForm:
    """Write down what the catalogue says of a form.

    :raises Refused: ACCESS_001, OFFICE_015, 016
    """
    form = _locked(number, acting_user)
    _mark(form, marks.clean())
    form.edition += 1
    form.save()
    _log("outside.describe", form, acting_user, now)
    return form


def _mark(form: OutsideForm, marks: FormMarks) -> None:
    form.title, form.asked_by, form.basis = marks.title, marks.asked_by, marks.basis
    form.approval, form.duty, form.expires_on = marks.approval, marks.duty, marks.expires_on


@transaction.atomic
def form_map(
    *,
    number: int,
    edition: int,
    chosen: Mapping[int, str] | None = None,
    text: str | None = None,
    acting_user: User,
    now: datetime,
) -> OutsideForm:
    """Change the mapping of a form: figures chosen for cells, or the whole as text.

    :param chosen: by the cell's place in the mapping the key of its figure, '' for a person's word
    :param edition: what the person saw; who changed it meanwhile is not written over
    :raises Refused: ACCESS_001, OFFICE_015, 017, WORKBOOK_013, PACK_…
    """
    form = _locked(number, acting_user)
    if form.edition != edition:
        raise Refused([Issue(OfficeCode.OFFICE_017)])
    if text is not None:
        mapping, issues = mapping_read(text.encode()[: MOST_MAPPING + 1], MAPPING_FILE)
        if any(issue.level is Level.ERROR for issue in issues):
            raise Refused(issues)
        form.mapping = text
    else:
        mapping, _ = mapping_read(form.mapping.encode(), MAPPING_FILE)
        form.mapping = mapping_write(_chosen(mapping, chosen or {}), form.name)
    form.edition += 1
    form.save(update_fields=("mapping", "edition"))
    _log("outside.map", form, acting_user, now)
    return form


def _chosen(mapping: WorkbookMapping, chosen: Mapping[int, str]) -> WorkbookMapping:
    cells = list(mapping.cells)
    for at, key in chosen.items():
        if not 0 <= at < len(cells) or cells[at].kind not in (CellKind.FIGURE, CellKind.PERSON):
            continue
        cell = cells[at]
        if cell.name == key and cell.kind is CellKind.FIGURE:
            continue
        if key:
            cells[at] = replace(
                cell, kind=CellKind.FIGURE, name=key, confidence="", note="", filters=()
            )
        elif cell.kind is CellKind.FIGURE and not cell.is_list:
            person = {"kind": CellKind.PERSON, "name": cell.label or cell.name, "period": ""}
            cells[at] = replace(cell, confidence="", filters=(), part="value", **person)  # type: ignore[arg-type]
    return replace(mapping, cells=tuple(cells))


def form_fill(
    *, number: int, unit: str, period: Period, acting_user: User, now: datetime
) -> tuple[FilledForm, FilledBook]:
    """Fill a form for a unit and period and freeze it with its sources, numbered.

    :raises Refused: ACCESS_001, OFFICE_011, 015, and all that stands against filling; nothing is
        kept then
    """
    require(acting_user, "document.draft", unit)
    form = OutsideForm.objects.filter(pk=number, dropped_at=None).exclude(digest="").first()
    if form is None:
        raise Refused([Issue(OfficeCode.OFFICE_015)])
    mapping, issues = mapping_read(form.mapping.encode(), MAPPING_FILE)
    asked = FillRequest(
        data=unseal(bytes(form.content), form.digest),
        name=form.name,
        mapping=mapping,
        file=MAPPING_FILE,
        unit=unit,
        period=period,
    )
    book = book_filled(acting_user, asked, now)
    wrong = [issue for issue in (*issues, *book.issues) if issue.level is Level.ERROR]
    if wrong:
        raise Refused(wrong)
    digest = hashlib.sha256(book.data).hexdigest()
    with transaction.atomic():
        write_lock()
        last = form.filled.aggregate(last=Max("number"))["last"] or 0
        filled = FilledForm.objects.create(
            form=form,
            number=last + 1,
            unit=unit,
            first_month=period.first.number,
            last_month=period.last.number,
            as_of=timezone.localdate(now),
            content=seal(book.data, digest),
            digest=digest,
            sources=json.dumps([source_json(*source) for source in book.sources]),
            cells=book.filled,
            left=book.left,
            filled_at=now,
            filled_by=acting_user,
        )
        _log("outside.fill", form, acting_user, now, filled)
    return filled, book


@transaction.atomic
def form_drop(*, number: int, acting_user: User, now: datetime) -> None:
    """Take a form out of the catalogue; what was filled of it is kept.

    :raises Refused: ACCESS_001, OFFICE_015
    """
    form = _locked(number, acting_user)
    form.dropped_at = now
    form.save(update_fields=("dropped_at",))
    _log("outside.drop", form, acting_user, now)


def _locked(number: int, user: User) -> OutsideForm:
    """Lock a form.

    :raises Refused: OFFICE_015, ACCESS_001
    """
    form = OutsideForm.objects.select_for_update().filter(pk=number, dropped_at=None).first()
    if form is None:
        raise Refused([Issue(OfficeCode.OFFICE_015)])
    require(user, "document.draft", form.unit)
    return form


def _log(
    action: str, form: OutsideForm, user: User, now: datetime, filled: FilledForm | None = None
) -> None:
    frozen_now = [] if filled is None else [filled.pk]
    rows = {OutsideForm: [form.pk], FilledForm: frozen_now}
    audit_append(actor=user, action=action, objects=[str(form.pk)], rows=rows, now=now)
