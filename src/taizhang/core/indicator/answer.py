"""Value → Figure: reason, flags, sentence, records behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from taizhang.core.figure import Behind, Figure, Flag, FlagName, Reason, ReasonCode
from taizhang.core.formula.check import type_in
from taizhang.core.formula.define import Definition
from taizhang.core.formula.evaluate import (
    Context,
    Group,
    Leaf,
    evaluate,
    finished,
    leaves,
    quotient,
)
from taizhang.core.formula.node import Binary, Call, walk
from taizhang.core.formula.type import BOOL, COUNTED_PEOPLE
from taizhang.core.formula.value import Notes, Value, missing
from taizhang.core.formula.words import bucket_label, definition_words
from taizhang.core.indicator.look import Look
from taizhang.core.indicator.question import Plan, Row
from taizhang.core.indicator.words import Words
from taizhang.core.text.flag import flag_sentence
from taizhang.core.text.reason import reason_sentence
from taizhang.core.text.unit_sign import WHOLE

#: A birth rate above this many ‰ is no birth rate of any population.
HIGHEST_BIRTH_RATE = 60
#: Functions that make a quotient a comparison with a requirement or an earlier time, which may
#: well exceed the whole.
_BEYOND_WHOLE = frozenset(("norm", "target", "previous", "year_before"))


@dataclass(frozen=True, slots=True)
class Draft:
    """A figure with what suppression must know of it."""

    figure: Figure
    small: bool = False  # too small to publish
    members: frozenset[str] = frozenset()  # who it is taken over,
    left_out: frozenset[str] = frozenset()  # and those of them that a division leaves out


class Answer:
    """Makes the figures of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.book = plan.book
        self.explained = plan.question.explained
        self.words = Words(plan.book.language)
        self._said: dict[int, str] = {}
        self._labels: dict[tuple[str, str], str] = {}

    def draft(self, row: Row, look: Look, bucket: str | None) -> Draft:
        """Make the figure of one row, for one value of the dimension where one is asked."""
        definition = row.definition
        if self.plan.tree.unit(row.unit) is None:
            return self._without(row, bucket, missing(ReasonCode.NO_UNIT))
        if definition.status == "historic":
            return self._without(row, bucket, missing(ReasonCode.NOT_IN_FORCE, "historic"))
        if self.plan.dimension is not None and not self.plan.splits(definition):
            return self._without(row, bucket, missing(ReasonCode.NOT_APPLICABLE, "no_dimension"))
        context = Context(definition.scope, row.window)
        node = definition.node
        if isinstance(node, Binary) and node.operator == "/":
            above, below, ratio = quotient(node, context, look)
            value = finished(definition, ratio)
            return self._with(row, look, bucket, value, (above, below))
        return self._with(row, look, bucket, answer_of(definition, context, look), None)

    def _without(self, row: Row, bucket: str | None, value: Value) -> Draft:
        return Draft(self._figure(row, bucket, value, None, (), Behind(None)))

    def _with(
        self,
        row: Row,
        look: Look,
        bucket: str | None,
        value: Value,
        sides: tuple[Value, Value] | None,
    ) -> Draft:
        definition = row.definition
        kind = type_in(definition.scope, definition.node)
        if value.known and kind == BOOL and not value.exact:
            value = missing(ReasonCode.WAITING, "undecided", value.notes)
        if value.known and value.low is None:
            value = replace(value, reason=ReasonCode.NOT_REPORTED, detail="no_lower_end")
        flags = self._flags(row, value, sides)
        behind = self._behind(row, look, value) if self.explained else Behind(None)
        figure = self._figure(row, bucket, value, sides, flags, behind)
        counted = kind in COUNTED_PEOPLE and _few(value)
        node = definition.node
        if sides is not None and isinstance(node, Binary):
            # A share shows its numerator, so a small one is withheld with it.
            counted = type_in(definition.scope, node.left) in COUNTED_PEOPLE and _few(sides[0])
        return Draft(
            figure,
            small=value.known and (value.small or counted),
            members=value.notes.members,
            left_out=value.notes.left_out,
        )

    # flags

    def _flags(self, row: Row, value: Value, sides: tuple[Value, Value] | None) -> tuple[Flag, ...]:
        notes = value.notes
        flags: list[Flag] = []

        def add(name: FlagName, argument: object = "") -> None:
            flags.append(Flag(name, str(argument)))

        running = row.window.period.end > self.book.as_of >= row.window.period.start
        if running and self._counts(row):
            add(FlagName.TO_DATE, self.book.as_of.isoformat())
        everyone = len(notes.members)
        if notes.left_out and value.known:
            add(FlagName.OF, f"{everyone - len(notes.left_out)}/{everyone}")
        if notes.gaps and value.known:
            add(FlagName.INCOMPLETE, f"{everyone - len(notes.gaps)}/{everyone}")
        if value.known and not value.exact and not notes.gaps:
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
        return (*flags, *(Flag(name) for name in FlagName if name in tags))

    def _counts(self, row: Row) -> bool:
        """Say whether a formula reads the ledger: what a norm asks stands whatever."""
        node, context = row.definition.node, Context(row.definition.scope, row.window)
        things = ("overdue", "entities")
        counted = (isinstance(one, Call) and one.function in things for one in walk(node))
        return bool(leaves(node, context)) or any(counted)

    def _implausible(self, definition: Definition, value: Value) -> bool:
        if definition.unit not in WHOLE or value.low is None:
            return False
        name = definition.key.rsplit(".", 1)[-1]
        if "birth_rate" in name or definition.label.startswith("出生率"):
            below = value.high is not None and value.high < 0
            return below or value.low > HIGHEST_BIRTH_RATE
        node = definition.node
        if definition.cap is not None or not isinstance(node, Binary) or node.operator != "/":
            return False
        beyond = any(
            isinstance(one, Call) and one.function in _BEYOND_WHOLE for one in walk(node.right)
        )
        return not beyond and value.low > definition.factor

    # figure

    def _figure(
        self,
        row: Row,
        bucket: str | None,
        value: Value,
        sides: tuple[Value, Value] | None,
        flags: tuple[Flag, ...],
        behind: Behind,
    ) -> Figure:
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
            unit=definition.unit,
            flags=flags,
            records=behind,
            bucket=bucket,
            bucket_label=self._bucket_label(row, bucket),
            decimals=_decimals(definition, value),
            status=definition.status,
        )
        if not self.explained:
            return figure
        return replace(
            figure,
            sentence=self._sentence(row, figure, value.notes),
            method=self._method(row, figure, value.notes),
        )

    def _bucket_label(self, row: Row, bucket: str | None) -> str:
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
        if key not in self._said:
            self._said[key] = definition_words(definition, self.words.language)
        return self._said[key]

    def _name(self, code: str) -> str:
        lives = self.plan.tree.lives(code)
        unit = self.plan.tree.unit(code) or (lives[-1] if lives else None)
        return code if unit is None else unit.name

    def _sentence(self, row: Row, figure: Figure, notes: Notes) -> str:
        words, said = self.words, self._formula(row.definition)
        unit, period = figure.unit_name, words.period(row.window.period)
        counted = self._counted(figure, said)
        parts = [words.pick(f"{unit}{period}：{counted}。", f"{unit}, {period}: {counted}.")]
        if figure.reason is not None:
            parts.append(figure.reason.sentence)
        parts += [flag_sentence(flag, words.language) for flag in figure.flags]
        parts.append(self._documents(figure, notes))
        return words.join(parts)

    def _method(self, row: Row, figure: Figure, notes: Notes) -> str:
        """Say what is counted, the same words for every unit and period."""
        text = self._labelled(figure, self._formula(row.definition)) + self.words.pick("。", ".")
        return self.words.join([text, self._documents(figure, notes)])

    def _documents(self, figure: Figure, notes: Notes) -> str:
        if figure.flag(FlagName.BY_ANALOGY) or figure.denominator is not None:
            return self.words.documents(notes.documents)
        return ""

    def _labelled(self, figure: Figure, said: str) -> str:
        label = self.words.pick(f"「{figure.label}」", f"“{figure.label}”")
        return said if figure.label == said or said.startswith(label) else f"{label} = {said}"

    def _counted(self, figure: Figure, said: str) -> str:
        """Say what was counted, with the numbers put in."""
        text = self._labelled(figure, said)
        if figure.value is None:
            return text
        shown = self.words.number(figure.value, figure.high, figure.decimals, figure.unit)
        if figure.numerator is not None and figure.denominator is not None:
            above, below = _plain(figure.numerator), _plain(figure.denominator)
            return text + self.words.pick(
                f"，{above} ÷ {below}，为{shown}", f"; {above} ÷ {below}, that is {shown}"
            )
        return text + self.words.pick(f"，为{shown}", f", that is {shown}")

    # records

    def _behind(self, row: Row, look: Look, value: Value) -> Behind:
        """Find the records behind: those of the numerator, or of the whole formula.

        Where one record may stand behind two of its aggregates the count is not given, as it
        would count that record twice.
        """
        definition, window = row.definition, row.window
        context = Context(definition.scope, window)
        node, group = definition.node, None
        if isinstance(node, Binary) and node.operator == "/":
            if value.notes.left_out:
                group = leaves(node, context)
            node = node.left
        found = sorted(
            (leaf for leaf in leaves(node, context) if leaf.window == window),
            key=lambda leaf: (leaf.measure, leaf.how, leaf.where),
        )
        if not found:
            return Behind(None)
        count = None
        if self._apart(found):
            count = sum(look.records(leaf, group) for leaf in found)
        return Behind(count, self._query(row, look, found, group))

    def _apart(self, found: list[Leaf]) -> bool:
        """Say whether no record can stand behind two of these aggregates."""
        if len(found) == 1:
            return True
        seen: set[str] = set()
        for leaf in found:
            forms = {
                form
                for form, rules in self.book.programmes.counting.items()
                if any(leaf.measure in rule.facts for rule in rules)
            }
            if forms & seen:
                return False
            seen |= forms
        return True

    def _query(self, row: Row, look: Look, found: list[Leaf], group: Group) -> Mapping[str, str]:
        asks = [leaf.ask(self.book.as_of) for leaf in found]
        query = {
            "measure": ",".join(dict.fromkeys(leaf.measure for leaf in found)),
            "unit": row.unit,
            "from": min(ask.start for ask in asks).isoformat(),
            "to": max(ask.end for ask in asks).isoformat(),
            "tree": self.plan.tree.day.isoformat(),
            "as_of": self.book.as_of.isoformat(),
        }
        wheres = {leaf.where for leaf in found}
        if len(wheres) == 1:
            for where in wheres.pop():
                sign = "!" if where.negated else ""
                query[f"where.{where.dimension}"] = sign + "|".join(where.values)
        if look.bucket is not None and self.plan.dimension is not None:
            query[f"where.{self.plan.dimension}"] = look.bucket
        if group:
            cover = look.gather.coverage(group, row.unit)
            if cover.left_out:
                query["without"] = ",".join(sorted(cover.left_out))
        return query


def answer_of(definition: Definition, context: Context, look: Look) -> Value:
    """Evaluate a definition that is no division."""
    return finished(definition, evaluate(definition.node, context, look))


def _few(value: Value) -> bool:
    """Say whether a count of people is, or may be, one that is never published: 1 to 4."""
    ends = (value.low, value.high)
    return value.known and any(end is not None and 1 <= end <= 4 for end in ends)


def _decimals(definition: Definition, value: Value) -> int:
    if definition.decimals is not None:
        return definition.decimals
    ends = [end for end in (value.low, value.high) if end is not None]
    if all(end.denominator == 1 for end in ends):
        return 0
    return 1 if all((end * 10).denominator == 1 for end in ends) else 2


def _plain(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.6g}"
