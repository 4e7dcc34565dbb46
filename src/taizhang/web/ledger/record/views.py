"""Pages of records: the list, one record with what it counted for, its review, its archive file."""

from __future__ import annotations

import io
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Min
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from PIL import Image

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Month, Period
from taizhang.core.definition.programme import Programmes
from taizhang.documents.render.renderers import renderer_for
from taizhang.web.accounts.access import may
from taizhang.web.accounts.models import User
from taizhang.web.accounts.permission import Request, issues_shown, page, period_read
from taizhang.web.accounts.queries import instance
from taizhang.web.base.export import FORMATS, table_file
from taizhang.web.base.wording import period_choices
from taizhang.web.ledger.access import credits_waiting, evidence_for, records_for
from taizhang.web.ledger.code import EvidenceCode
from taizhang.web.ledger.models import Evidence, Review
from taizhang.web.ledger.queries import RecordDetail, record_show
from taizhang.web.ledger.record import listing
from taizhang.web.ledger.record.archive_document import archive_document
from taizhang.web.ledger.record.credit import credit_rows, credits_shown
from taizhang.web.ledger.record.credit_actions import credit_confirm, credit_refuse
from taizhang.web.ledger.record.evidence import evidence_read
from taizhang.web.ledger.record.export import export_rows
from taizhang.web.ledger.record.present import (
    answers_shown,
    blanks_named,
    counted_for,
    facts_shown,
    pictures_named,
    unit_named,
)
from taizhang.web.ledger.record.review import BY_REVIEWER, OPEN, credited_of, with_review
from taizhang.web.ledger.record.review_actions import record_review, review_answer
from taizhang.web.ledger.record.revisions import (
    reviews_upto,
    revisions_compared,
    revisions_of,
)
from taizhang.web.ledger.record.things import RecordAnswers, ThingNames
from taizhang.web.ledger.registry import asides_of
from taizhang.web.programmes.admission import admissions
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import history

PER_PAGE = 40
#: So many records leave as one file at most; the page says so where there are more.
MOST_EXPORTED = 10_000
#: So many are listed at most; to turn over more pages than these is no way to find a record.
MOST_LISTED = 20_000
THUMBNAIL = 360  # pixels of the longer side


def _wanted(request: Request) -> listing.ListFilter:
    text = request.GET.get("period", "")
    return listing.ListFilter(
        unit=request.GET.get("unit", ""),
        form=request.GET.get("form", ""),
        period=period_read(text) if text else None,
        state=request.GET.get("state", ""),
        mine=request.GET.get("mine") == "1",
        words=request.GET.get("q", "").strip()[:100],
    )


@page("record.read", unit="any")
def records(request: Request) -> HttpResponse:
    """List the records of one's units, filtered and searched; as a page, XLSX or CSV."""
    wanted = _wanted(request)
    today = timezone.localdate(request.now)
    programmes = programmes_on(today)
    tree = history().tree(today)
    matching = listing.records_found(request.user, wanted, request.now, programmes)
    kind = request.GET.get("as", "")
    if kind in FORMATS:
        records = [*with_review(matching)[:MOST_EXPORTED]]
        header, rows = export_rows(records, wanted.form, programmes, tree)
        return table_file(kind, gettext("Records"), header, rows)
    keys = Paginator(matching.values_list("pk", flat=True)[:MOST_LISTED], PER_PAGE)
    paged = keys.get_page(request.GET.get("page"))
    query = wanted.query()
    context = {
        "wanted": wanted,
        "paged": paged,
        "rows": listing.rows_of(listing.records_with_review(list(paged)), programmes, tree),
        "query": f"{query}&" if query else "",
        "packs": [(pack.label, pack.forms.values()) for pack in programmes.packs if pack.forms],
        "units": listing.units_reached(request.user, tree),
        "years": period_choices(
            _years(request.user, request.now), wanted.period or Period(_NONE, _NONE)
        ),
        "states": _states(),
        "waiting": credits_waiting(request.user, request.now).count(),
        "most": MOST_EXPORTED,
        "listed": MOST_LISTED,
    }
    return render(request, "ledger/records.html", context)


_NONE = Month(1, 1)  # no period is chosen


def _states() -> list[tuple[str, str]]:
    return [
        (listing.UNREVIEWED, gettext("Not reviewed")),
        *((value, str(label)) for value, label in Review.Kind.choices),
        (listing.CREDITED, gettext("Written by other units, credited to ours")),
        (listing.CORRECTED, gettext("Corrected since")),
        (listing.WITHDRAWN, gettext("Withdrawn")),
    ]


def _years(user: User, now: datetime) -> list[int]:
    today = timezone.localdate(now)
    first = records_for(user, now).aggregate(first=Min("date"))["first"] or today
    return [*range(min(first.year, today.year), today.year + 1)]


@page("record.read", unit="any")
def record_page(request: Request, uid: str) -> HttpResponse:
    """Show a record: answers, what it counted for, revisions, evidence, review."""
    detail = record_show(acting_user=request.user, uid=uid, now=request.now)
    return _record_page(request, detail)


def _record_page(
    request: Request, detail: RecordDetail, refused: Refused | None = None
) -> HttpResponse:
    record, user = detail.record, request.user
    programmes = programmes_on(timezone.localdate(request.now))
    tree = history().tree(timezone.localdate(request.now))
    form = programmes.form_in(record.form, record.pack_version)
    chain = revisions_of(user, record, request.now)
    told = RecordAnswers(form, detail.answers, record.unit, record.date)
    names = ThingNames([told], tree.day)
    facts = facts_shown(detail.facts, programmes, tree)
    reviews = reviews_upto(record, chain)
    credit = credited_of(user, record, request.now)
    named = pictures_named(form, detail.answers, [picture.name for picture in detail.evidence])
    stands = record.retired_at is None and record.withdraws_id is None
    context = {
        "detail": detail,
        "record": record,
        "title": form.title if form else record.form,
        "unit_name": unit_named(tree, record.unit),
        "credits": credits_shown(user, record, tree, request.now),
        "answers": answers_shown(form, names.worded(told)),
        "things": names.things(told),
        "asides": asides_of(record.uid, user, request.now),
        "facts": facts,
        "pictures": [(picture, named[picture.name]) for picture in detail.evidence],
        "blank": blanks_named(record, detail.answers) if stands else [],
        "counted": list(counted_for(detail.facts, [fact.value for fact in facts], programmes)),
        "chain": chain,
        "changes": revisions_compared(chain, programmes, tree.day) if len(chain) > 1 else [],
        "reviews": reviews,
        "open": bool(reviews) and reviews[-1].record == record and reviews[-1].kind in OPEN,
        "credited": unit_named(tree, credit) if stands and credit else "",
        "may_review": stands and may(user, "record.review", record.unit),
        "may_correct": stands and may(user, "record.correct", record.unit),
        "stands": stands,
        "year": record.date.year,
        "admission": admissions(programmes, timezone.localdate(request.now)).get(record.form),
        "issues": issues_shown(refused) if refused else [],
        "note": request.POST.get("note", "") if refused else "",
    }
    return render(request, "ledger/record_page.html", context, status=422 if refused else 200)


@page("record.read", unit="any", methods=("POST",))
def review(request: Request, uid: str) -> HttpResponse:
    """Write what a reviewer says of a record, or what its unit answers."""
    kind, note = request.POST.get("kind", ""), request.POST.get("note", "")
    detail = record_show(acting_user=request.user, uid=uid, now=request.now)
    try:
        if kind == Review.Kind.ANSWERED:
            review_answer(uid=uid, note=note, acting_user=request.user, now=request.now)
        elif kind in BY_REVIEWER:
            record_review(uid=uid, kind=kind, note=note, acting_user=request.user, now=request.now)
        else:
            raise Http404
    except Refused as refused:
        return _record_page(request, detail, refused)
    messages.success(request, gettext("Written down; the record counts as before."))
    return HttpResponseRedirect(reverse("ledger:record_page", args=[uid]))


@page("record.accept", unit="any")
def credits_page(request: Request) -> HttpResponse:
    """List the records of other units that wait to be confirmed as held together."""
    return _credits_page(request)


def _credits_page(request: Request, refused: Refused | None = None) -> HttpResponse:
    today = timezone.localdate(request.now)
    waiting = credits_waiting(request.user, request.now)
    paged = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "paged": paged,
        "credits": credit_rows(paged, programmes_on(today), history().tree(today)),
        "issues": issues_shown(refused) if refused else [],
    }
    return render(request, "ledger/credits.html", context, status=422 if refused else 200)


@page("record.accept", unit="any", methods=("POST",))
def credit_answer(request: Request) -> HttpResponse:
    """Take a unit's answer: the record of another counts for it too, or it does not."""
    key = request.POST.get("yes") or request.POST.get("no") or ""
    unit, _, uid = key.partition(" ")
    user, now = request.user, request.now
    try:
        if request.POST.get("yes"):
            credit_confirm(uid=uid, unit=unit, acting_user=user, now=now)
            done = gettext("Confirmed: it counts for your unit from now on.")
        else:
            reason = request.POST.get(f"reason {key}", "")
            credit_refuse(uid=uid, unit=unit, reason=reason, acting_user=user, now=now)
            done = gettext("Written down: it does not count for your unit.")
    except Refused as refused:
        return _credits_page(request, refused)
    messages.success(request, done)
    back = request.POST.get("back", "")
    own = url_has_allowed_host_and_scheme(back, None)
    return HttpResponseRedirect(back if own else reverse("ledger:credits"))


@page("record.read", unit="any")
def archive(request: Request, uid: str) -> HttpResponse:
    """Give the archive file of a record as HTML, DOCX or PDF."""
    detail = record_show(acting_user=request.user, uid=uid, now=request.now)
    kind = request.GET.get("as", "html")
    if kind not in _ARCHIVES:
        raise Http404
    programmes: Programmes = programmes_on(timezone.localdate(request.now))
    tree = history().tree(timezone.localdate(request.now))
    record = detail.record
    form = programmes.form_in(record.form, record.pack_version)
    document = archive_document(
        uid=uid,
        title=form.title if form else record.form,
        unit_name=unit_named(tree, record.unit),
        day=record.date,
        form=form,
        answers=detail.answers,
        facts=facts_shown(detail.facts, programmes, tree),
        evidence=[
            f"{label}（{name}）" if label else name
            for name, label in pictures_named(
                form, detail.answers, [picture.name for picture in detail.evidence]
            ).items()
        ],
        synthetic=instance().synthetic,
    )
    content = renderer_for(f".{kind}")(document, gettext)
    response = HttpResponse(content, content_type=_ARCHIVES[kind])
    name = f"{unit_named(tree, record.unit)}-{form.title if form else ''}-{record.date}.{kind}"
    # A page of its own with styles inside is given to keep, not shown among ours.
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


_ARCHIVES = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@page("record.read", unit="any")
def evidence(request: Request, number: int) -> HttpResponse:
    """Give an attached picture, decrypted; ``?small=1`` gives it small, ``?keep=1`` to keep."""
    picture = evidence_for(request.user, number, request.now)
    if picture is None:
        raise Http404
    content, media_type = evidence_read(picture.digest), picture.media_type
    if request.GET.get("small"):
        content, media_type = _small(content, picture), "image/jpeg"
    response = HttpResponse(content, content_type=media_type)
    keep = bool(request.GET.get("keep"))
    response["Content-Disposition"] = content_disposition_header(keep, picture.name) or "inline"
    return response


def _small(content: bytes, picture: Evidence) -> bytes:
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.thumbnail((THUMBNAIL, THUMBNAIL))
            out = io.BytesIO()
            image.convert("RGB").save(out, "JPEG", quality=80)
    except OSError as error:
        facts = {"name": picture.name, "why": str(error)}
        raise Refused([Issue(EvidenceCode.EVIDENCE_003, facts=facts)]) from error
    return out.getvalue()
