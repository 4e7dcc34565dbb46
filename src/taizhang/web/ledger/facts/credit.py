"""Credits as the ledger holds them: what units answered, and which facts count there from when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from taizhang.core.counting.credit import Credit, CreditGiven, credit_of
from taizhang.web.base.bulk import chunks
from taizhang.web.ledger.facts.stored_fact import StoredFact
from taizhang.web.ledger.models import CreditAnswer, CreditStart

#: The answers of the units that one record credits, each unit's in their order.
Answers = Mapping[str, Sequence[CreditGiven]]


def asked_since() -> datetime | None:
    """Give the moment since which units are asked; ``None`` where they always were."""
    return CreditStart.objects.values_list("since", flat=True).first()


def answers_of(records: Collection[int]) -> dict[int, Answers]:
    """Give what units answered to records, by the key of the record."""
    answers: dict[int, dict[str, list[CreditGiven]]] = defaultdict(lambda: defaultdict(list))
    for some in chunks(records):
        rows = CreditAnswer.objects.filter(record__in=some).order_by("pk")
        told = rows.values_list("record_id", "unit", "is_confirmed", "answered_at")
        for record, unit, is_confirmed, at in told.iterator():
            answers[record][unit].append(CreditGiven(is_confirmed, at))
    return {record: dict(by_unit) for record, by_unit in answers.items()}


def credits_of(
    units: Iterable[str], accepted_at: datetime, answers: Answers, asked: datetime | None
) -> dict[str, Credit]:
    """Give how it stands with each unit that a record credits."""
    return {unit: credit_of(accepted_at, answers.get(unit, ()), asked) for unit in units}


def facts_timed(
    facts: Iterable[StoredFact],
    credits_: Mapping[str, Credit],
    accepted_at: datetime,
    retired_at: datetime | None,
) -> Iterator[tuple[StoredFact, datetime, datetime | None]]:
    """Give the facts that count, or did, with the moments from and until which each does.

    Those of the record's own unit count with the record, those of a credited unit from its answer.
    """
    for fact in facts:
        credit = credits_.get(fact.unit)
        if credit is None:
            yield fact, accepted_at, retired_at
        elif credit.since is not None:
            ends = [moment for moment in (retired_at, credit.until) if moment is not None]
            yield fact, credit.since, min(ends, default=None)
