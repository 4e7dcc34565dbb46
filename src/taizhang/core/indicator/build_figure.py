"""Figure builder: value, reason, flags (implausible rates too), sentence, method, decimals."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TypedDict

from taizhang.core.base.figure import Behind, Figure, Flag, FlagName, OpenCount, Reason
from taizhang.core.base.period import Month, Period, parse_period
from taizhang.core.formula.definition import Definition
from taizhang.core.formula.dimension import bucket_label
from taizhang.core.formula.evaluate import leaves, pooled
from taizhang.core.formula.evaluation_scope import EvaluationContext
from taizhang.core.formula.function import SHARES
from taizhang.core.formula.node import Binary, Call, Text, walk
from taizhang.core.formula.sentence import definition_words
from taizhang.core.formula.value import Notes, Value
from taizhang.core.indicator.evaluate import Cell
from taizhang.core.indicator.provenance import records_behind
from taizhang.core.indicator.query_plan import FigureRow, QueryPlan
from taizhang.core.indicator.sentence import FigureSentences
from taizhang.core.text.flag import flag_sentence
from taizhang.core.text.reason import reason_sentence
from taizhang.core.text.unit_sign import WHOLE

#: Functions that make a quotient a comparison with a requirement or an earlier time, which may
#: well exceed the whole.
_BEYOND_WHOLE = frozenset(
    ("norm", "per_thing", "target", "previous", "year_before", "average_of", "above")
)
#: Functions that read the ledger, whatever stands in them.
_OF_THE_LEDGER = SHARES | {"above", "overdue", "entities", "months_where", "reported_units"}


class Reached(TypedDict, total=False):
    """The part of a figure that speaks of the units below it."""

    done: Fraction | None
    owed: Fraction | None
    reached: int
    of: int
    reach: str
    verdict: bool | None


class FigureBuilder:
    """Makes the figures of one plan."""

    def __init__(self, plan: QueryPlan) -> None:
        self.plan = plan
        self.book = plan.book
        self.explained = plan.question.explained
        self.words = FigureSentences(plan.book.language)
        self._formulas: dict[int, str] = {}
        self._labels: dict[tuple[str, str], str] = {}

    def build(self, cell: Cell) -> Figure:
        """Make the figure of one evaluated row."""
        row, value, sides = cell.row, cell.value, cell.sides
        definition = row.definition
        reason = None
        if value.reason is not None:
            reason = Reason(
                value.reason, reason_sentence(value.reason, value.detail, self.words.language)
            )
        known = value.known and sides is not None
        figure = Figure(
            key=definition.key,
            label=definition.label or self._formula(definition),
            unit_code=row.unit,
            unit_name=self._name(row.unit),
            period=str(row.window.period),
            as_of=self.book.as_of,
            tree=self.plan.tree.day,
            value=value.low if value.known else None,
            reason=reason,
            numerator=sides[0].low if sides is not None and known else None,
            denominator=sides[1].high if sides is not None and known else None,
            low=value.low if value.known else None,
            high=value.high if value.known else None,
            **self._reached(cell),
            unit=definition.unit,
            flags=self._flags(cell) if cell.scope is not None else (),
            records=records_behind(self.plan, cell) if self.explained else Behind(None),
            bucket=cell.bucket,
            bucket_label=self._bucket_label(row, cell.bucket),
            decimals=_decimals(definition, value),
            status=definition.status,
            through=self._through(row) if sides is not None else "",
            open_months=OpenCount(
                units=len(value.notes.open),
                months=sum(len(months) for _, months in value.notes.open),
                of=value.notes.owed,
            ),
        )
        if not self.explained:
            return figure
        return replace(
            figure,
            sentence=self._sentence(cell, figure),
            method=self._method(row, figure, value.notes),
        )

    def _reached(self, cell: Cell) -> Reached:
        """Say how many of the units reach what is asked of each, and what they did together."""
        duty, sides, value = cell.duty, cell.sides, cell.value
        if not value.known or sides is None:
            return {}
        if duty is not None:
            reach = self.words.reach(duty.reached, duty.of, duty.kinds)
            return {
                "done": duty.done.low,
                "owed": duty.owed.low,
                "reached": duty.reached,
                "of": duty.of,
                "reach": reach,
            }
        kinds = _share_of_units(cell.row.definition)
        above, below = sides
        if kinds is None or above.low is None or below.low is None:
            return {}
        reached, of = int(above.low), int(below.low)
        reach = self.words.reach(reached, of, kinds)
        verdict = reached == 1 if of == 1 and value.exact else None
        return {"reached": reached, "of": of, "reach": reach, "verdict": verdict}

    # flags

    def _flags(self, cell: Cell) -> tuple[Flag, ...]:
        row, value, notes = cell.row, cell.value, cell.value.notes
        flags: list[Flag] = []

        def add(name: FlagName, argument: object = "", detail: str = "") -> None:
            flags.append(Flag(name, str(argument), detail))

        running = row.window.period.end > self.book.as_of >= row.window.period.start
        if running and self._counts(row):
            through = self._through(row) if cell.sides is not None else ""
            add(FlagName.TO_DATE, self.book.as_of.isoformat(), through)
        everyone = len(notes.members)
        if notes.left_out and value.known:
            add(FlagName.OF, f"{everyone - len(notes.left_out)}/{everyone}")
        if notes.partly and value.known:
            add(FlagName.OF_MONTHS, "/".join(map(str, min(notes.partly))))
        if notes.gaps and value.known:
            months = _months_open(notes) if everyone == 1 else ""
            add(FlagName.INCOMPLETE, f"{everyone - len(notes.gaps)}/{everyone}", months)
        if notes.blank and value.known:
            add(FlagName.BLANK, sum(answers for _, answers in notes.blank))
        if value.known and "inexact" in notes.tags:
            add(FlagName.INEXACT)
        moved = sum(facts for _, facts, _ in notes.moved)
        split = sum(facts for _, _, facts in notes.moved)
        if moved > split:
            add(FlagName.MOVED, moved - split)
        if split:
            add(FlagName.SPLIT, split)
        if joined := sum(facts for _, facts, _ in notes.crossed):
            add(FlagName.JOINED, joined)
        if left := sum(facts for _, _, facts in notes.crossed):
            add(FlagName.LEFT, left)
        tags = set(notes.tags)
        if not row.definition.verified:
            tags.add("unverified_source")
        if value.known and self._implausible(row.definition, value):
            tags.add("implausible")
        return (*flags, *(Flag(name) for name in FlagName if name in tags - {"inexact"}))

    def _through(self, row: FigureRow) -> str:
        """Give the last month that a ratio takes in, where its period is running."""
        context = self.plan.context(row.definition, row.window)
        inside = pooled(row.definition.node, context)
        if inside is None or inside.window == row.window:
            return ""
        return str(inside.window.period.last)

    def _counts(self, row: FigureRow) -> bool:
        """Say whether a formula reads the ledger: what a norm asks stands whatever."""
        node, context = row.definition.node, EvaluationContext(row.definition.scope, row.window)
        counted = (
            isinstance(part, Call) and part.function in _OF_THE_LEDGER for part in walk(node)
        )
        return bool(leaves(node, context)) or any(counted)

    def _implausible(self, definition: Definition, value: Value) -> bool:
        if value.low is None:
            return False
        if definition.implausible_above is not None:
            return value.low > definition.implausible_above
        if definition.unit not in WHOLE:
            return False
        node = definition.node
        if definition.cap is not None or not isinstance(node, Binary) or node.operator != "/":
            return False
        beyond = any(
            isinstance(part, Call) and part.function in _BEYOND_WHOLE for part in walk(node.right)
        )
        return not beyond and value.low > definition.factor

    # words

    def _bucket_label(self, row: FigureRow, bucket: str | None) -> str:
        """Give the choice that a dimension's value is, as the form that asks it says."""
        if bucket is None or self.plan.dimension is None:
            return ""
        key = (row.definition.key, bucket)
        if key not in self._labels:
            scope = row.definition.scope
            read = self.plan.leaves(row.definition, row.window)
            measures = tuple(scope.programmes.measures[leaf.measure] for leaf in read)
            label = bucket_label(scope, measures, self.plan.dimension, bucket)
            self._labels[key] = label if label != bucket else ""
        return self._labels[key]

    def _formula(self, definition: Definition) -> str:
        """Say the formula of a definition, once for all its rows."""
        key = id(definition)
        if key not in self._formulas:
            self._formulas[key] = definition_words(definition, self.words.language)
        return self._formulas[key]

    def _name(self, code: str) -> str:
        lives = self.plan.tree.lives(code)
        unit = self.plan.tree.unit(code) or (lives[-1] if lives else None)
        return code if unit is None else unit.name

    def _sentence(self, cell: Cell, figure: Figure) -> str:
        row, notes = cell.row, cell.value.notes
        words, formula = self.words, self._formula(row.definition)
        asked = row.window.period
        if figure.through:
            asked = Period(asked.first, parse_period(figure.through).last)
        unit, period = figure.unit_name, words.period(asked)
        counted = self._counted(figure, formula)
        parts = [words.pick(f"{unit}{period}：{counted}。", f"{unit}, {period}: {counted}.")]
        if figure.reason is not None:
            parts.append(figure.reason.sentence)
        parts += [flag_sentence(flag, words.language) for flag in figure.flags]
        if cell.duty is not None and cell.duty.shared:
            parts.append(words.shared())
        parts.append(self._documents(figure, notes))
        return words.join(parts)

    def _method(self, row: FigureRow, figure: Figure, notes: Notes) -> str:
        """Say what is counted, the same words for every unit and period."""
        text = self._labelled(figure, self._formula(row.definition)) + self.words.pick("。", ".")
        return self.words.join([text, self._documents(figure, notes)])

    def _documents(self, figure: Figure, notes: Notes) -> str:
        if figure.flag(FlagName.BY_ANALOGY) or figure.denominator is not None:
            return self.words.documents(notes.documents)
        return ""

    def _labelled(self, figure: Figure, formula: str) -> str:
        label = self.words.pick(f"「{figure.label}」", f"“{figure.label}”")
        return (
            formula
            if figure.label == formula or formula.startswith(label)
            else f"{label} = {formula}"
        )

    def _counted(self, figure: Figure, formula: str) -> str:
        """Say what was counted, with the numbers put in."""
        text = self._labelled(figure, formula)
        if figure.value is None:
            return text
        if figure.verdict is not None:
            return text + self.words.pick("：", ": ") + self.words.verdict(figure.verdict)
        high = figure.high if figure.inexact else figure.value
        shown = self.words.number(figure.value, high, figure.decimals, figure.unit)
        if figure.numerator is not None and figure.denominator is not None:
            above, below = _plain(figure.numerator), _plain(figure.denominator)
            text += self.words.pick(f"，{above} ÷ {below}", f"; {above} ÷ {below}")
            if figure.done is not None and figure.done != figure.numerator:
                done = _plain(figure.done)
                text += self.words.pick(f"（共完成{done}）", f" ({done} done in all)")
        text += self.words.pick(f"，为{shown}", f", that is {shown}")
        return text + (self.words.pick("；", "; ") + figure.reach if figure.reach else "")


def _share_of_units(definition: Definition) -> tuple[str, ...] | None:
    """Give the kinds of the units that a share is taken of, ``None`` for any other figure."""
    node = definition.node
    if definition.unit not in WHOLE or not isinstance(node, Binary) or node.operator != "/":
        return None
    below = node.right
    if not isinstance(below, Call) or below.function != "units":
        return None
    return tuple(sorted(kind.value for kind in below.arguments if isinstance(kind, Text)))


def _months_open(notes: Notes) -> str:
    """Write the months that a unit alone has not closed."""
    months = sorted(frozenset().union(*(months for _, months in notes.open)))
    return ",".join(str(Month.from_number(number)) for number in months)


def _decimals(definition: Definition, value: Value) -> int:
    if definition.decimals is not None:
        return definition.decimals
    ends = [end for end in (value.low, value.high) if end is not None]
    if all(end.denominator == 1 for end in ends):
        return 0
    return 1 if all((end * 10).denominator == 1 for end in ends) else 2


def _plain(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.6g}"
