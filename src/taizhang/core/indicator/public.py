"""Small numbers are withheld from outsiders.

Counts of 人 and 户 from 1 to 4, shares that show such a count, and rates with fewer than 30 people
or households below the line have neither value nor bounds; so has one more sibling in the same
answer, as otherwise the total minus the others would give the number away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from taizhang.core.figure import Behind, Figure, Reason, ReasonCode
from taizhang.core.indicator.answer import Draft
from taizhang.core.indicator.words import Words


def withhold(drafts: Sequence[Draft], words: Words) -> tuple[Figure, ...]:
    """Give the figures an outsider may see, in the same order."""
    hidden = {place for place, draft in enumerate(drafts) if draft.small}
    for siblings in _families(drafts):
        if hidden.intersection(siblings):
            another = _next(drafts, [place for place in siblings if place not in hidden])
            if another is not None:
                hidden.add(another)
    return tuple(
        _blank(draft.figure, words) if place in hidden else draft.figure
        for place, draft in enumerate(drafts)
    )


def _families(drafts: Sequence[Draft]) -> Iterable[list[int]]:
    """Group the figures that add up to one total: the buckets of a unit, the units of a parent."""
    families: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, draft in enumerate(drafts):
        figure = draft.figure
        if figure.bucket is not None:
            families["buckets", figure.key, figure.unit_code].append(place)
        families["units", figure.key, figure.bucket, draft.parent].append(place)
    return [family for family in families.values() if len(family) > 1]


def _next(drafts: Sequence[Draft], places: Iterable[int]) -> int | None:
    """Choose the smallest figure that is not nothing; of equal ones the first by code."""

    def order(place: int) -> tuple[object, ...]:
        figure = drafts[place].figure
        return (drafts[place].size, figure.unit_code, figure.bucket or "")

    chosen = [place for place in places if drafts[place].figure.value is not None]
    return min((place for place in chosen if drafts[place].size), key=order, default=None)


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
