"""Rules on where points may come from: not from "none found" unlooked, nor a unit's own word.

Whether an item rewards doing nothing is not guessed from its kind: it is scored for a unit that
recorded nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction

from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import year_of
from taizhang.core.counting.measure import Measure, MeasureKind
from taizhang.core.definition.rubric import Item
from taizhang.core.definition.rubric import Rule as ItemRule
from taizhang.core.formula import (
    Definition,
    EvaluationContext,
    EvaluationScope,
    NameScope,
    Node,
    Window,
    define_formula,
    evaluate,
)
from taizhang.core.formula.duty import Owing
from taizhang.core.formula.evaluate import finished
from taizhang.core.formula.leaf import Group, Leaf
from taizhang.core.formula.value import Value, exactly, missing
from taizhang.core.rules.context import Rule, RuleContext, bare, wrong
from taizhang.core.scoring.interval import Interval, constant
from taizhang.core.scoring.kinds import read_rule
from taizhang.core.scoring.outcome import Case
from taizhang.core.scoring.parameter import Operand
from taizhang.core.scoring.rubric_code import RubricCode
from taizhang.core.scoring.rule import ScoringRule
from taizhang.core.text.bilingual import say
from taizhang.core.text.number import points_text

#: What is asked for is far above nothing.
_ASKED = 1_000_000
#: Words by which a measure is a survey's or an estimate's, of which measures.yaml says whose it is.
SURVEY_WORDS = ("问卷", "知晓", "满意", "测评", "去重", "awareness", "satisfaction")


@dataclass
class _NothingRecorded:
    """What a formula sees of a unit that closed its months and recorded nothing.

    ``level`` is what a level stands at: 0, or 1 for the population that a rate is of; ``read``
    are the measures that were asked for.
    """

    measures: Mapping[str, Measure]
    level: int
    read: dict[str, None] = field(default_factory=dict)

    def total(self, leaf: Leaf, group: Group) -> Value:
        self.read[leaf.measure] = None
        event = self.measures[leaf.measure].kind is MeasureKind.EVENT
        return exactly(0 if event else self.level)

    def norm(self, key: str, window: Window, group: Group) -> Value:
        return exactly(_ASKED)

    def target(self, key: str, window: Window, group: Group) -> Value:
        return exactly(_ASKED)

    def begun(self, window: Window) -> bool:
        return True

    def bound(self, owing: Owing, window: Window) -> Sequence[tuple[str, EvaluationScope]]:
        return ()

    def units(self, kinds: tuple[str, ...]) -> Value:
        return exactly(1)

    def units_where(
        self, condition: Node, kinds: tuple[str, ...], context: EvaluationContext
    ) -> Value:
        return evaluate(condition, context, self)

    def share_of_units(
        self, condition: Node, kinds: tuple[str, ...], context: EvaluationContext
    ) -> tuple[Value, Value]:
        return evaluate(condition, context, self), exactly(1)

    def reports(self, function: str, packs: tuple[str, ...], window: Window) -> tuple[Value, Value]:
        return exactly(0), exactly(1)  # to close a month in time is work

    def above(self, node: Node, context: EvaluationContext) -> Value:
        return exactly(_ASKED)

    def per_thing(
        self, norm: str, dataset: str, window: Window, group: Group, *having: str
    ) -> Value:
        return missing(ReasonCode.NOT_APPLICABLE)

    def overdue(self, dataset: str, window: Window, *having: str) -> Value:
        return exactly(0)

    def entities(self, dataset: str, window: Window, *having: str) -> Value:
        return exactly(0)

    def cases(self, function: str, kind: str, window: Window, detail: str) -> Value:
        return missing(ReasonCode.NOT_APPLICABLE) if function == "median_days" else exactly(0)

    def things(self, kind: str, window: Window, what: str) -> Value:
        return exactly(0)


class _Unreadable(Exception):
    """A formula of the item is wrong, which another rule says."""


@dataclass
class _Source:
    """The figures of such a unit; remembers whether all of them were 0."""

    scope: NameScope
    nothing: _NothingRecorded
    all_nought: bool = True

    def value(self, operand: Operand, like: Interval | None = None) -> Interval:
        if isinstance(operand, Fraction):
            return constant(operand, like)
        definition = _defined(operand, self.scope)
        window = Window(year_of(2026))
        raw = evaluate(definition.node, EvaluationContext(definition.scope, window), self.nothing)
        value = finished(definition, raw)
        if not value.known:
            why = say("不适用", "not applicable")
            return Interval(low=None, high=None, label=operand, not_applicable=why)
        if value.low != 0 or value.high != 0:
            self.all_nought = False
        return Interval(low=value.low, high=value.high, label=operand, unit=definition.unit)


def _defined(text: str, scope: NameScope) -> Definition:
    try:
        return define_formula(text, scope)
    except Refused as refused:
        raise _Unreadable from refused


def _rules(context: RuleContext) -> Iterator[tuple[Item, ItemRule, ScoringRule]]:
    """Walk the rules of all items whose parameters can be read."""
    rubric = context.pack.rubric
    if rubric is None:
        return
    for item in (*(item for section in rubric.sections for item in section.items), *rubric.bonus):
        for rule in (item.rule, *item.variants.values()):
            read, _ = read_rule(rule)
            if read is not None:
                yield item, rule, read


def nothing_rewarded(context: RuleContext) -> Iterator[Issue]:
    """Find items that give full marks to a unit that recorded nothing."""
    scope = NameScope(context.programmes, context.pack.key)
    for item, rule, read in _rules(context):
        if any(_rewards_nothing(item, read, scope, level) for level in (0, 1)):
            place = rule.place if rule.place.file else item.place
            most = points_text(read.most(item.max))
            yield wrong(RubricCode.RUBRIC_033, place, item=item.key, points=most)


def _rewards_nothing(item: Item, read: ScoringRule, scope: NameScope, level: int) -> bool:
    source = _Source(scope, _NothingRecorded(scope.programmes.measures, level))
    try:
        if item.applies is not None:
            condition = source.value(item.applies)
            if condition.not_applicable or condition.high == 0:
                return False
            source.all_nought = True
        outcome = read.apply(Case(max=item.max, remedy="", source=source))
    except (_Unreadable, Refused):
        return False
    full = outcome.points is not None and 0 < read.most(item.max) <= outcome.points
    # With a population, what earns full marks may be what there is: then nothing was rewarded.
    return full and (level == 0 or source.all_nought)


def own_word_not_scored(context: RuleContext) -> Iterator[Issue]:
    """Find items scored by sums that the scored unit types of its own surveys or estimates."""
    scope = NameScope(context.programmes, context.pack.key)
    for item, rule, read in _rules(context):
        place = rule.place if rule.place.file else item.place
        measures = _measures(read, scope)
        own = [measure for measure in measures if measure.self_reported]
        unsaid = [
            measure
            for measure in measures
            if measure.self_reported is None and _of_a_survey(measure)
        ]
        for code, named in ((RubricCode.RUBRIC_034, own), (RubricCode.RUBRIC_035, unsaid)):
            if named:
                labels = "、".join(measure.label for measure in named)
                yield wrong(code, place, item=item.key, measure=labels)


def _measures(read: ScoringRule, scope: NameScope) -> list[Measure]:
    """Give the measures behind the formulas of a rule, of indicators and conditions too."""
    source = _Source(scope, _NothingRecorded(scope.programmes.measures, 1))
    for formula in read.all_formulas:
        with suppress(_Unreadable, Refused):
            source.value(formula.text)
    return [source.nothing.measures[key] for key in source.nothing.read]


def _of_a_survey(measure: Measure) -> bool:
    name = f"{bare(measure.key)} {measure.label}".lower()
    return any(word in name for word in SURVEY_WORDS)


RULES: tuple[Rule, ...] = (nothing_rewarded, own_word_not_scored)
