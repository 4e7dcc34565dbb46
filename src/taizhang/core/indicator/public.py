"""Small numbers are withheld from outsiders.

Counts of 人 and 户 from 1 to 4, shares that show such a count, and rates with fewer than 30 people
or households below the line have neither value nor bounds; so has one more sibling in the same
answer, as otherwise the total minus the others would give the number away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from taizhang.core.figure import Behind, Figure, Reason, ReasonCode
from taizhang.core.indicator.answer import Draft
from taizhang.core.indicator.words import Words


def withhold(drafts: Sequence[Draft], words: Words) -> tuple[Figure, ...]:
    """Give the figures an outsider may see, in the same order."""
    small = {place for place, draft in enumerate(drafts) if draft.small}
    families = _families(drafts)
    hidden = set(small)
    for siblings in families:
        if small.intersection(siblings):
            _hide_one(drafts, siblings, hidden)
    while any(
        _alone(siblings, hidden) and _hide_one(drafts, siblings, hidden) for siblings in families
    ):
        pass  # what was withheld with one family may stand alone in another
    return tuple(
        _blank(draft.figure, words) if place in hidden else draft.figure
        for place, draft in enumerate(drafts)
    )


def _families(drafts: Sequence[Draft]) -> list[list[int]]:
    """Group what adds up to one total: the buckets of a unit, the units of a parent or below
    the unit asked about."""
    families: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, draft in enumerate(drafts):
        figure = draft.figure
        if figure.bucket is not None:
            families["buckets", figure.key, figure.unit_code].append(place)
        for above in draft.above - {None}:
            families["units", figure.key, figure.bucket, above].append(place)
    return [family for family in families.values() if len(family) > 1]


def _alone(siblings: Sequence[int], hidden: set[int]) -> bool:
    return len(hidden.intersection(siblings)) == 1


def _hide_one(drafts: Sequence[Draft], siblings: Sequence[int], hidden: set[int]) -> bool:
    """Withhold the smallest sibling that is not nothing, of equal ones the first by code."""

    def order(place: int) -> tuple[object, ...]:
        figure = drafts[place].figure
        return (drafts[place].size, figure.unit_code, figure.bucket or "")

    left = [
        place
        for place in siblings
        if place not in hidden and drafts[place].size and drafts[place].figure.value is not None
    ]
    if left:
        hidden.add(min(left, key=order))
    return bool(left)


def _blank(figure: Figure, words: Words) -> Figure:
    sentence = words.reason(ReasonCode.SUPPRESSED, "")
    label = f"「{figure.label}」：" if words.index == 0 else f"“{figure.label}”: "
    return replace(
        figure,
        value=None,
        numerator=None,
        denominator=None,
        low=None,
        high=None,
        reason=Reason(ReasonCode.SUPPRESSED, sentence),
        flags=(),
        sentence=label + sentence,
        records=Behind(None),
        decimals=0,
    )
