"""Cases of all shipped kinds over the whole demonstration, month by month.

Each kind draws from a generator of its own for each community and month, so a new kind changes no
case of another.  Kinds that take the place of monthly sums are told as sums until the switch.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from random import Random

from taizhang.core.base.period import Month
from taizhang.core.unit.tree import Unit
from taizhang.demo.activity import agreements_petitions, healthy_city
from taizhang.demo.activity.habits import Line, day_in, times
from taizhang.demo.cases import complaints, office, services
from taizhang.demo.cases import sum as sums
from taizhang.demo.cases.case import SWITCH, Tale
from taizhang.demo.profile import SEED, Profile, profile

Sum = Callable[[Profile, Month, Sequence[Tale], Month], Iterator[Line]]
#: kind: (how it goes, cases a month in a community of five thousand, how 2025 told it)
KINDS: dict[str, tuple[Callable[[Tale, date], None], float, Sum | None]] = {
    "family_services.need": (services.need, 0.42, sums.needs),
    "family_services.screening_round": (services.screening, 0.07, sums.screenings),
    "law_outreach.legal_request": (services.legal, 0.4, sums.legal),
    "law_outreach.guidance": (office.guidance, 0.07, sums.guidance),
    "healthy_city.problem": (complaints.problem, 0.09, None),
    "healthy_city.hygiene_complaint": (complaints.complaint, 0.18, sums.complaints),
    "common.liaison": (office.liaison, 0.08, None),
    "common.small_project": (office.small_project, 0.025, None),
    "health_education.project": (office.project, 0.006, None),
    "agreements_petitions.petition": (office.petition, 0.06, None),
    "annual_assessment.award": (office.award, 0.004, None),
}
#: Since when kinds that go on from an older list are opened as cases; the list was kept till then.
BEGINS = {
    "healthy_city.problem": healthy_city.PROBLEMS_AS_CASES,
    "agreements_petitions.petition": agreements_petitions.PETITIONS_AS_CASES,
}
FIRST = Month(2025, 1)
#: A sum is corrected once, so many months later, by the results that came in meanwhile.
CORRECTED_AFTER = 2
_NAMESPACE = uuid.UUID("c2b9b5a3-66c1-5d6a-9a4d-0d7e64c0f5a1")


def case_records(units: Sequence[Unit], month: Month) -> Iterator[Line]:
    """Write the cases that the communities opened in ``month``, each to its end, or its sums."""
    for unit in units:
        who = profile(unit.code, unit.kind)
        for kind in KINDS:
            yield from _of_kind(kind, who, unit.parent or "", month)


def _of_kind(kind: str, who: Profile, street: str, month: Month) -> Iterator[Line]:
    summed = KINDS[kind][2]
    if summed is None or month >= SWITCH:
        for tale in _tales(kind, who, street, month):
            yield from tale.lines
    if summed is None:
        return
    if month < SWITCH:
        tales = _tales(kind, who, street, month)
        for number, line in enumerate(summed(who, month, tales, month)):
            yield {"id": _id(kind, who, month, number), **line}
    before = month.plus(-CORRECTED_AFTER)
    if FIRST <= before < SWITCH:
        tales = _tales(kind, who, street, before)
        was, now = (list(summed(who, before, tales, until)) for until in (before, month))
        for number, (old, new) in enumerate(zip(was, now, strict=True)):
            if old != new:
                name = _id(kind, who, before, number)
                corrects = {"replaces": name, "reason": "结果出来以后补上"}
                yield {"id": _id(kind, who, before, number, "corrected"), **new, **corrects}


def _tales(kind: str, who: Profile, street: str, month: Month) -> list[Tale]:
    if month < BEGINS.get(kind, month):
        return []
    tell, rate, _ = KINDS[kind]
    random = Random(f"{SEED}:case:{kind}:{who.code}:{month}")
    tales = []
    for number in range(times(rate * who.residents / 5000, random)):
        tale = Tale(kind, who, street, random, f"{month}/{number}")
        tell(tale, day_in(month, random))
        tales.append(tale)
    return tales


def _id(kind: str, who: Profile, month: Month, *parts: object) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, (kind, who.code, month, "sum", *parts)))))
