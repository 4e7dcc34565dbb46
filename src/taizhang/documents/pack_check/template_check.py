"""What is wrong with a template, found without a ledger.

Every template of a pack is rendered for every kind of unit with everything unknown, with noughts
and with large numbers, so that a fault hidden in a branch is found by ``pack check`` and never by
the office that writes its summary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from taizhang.core.aggregate.reference_engine import ReferenceEngine
from taizhang.core.base.figure import Figure, Reason, ReasonCode
from taizhang.core.base.issue import NOWHERE, Issue, Level, Refused
from taizhang.core.base.period import KIND_MONTHS, Month, Period
from taizhang.core.book import Book
from taizhang.core.definition.pack import DocumentTemplate, Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.rubric import Section
from taizhang.core.scoring import ItemScore, Score, SectionScore
from taizhang.core.scoring.outcome import Waiting, WaitsFor
from taizhang.core.text.bilingual import same
from taizhang.core.unit.tree import History
from taizhang.documents.code import DocumentCode
from taizhang.documents.render.layout import misfits
from taizhang.documents.template.book_source import BookSource
from taizhang.documents.template.composition import compose
from taizhang.documents.template.data_source import FigureRequest, PlanRow, Subject, UnitRow
from taizhang.documents.template.unit_rows import unit_rows
from taizhang.documents.tree import Block, Number, Text, blocks_of, flat, texts_of

_YEAR = 2026
_DAY = date(_YEAR + 1, 1, 31)
_UNIT = "000000000000"
#: What every figure is in one rendering; ``None`` is unknown.
_WORLDS = (None, Fraction(0), Fraction(10**6))


def _untold(name: str) -> None:
    """Tell nobody which template is rendered."""


def check_documents(
    pack: Pack, others: Sequence[Pack] = (), tell: Callable[[str], None] = _untold
) -> tuple[Issue, ...]:
    """Find everything that is wrong with the templates of a pack.

    ``others`` are the packs it uses, whose measures its templates may name; ``tell`` hears the file
    of each template before it is rendered.
    """
    programmes = Programmes((*(other for other in others if other.key != pack.key), pack))
    history = History(())
    book = Book(
        programmes=programmes,
        history=history,
        engine=ReferenceEngine((), history),
        today=_DAY,
        as_of=_DAY,
    )
    issues: dict[str, Issue] = {}
    for template in pack.documents.values():
        tell(template.place.file)
        for issue in _template_issues(book, pack, template):
            issues.setdefault(issue.line(), issue)
    return tuple(issues.values())


def _template_issues(book: Book, pack: Pack, template: DocumentTemplate) -> Iterator[Issue]:
    months = KIND_MONTHS.get(template.period, 12)
    period = Period(Month(_YEAR, 1), Month(_YEAR, months))
    kinds = dict.fromkeys((*pack.unit_kinds, "街道", "市辖区"))
    for kind in kinds:
        subject = Subject(
            unit_code=_UNIT,
            unit_name="某单位",
            unit_kind=kind,
            unit_level="",
            period=period,
            as_of=_DAY,
            parent_code=_UNIT,
            parent_name="某上级单位",
        )
        for value in _WORLDS:
            try:
                document = compose(template, _Imagined(book, pack.key, value), subject)
            except Refused as refused:
                yield from refused.issues
                if any(issue.code is DocumentCode.DOCUMENT_018 for issue in refused.issues):
                    return  # once is dear enough
            else:
                yield from document.issues
                yield from misfits(document.blocks)
                yield from doubled_units(document.blocks)


def doubled_units(blocks: Iterable[Block]) -> Iterator[Issue]:
    """Find figures whose unit the words behind them say a second time: 12次次."""
    for block in blocks_of(tuple(blocks)):
        for inlines in texts_of(block):
            for first, second in pairwise(flat(inlines)):
                if (
                    isinstance(first, Number)
                    and isinstance(second, Text)
                    and first.unit
                    and second.text.startswith(first.unit)
                ):
                    facts = {"label": first.figure.label, "unit": first.unit}
                    place = getattr(block, "place", NOWHERE)
                    yield Issue(DocumentCode.DOCUMENT_017, place, facts, Level.WARNING)


class _Imagined(BookSource):
    """Answers every demand that means something with one and the same value."""

    def __init__(self, book: Book, pack: str, value: Fraction | None) -> None:
        super().__init__(book, _UNIT, pack)
        self.value = value

    def figures(
        self, wanted: Sequence[FigureRequest]
    ) -> Mapping[FigureRequest, tuple[Figure, ...]]:
        """Imagine one figure, or one row, for each demand."""
        return {request: (self._imagined(request),) for request in wanted}

    def plan(self, period: Period) -> Sequence[PlanRow]:
        """Give the tasks without their figures."""
        tasks = self.book.programmes.by_key[self.pack].plan
        return tuple(
            PlanRow(key=task.key, label=task.label, lead=task.lead, support=task.support)
            for task in (tasks.tasks if tasks else ())
        )

    def score(self, period: Period) -> Score | None:
        """Give the rubric's items as if none had been decided."""
        rubric = self.book.programmes.by_key[self.pack].rubric
        if rubric is None or self.value is None:
            return None
        return Score(
            rubric=rubric.key,
            title=rubric.title,
            unit_code=_UNIT,
            unit_name="某单位",
            period=str(period),
            as_of=_DAY,
            tree=_DAY,
            sections=tuple(_undecided(section) for section in rubric.sections),
        )

    def scores(self, period: Period) -> Sequence[Score]:
        """Give one unit's items as if none had been decided."""
        score = self.score(period)
        return () if score is None else (score,)

    def units(self, level: str | None, period: Period) -> Sequence[UnitRow]:
        """Give one unit with one below it."""
        unit_rows(self.book.history.tree(_DAY), _UNIT, level)
        below = UnitRow(code=_UNIT, name="某社区", kind="社区", level="community")
        return (UnitRow(code=_UNIT, name="某街道", kind="街道", level="street", units=(below,)),)

    def _imagined(self, wanted: FigureRequest) -> Figure:
        definition = self._definition(wanted)
        reason = None
        if self.value is None:
            reason = Reason(ReasonCode.NOT_REPORTED, "没有数字。")
        return Figure(
            key=definition.key,
            label=definition.label or wanted.name,
            unit_code=_UNIT,
            unit_name="某单位",
            period=str(wanted.period),
            as_of=_DAY,
            tree=_DAY,
            value=self.value,
            reason=reason,
            low=self.value,
            high=self.value,
            reach="若干单位达到" if self.value else "",
            unit=definition.unit,
            bucket=None if wanted.by in (None, "unit") else f"{_YEAR}-01",
        )


def _undecided(section: Section) -> SectionScore:
    items = tuple(
        ItemScore(
            key=item.key,
            title=item.title,
            max=item.max,
            stated_max=item.max,
            points=None,
            kind=item.rule.kind,
            waits_for=Waiting(WaitsFor.DECISION, same("待评定")),
            pending=item.max,
        )
        for item in section.items
    )
    return SectionScore(key=section.key, title=section.title, max=section.max, items=items)
