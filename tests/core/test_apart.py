"""Parts unlike in size stand apart: no sum and no rate over them, each by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from taizhang.core.base.figure import Figure, ReasonCode
from taizhang.core.book import Book
from taizhang.core.definition.programme import Programmes
from tests.core.ledger import ask, book, figure, flags, indicator, measure, pack, value

#: Migrants do better than locals in both services and worse in the sum of them (Simpson).
SIMPSON = """
2026-03-31 SA entitled 900 service=big
2026-03-31 SA served 270 service=big
2026-03-31 SA entitled 100 service=small
2026-03-31 SA served 90 service=small
2026-06-30 SA entitled 910 service=big
2026-06-30 SA served 273 service=big
"""
MEASURES = tuple(
    replace(measure(key, label, "人", "service", level=True), apart="service")
    for key, label in (("entitled", "应服务"), ("served", "得到服务"))
)
RATE = indicator("rate", numerator="served", denominator="entitled")


def ledger(**given: object) -> Book:
    measures = {one.key: one for one in (*pack().measures.values(), *MEASURES)}
    programmes = Programmes((pack(RATE, measures=measures),))
    return book(SIMPSON, "SA 2026-01..2026-12", programmes=programmes, **given)


@pytest.mark.parametrize(
    "what", ["served", "rate", "served[service != 'big']", "served + entitled"]
)
def test_parts_unlike_in_size_are_never_pooled(what: str) -> None:
    found = figure(ledger(), what, "SA")
    assert (found.value, found.numerator) == (None, None)
    assert found.reason is not None
    assert found.reason.code is ReasonCode.NOT_APPLICABLE
    assert found.reason.sentence == "大小不同的各项不相加，请分项看。"


def by_service(what: str) -> dict[str | None, Figure]:
    return {one.bucket: one for one in ask(ledger(), what, "SA", by="service")}


def test_each_part_has_its_own_figure() -> None:
    rates = by_service("rate")
    assert {name: one.value for name, one in rates.items()} == {"big": 30, "small": 90}
    assert value(ledger(), "served[service == 'small'] / entitled[service == 'small']", "SA") == (
        rates["small"].value / 100
    )
    assert value(ledger(), "count(entitled)", "SA") == 3


def test_a_number_of_persons_stands_and_does_not_add_over_the_quarters() -> None:
    """900 in the first quarter and 910 in the second are 910, the same persons twice."""
    found = figure(ledger(), "entitled[service == 'big']", "SA")
    assert (found.value, found.unit, flags(found)) == (910, "人", ())
