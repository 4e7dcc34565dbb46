"""Reads of the host's pages: installed packs, the tree, the log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from taizhang.core.definition.pack import Pack
from taizhang.core.unit.tree import Tree, Unit
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.administration.audit_labels import action_words
from taizhang.web.audit.chain import moment_text
from taizhang.web.audit.models import Entry
from taizhang.web.programmes import queries as programmes
from taizhang.web.programmes.admission import Admission, admissions
from taizhang.web.programmes.models import ALWAYS, InstalledPack


@dataclass(frozen=True, slots=True)
class PackVersion:
    """An installed version of a pack."""

    id: int
    key: str
    version: str
    label: str
    from_day: date | None  # None: from the beginning
    until: date | None  # the last day before the next version, None while none follows
    is_in_force: bool
    installed_at: datetime
    by: str
    unit_kinds: tuple[str, ...]


def versions(day: date) -> list[PackVersion]:
    """Give every installed version, the packs in order of their keys and the newest first."""
    rows = list(
        InstalledPack.objects.defer("source")
        .select_related("installed_by")
        .order_by("key", "-in_force_from")
    )
    stored = {pack.id: pack for pack in programmes.installed()}
    ruling = {pack.id for pack in programmes.in_force(stored.values(), day)}
    all_versions = []
    following: InstalledPack | None = None
    for row in rows:
        follows = following is not None and following.key == row.key
        ends = following.in_force_from - timedelta(days=1) if follows and following else None
        all_versions.append(
            PackVersion(
                id=row.pk,
                key=row.key,
                version=row.version,
                label=row.label,
                from_day=None if row.in_force_from == ALWAYS else row.in_force_from,
                until=ends,
                is_in_force=row.pk in ruling,
                installed_at=row.installed_at,
                by=str(row.installed_by or ""),
                unit_kinds=programmes.programmes_of([stored[row.pk]]).packs[0].unit_kinds,
            )
        )
        following = row
    return all_versions


def version(number: int, day: date) -> tuple[PackVersion, Pack, list[Admission]] | None:
    """Give one installed version with the pack as it was installed, and its forms on ``day``."""
    chosen = next((candidate for candidate in versions(day) if candidate.id == number), None)
    if chosen is None:
        return None
    stored = next(row for row in programmes.installed() if row.id == number)
    alone = programmes.programmes_of([stored])
    return chosen, alone.packs[0], list(admissions(alone, day).values())


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit with what is below it."""

    unit: Unit
    below: tuple[Branch, ...]
    count: int  # units in it, itself not counted


def branches(tree: Tree) -> list[Branch]:
    """Give the tree from its tops down."""
    return [_branch(tree, top) for top in tree.tops]


def _branch(tree: Tree, unit: Unit) -> Branch:
    below = tuple(_branch(tree, child) for child in tree.children(unit.code))
    return Branch(unit, below, sum(1 + branch.count for branch in below))


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What is looked for in the log; empty parts do not matter."""

    person: str = ""  # name to log in with; "-" for what the software did by itself
    action: str = ""
    first: date | None = None
    last: date | None = None
    object: str = ""


def log_rows(wanted: LogFilter, acting_user: User) -> QuerySet[Entry]:
    """Give the rows of the log that match, the newest first, to whoever may read it.

    :raises Refused: ACCESS_001
    """
    require(acting_user, "audit.read")
    entries = Entry.objects.order_by("-sequence")
    if wanted.person == "-":
        entries = entries.filter(actor=None)
    elif wanted.person:
        ids = User.objects.filter(username=wanted.person).values_list("pk", flat=True)
        entries = entries.filter(actor__in=list(ids))
    if wanted.action:
        entries = entries.filter(action=wanted.action)
    if wanted.first:
        entries = entries.filter(at__gte=_text(wanted.first))
    if wanted.last:
        entries = entries.filter(at__lt=_text(wanted.last + timedelta(days=1)))
    if wanted.object:
        entries = entries.filter(
            objects_text__contains=json.dumps(wanted.object, ensure_ascii=False)
        )
    return entries


def _text(day: date) -> str:
    """Give the beginning of a day in Shanghai as the log writes moments."""
    return moment_text(datetime.combine(day, time(), tzinfo=timezone.get_current_timezone()))


def log_actions() -> list[tuple[str, str]]:
    """Name every action that the log holds, each with its words."""
    held = set(Entry.objects.values_list("action", flat=True).distinct())
    return [(action, action_words(action)) for action in sorted(held)]


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row of the log for its reader: ids and digests, no values."""

    sequence: int
    at: datetime
    who: str  # '' for the software itself
    action: str
    words: str  # the action's
    objects: tuple[str, ...]
    count: int
    digest: str


def log_shown(rows: list[Entry]) -> list[LogRow]:
    """Give rows of the log with the names of the people."""
    names = User.objects.in_bulk({row.actor for row in rows if row.actor is not None})
    return [
        LogRow(
            sequence=row.sequence,
            at=datetime.strptime(row.at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC),
            who="" if row.actor is None else str(names.get(row.actor, row.actor)),
            action=row.action,
            words=action_words(row.action),
            objects=tuple(map(str, json.loads(row.objects_text))),
            count=row.count,
            digest=row.digest,
        )
        for row in rows
    ]
