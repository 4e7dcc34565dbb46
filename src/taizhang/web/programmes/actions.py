"""Writes of the programmes app: install a pack, hand a quota down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from taizhang.core.base.issue import Issue, Place, Refused, errors
from taizhang.core.base.period import Period
from taizhang.core.base.quantity import LARGEST, SCALE
from taizhang.core.pack.examine import once
from taizhang.core.pack.load import files_of, read
from taizhang.documents.pack_check.examination import Examination, examine_files
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append, write_lock
from taizhang.web.programmes import queries
from taizhang.web.programmes.admission import Marks, admissions, refusable_measures
from taizhang.web.programmes.code import ProgrammeCode
from taizhang.web.programmes.keeper import keepers
from taizhang.web.programmes.models import (
    ALWAYS,
    APPROVAL,
    AUTHORITY,
    NUMBER,
    FormMark,
    InstalledPack,
    Quota,
)
from taizhang.web.programmes.readers import indicator_measures


@dataclass(frozen=True, slots=True)
class PackInstalled:
    """What an installation did; ``changed`` is false when this very version was there already."""

    pack: Examination  # its key, version and label
    in_force_from: date
    changed: bool
    issues: tuple[Issue, ...]  # warnings


def pack_install(
    *,
    source: Path | Mapping[str, bytes],
    acting_user: User,
    now: datetime,
    in_force_from: date | None = None,
) -> PackInstalled:
    """Install a version of a pack from its folder or from its files.

    The first version of a pack is in force from the beginning, a later one from today, unless
    ``in_force_from`` says otherwise.  What was counted before stays as it was counted: a version
    put in force for past days asks for ``taizhang facts rebuild``.

    :raises Refused: with every issue of the pack, ACCESS_001, PROGRAMME_001 or PROGRAMME_002
    """
    require(acting_user, "pack.install")
    unread: list[Issue] = []
    files = files_of(source, unread)
    if errors(unread):
        raise Refused(unread)
    while True:
        versions = queries.installed()
        today = timezone.localdate(now)
        ruling = queries.in_force(versions, max(in_force_from or today, today))
        # Outside the transaction: it takes seconds, and nobody could write meanwhile.
        examination = examine_files(files, queries.programmes_of(ruling).packs)
        with transaction.atomic():
            write_lock()
            if queries.installed() == versions:
                return _installed(examination, files, versions, in_force_from, acting_user, now)


def _installed(
    examination: Examination,
    files: Mapping[str, bytes],
    versions: tuple[queries.Installed, ...],
    wanted: date | None,
    acting_user: User,
    now: datetime,
) -> PackInstalled:
    """Write down an examined pack beside the versions it was examined with."""
    same = [version for version in versions if version.digest == examination.digest]
    if same:
        return PackInstalled(examination, same[0].in_force_from, False, examination.issues)
    day = _first_day(versions, examination.key, wanted, now)
    issues = once((*examination.issues, *_clashes(versions, examination, day)))
    for keeper in keepers():
        fits = keeper.fits(examination.key, lambda: read(dict(files), tests=False).pack, now)
        issues = once((*issues, *fits))
    if errors(issues):
        raise Refused(issues)
    row = InstalledPack.objects.create(
        key=examination.key,
        version=examination.version,
        label=examination.label,
        digest=examination.digest,
        source=queries.source_pack(files),
        in_force_from=day,
        installed_at=now,
        installed_by=acting_user,
    )
    audit_append(
        actor=acting_user,
        action="pack.install",
        objects=[f"{examination.key} {examination.version}"],
        rows={InstalledPack: [row.pk]},
        now=now,
    )
    for keeper in keepers():
        keeper.installed(examination.key, files, now)
    return PackInstalled(examination, day, True, issues)


def _first_day(
    versions: tuple[queries.Installed, ...], key: str, wanted: date | None, now: datetime
) -> date:
    if wanted is not None:
        return wanted
    return timezone.localdate(now) if any(version.key == key for version in versions) else ALWAYS


def _clashes(versions: tuple[queries.Installed, ...], pack: Examination, day: date) -> list[Issue]:
    place = Place("pack.yaml")
    issues = []
    for version in versions:
        if version.key != pack.key:
            continue
        if version.version == pack.version:
            facts = {"pack": pack.key, "version": pack.version}
            issues.append(Issue(ProgrammeCode.PROGRAMME_001, place, facts))
        elif version.in_force_from == day:
            facts = {"pack": pack.key, "other": version.version, "day": day.isoformat()}
            issues.append(Issue(ProgrammeCode.PROGRAMME_002, place, facts))
    return issues


@transaction.atomic
def quota_hand_down(
    *,
    measure: str,
    unit: str,
    period: Period,
    amount: Fraction,
    acting_user: User,
    now: datetime,
) -> Quota:
    """Tell a unit what to reach of a measure in a period; the last word stands.

    :param measure: qualified key (``pack.measure``), of an indicator too
    :raises Refused: ACCESS_001, PROGRAMME_003, PROGRAMME_004
    """
    require(acting_user, "target.hand_down", unit)
    _check_required(measure, timezone.localdate(now))
    scaled = amount * SCALE
    if scaled.denominator != 1 or not 0 <= amount <= Fraction(LARGEST):
        raise Refused([Issue(ProgrammeCode.PROGRAMME_004, facts={"amount": str(amount)})])
    quota, _ = Quota.objects.update_or_create(
        measure=measure,
        unit=unit,
        first_month=period.first.number,
        last_month=period.last.number,
        defaults={"amount": int(scaled), "handed_at": now, "handed_by": acting_user},
    )
    audit_append(
        actor=acting_user,
        action="target.hand_down",
        objects=[str(quota.pk)],
        rows={Quota: [quota.pk]},
        now=now,
    )
    return quota


def _check_required(key: str, day: date) -> None:
    """See that a measure or indicator is known and that it can be required."""
    programmes = queries.programmes_on(day)
    measures = frozenset({key} & programmes.measures.keys())
    if key in programmes.indicators:
        measures |= indicator_measures(programmes.indicators[key], programmes)
    if not measures:
        raise Refused([Issue(ProgrammeCode.PROGRAMME_003, facts={"measure": key})])
    standings = admissions(programmes, day)
    if measures <= refusable_measures(programmes, standings):
        forms = sorted(
            {
                rule.form
                for pack in programmes.packs
                for rule in pack.counting
                if measures & set(rule.facts)
            }
        )
        facts = {"measure": key, "form": ", ".join(forms)}
        raise Refused([Issue(ProgrammeCode.PROGRAMME_005, facts=facts)])


@transaction.atomic
def quota_take_back(
    *, measure: str, unit: str, period: Period, acting_user: User, now: datetime
) -> bool:
    """Take back a quota, so that the plan of the pack stands again; false if there was none.

    :raises Refused: ACCESS_001
    """
    require(acting_user, "target.hand_down", unit)
    months = {"first_month": period.first.number, "last_month": period.last.number}
    rows = Quota.objects.select_for_update().filter(measure=measure, unit=unit, **months)
    row = rows.first()
    if row is None:
        return False
    key = row.pk
    row.delete()
    audit_append(
        actor=acting_user,
        action="target.take_back",
        objects=[str(key)],
        rows={Quota: [key]},
        now=now,
    )
    return True


@transaction.atomic
def form_mark(*, form: str, marks: Marks, acting_user: User, now: datetime) -> FormMark:
    """Write down the four legal marks of a form; they bind every unit of the instance.

    :param form: qualified key
    :raises Refused: ACCESS_001, PROGRAMME_006, PROGRAMME_007
    """
    require(acting_user, "form.mark")
    if form not in queries.programmes_on(timezone.localdate(now)).forms:
        raise Refused([Issue(ProgrammeCode.PROGRAMME_006, facts={"form": form})])
    texts = {"number": marks.number, "authority": marks.authority, "approval": marks.approval}
    lengths = {"number": NUMBER, "authority": AUTHORITY, "approval": APPROVAL}
    issues = []
    for name, text in texts.items():
        if len(text) > lengths[name]:
            facts = {"mark": text[:30], "length": len(text), "most": lengths[name]}
            issues.append(Issue(ProgrammeCode.PROGRAMME_007, facts=facts))
    if issues:
        raise Refused(issues)
    values = {**texts, "expires_on": marks.expires_on, "asks_others": marks.asks_others}
    row, _ = FormMark.objects.update_or_create(
        form=form, defaults={**values, "marked_at": now, "marked_by": acting_user}
    )
    audit_append(
        actor=acting_user,
        action="form.mark",
        objects=[form],
        rows={FormMark: [row.pk]},
        now=now,
    )
    return row
