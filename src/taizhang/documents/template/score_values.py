"""A score in a template: ``score().total``, ``score().rows``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from taizhang.core.scoring.score_sheet import ItemScore, Score, SectionScore
from taizhang.core.text.number import points_text
from taizhang.documents.score_document import item_number, points_number
from taizhang.documents.template.template_values import PrintedInline
from taizhang.documents.tree import Inline, Quoted

_CHINESE = "zh-hans"


class ScoreValue:
    """The scored assessment of the unit."""

    def __init__(self, score: Score, printed: Callable[[Inline], PrintedInline]) -> None:
        self.score = score
        self._printed = printed

    @property
    def name(self) -> PrintedInline:
        """Print the unit."""
        return self._printed(Quoted(self.score.unit_name, f"unit:{self.score.unit_code}"))

    @property
    def sections(self) -> tuple[SectionValue, ...]:
        """Give the sections of the rubric."""
        return tuple(
            SectionValue(self.score, section, self._printed) for section in self.score.sections
        )

    @property
    def total(self) -> PrintedInline:
        """Print the decided points."""
        return self._points("total", "总分", "各项已定得分之和。")

    @property
    def max(self) -> PrintedInline:
        """Print the points that can be won."""
        return self._points("max", "满分", "适用的各部分满分之和。")

    @property
    def converted(self) -> PrintedInline:
        """Print the total on the rubric's scale, where sections do not apply."""
        return self._points("converted", "折算总分", "总分÷满分×细则总分。")

    @property
    def scale(self) -> PrintedInline:
        """Print the total of the rubric."""
        return self._points("scale", "细则总分", "细则各部分满分之和。")

    @property
    def pending(self) -> PrintedInline:
        """Print the points that are not decided yet."""
        return self._points("pending_max", "待定分", "尚不能评定的分值之和。")

    @property
    def rows(self) -> tuple[ItemValue, ...]:
        """Give the items of all sections in the order of the rubric."""
        return tuple(ItemValue(self.score, item, self._printed) for item in self.score.items)

    @property
    def lost(self) -> tuple[ItemValue, ...]:
        """Give the items that lost points."""
        return tuple(row for row in self.rows if row.item.losses)

    @property
    def waiting(self) -> tuple[ItemValue, ...]:
        """Give the items that wait for a decision or for data."""
        return tuple(row for row in self.rows if row.item.waits_for)

    def _points(self, name: str, label: str, sentence: str) -> PrintedInline:
        value = getattr(self.score, name)
        return self._printed(points_number(self.score, name, label, value, sentence))


class SectionValue:
    """One section of the assessment."""

    def __init__(
        self, score: Score, section: SectionScore, printed: Callable[[Inline], PrintedInline]
    ) -> None:
        self.section = section
        self._score = score
        self._printed = printed

    @property
    def name(self) -> PrintedInline:
        """Print the section."""
        return self._printed(Quoted(self.section.title, f"rubric:{self.section.key}"))

    @property
    def points(self) -> PrintedInline:
        """Print its decided points."""
        return self._number("", "已定得分之和。", self.section.points)

    @property
    def pending(self) -> PrintedInline:
        """Print its points that are not decided yet."""
        return self._number(".pending", "尚不能评定的分值之和。", self.section.pending)

    @property
    def max(self) -> PrintedInline:
        """Print the points it can earn."""
        points = points_text(self.section.max)
        return self._printed(Quoted(points, f"rubric:{self.section.key}"))

    def _number(self, ending: str, sentence: str, value: Fraction) -> PrintedInline:
        key, title = f"{self.section.key}{ending}", self.section.title
        return self._printed(points_number(self._score, key, title, value, sentence))


class ItemValue:
    """One item of the assessment."""

    def __init__(
        self, score: Score, item: ItemScore, printed: Callable[[Inline], PrintedInline]
    ) -> None:
        self.item = item
        self._score = score
        self._printed = printed

    @property
    def name(self) -> PrintedInline:
        """Print the item."""
        return self._quoted(self.item.title)

    @property
    def points(self) -> PrintedInline:
        """Print its points on the rubric's scale, or that it waits."""
        return self._printed(item_number(self._score, self.item))

    @property
    def max(self) -> PrintedInline:
        """Print the points that the rubric gives it."""
        return self._quoted(points_text(self.item.stated_max))

    @property
    def counts(self) -> PrintedInline:
        """Print what its points count where others of its section do not apply; else nothing."""
        points = self.item.points
        if points is None or points == self.item.stated_points:
            return self._quoted("")
        key, title = f"{self.item.key}.counts", f"{self.item.title}折算"
        return self._printed(points_number(self._score, key, title, points, "", ""))

    @property
    def required(self) -> PrintedInline:
        """Print what was required."""
        return self._quoted(self.item.required.text(_CHINESE))

    @property
    def found(self) -> PrintedInline:
        """Print what was found."""
        return self._quoted(self.item.found.text(_CHINESE))

    @property
    def why(self) -> PrintedInline:
        """Print why points were lost, or what the item waits for."""
        return self._quoted("；".join(self._reasons()))

    @property
    def remedy(self) -> PrintedInline:
        """Print how to win the points back."""
        parts = (loss.remedy.text(_CHINESE) for loss in self.item.losses)
        return self._quoted("".join(f"{part.rstrip('。')}。" for part in parts if part))

    def _reasons(self) -> Iterator[str]:
        for loss in self.item.losses:
            yield loss.why.text(_CHINESE).rstrip("。")
        if self.item.waits_for:
            yield self.item.waits_for.text(_CHINESE).rstrip("。")

    def _quoted(self, text: str) -> PrintedInline:
        return self._printed(Quoted(text, f"rubric:{self.item.key}"))
