"""An explained score as a document: points, what was required and found, how to win points back."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from taizhang.core.base.figure import Figure, Reason, ReasonCode
from taizhang.core.base.period import parse_period
from taizhang.core.scoring.score_sheet import (
    ItemScore,
    Score,
    SectionScore,
    rounded,
    with_worth,
)
from taizhang.core.text.bilingual import Bilingual
from taizhang.core.text.number import points_text
from taizhang.core.text.period import day_chinese, period_chinese
from taizhang.documents.assemble import assemble
from taizhang.documents.tree import (
    Align,
    Blank,
    Block,
    DateText,
    Document,
    Head,
    Heading,
    Inlines,
    List,
    Number,
    Paragraph,
    Quoted,
    Signature,
    Table,
    Text,
)
from taizhang.documents.wording import DATE_PROMPT, heading_number

_CHINESE = "zh-hans"
_POINTS = "分"
_DECIMALS = 2


def score_document(
    score: Score, *, synthetic: bool = False, own: bool = False, still_open: str = ""
) -> Document:
    """Lay out a scored assessment so that every lost point is explained.

    Points are figures with a row in the annex; what rubric and scoring say in sentences is quoted.

    :param own: it is a self-score of a period that runs, and no assessment
    :param still_open: a sentence on the months that are not closed
    """
    writer = _Scored(score, own, still_open)
    period = period_chinese(parse_period(score.period))
    head = Head(
        title=(
            Quoted(score.unit_name, f"unit:{score.unit_code}"),
            DateText(period),
            Quoted(score.title, f"rubric:{score.rubric}"),
            Text("自评说明" if own else "得分说明"),
        ),
        synthetic=synthetic,
        kind="通报",
        subject=score.rubric,
        unit_code=score.unit_code,
        period=score.period,
        as_of=score.as_of,
    )
    signature = Signature(issuer=(Blank("考核单位"),), day=Blank(DATE_PROMPT))
    return assemble(head, tuple(writer.blocks()), (), signature)


class _Scored:
    def __init__(self, score: Score, own: bool, still_open: str) -> None:
        self.score = score
        self.own = own
        self.still_open = still_open
        self.headings = 0

    def blocks(self) -> Iterator[Block]:
        """Write result, sections, losses, undecided items."""
        if self.own:
            yield Paragraph((Text("自评，不是考核：时段还没有结束，按已有记录算出。"),))
        yield self._heading("评分结果")
        if self.still_open:
            yield Paragraph((Quoted(self.still_open, f"closings:{self.score.unit_code}"),))
        yield Paragraph(self._result())
        yield self._sections_table()
        yield self._heading("逐项说明")
        for index, section in enumerate(self.score.sections, 1):
            title = (Quoted(section.title, f"rubric:{section.key}"),)
            yield Heading(2, title, heading_number(2, index))
            yield self._items_table(section.items)
        if self.score.bonus_items:
            extra: Inlines = (Text("加分项（总分之外）"),)
            yield Heading(2, extra, heading_number(2, len(self.score.sections) + 1))
            yield self._items_table(self.score.bonus_items)
        yield from self._losses()
        yield from self._circumstances()
        yield from self._waiting()

    def _heading(self, text: str) -> Heading:
        self.headings += 1
        return Heading(1, (Text(text),), heading_number(1, self.headings))

    def _result(self) -> Inlines:
        score = self.score
        total = self._points("total", "总分", score.total, "各项已定得分之和。")
        text: list[Text | Number | DateText | Quoted] = [
            Text("截至"),
            DateText(day_chinese(score.as_of)),
            Text("，"),
            Quoted(score.unit_name, f"unit:{score.unit_code}"),
            Text("得"),
            total,
            Text("，满分"),
            self._points("max", "满分", score.max, "适用的各部分满分之和。"),
        ]
        if score.left:
            left = [section for section in score.sections if section.left]
            text += [Text("（")]
            for section in left:
                text += [Quoted(section.title, f"rubric:{section.key}"), Text("不适用，")]
            sentence = "不适用的部分退出总分的分值。"
            text += [
                self._points("left", "退出总分", score.left, sentence),
                Text("退出总分；按细则总分"),
                Quoted(points_text(score.scale), f"rubric:{score.rubric}"),
                Text("分折算为"),
                self._points("converted", "折算总分", score.converted, "总分÷满分×细则总分。"),
                Text("）"),
            ]
        if score.pending_max:
            pending = self._points("pending", "待定分", score.pending_max, "尚不能评定的分值之和。")
            text += [Text("，其中"), pending, Text("尚未评定")]
        if score.bonus_items:
            bonus = self._points("bonus", "加分", score.bonus, "加分项已定得分，不计入总分。")
            text += [Text("；另有加分"), bonus]
        return (*text, Text("。"))

    def _sections_table(self) -> Table:
        header = ("部分", "满分", "得分", "待定")
        rows = tuple(
            (
                (Quoted(section.title, f"rubric:{section.key}"),),
                _section_max(section),
                (self._points(section.key, section.title, section.points, _section(section), ""),),
                (self._pending(section),),
            )
            for section in self.score.sections
        )
        right = Align.RIGHT
        return Table(_cells(header), rows, (), (Align.LEFT, right, right, right))

    def _pending(self, section: SectionScore) -> Number:
        key, label = f"{section.key}.pending", f"{section.title}待定分"
        return self._points(key, label, section.pending, "尚不能评定的分值。", "")

    def _items_table(self, items: tuple[ItemScore, ...]) -> Table:
        header = ("项目", "满分", "得分", "要求", "实际")
        rows = tuple(
            (
                _quoted(item.title, item.key),
                (_stated(with_worth(item.stated_max, item.max or item.stated_max), item.key),),
                self._item_points(item),
                _quoted(_required(item), item.key),
                _quoted(item.found.text(_CHINESE), item.key),
            )
            for item in items
        )
        left, right = Align.LEFT, Align.RIGHT
        return Table(_cells(header), rows, (), (left, right, right, left, left))

    def _item_points(self, item: ItemScore) -> Inlines:
        """Write an item's points on the rubric's scale, and beside them what they count."""
        stated = item_number(self.score, item)
        if item.points is None or item.points == item.stated_points:
            return (stated,)
        sentence = "本部分有不适用的项目，其分值由其余各项折算。"
        key, label = f"{item.key}.counts", f"{item.title}折算"
        counts = self._points(key, label, item.points, sentence, "")
        return (stated, Text("（折算"), counts, Text("）"))

    def _losses(self) -> Iterator[Block]:
        losses: list[Inlines] = []
        for item in self.score.items:
            spoken = item.as_json(_CHINESE)["lost"]
            for index, loss in enumerate(spoken if isinstance(spoken, list) else (), 1):
                points = Fraction(str(loss["points"]))
                key, label = f"{item.key}.lost.{index}", f"{item.title}失分"
                stated = item.stated(points)
                counts: Inlines = ()
                if stated != points:
                    worth = self._points(f"{key}.counts", f"{label}折算", points, "")
                    counts = (Text("（折算"), worth, Text("）"))
                losses.append(
                    (
                        *_quoted(item.title, item.key),
                        Text("失"),
                        self._points(key, label, stated, str(loss["why"])),
                        *counts,
                        Text("："),
                        *_quoted(str(loss["why"]).rstrip("。"), item.key),
                        Text("。补救办法："),
                        *_quoted(str(loss["remedy"]), item.key),
                    )
                )
        if losses:
            yield self._heading("失分原因和补救办法")
            yield List(True, tuple(losses))

    def _circumstances(self) -> Iterator[Block]:
        """Quote what the unit stated of its circumstances, with the answer."""
        items = tuple(
            (
                *_quoted(item.title, item.key),
                Text("："),
                *_quoted(item.circumstance.text(_CHINESE), item.key),
            )
            for item in (*self.score.items, *self.score.bonus_items)
            if item.circumstance
        )
        if items:
            yield self._heading("被考核单位说明的情况")
            yield List(True, items)

    def _waiting(self) -> Iterator[Block]:
        items = tuple(
            (
                *_quoted(item.title, item.key),
                Text("："),
                *_quoted(item.waits_for.text(_CHINESE), item.key),
            )
            for item in self.score.items
            if item.waits_for
        )
        if items:
            yield self._heading("尚未评定的项目")
            yield List(True, items)

    def _points(
        self, key: str, label: str, value: Fraction, sentence: str, unit: str = _POINTS
    ) -> Number:
        return points_number(self.score, key, label, value, sentence, unit)


def points_number(
    score: Score,
    key: str,
    label: str,
    value: Fraction | None,
    sentence: str,
    unit: str = _POINTS,
    reason: Reason | None = None,
) -> Number:
    """Make a number of points, so that the annex says what they were given for."""
    figure = Figure(
        key=f"{score.rubric}.{key}",
        label=label,
        unit_code=score.unit_code,
        unit_name=score.unit_name,
        period=score.period,
        as_of=score.as_of,
        tree=score.tree,
        value=value,
        reason=reason,
        low=value,
        high=value,
        unit=_POINTS,
        sentence=f"{label}：{sentence}" if sentence else label,
        decimals=_digits(rounded(value)),
    )
    return Number(figure=figure, unit=unit, compact=reason is not None)


def item_number(score: Score, item: ItemScore, unit: str = "") -> Number:
    """Make the number of an item's points on the rubric's scale; one without any says why."""
    required, actual = item.required.text(_CHINESE), item.found.text(_CHINESE)
    sentence = "".join(f"{part.rstrip('。')}。" for part in (required, actual) if part)
    reason = None
    if item.points is None:
        waits = item.waits_for.text(_CHINESE)
        other = item.not_applicable.text(_CHINESE) or "不适用"
        code = ReasonCode.WAITING if waits else ReasonCode.NOT_APPLICABLE
        reason = Reason(code, waits or other)
    points = item.stated_points
    return points_number(score, item.key, item.title, points, sentence, unit, reason)


def _digits(shown: Fraction | None) -> int:
    """Count the decimals that points need, two at most."""
    if shown is None or shown.denominator == 1:
        return 0
    return 1 if (shown * 10).denominator == 1 else _DECIMALS


def _section(section: SectionScore) -> str:
    return f"本部分{len(section.items)}项已定得分之和。"


def _stated(points: Bilingual, key: str) -> Quoted:
    return Quoted(points.text(_CHINESE), f"rubric:{key}")


def _section_max(section: SectionScore) -> Inlines:
    if section.max:
        return (Quoted(points_text(section.max), f"rubric:{section.key}"),)
    text = f"不适用（{points_text(section.left)}分退出总分）"
    return (Quoted(text, f"rubric:{section.key}"),)


def _required(item: ItemScore) -> str:
    unscored = [f"（不计分）{requirement}" for requirement in item.requirements]
    return "；".join(part for part in (item.required.text(_CHINESE), *unscored) if part)


def _quoted(text: str, key: str) -> Inlines:
    return (Quoted(text, f"rubric:{key}"),) if text else ()


def _cells(names: tuple[str, ...]) -> tuple[Inlines, ...]:
    return tuple((Text(name),) for name in names)
