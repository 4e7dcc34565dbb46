"""Open months: who under some units has not closed which months of a period, said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from taizhang.core.aggregate.query import Aggregation
from taizhang.core.base.figure import Figure, FlagName, ReasonCode
from taizhang.core.base.period import Month, Period
from taizhang.core.book import Book
from taizhang.core.formula.leaf import Leaf, Window
from taizhang.core.indicator.reporting import Duty, Reporting
from taizhang.core.text.bilingual import NOTHING, Bilingual
from taizhang.core.text.period import day_bilingual, months_chinese, months_english

#: So many units are named; of more their number is enough.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class OpenMonths:
    """The months of a period that are asked for and not closed, by unit, as of a day.

    ``through`` are the months that ratios take in, ``None`` where none is due yet; ``alone`` says
    that there is but one unit to close them.
    """

    as_of: date
    period: Period
    through: Period | None
    alone: bool = False
    months: Mapping[str, frozenset[int]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        """Say whether the period has not ended by the day."""
        return self.period.end > self.as_of

    @property
    def count(self) -> int:
        """Count the months not closed, over all units."""
        return sum(map(len, self.months.values()))

    def sentence(self) -> Bilingual:
        """Say who has not closed, up to which day numbers hold and ratios speak."""
        if not self.months and not self.running:
            return NOTHING
        day, ratios = day_bilingual(self.as_of), self._ratios()
        if not self.months:
            zh, en = f"数字截至{day.zh}", f"Numbers are as of {day.en}"
        else:
            who = self._who()
            zh = f"截至{day.zh}，{who.zh}未报结，下列为已收到数的合计"
            en = f"As of {day.en}, not closed: {who.en}; numbers are the sum of what has come in"
        return Bilingual(f"{zh}{ratios.zh}。", f"{en}{ratios.en}.")

    def _who(self) -> Bilingual:
        months = {code: list(map(Month.from_number, some)) for code, some in self.months.items()}
        if self.alone:
            (own,) = months.values()
            return Bilingual(months_chinese(own), months_english(own))
        zh = f"{len(months)}个单位{self.count}个月"
        amount = "1 month" if self.count == 1 else f"{self.count} months"
        en = f"{amount} of {len(months)} unit{'' if len(months) == 1 else 's'}"
        if len(months) > MOST_NAMED:
            return Bilingual(zh, en)
        named = sorted(months)
        names = "、".join(self.names[code] + months_chinese(months[code]) for code in named)
        names_en = ", ".join(f"{self.names[code]} {months_english(months[code])}" for code in named)
        return Bilingual(f"{zh}（{names}）", f"{en} ({names_en})")

    def _ratios(self) -> Bilingual:
        if not self.running:
            return NOTHING
        if self.through is None:
            return Bilingual("；还没有到期的月份，暂不计算比率", "; no month is due yet for ratios")
        months = list(self.through.months())
        return Bilingual(
            f"；比率按已到报结日的{months_chinese(months)}计算",
            f"; ratios take in the months due, {months_english(months)}",
        )

    def as_json(self, language: str) -> dict[str, object]:
        """Give the JSON shape of the command contract."""
        return {
            "as_of": self.as_of.isoformat(),
            "through": None if self.through is None else str(self.through.last),
            "units": len(self.months),
            "months": self.count,
            "sentence": self.sentence().text(language) or None,
            "by_unit": {
                code: [str(Month.from_number(number)) for number in sorted(self.months[code])]
                for code in sorted(self.months)
            },
        }


def open_months(
    book: Book, units: Iterable[str], period: Period, packs: Iterable[str]
) -> OpenMonths:
    """Find the months of a period that units, and those below them, have not closed.

    :param packs: keys of the packs asked about; a month is open where one of them is
    """
    tree = book.tree_for(period)
    asked = [unit for unit in dict.fromkeys(units) if tree.unit(unit) is not None]
    reporting = Reporting(book.programmes, book.history, tree, book.due, book.due_from, asked)
    open_of: dict[str, frozenset[int]] = defaultdict(frozenset)
    names: dict[str, str] = {}
    for pack in sorted(set(packs) & set(book.programmes.by_key)):
        leaf = Leaf(f"{pack}.", Aggregation.SUM, (), Window(period))
        if period.start > book.as_of:
            continue
        duties = [
            duty
            for unit in asked
            for some in reporting.duties(leaf, unit).values()
            for duty in some
        ]
        for duty in duties:
            names.setdefault(duty.closer, _name(book, duty))
        for code, months in _open(book, pack, period, duties, reporting.asked(leaf)):
            open_of[code] |= months
    alone = len(names) == 1
    return OpenMonths(book.as_of, period, book.due.cut(period), alone, dict(open_of), names)


def _open(
    book: Book, pack: str, period: Period, duties: Sequence[Duty], asked: frozenset[int]
) -> Iterable[tuple[str, frozenset[int]]]:
    closers = sorted({duty.closer for duty in duties})
    closed = book.closings.closed(pack, closers, period, book.as_of) if closers else {}
    for duty in duties:
        months = (duty.span.months & asked) - closed.get(duty.closer, frozenset())
        if months:
            yield duty.closer, months


def _name(book: Book, duty: Duty) -> str:
    unit = book.history.tree(duty.span.day).unit(duty.closer)
    return duty.closer if unit is None else unit.name


#: What a sentence on open months explains of a figure.
_FLAGS = (FlagName.INCOMPLETE, FlagName.OF, FlagName.OF_MONTHS, FlagName.TO_DATE)
_REASONS = (ReasonCode.NOT_REPORTED, ReasonCode.TOO_FEW_KNOWN, ReasonCode.WAITING)


def concerned(figures: Iterable[Figure]) -> list[Figure]:
    """Choose the figures that open months, or a running period, concern."""
    return [
        figure
        for figure in figures
        if any(flag.name in _FLAGS for flag in figure.flags)
        or (figure.reason is not None and figure.reason.code in _REASONS)
    ]


def packs_named(book: Book, texts: Iterable[str], home: str = "") -> frozenset[str]:
    """Name the packs that formulas read: those of qualified names and the one of bare names.

    Without such a one a bare name may be of any pack.
    """
    joined = " ".join(texts)
    known = book.programmes.by_key
    named = {key for key in known if f"{key}." in joined} | ({home} & set(known))
    return frozenset(named or known)
