"""The reader of accepted records: refuses what names no case, folds every case that is touched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from taizhang.core.base.issue import Issue
from taizhang.core.case.fold import CaseWorld, fold
from taizhang.core.case.step import StepRecord
from taizhang.core.definition.case import BUILT_IN, OPENS, CaseKind
from taizhang.web.accounts.access import reach
from taizhang.web.accounts.models import User
from taizhang.web.cases.access import cases_visible
from taizhang.web.cases.code import StepCode
from taizhang.web.cases.kinds import Kinds, case_world
from taizhang.web.cases.models import Case, Member
from taizhang.web.cases.persist import cases_fold, editions_write_once, members_add, numbers_give
from taizhang.web.cases.rebuild import Anew
from taizhang.web.cases.records import (
    CaseRecords,
    Members,
    Membership,
    RecordHead,
    adopted_cases,
    case_records,
)
from taizhang.web.cases.wording import step_words
from taizhang.web.ledger.facts.projection import AcceptedRecord, Told
from taizhang.web.ledger.models import EntityState


class CaseProjection:
    """Reads every accepted record as the opening or a step of a case, where it is one."""

    def check(
        self, records: Sequence[AcceptedRecord], acting_user: User, now: datetime
    ) -> Iterable[Issue]:
        """Find steps of unknown cases, unknown steps, wrong forms, changes that others must make.

        A step that does not fit is none of these: it is kept without effect.
        """
        kinds = Kinds(timezone.localdate(now))
        heads = _heads(records)
        if not heads:
            return ()
        return tuple(_Check(kinds, acting_user, now).issues(heads, records))

    def accepted(self, records: Sequence[AcceptedRecord], acting_user: User, now: datetime) -> int:
        """Write which case each record belongs to, give numbers, fold what is touched."""
        kinds = Kinds(timezone.localdate(now))
        heads = _heads(records)
        members = _members(kinds, heads, records)
        fresh: list[Member] = []
        opened: list[tuple[CaseKind, RecordHead]] = []
        for record, head in heads:
            if record.content.withdraws is not None:
                continue
            membership = members.of_record(head)
            if membership is None:
                continue
            fresh.append(Member(record_id=head.pk, **membership._asdict()))
            if membership.uid == head.uid:
                kind = kinds.carried(membership.kind, head.version)
                opened += [(kind, head)] if kind is not None else []
        touched = {member.uid for member in fresh} | _retired(records)
        adopting = _adopted(records, kinds)
        if not touched and not adopting:
            return 0
        members_add(fresh)
        numbers_give(opened, acting_user, now)
        editions_write_once(kinds, acting_user, now)
        return cases_fold(touched | adopting, kinds, now)

    def anew(self, now: datetime) -> Told:
        """Tell every case anew."""
        return Anew(now)

    def digested(self) -> Iterator[Iterator[tuple[Any, ...]]]:
        """Give the stored rows; reminders move with the days and stay out."""
        yield from Anew.stored_rows()


def _heads(records: Sequence[AcceptedRecord]) -> list[tuple[AcceptedRecord, RecordHead]]:
    """Give records with what says whether they belong to a case.

    Keys of records that are not stored yet stand below nought, one for each.
    """
    names = {record.content.uid: -place for place, record in enumerate(records, 1)}
    heads = []
    for record in records:
        content = record.content
        pk = record.pk or names[content.uid]
        replaces = record.target_pk or names.get(content.replaces or "", 0)
        heads.append(
            (
                record,
                RecordHead(
                    pk,
                    content.uid,
                    content.form,
                    content.version,
                    content.unit,
                    content.date,
                    content.case_uid,
                    content.step,
                    content.answers,
                    replaces if content.replaces else 0,
                ),
            )
        )
    return heads


def _members(
    kinds: Kinds,
    heads: Sequence[tuple[AcceptedRecord, RecordHead]],
    records: Sequence[AcceptedRecord],
) -> Members:
    """Give what finds the cases of records, knowing the stored ones that these name."""
    members = Members(kinds)
    named = {head.case for _, head in heads if head.case}
    members.known({record.target_pk for record in records if record.target_pk}, named)
    for uid, kind in Case.objects.filter(uid__in=named).values_list("uid", "kind"):
        members.adopted(uid, kind)
    return members


def _retired(records: Sequence[AcceptedRecord]) -> set[str]:
    """Name the cases of what is replaced or withdrawn."""
    keys = [record.target_pk for record in records if record.target_pk]
    return set(Member.objects.filter(record__in=keys).values_list("uid", flat=True))


def _adopted(records: Sequence[AcceptedRecord], kinds: Kinds) -> set[str]:
    """Name the cases of things of which these records speak, or spoke."""
    datasets = {kind.adopts.dataset for kind in kinds.now.values() if kind.adopts is not None}
    if not datasets:
        return set()
    forms = {
        form.key
        for form in kinds.programmes.forms.values()
        if form.entity is not None and form.entity.dataset in datasets
    }
    if not any(record.content.form in forms for record in records):
        return set()
    keys = {key for record in records for key in (record.pk, record.target_pk) if key}
    states = EntityState.objects.filter(record__in=keys, entity__dataset__in=datasets)
    return set(adopted_cases(set(states.values_list("entity_id", flat=True)), kinds))


class _Check:
    """What must not be sealed of a batch."""

    def __init__(self, kinds: Kinds, user: User, now: datetime) -> None:
        self._kinds = kinds
        self._user = user
        self._now = now

    def issues(
        self,
        heads: Sequence[tuple[AcceptedRecord, RecordHead]],
        records: Sequence[AcceptedRecord],
    ) -> Iterator[Issue]:
        members = _members(self._kinds, heads, records)
        named = {head.case for _, head in heads if head.case}
        seen = self._visible(members, named)
        fresh: set[str] = set()
        for record, head in heads:
            if record.content.withdraws is None:
                membership = members.of_record(head)
                if membership is not None and membership.step == OPENS:
                    fresh.add(membership.uid)
                yield from self._step(record, head, membership, seen | fresh)
            if record.target_pk:
                yield from self._undone(record)

    def _visible(self, members: Members, named: set[str]) -> set[str]:
        uids = {case.uid for name in named if (case := members.case(name)) is not None}
        return set(cases_visible(self._user, self._now, uids)) if uids else set()

    def _step(
        self,
        record: AcceptedRecord,
        head: RecordHead,
        membership: Membership | None,
        seen: set[str],
    ) -> Iterator[Issue]:
        if head.case and (membership is None or membership.uid not in seen):
            yield Issue(StepCode.STEP_001, record.place, {"case": head.case})
            return
        continued = self._kinds.continued(head.form, head.version)
        if membership is None:
            if continued is not None and self._kinds.opened(head.form, head.version) is None:
                yield Issue(StepCode.STEP_004, record.place, {"form": head.form})
            return
        kind = self._kinds.carried(membership.kind, head.version)
        if kind is None or membership.step == OPENS:
            return
        yield from _of_kind(record, head, membership, kind)

    def _undone(self, record: AcceptedRecord) -> Iterator[Issue]:
        """See that who changes a step under later ones stands above whoever has the case."""
        own = Member.objects.filter(record=record.target_pk).values_list("uid", "record__uid")
        for uid, name in own:
            standing = Case.objects.filter(uid=uid).first()
            if standing is None:
                continue
            world, today = case_world(), timezone.localdate(self._now)
            above = world.ownership.above(standing.owner, today)
            reached = reach(self._user, "record.accept") | reach(self._user, "case.step")
            if "" in reached or any(code in reached for code in above):
                continue
            for case in case_records([uid], self._kinds):
                lost = _lost(case, record, name, world, today)
                if lost:
                    words = "、".join(dict.fromkeys(lost))
                    facts = {"number": standing.number or uid, "steps": words}
                    yield Issue(StepCode.STEP_005, record.place, facts)


def _lost(
    case: CaseRecords, record: AcceptedRecord, name: str, world: CaseWorld, today: date
) -> list[str]:
    """Name the other steps that lose their effect by a correction or withdrawal.

    A withdrawn opening after others have acted has no effect itself.
    """
    opening = any(step.record == name and step.step == OPENS for step in case.steps)
    if opening and record.content.withdraws is not None:
        return []
    before = fold(case.kind, case.steps, world, today)
    after = fold(case.kind, _corrected(case, record, name), world, today)
    kept = {line.record for line in after.line if line.effect} if after is not None else set()
    return [
        step_words(case.kind, line.step)
        for line in (() if before is None else before.line)
        if line.effect and line.record not in ("", name) and line.record not in kept
    ]


def _corrected(case: CaseRecords, record: AcceptedRecord, name: str) -> list[StepRecord]:
    """Give the steps as they will be: without what goes out, with the correction in its place."""
    before = next(step for step in case.steps if step.record == name)
    steps = [step for step in case.steps if step.record != name]
    content = record.content
    if content.withdraws is None:
        answers = json.loads(content.answers)
        steps.append(
            replace(
                before,
                record=content.uid,
                date=content.date,
                time=content.hour,
                unit=content.unit,
                account=content.doer or before.account,
                answers=answers,
            )
        )
    return steps


def _of_kind(
    record: AcceptedRecord, head: RecordHead, membership: Membership, kind: CaseKind
) -> Iterator[Issue]:
    known = ", ".join((*kind.steps, *(key for key in BUILT_IN if key not in kind.steps)))
    step, small = membership.step, f"{kind.key}_step"
    if not step:
        yield Issue(StepCode.STEP_006, record.place, {"form": head.form, "known": known})
        return
    declared = kind.steps.get(step)
    if declared is None and step not in BUILT_IN:
        label = kind.label
        facts = {"number": membership.uid, "label": label, "step": step, "known": known}
        yield Issue(StepCode.STEP_002, record.place, facts)
        return
    wanted = small if declared is None else declared.form
    if head.form != wanted:
        facts = {"step": step, "form": head.form, "wanted": wanted}
        yield Issue(StepCode.STEP_003, record.place, facts)
