"""The rows of records, answers, closings and evidence that the log seals one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from taizhang.web.audit.chain import moment_text
from taizhang.web.audit.sealed_rows import SealedTable, Stored
from taizhang.web.ledger.models import Closing, CreditAnswer, Evidence, Record
from taizhang.web.ledger.sealed_text import (
    AnswerContent,
    RecordContent,
    answer_text,
    closing_text,
    content_text,
    evidence_text,
)

_AT_ONCE = 5000


def _records() -> Iterator[Stored]:
    """Give the records; one is sound when it is retired exactly by what replaced or withdrew it."""
    gone = _followers()
    rows = Record.objects.filter(logged__isnull=False).order_by("logged", "pk")
    named = ("logged", "seal", "accepted_at", "accepted_by_id", "retired_at", "pk")
    told = ("uid", "form", "pack_version", "unit", "date", "with_units", "answers", "digest")
    others = ("replaces__uid", "withdraws__uid", "reason", "case_uid", "step", "hour", "doer")
    for row in rows.values_list(*named, *told, *others).iterator(_AT_ONCE):
        logged, seal, at, actor, retired, pk, *content = row
        content[5] = content[5].split()
        text = content_text(RecordContent(*content))
        sound = retired == gone.get(pk)
        yield Stored(logged, content[0], text, seal, moment_text(at), actor, sound)


def _followers() -> dict[int, datetime]:
    """Give for each record that a later one replaced or withdrew the moment of that one."""
    moments: dict[int, datetime] = {}
    for name in ("replaces_id", "withdraws_id"):
        rows = Record.objects.filter(**{f"{name}__isnull": False})
        moments.update(rows.values_list(name, "accepted_at"))
    return moments


def _answers() -> Iterator[Stored]:
    rows = CreditAnswer.objects.filter(logged__isnull=False).order_by("logged", "pk")
    columns = ("logged", "seal", "answered_at", "answered_by_id")
    told = ("record__uid", "unit", "is_confirmed", "reason", "kept_from__uid")
    for logged, seal, at, actor, *content in rows.values_list(*columns, *told).iterator(_AT_ONCE):
        answer = AnswerContent(*content)
        name = f"{answer.uid} {answer.unit}"
        yield Stored(logged, name, answer_text(answer), seal, moment_text(at), actor)


def _closings() -> Iterator[Stored]:
    rows = Closing.objects.filter(logged__isnull=False).order_by("logged", "pk")
    columns = ("logged", "seal", "closed_at", "closed_by_id", "pack", "unit", "month")
    for logged, seal, at, actor, *key in rows.values_list(*columns).iterator(_AT_ONCE):
        text = closing_text(*key)
        yield Stored(logged, text, text, seal, moment_text(at), actor)


def _evidence() -> Iterator[Stored]:
    rows = Evidence.objects.filter(logged__isnull=False).order_by("logged", "pk")
    columns = ("logged", "seal", "attached_at", "attached_by_id")
    told = ("record__uid", "digest", "name", "media_type")
    for logged, seal, at, actor, *content in rows.values_list(*columns, *told).iterator(_AT_ONCE):
        name = f"{content[0]} {content[1][:12]}"
        yield Stored(logged, name, evidence_text(*content), seal, moment_text(at), actor)


def _unlinked(rows: QuerySet[Any], name: str) -> tuple[int, str]:
    """Count the rows that name no row of the log, and name the one that was written last."""
    unlinked = rows.filter(logged=None)
    last = unlinked.order_by("-pk").values_list(name, flat=True).first()
    return unlinked.count(), str(last or "-")


SEALED_TABLES = (
    SealedTable(
        name="ledger_record",
        actions=frozenset(
            {
                f"{way}{moved}{late}"
                for way in ("record.accept", "records.import")
                for moved in ("", ".moved")
                for late in ("", ".late")
            }
        ),
        rows=_records,
        unlinked=lambda: _unlinked(Record.objects.all(), "uid"),
    ),
    SealedTable(
        name="ledger_creditanswer",
        actions=frozenset(
            {"credit.confirm", "credit.confirm.late", "credit.refuse", "credit.keep"}
        ),
        rows=_answers,
        unlinked=lambda: _unlinked(CreditAnswer.objects.all(), "record__uid"),
    ),
    SealedTable(
        name="ledger_closing",
        actions=frozenset({"closing.close"}),
        rows=_closings,
        unlinked=lambda: _unlinked(Closing.objects.all(), "unit"),
    ),
    SealedTable(
        name="ledger_evidence",
        actions=frozenset({"record.attach"}),
        rows=_evidence,
        unlinked=lambda: _unlinked(Evidence.objects.all(), "record__uid"),
    ),
)
