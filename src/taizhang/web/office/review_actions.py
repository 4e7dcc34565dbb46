"""Reviews of old texts: uploaded, findings decided on, a baseline stored, the text deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.quantity import Quantity, from_answer
from taizhang.core.definition.programme import UnknownName
from taizhang.reading.review.finding import BaselineRow, Finding, FindingKind
from taizhang.web.accounts.access import require
from taizhang.web.accounts.models import User
from taizhang.web.audit.actions import audit_append, write_lock
from taizhang.web.audit.snapshot import Rows
from taizhang.web.office.code import OfficeCode
from taizhang.web.office.models import Baseline, Choice, Review
from taizhang.web.office.old_text import KINDS, accepted_of, findings_of, reading_keep
from taizhang.web.office.text_seal import seal
from taizhang.web.programmes.queries import programmes_on

#: As much as ``taizhang read`` takes.
MOST_BYTES = 20_000_000


def review_begin(
    *, unit: str, name: str, content: bytes, acting_user: User, now: datetime
) -> Review:
    """Take an old text to review; it is kept sealed, with the review only.

    :raises Refused: ACCESS_001, OFFICE_007, 008, READING_…
    """
    require(acting_user, "reading.use", unit)
    short = PurePath(name.replace("\\", "/")).name[:200]
    if not content:
        raise Refused([Issue(OfficeCode.OFFICE_007)])
    if len(content) > MOST_BYTES:
        facts = {"name": short, "size": len(content), "most": MOST_BYTES}
        raise Refused([Issue(OfficeCode.OFFICE_008, facts=facts)])
    digest = reading_keep(short, content)  # what cannot be read is not kept
    with transaction.atomic():
        review = Review.objects.create(
            unit=unit,
            name=short,
            digest=digest,
            content=seal(content, digest),
            uploaded_at=now,
            uploaded_by=acting_user,
        )
        _log("reading.begin", review.pk, acting_user, now)
    return review


@transaction.atomic
def review_type(*, number: int, kind: str, acting_user: User, now: datetime) -> Review:
    """Say what a text is where its content does not tell; '' lets the content tell again.

    :raises Refused: ACCESS_001, OFFICE_006
    """
    review = _locked(number, acting_user)
    review.kind = kind if kind in KINDS else ""
    review.save(update_fields=("kind",))
    _log("reading.type", number, acting_user, now)
    return review


@dataclass(frozen=True, kw_only=True)
class FindingChoice:
    """What a person decided on one finding; ``action`` '' takes the decision back."""

    finding: str
    action: str
    fields: Mapping[str, object]
    measure: str = ""


def findings_choose(
    *, number: int, chosen: Iterable[FindingChoice], acting_user: User, now: datetime
) -> None:
    """Decide on findings; a later decision on one takes the place of the earlier.

    :raises Refused: ACCESS_001, OFFICE_006, 009, 010, 013, REVIEW_…; none of them is kept then
    """
    wanted = list(chosen)
    with transaction.atomic():
        review = _locked(number, acting_user)
        findings = {finding.id: finding for finding in findings_of(review)}
        issues = [issue for decision in wanted for issue in _faults(findings, decision, now)]
        if issues:
            raise Refused(issues)
        touched: list[int] = []
        for decision in wanted:
            if not decision.action:
                taken_back = review.choices.filter(finding=decision.finding)
                touched += taken_back.values_list("pk", flat=True)
                taken_back.delete()
                continue
            choice, _ = Choice.objects.update_or_create(
                review=review,
                finding=decision.finding,
                defaults={
                    "action": decision.action,
                    "fields": dict(decision.fields) if decision.action == "correct" else {},
                    "measure": decision.measure if decision.action != "reject" else "",
                    "chosen_at": now,
                    "chosen_by": acting_user,
                },
            )
            touched.append(choice.pk)
        _log("reading.choose", number, acting_user, now, {Choice: touched})
        # What the decisions leave must fit: a correction that does not is not kept.
        if names := {decision.finding for decision in wanted if decision.action == "correct"}:
            places = {findings[name].place.line for name in names}
            wrong = [issue for issue in accepted_of(review).issues if issue.place.line in places]
            if wrong:
                raise Refused(wrong)


def _faults(findings: Mapping[str, Finding], decision: FindingChoice, now: datetime) -> list[Issue]:
    finding = findings.get(decision.finding)
    if finding is None or decision.action not in ("", "accept", "correct", "reject"):
        return [Issue(OfficeCode.OFFICE_013, facts={"finding": decision.finding[:40]})]
    if not decision.measure:
        return []
    facts: dict[str, object] = {"measure": decision.measure[:130]}
    try:
        programmes_on(timezone.localdate(now)).measure(decision.measure)
    except UnknownName:
        return [Issue(OfficeCode.OFFICE_009, facts=facts)]
    status = decision.fields.get("status", finding.fields.get("status"))
    if finding.kind is not FindingKind.FIGURE or status == "historic":
        return [Issue(OfficeCode.OFFICE_010, facts={"what": finding.fields.get("what", "")})]
    return []


@dataclass(frozen=True, slots=True)
class BaselineResult:
    """What storing a baseline did."""

    added: int
    withdrawn: int
    same: int


@transaction.atomic
def baseline_store(*, number: int, acting_user: User, now: datetime) -> BaselineResult:
    """Store the accepted figures of a review; those stored before and now different go.

    :raises Refused: ACCESS_001, OFFICE_006, 011
    """
    review = _locked(number, acting_user)
    write_lock()  # the same text may be in another review
    measures = dict(review.choices.exclude(measure="").values_list("finding", "measure"))
    rows = {
        row["id"]: _row(review, row, measures.get(row["id"], ""), acting_user, now)
        for row in accepted_of(review).baseline
    }
    standing = Baseline.objects.filter(
        unit=review.unit, source=review.digest, withdrawn_at__isnull=True
    )
    same = 0
    gone = []
    for old in standing.select_for_update():
        new = rows.get(old.finding)
        if new is not None and _identity(new) == _identity(old):
            del rows[old.finding]
            same += 1
        else:
            gone.append(old.pk)
    Baseline.objects.filter(pk__in=gone).update(withdrawn_at=now)
    made = Baseline.objects.bulk_create(rows.values())
    if made or gone:
        touched = [*gone, *(baseline.pk for baseline in made)]
        _log("baseline.store", number, acting_user, now, {Baseline: touched})
    return BaselineResult(len(rows), len(gone), same)


def _row(review: Review, row: BaselineRow, measure: str, user: User, now: datetime) -> Baseline:
    quantity: Quantity = from_answer(row["quantity"])
    low, high = quantity.scaled()
    status = row["status"]
    return Baseline(
        unit=review.unit,
        what=row["what"][:300],
        measure="" if status == "historic" else measure,
        kind=quantity.kind.name.lower(),
        low=low,
        high=high,
        counted_in=row["unit"][:32] if row["unit"] else "",
        period=(row["period"] or "")[:20],
        as_of=date.fromisoformat(row["as_of"]) if row["as_of"] else None,
        every=(row["every"] or "")[:20],
        status=status,
        source=review.digest,
        line=row["line"],
        finding=row["id"],
        accepted_at=now,
        accepted_by=user,
    )


def _identity(baseline: Baseline) -> tuple[object, ...]:
    """Give what two stored figures must share to be the same."""
    return (
        *(
            baseline.what,
            baseline.measure,
            baseline.kind,
            baseline.low,
            baseline.high,
            baseline.counted_in,
        ),
        *(baseline.period, baseline.as_of, baseline.every, baseline.status, baseline.line),
    )


@transaction.atomic
def review_delete(*, number: int, acting_user: User, now: datetime) -> None:
    """Delete an old text with all decisions on it; stored baseline figures stay.

    :raises Refused: ACCESS_001, OFFICE_006
    """
    review = _locked(number, acting_user)
    choices = list(review.choices.values_list("pk", flat=True))
    review.delete()
    _log("reading.delete", number, acting_user, now, {Choice: choices})


def _locked(number: int, user: User) -> Review:
    """Lock a review.

    :raises Refused: OFFICE_006, ACCESS_001
    """
    review = Review.objects.select_for_update().filter(pk=number).first()
    if review is None:
        raise Refused([Issue(OfficeCode.OFFICE_006)])
    require(user, "reading.use", review.unit)
    return review


def _log(
    action: str,
    number: int,
    user: User,
    now: datetime,
    rows: Rows | None = None,
) -> None:
    """Write to the log what became of a review and, beside it, of other rows."""
    touched: Rows = {Review: [number], **(rows or {})}
    audit_append(actor=user, action=action, objects=[str(number)], rows=touched, now=now)
