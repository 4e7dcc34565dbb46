"""The score sheet: every item with its points and losses, exact inside, rounded when shown.

One scale is shown, that of the rubric, and beside it what the points count where they differ:
items that do not apply leave theirs to the others of their section, and a section that does not
apply at all leaves the total, which is then converted to the rubric's scale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from taizhang.core.base.figure import number
from taizhang.core.base.period import parse_period
from taizhang.core.base.rounding import rounded as half_up
from taizhang.core.scoring.outcome import NO_WAIT, ZERO, Loss, Waiting
from taizhang.core.text.bilingual import NOTHING, Bilingual, say


@dataclass(frozen=True, kw_only=True)
class ItemScore:
    """One item.  ``max`` is what it counts here, ``stated_max`` what the rubric says; they differ
    where 不适用 items of the section left their points to the others.

    ``points`` is ``None`` for an item that waits or is not applicable; for any other item points
    and losses add up to ``max``.  ``parts`` are the same item in the weighted parts of the period.
    """

    key: str
    title: str
    max: Fraction
    stated_max: Fraction
    points: Fraction | None
    kind: str
    required: Bilingual = NOTHING
    found: Bilingual = NOTHING
    losses: tuple[Loss, ...] = ()
    waits_for: Waiting = NO_WAIT
    not_applicable: Bilingual = NOTHING
    possible: tuple[Fraction, Fraction] | None = None
    figures: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    parts: tuple[tuple[str, ItemScore], ...] = ()
    sure: Fraction = ZERO  # decided points, also of an item that waits in one part of the period
    pending: Fraction = ZERO  # points not decided yet
    circumstance: Bilingual = NOTHING  # what the unit states of it, and the answer

    @property
    def factor(self) -> Fraction:
        """Give what a point of the rubric counts here: 1, but where 不适用 items left theirs."""
        return self.max / self.stated_max if self.stated_max else Fraction(1)

    def stated(self, points: Fraction) -> Fraction:
        """Give points that count here on the rubric's own scale, on which people decide."""
        return points / self.factor if self.factor else points

    @property
    def stated_points(self) -> Fraction | None:
        """Give the points on the rubric's own scale."""
        return None if self.points is None else self.stated(self.points)

    @property
    def waiting(self) -> Bilingual:
        """Say what the item waits for, and between which points of the rubric it lies."""
        if self.possible is None or not self.waits_for:
            return self.waits_for.sentence
        return say(
            "%(waits)s（目前可能得%(low)s–%(high)s分）",
            "%(waits)s (between %(low)s and %(high)s points are possible)",
            waits=self.waits_for.sentence,
            low=self.stated(self.possible[0]),
            high=self.stated(self.possible[1]),
        )

    def as_json(self, language: str) -> dict[str, object]:
        """Give the JSON shape of the command contract."""
        most, points = rounded(self.max), rounded(self.points)
        table: dict[str, object] = {
            "key": self.key,
            "title": self.title,
            "max": number(most),
            "stated_max": number(rounded(self.stated_max)),
            "points": number(points),
            "stated_points": number(rounded(self.stated_points)),
            "rule": self.kind,
            "required": self.required.text(language),
            "found": self.found.text(language),
            "lost": _losses_json(self.losses, most or ZERO, points, language),
            "waits_for": self.waiting.text(language) or None,
            "not_applicable": self.not_applicable.text(language) or None,
            "possible": self.possible and [number(rounded(end)) for end in self.possible],
            "figures": list(self.figures),
            "requirements": list(self.requirements),
            "circumstance": self.circumstance.text(language) or None,
        }
        if self.parts:
            table["parts"] = [
                {"period": name, **part.as_json(language)} for name, part in self.parts
            ]
        return table


@dataclass(frozen=True, kw_only=True)
class SectionScore:
    """A section; ``points`` are its decided points, ``pending`` those that are not decided yet.

    ``max`` is 0 where none of its items applies: its points then leave the total.
    """

    key: str
    title: str
    max: Fraction
    items: tuple[ItemScore, ...]

    @property
    def stated_max(self) -> Fraction:
        """Give what the rubric gives the section, whether it applies or not."""
        return sum((item.stated_max for item in self.items), ZERO)

    @property
    def left(self) -> Fraction:
        """Give the points that left the total because no item of the section applies."""
        return self.stated_max - self.max

    @property
    def points(self) -> Fraction:
        """Add up what is decided."""
        return sum((item.sure for item in self.items), ZERO)

    @property
    def pending(self) -> Fraction:
        """Add up what is not decided yet."""
        return sum((item.pending for item in self.items), ZERO)

    def as_json(self, language: str) -> dict[str, object]:
        """Give the JSON shape of the command contract."""
        return {
            "key": self.key,
            "title": self.title,
            "max": number(rounded(self.max)),
            "stated_max": number(rounded(self.stated_max)),
            "points": number(rounded(self.points)),
            "pending": number(rounded(self.pending)),
            "items": [item.as_json(language) for item in self.items],
        }


@dataclass(frozen=True, kw_only=True)
class Score:
    """The scored assessment of one unit in one period."""

    rubric: str
    title: str
    unit_code: str
    unit_name: str
    period: str
    as_of: date
    tree: date
    sections: tuple[SectionScore, ...]
    bonus_items: tuple[ItemScore, ...] = ()
    bonus_cap: Fraction | None = None
    weights: tuple[tuple[str, Fraction], ...] = ()
    language: str = field(default="zh-hans", compare=False)

    @property
    def max(self) -> Fraction:
        """Add up the sections that apply."""
        return sum((section.max for section in self.sections), ZERO)

    @property
    def scale(self) -> Fraction:
        """Give the total of the rubric, also of the sections that do not apply."""
        return sum((section.stated_max for section in self.sections), ZERO)

    @property
    def left(self) -> Fraction:
        """Give the points of sections that do not apply at all."""
        return self.scale - self.max

    def on_scale(self, points: Fraction) -> Fraction:
        """Convert points of the sections that apply to the rubric's scale."""
        return points * self.scale / self.max if self.max else ZERO

    @property
    def converted(self) -> Fraction:
        """Give the total on the rubric's scale, as if the sections that apply were all."""
        return self.on_scale(self.total)

    @property
    def total(self) -> Fraction:
        """Add up the decided points, without any bonus."""
        return sum((section.points for section in self.sections), ZERO)

    @property
    def pending_max(self) -> Fraction:
        """Add up the points that are not decided yet."""
        return sum((section.pending for section in self.sections), ZERO)

    @property
    def running(self) -> bool:
        """Say whether the period was not over on the day of the score."""
        return self.as_of < parse_period(self.period).end

    @property
    def lost(self) -> Fraction:
        """Give the points that are lost for good."""
        return self.max - self.total - self.pending_max

    @property
    def bonus(self) -> Fraction:
        """Add up the decided bonus, up to its cap; it stands outside the total."""
        points = sum((item.sure for item in self.bonus_items), ZERO)
        return points if self.bonus_cap is None else min(points, self.bonus_cap)

    @property
    def items(self) -> Iterable[ItemScore]:
        """Walk all items of the sections."""
        return (item for section in self.sections for item in section.items)

    def as_json(self, language: str | None = None) -> dict[str, object]:
        """Give the JSON shape of the command contract; points have two digits at most."""
        spoken = language or self.language
        return {
            **self.sums_json(),
            "sections": [section.as_json(spoken) for section in self.sections],
            "bonus_items": [item.as_json(spoken) for item in self.bonus_items],
        }

    def sums_json(self) -> dict[str, object]:
        """Give the same without its sections and items, as lists of many units show it."""
        return {
            "rubric": self.rubric,
            "title": self.title,
            "unit_code": self.unit_code,
            "unit_name": self.unit_name,
            "period": self.period,
            "as_of": self.as_of.isoformat(),
            "tree": self.tree.isoformat(),
            "total": number(rounded(self.total)),
            "pending_max": number(rounded(self.pending_max)),
            "lost": number(rounded(self.lost)),
            "max": number(rounded(self.max)),
            "converted": number(rounded(self.converted)),
            "scale": number(rounded(self.scale)),
            "left": number(rounded(self.left)),
            "bonus": number(rounded(self.bonus)),
            "bonus_cap": number(rounded(self.bonus_cap)),
            "weights": {name: number(weight) for name, weight in self.weights},
        }


def with_worth(points: Fraction, worth: Fraction) -> Bilingual:
    """Write points of the rubric, and beside them what they count where that differs."""
    if points == worth:
        return say("%(points)s", "%(points)s", points=points)
    told = "%(points)s（折算%(worth)s）"
    return say(told, "%(points)s (counts %(worth)s)", points=points, worth=worth)


def rounded(value: Fraction | None) -> Fraction | None:
    """Round half up to two digits, as points are shown."""
    return None if value is None else half_up(value, 2)


def _losses_json(
    losses: tuple[Loss, ...], most: Fraction, points: Fraction | None, language: str
) -> list[dict[str, object]]:
    """Round the losses so that they still add up: each is the step between rounded sums."""
    left = ZERO if points is None else most - points
    rows: list[dict[str, object]] = []
    exact, shown = ZERO, ZERO
    for index, loss in enumerate(losses, 1):
        exact += loss.points
        upto = left if index == len(losses) else min(rounded(exact) or ZERO, left)
        rows.append(
            {
                "points": number(upto - shown),
                "why": loss.why.text(language),
                "remedy": loss.remedy.text(language),
            }
        )
        shown = upto
    return rows
