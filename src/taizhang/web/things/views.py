"""Pages of things: the list, one thing with its line of time, merging, stickers."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.literal import whole_read
from taizhang.web.accounts.access import may, require
from taizhang.web.accounts.permission import Request, issues_shown, page
from taizhang.web.base.export import FORMATS, Cell, table_file
from taizhang.web.ledger.record.listing import units_reached
from taizhang.web.things import present
from taizhang.web.things.access import thing_for, things_called
from taizhang.web.things.actions import merge_check, merge_part, things_merge
from taizhang.web.things.code import ThingsCode
from taizhang.web.things.kinds import Kinds
from taizhang.web.things.models import Thing
from taizhang.web.things.queries import (
    ALL,
    ENDED,
    STANDING,
    ThingFilter,
    counts_of,
    merges_into,
    near_things,
    things_found,
)
from taizhang.web.units.queries import history

PER_PAGE = 50
#: So many things leave as one file at most.
MOST_EXPORTED = 10_000
#: So many stickers are printed at once.
MOST_STICKERS = 200


def _wanted(request: Request) -> ThingFilter:
    asked = request.GET
    state = asked.get("state", "")
    return ThingFilter(
        unit=asked.get("unit", ""),
        kind=asked.get("kind", ""),
        state=state if state in (ENDED, ALL) else STANDING,
        overdue=asked.get("overdue") == "1",
        words=asked.get("q", "").strip()[:60],
    )


@page("record.read", unit="any")
def things(request: Request) -> HttpResponse:
    """List the things of one's units, filtered, found by name, place or number; also as a file."""
    wanted = _wanted(request)
    today = timezone.localdate(request.now)
    kinds = Kinds(today)
    matching = things_found(request.user, wanted, request.now)
    form = request.GET.get("as", "")
    if form in FORMATS:
        lines = present.thing_lines(matching[:MOST_EXPORTED], kinds, today)
        return table_file(form, gettext("Things"), _header(), _cells(lines))
    paged = Paginator(matching, PER_PAGE).get_page(request.GET.get("page"))
    query = wanted.query()
    everywhere = ThingFilter(unit=wanted.unit, kind=wanted.kind, state=ALL)
    context = {
        "wanted": wanted,
        "paged": paged,
        "lines": present.thing_lines(paged, kinds, today),
        "query": f"{query}&" if query else "",
        "kinds": kinds.now.values(),
        "chosen": kinds.now.get(wanted.kind),
        "counts": counts_of(things_found(request.user, everywhere, request.now), today),
        "units": units_reached(request.user, history().tree(today)),
        "states": {STANDING: gettext("In use"), ENDED: gettext("Gone"), ALL: gettext("All")},
        "stickers": reverse("things:stickers") + (f"?{query}" if query else ""),
    }
    return render(request, "things/things.html", context)


def _header() -> list[str]:
    return [
        gettext("Number"),
        gettext("Name"),
        gettext("Place"),
        gettext("Kind"),
        gettext("Unit"),
        gettext("In use since"),
        gettext("Next due"),
        gettext("Days late"),
        gettext("Latest record"),
        gettext("Gone since"),
    ]


def _cells(lines: list[present.ThingLine]) -> Iterator[list[Cell]]:
    for line in lines:
        thing = line.thing
        yield [
            thing.number,
            thing.name,
            thing.place,
            line.kind,
            line.unit,
            thing.since.isoformat(),
            thing.due.isoformat() if thing.due else "",
            line.late or "",
            thing.last.isoformat(),
            thing.ended.isoformat() if thing.ended else "",
        ]


@page("record.read", unit="any")
def thing(request: Request, uid: str) -> HttpResponse:
    """Show one thing: where it is, what is next, everything recorded of it; found by number too."""
    if ":" not in uid:
        return _called(request, uid)
    shown = thing_for(request.user, uid, request.now)
    if shown.uid != uid:  # it was merged into that one
        return _to(shown)
    return _thing(request, shown)


def _called(request: Request, text: str) -> HttpResponse:
    """Lead to the thing of a number or id, or to the list where several of one's units have it."""
    called = things_called(request.user, text, request.now)
    if len(called) == 1:
        return _to(called[0])
    if not called:
        raise Refused([Issue(ThingsCode.THINGS_002, facts={"thing": text})])
    query = ThingFilter(state=ALL, words=text).query()
    return HttpResponseRedirect(f"{reverse('things:list')}?{query}")


def _to(shown: Thing) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("things:thing", kwargs={"uid": shown.uid}))


def _thing(request: Request, shown: Thing, refused: Refused | None = None) -> HttpResponse:
    today = timezone.localdate(request.now)
    kinds = Kinds(today)
    lines = present.record_lines(shown, kinds, request.user, request.now)
    pictures = [picture for line in lines for picture in line.pictures]
    context = {
        "thing": shown,
        "line": present.thing_lines([shown], kinds, today)[0],
        "forms": [] if shown.ended else present.forms_offered(shown, kinds, request.user, today),
        "packs": present.packs_sharing(shown, kinds),
        "lines": lines,
        "pictures": pictures[: present.MOST_PICTURES],
        "merges": merges_into(shown),
        "may_merge": may(request.user, "thing.merge", shown.unit),
        "issues": issues_shown(refused) if refused else [],
    }
    return render(request, "things/thing.html", context, status=422 if refused else 200)


@page("thing.merge", unit="any", methods=("GET", "POST"))
def merge(request: Request, uid: str) -> HttpResponse:
    """Choose the thing that is the same, see what joins, and say that the two are one."""
    kept = thing_for(request.user, uid, request.now)
    require(request.user, "thing.merge", kept.unit)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            things_merge(
                kept=kept.uid,
                gone=request.POST.get("other", ""),
                reason=request.POST.get("reason", ""),
                acting_user=request.user,
                now=request.now,
            )
        except Refused as caught:
            refused = caught
        else:
            messages.success(request, gettext("The two are one thing now."))
            return _to(kept)
    today = timezone.localdate(request.now)
    kinds = Kinds(today)
    asked = request.POST.get("other") or request.GET.get("other", "")
    words = request.GET.get("q", "").strip()[:60]
    other = thing_for(request.user, asked, request.now) if asked else None
    issue = None if other is None else merge_check(kept, other)
    near = [] if other else near_things(request.user, kept, words, request.now)
    if issue is not None and refused is None:
        refused = Refused([issue])
    context = {
        "thing": kept,
        "line": present.thing_lines([kept], kinds, today)[0],
        "other": other if issue is None else None,
        "words": words,
        "near": present.thing_lines(near, kinds, today),
        "sentences": []
        if other is None or issue is not None
        else present.merge_sentences(kept, other, request.now),
        "reason": request.POST.get("reason", ""),
        "issues": issues_shown(refused) if refused else [],
    }
    return render(request, "things/merge.html", context, status=422 if refused else 200)


@page("thing.merge", unit="any", methods=("POST",))
def part(request: Request, uid: str) -> HttpResponse:
    """Take a merge back, with a reason: the two are two things again."""
    shown = thing_for(request.user, uid, request.now)
    require(request.user, "thing.merge", shown.unit)
    try:
        merge_part(
            merge=whole_read(request.POST.get("merge", "")) or 0,
            reason=request.POST.get("reason", ""),
            acting_user=request.user,
            now=request.now,
        )
    except Refused as refused:
        return _thing(request, shown, refused)
    messages.success(request, gettext("They are two things again, each with its records."))
    return _to(shown)


@page("record.read", unit="any")
def stickers(request: Request) -> HttpResponse:
    """Print stickers: of one thing (``thing``), or of all that a list shows."""
    today = timezone.localdate(request.now)
    kinds = Kinds(today)
    uid = request.GET.get("thing", "")
    wanted = _wanted(request)
    if uid:
        rows, total = [thing_for(request.user, uid, request.now)], 1
    else:
        matching = things_found(request.user, wanted, request.now)
        total = matching.count()
        rows = list(matching.order_by("unit", "number", "uid")[:MOST_STICKERS])
    made = []
    for line in present.thing_lines(rows, kinds, today):
        address = reverse("things:thing", kwargs={"uid": line.thing.uid})
        made.append(present.sticker(line, request.build_absolute_uri(address)))
    query = wanted.query()
    back = reverse("things:thing", kwargs={"uid": rows[0].uid}) if uid else reverse("things:list")
    context = {
        "stickers": made,
        "left": max(total - MOST_STICKERS, 0),
        "most": MOST_STICKERS,
        "back": back if uid or not query else f"{back}?{query}",
    }
    return render(request, "things/stickers.html", context)
