"""Writes about things beside those that follow from records: merged, parted, followed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from taizhang.core.base.invisible_sign import line_of
from taizhang.core.base.issue import Issue, Marked, Refused, gettext_noop
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append, seal, write_lock
from taizhang.web.audit.models import SEAL
from taizhang.web.ledger.models import REASON
from taizhang.web.things.access import thing_for
from taizhang.web.things.code import ThingsCode
from taizhang.web.things.kinds import Kinds
from taizhang.web.things.models import Merge, Thing
from taizhang.web.things.sealed_text import MERGE, PART, merge_text
from taizhang.web.things.succession import names_fold, units_followed

SAME = Marked(gettext_noop("it is that thing already"))
OTHER_LIST = Marked(gettext_noop("its records are of another list"))
OTHER_KIND = Marked(gettext_noop("they are of two kinds"))


def merge_check(kept: Thing, gone: Thing) -> Issue | None:
    """Say why two things cannot be one, ``None`` where they can."""
    why = None
    if kept.uid == gone.uid:
        why = SAME
    elif kept.dataset != gone.dataset:
        why = OTHER_LIST
    elif kept.kind != gone.kind:
        why = OTHER_KIND
    if why is None:
        return None
    facts = {"kept": kept.name, "gone": gone.name, "why": why}
    return Issue(ThingsCode.THINGS_003, facts=facts)


@transaction.atomic
def things_merge(*, kept: str, gone: str, reason: str, acting_user: User, now: datetime) -> Merge:
    """Say that two things are one: ``gone`` goes on under the number and name of ``kept``.

    Nothing is rewritten; :func:`merge_part` takes it back.

    :raises Refused: THINGS_002 (absent and forbidden alike), ACCESS_001, THINGS_003, THINGS_004
    """
    write_lock()
    kept_thing = thing_for(acting_user, kept, now)
    gone_thing = thing_for(acting_user, gone, now)
    for thing in (kept_thing, gone_thing):
        require(acting_user, "thing.merge", thing.unit)
    if (issue := merge_check(kept_thing, gone_thing)) is not None:
        raise Refused([issue])
    row = Merge(kept=kept, gone=gone)
    return _put(row, MERGE, gone_thing, reason, acting_user, now)


@transaction.atomic
def merge_part(*, merge: int, reason: str, acting_user: User, now: datetime) -> Merge:
    """Take a merge back: the two are two things again, each with its records and number.

    :raises Refused: THINGS_002, ACCESS_001, THINGS_004, THINGS_005
    """
    write_lock()
    done = Merge.objects.filter(pk=merge, undoes=None, undone=None).first()
    if done is None:
        raise Refused([Issue(ThingsCode.THINGS_005)])
    thing = thing_for(acting_user, done.gone, now)  # under whatever it goes now
    require(acting_user, "thing.merge", thing.unit)
    row = Merge(kept=done.kept, gone=done.gone, undoes=done)
    return _put(row, PART, thing, reason, acting_user, now)


def _put(
    row: Merge, action: str, thing: Thing, reason: str, acting_user: User, now: datetime
) -> Merge:
    row.reason = line_of(reason)[:REASON]
    if not row.reason:
        raise Refused([Issue(ThingsCode.THINGS_004)])
    row.acted_at, row.acted_by = now, acting_user.pk
    sealed = seal(merge_text(row))
    row.logged = audit_append(
        actor=acting_user, action=action, objects=[thing.number], seals=[sealed], now=now
    )
    row.seal = sealed.hex()[:SEAL]
    row.save(force_insert=True)
    names_fold({row.kept, row.gone, thing.uid}, now)
    return row


@transaction.atomic
def day_turned(now: datetime) -> None:
    """Fold the things of units that end with a change dated ahead."""
    write_lock()
    if Thing.objects.exists() and Kinds(timezone.localdate(now)).lists:
        for _ in units_followed(now):
            pass
