"""What the pages of things show: rows of lists, the line of time, what is next, what joins."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

import segno
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from taizhang.web.accounts.access import may
from taizhang.web.accounts.models import User
from taizhang.web.cases.wording import Names
from taizhang.web.ledger.access import records_for
from taizhang.web.ledger.facts.entity import before_of
from taizhang.web.ledger.models import Evidence
from taizhang.web.ledger.record.present import AnswerText, answers_shown
from taizhang.web.ledger.record.things import RecordAnswers, things_worded
from taizhang.web.things.kinds import Kinds
from taizhang.web.things.models import Alias, Thing
from taizhang.web.things.queries import merged_state, states_of
from taizhang.web.units.queries import history

#: So many pictures of a thing are shown, the newest first.
MOST_PICTURES = 8
#: So many records of a thing are told; the list of records has the others.
MOST_TOLD = 100
#: A day so near is marked.
SOON = 14


@dataclass(frozen=True, slots=True)
class ThingLine:
    """A thing as a row of a list."""

    thing: Thing
    kind: str
    unit: str
    late: int  # days past its day
    soon: bool


def thing_lines(things: Iterable[Thing], kinds: Kinds, today: date) -> list[ThingLine]:
    """Say things in words."""
    names, lines = Names(today), []
    for thing in things:
        left = None if thing.due is None or thing.ended else (thing.due - today).days
        lines.append(
            ThingLine(
                thing=thing,
                kind=kinds.label(thing.kind),
                unit=names(thing.unit),
                late=0 if left is None else max(-left, 0),
                soon=left is not None and 0 <= left <= SOON,
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record in the line of time of a thing."""

    day: date
    title: str
    unit: str
    person: str
    number: str  # under which it spoke of the thing, where that is not the thing's own
    answers: list[AnswerText]
    record: str  # its id where the reader may open it
    pictures: list[Evidence]


def record_lines(thing: Thing, kinds: Kinds, user: User, now: datetime) -> list[RecordLine]:
    """Say the line of time of a thing, the newest record first."""
    states = list(states_of(thing)[:MOST_TOLD])
    keys = [state.record_id for state in states]
    seen = set(records_for(user, now).filter(pk__in=keys).values_list("pk", flat=True))
    pictures: dict[int, list[Evidence]] = {}
    shown = Evidence.objects.filter(record__in=seen, media_type__startswith="image/")
    for picture in shown.order_by("-pk"):
        pictures.setdefault(picture.record_id, []).append(picture)
    today = timezone.localdate(now)
    names = Names(today)
    numbers = {
        (alias.unit, alias.key): alias.number for alias in Alias.objects.filter(thing=thing.uid)
    }
    lines = []
    for state in states:
        record = state.record
        form = kinds.programmes.form_in(record.form, record.pack_version)
        spec = None if form is None else form.entity
        answers = json.loads(record.answers)
        named = "" if spec is None else spec.id_field  # this very thing
        told = {name: answer for name, answer in answers.items() if name != named}
        worded = things_worded(RecordAnswers(form, told, record.unit, record.date), today)
        number = numbers.get((state.entity.unit, state.entity.key), "")
        lines.append(
            RecordLine(
                day=state.date,
                title=record.form if form is None else form.title,
                unit=names(state.unit),
                person=str(record.accepted_by or ""),
                number=number if number != thing.number else "",
                answers=answers_shown(form, worded),
                record=record.uid if record.pk in seen else "",
                pictures=pictures.get(record.pk, []),
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class FormOffered:
    """A form by which a thing goes on, with its address."""

    title: str
    pack: str
    address: str


def forms_offered(thing: Thing, kinds: Kinds, user: User, today: date) -> list[FormOffered]:
    """Give the forms that write the list of a thing, to whoever records for its unit."""
    unit = history().tree(today).unit(thing.unit)
    if unit is None or not may(user, "record.accept", thing.unit):
        return []
    codes = (thing.unit, *before_of(thing.unit, today, history()))
    keys = Alias.objects.filter(thing=thing.uid, unit__in=codes).order_by("uid")
    key = next(iter(keys.values_list("key", flat=True)), "")
    query = urlencode({"unit": thing.unit, "thing": key, "title": thing.name})
    own = kinds.now[thing.kind].pack if thing.kind in kinds.now else ""
    forms = [
        form
        for form in kinds.programmes.forms.values()
        if form.entity is not None
        and form.entity.dataset == thing.dataset
        and unit.kind in kinds.programmes.by_key[form.key.partition(".")[0]].unit_kinds
    ]
    forms.sort(key=lambda form: form.key.partition(".")[0] != own)
    return [
        FormOffered(
            title=form.title,
            pack=kinds.programmes.by_key[form.key.partition(".")[0]].label,
            address=f"{reverse('ledger:form', kwargs={'form': form.key})}?{query}",
        )
        for form in forms
        if key
    ]


def packs_sharing(thing: Thing, kinds: Kinds) -> list[str]:
    """Name the programmes whose forms write the list of a thing."""
    packs = {
        form.key.partition(".")[0]: None
        for form in kinds.programmes.forms.values()
        if form.entity is not None and form.entity.dataset == thing.dataset
    }
    return [kinds.programmes.by_key[pack].label for pack in packs]


def merge_sentences(kept: Thing, gone: Thing, now: datetime) -> list[str]:
    """Say in sentences what joins, what stays and what can be taken back."""
    after = merged_state(kept, gone, now)
    if after is None:
        return []
    days = list(states_of(gone).values_list("date", flat=True))
    facts: dict[str, object] = {
        "kept": kept.name,
        "number": kept.number,
        "gone": gone.name,
        "other": gone.number,
        "count": len(days),
        "first": min(days, default=gone.since),
        "last": max(days, default=gone.last),
        "name": after.name,
        "place": after.place,
        "due": after.due,
    }
    texts = [
        gettext("%(count)s records of “%(gone)s” (%(other)s), %(first)s to %(last)s, join it."),
        gettext("The thing keeps the number %(number)s; %(other)s leads to it, stickers too."),
        gettext("By the latest record it is called “%(name)s”."),
    ]
    if after.place:
        texts.append(gettext("It stands at: %(place)s."))
    if after.due:
        texts.append(gettext("It is due next on %(due)s."))
    elif after.ended:
        texts.append(gettext("It is ended, as the latest record says."))
    else:
        texts.append(gettext("It is due on no day."))
    texts.append(gettext("From now on one thing is counted where two were."))
    texts.append(gettext("No record is rewritten, and the two can be parted again at any time."))
    return [text % facts for text in texts]


@dataclass(frozen=True, slots=True)
class Sticker:
    """What is stuck on a thing; ``code``, to be scanned, is a ``data:`` address of an SVG."""

    line: ThingLine
    code: str


def sticker(line: ThingLine, address: str) -> Sticker:
    """Draw a sticker that leads to an address."""
    code = segno.make(address, error="m", micro=False)
    return Sticker(line, code.svg_data_uri(scale=4, border=2, light="#fff", dark="#000"))
