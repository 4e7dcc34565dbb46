"""The course of a document: drafted, its blanks filled, frozen as a version, thrown away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Period
from taizhang.documents.format import plain
from taizhang.documents.write import template_of
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append
from taizhang.web.base.archive_json import archive_digest, archive_text
from taizhang.web.office.blanks import blanks_open, filled
from taizhang.web.office.code import OfficeCode
from taizhang.web.office.document import document_of, without_issues
from taizhang.web.office.models import DocumentVersion, Draft
from taizhang.web.programmes.queries import programmes_on

#: Characters in one blank: a page of text.
LONGEST = 3_000
_KEY = re.compile(r"[0-9a-f]{12}-[0-9]{1,4}")
#: What neither XML nor paper can hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000\ue001\ud800-\udfff\ufffe\uffff]")


def draft_make(
    *,
    template: str,
    unit: str,
    period: Period,
    as_of: date | None = None,
    acting_user: User,
    now: datetime,
) -> Draft:
    """Draft a document of a unit for a period from a template of an installed pack.

    :param as_of: the day whose knowledge counts; without, what is known whenever it is shown
    :raises Refused: ACCESS_001, DOCUMENT_008, 011, 013 and what else the template says
    """
    require(acting_user, "document.draft", unit)
    programmes = programmes_on(timezone.localdate(now) if as_of is None else as_of)
    document_template = template_of(programmes, template)
    draft = Draft(
        template=document_template.key,
        pack_version=programmes.by_key[document_template.key.partition(".")[0]].version,
        unit=unit,
        first_month=period.first.number,
        last_month=period.last.number,
        as_of=as_of,
        drafted_at=now,
        drafted_by=acting_user,
        changed_at=now,
    )
    draft.title = plain(document_of(draft, now).head.title)[:300]
    with transaction.atomic():
        draft.save()
        _log("document.draft", draft, acting_user, now)
    return draft


@transaction.atomic
def draft_fill(
    *,
    number: int,
    words: Mapping[str, str],
    seen: Mapping[str, str] | None = None,
    acting_user: User,
    now: datetime,
) -> Draft:
    """Write words into blanks of a draft, by their keys; '' empties a blank.

    :param seen: the mark (:func:`mark`) of what the person saw in each blank.  A blank that they
        left as it was keeps what somebody else wrote meanwhile; one that both changed refuses
        theirs.  Without, their words stand.
    :raises Refused: ACCESS_001, OFFICE_001 to 003
    """
    draft = _locked(number, "document.draft", acting_user)
    clean = {
        key: _CONTROL.sub("", text.replace("\r\n", "\n")).strip()
        for key, text in words.items()
        if _KEY.fullmatch(key)
    }
    issues = [
        Issue(OfficeCode.OFFICE_002, facts={"prompt": key, "found": len(text), "most": LONGEST})
        for key, text in clean.items()
        if len(text) > LONGEST
    ]
    if seen is not None:
        clean = {key: text for key, text in clean.items() if mark(text) != seen.get(key)}
        mine = draft.changed_by_id in (None, acting_user.pk)  # a page saves while one still types
        if not mine and any(
            _lost(draft.filled.get(key, ""), clean[key], seen, key) for key in clean
        ):
            issues.append(Issue(OfficeCode.OFFICE_003))
    if issues:
        raise Refused(issues)
    held = {**draft.filled, **clean}
    after = {key: text for key, text in held.items() if text}
    if after == draft.filled:
        return draft
    draft.filled = after
    draft.edition += 1
    draft.changed_at, draft.changed_by = now, acting_user
    draft.save(update_fields=("filled", "edition", "changed_at", "changed_by"))
    _log("document.fill", draft, acting_user, now)
    return draft


def mark(text: str) -> str:
    """Give a short mark of what stands in a blank, to tell whether it was changed."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _lost(held: str, typed: str, seen: Mapping[str, str], key: str) -> bool:
    """Say whether writing ``typed`` would destroy words that the person never saw."""
    return held != typed and mark(held) != seen.get(key, mark(""))


def document_freeze(
    *,
    number: int,
    leave_open: bool = False,
    note: str = "",
    acting_user: User,
    now: datetime,
) -> DocumentVersion:
    """Freeze a draft as it reads now; later figures do not change it.

    :param leave_open: freeze although blanks are not filled; they stay marked
    :raises Refused: ACCESS_001, OFFICE_001, 004 and what the template says
    """
    with transaction.atomic():
        draft = _locked(number, "document.freeze", acting_user)
    # Written outside the transaction: it must not keep others from writing meanwhile.
    blank = document_of(draft, now)
    places = blanks_open(blank, draft.filled)
    if places and not leave_open:
        facts = {"prompts": "；".join(place.prompt for place in places)}
        raise Refused([Issue(OfficeCode.OFFICE_004, facts=facts)])
    document = without_issues(filled(blank, draft.filled))
    text = archive_text(document)
    with transaction.atomic():
        again = _locked(number, "document.freeze", acting_user)
        if again.edition != draft.edition:
            raise Refused([Issue(OfficeCode.OFFICE_003)])
        last = again.versions.aggregate(last=Max("number"))["last"] or 0
        version = DocumentVersion.objects.create(
            draft=again,
            number=last + 1,
            title=plain(document.head.title)[:300],
            as_of=document.head.as_of or timezone.localdate(now),
            content=text,
            digest=archive_digest(text),
            blanks=len(places),
            note=" ".join(note.split())[:500],
            frozen_at=now,
            frozen_by=acting_user,
        )
        again.title = version.title
        again.changed_at = now
        again.save(update_fields=("title", "changed_at"))
        _log("document.freeze", again, acting_user, now, version)
    return version


@transaction.atomic
def draft_drop(*, number: int, acting_user: User, now: datetime) -> None:
    """Throw a draft away that was never frozen; it is kept, and shown nowhere.

    :raises Refused: ACCESS_001, OFFICE_001, 012
    """
    draft = _locked(number, "document.draft", acting_user)
    if draft.versions.exists():
        raise Refused([Issue(OfficeCode.OFFICE_012)])
    draft.dropped_at = now
    draft.filled = {}
    draft.save(update_fields=("dropped_at", "filled"))
    _log("document.drop", draft, acting_user, now)


def _locked(number: int, action: str, user: User) -> Draft:
    """Lock a draft.

    :raises Refused: OFFICE_001, ACCESS_001
    """
    rows = Draft.objects.select_for_update().filter(pk=number, dropped_at__isnull=True)
    draft = rows.first()
    if draft is None:
        raise Refused([Issue(OfficeCode.OFFICE_001)])
    require(user, action, draft.unit)
    return draft


def _log(
    action: str, draft: Draft, user: User, now: datetime, version: DocumentVersion | None = None
) -> None:
    frozen_now = [] if version is None else [version.pk]
    rows = {Draft: [draft.pk], DocumentVersion: frozen_now}
    audit_append(actor=user, action=action, objects=[str(draft.pk)], rows=rows, now=now)
