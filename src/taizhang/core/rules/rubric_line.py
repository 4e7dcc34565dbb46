"""Rules on single items of a rubric: their parameters, points, figures, norms and bounds.

What makes only one kind of rule undefined or unjust stands in the file of the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from taizhang.core.base.issue import Issue, Marked, Place, Refused, gettext_noop
from taizhang.core.base.period import year_of
from taizhang.core.definition.rubric import Item
from taizhang.core.definition.rubric import Rule as ItemRule
from taizhang.core.formula import Definition, NameScope, Window, check, define_formula, parse_in
from taizhang.core.formula import EvaluationContext as Standing
from taizhang.core.formula.evaluate import Needs, needs
from taizhang.core.formula.unit_type import BOOL, UNKNOWN, UnitType, joined, numeric, type_of
from taizhang.core.rules.context import Rule, RuleContext, bare, doubtful, wrong
from taizhang.core.scoring.comparison import RISING, Comparison
from taizhang.core.scoring.kinds import read_rule
from taizhang.core.scoring.parameter import Gives, shown
from taizhang.core.scoring.rubric_code import RubricCode
from taizhang.core.scoring.rule import Formula, ScoringRule
from taizhang.core.text.number import number_text, points_text
from taizhang.core.text.unit_sign import WHOLE

#: Words by which a measure is about petitions.
PETITIONS = ("信访", "上访", "来访", "petition")
#: What a formula must give, in words.
WANTED = {
    Gives.NUMBER: gettext_noop("number"),
    Gives.EVENT: gettext_noop("number"),
    Gives.CONDITION: gettext_noop("condition"),
    Gives.RATE: gettext_noop("rate"),
}


@dataclass(frozen=True)
class Spot:
    """Where something of an item stands, and what its formulas mean there."""

    item: Item
    place: Place
    scope: NameScope

    def issue(self, code: RubricCode, **facts: object) -> Issue:
        """Make an issue that refuses the pack."""
        return wrong(code, self.place, item=self.item.key, **facts)

    def doubt(self, code: RubricCode, **facts: object) -> Issue:
        """Make an issue that only warns."""
        return doubtful(code, self.place, item=self.item.key, **facts)


@dataclass(frozen=True)
class Line(Spot):
    """One rule of one item with its parameters read: the item's own, a variant, or an inner one."""

    read: ScoringRule
    kinds: tuple[str, ...]


def _rules(context: RuleContext) -> Iterator[tuple[Item, ItemRule, Place]]:
    """Walk the rules of all items, each with its place or its item's."""
    rubric = context.pack.rubric
    if rubric is None:
        return
    for item in (*(item for section in rubric.sections for item in section.items), *rubric.bonus):
        for rule in (item.rule, *item.variants.values()):
            yield item, rule, rule.place if rule.place.file else item.place


def _lines(context: RuleContext) -> Iterator[Line]:
    """Walk every rule whose parameters can be read, inner ones after the rule around them."""
    kinds = context.pack.rubric.unit_kinds if context.pack.rubric else ()
    scope = NameScope(context.programmes, context.pack.key)
    for item, rule, place in _rules(context):
        read, _ = read_rule(rule)
        if read is None:
            continue
        yield Line(item, place, scope, read, kinds)
        for _, inner in read.inner:
            yield Line(item, place, scope, inner, kinds)


def parameters_read(context: RuleContext) -> Iterator[Issue]:
    """Find parameters that are missing, unknown or cannot be read."""
    codes = {
        "missing": RubricCode.RUBRIC_001,
        "unknown": RubricCode.RUBRIC_002,
        "wrong": RubricCode.RUBRIC_003,
    }
    for item, rule, place in _rules(context):
        for fault in read_rule(rule)[1]:
            facts = {
                "item": item.key,
                "kind": rule.kind,
                "parameter": fault.parameter,
                "found": fault.given,
                "wanted": Marked(fault.wanted),
            }
            yield wrong(codes[fault.problem], place, **facts)


def most_points(rule: ItemRule, maximum: Fraction) -> Fraction | None:
    """Give the most points that a rule can earn in an item of ``maximum``; ``None``: unreadable."""
    read, _ = read_rule(rule)
    return None if read is None else read.most(maximum)


def points_agree(context: RuleContext) -> Iterator[Issue]:
    """Find items whose heading and clause name different points, and rules above the maximum."""
    for item, rule, place in _rules(context):
        most = most_points(rule, item.max)
        if most is None or most == item.max:
            continue
        code = RubricCode.RUBRIC_008 if most > item.max else RubricCode.RUBRIC_007
        facts = {"item": item.key, "max": points_text(item.max), "found": points_text(most)}
        yield wrong(code, place, **facts)


def kinds_sound(context: RuleContext) -> Iterator[Issue]:
    """Find what no rule of its kind should ask: holes, turned steps, deductions that add."""
    for line in _lines(context):
        for defect in line.read.defects(line.item.max):
            tell: Callable[..., Issue] = line.doubt if defect.doubtful else line.issue
            yield tell(defect.code, **defect.facts)


# what the figures are


def formulas_right(context: RuleContext) -> Iterator[Issue]:
    """Find formulas that cannot be read, name nothing, or give the wrong type."""
    for line in _lines(context):
        for formula in line.read.formulas:
            yield from _formula(line, formula)
    rubric = context.pack.rubric
    scope = NameScope(context.programmes, context.pack.key)
    for item, rule, _ in _rules(context):
        if rubric is not None and item.applies is not None and rule is item.rule:
            spot = Spot(item, item.place, scope)
            yield from _formula(spot, Formula("applies", item.applies, Gives.CONDITION))


def _formula(spot: Spot, formula: Formula) -> Iterator[Issue]:
    try:
        node = parse_in(formula.text, spot.scope, spot.place)
    except Refused as refused:
        yield from refused.issues
        return
    given, issues = check(node, spot.scope, formula.text, spot.place)
    yield from issues
    if issues or given == UNKNOWN or _fits(spot, formula, given):
        return
    facts = {
        "parameter": formula.parameter,
        "formula": formula.text,
        "wanted": Marked(WANTED[formula.gives]),
        "found": given,
    }
    yield spot.issue(RubricCode.RUBRIC_028, **facts)


def _fits(spot: Spot, formula: Formula, given: UnitType) -> bool:
    match formula.gives:
        case Gives.NUMBER:
            return numeric(given)
        case Gives.CONDITION:
            return given == BOOL
        case Gives.RATE:
            definition = _defined(spot, formula.text)
            return definition is not None and definition.unit in (*WHOLE, "ratio")
        case Gives.EVENT:
            return True


def _defined(spot: Spot, text: str) -> Definition | None:
    """Read a formula; ``None`` when it is wrong, which another rule says."""
    try:
        return define_formula(text, spot.scope)
    except Refused:
        return None


class Needed(NamedTuple):
    """What a formula of a rule means, and what it reads."""

    definition: Definition
    needs: Needs


def _needed(line: Line) -> Iterator[Needed]:
    """Walk what the formulas of a rule need, as far as they can be read."""
    for formula in line.read.formulas:
        definition = _defined(line, formula.text)
        if definition is None:
            continue
        standing = Standing(definition.scope, Window(year_of(2026)))
        with suppress(Refused):
            yield Needed(definition, needs(definition.node, standing))


def figures_made(context: RuleContext) -> Iterator[Issue]:
    """Find items on measures that no counting rule makes: they can never be decided."""
    made = {
        measure
        for rules in context.programmes.counting.values()
        for rule in rules
        for measure in rule.facts
    }
    for line in _lines(context):
        for needed in _needed(line):
            for leaf, _group in needed.needs.leaves:
                if leaf.measure not in made:
                    yield line.issue(RubricCode.RUBRIC_016, name=leaf.measure)


def norms_bind(context: RuleContext) -> Iterator[Issue]:
    """Find norms that bind none of the kinds that the rubric scores."""
    for line in _lines(context):
        looked_up = {*line.kinds, *(context.pack.mirrors.get(kind) for kind in line.kinds)}
        for needed in _needed(line):
            for key in needed.needs.norms:
                norm = context.programmes.norms[key]
                bound = {kind for version in norm.versions for kind in version.values}
                if not bound & looked_up:
                    facts = {"norm": norm.key, "kinds": "、".join(line.kinds)}
                    yield line.issue(RubricCode.RUBRIC_022, **facts)


def petitions_not_counted(context: RuleContext) -> Iterator[Issue]:
    """Find items scored by how many petitions there are; how timely they are handled may count."""
    for line in _lines(context):
        for needed in _needed(line):
            about = [_about_petitions(line.scope, leaf.measure) for leaf, _ in needed.needs.leaves]
            if any(about) and not (all(about) and needed.definition.unit in WHOLE):
                yield line.issue(RubricCode.RUBRIC_019, name=needed.definition.label)


def _about_petitions(scope: NameScope, key: str) -> bool:
    # The bare key: a pack about petitions and agreements has measures about agreements too.
    measure = scope.programmes.measures[key]
    name = f"{bare(measure.key)} {measure.label}".lower()
    return any(word in name for word in PETITIONS)


def bounds_alike(context: RuleContext) -> Iterator[Issue]:
    """Find figures compared with a formula in another unit."""
    for line in _lines(context):
        for comparison in line.read.comparisons():
            figure, bound = comparison.figure, comparison.bound
            if not isinstance(bound, str):
                continue
            left, right = _defined(line, figure), _defined(line, bound)
            if left is None or right is None:
                continue
            types: tuple[UnitType, UnitType] = type_of(left.unit), type_of(right.unit)
            if joined(*types) is None:
                sides = {"left": left.unit, "right": right.unit}
                facts = {"figure": figure, "bound": bound, **sides}
                yield line.issue(RubricCode.RUBRIC_027, **facts)


def bounds_reachable(context: RuleContext) -> Iterator[Issue]:
    """Find rates that must exceed the whole."""
    for line in _lines(context):
        for comparison in line.read.comparisons():
            bound, definition = comparison.bound, _defined(line, comparison.figure)
            whole = WHOLE.get(definition.unit) if definition else None
            if definition is None or whole is None or not isinstance(bound, Fraction):
                continue
            if comparison.operator in RISING and bound > whole:
                facts = {"figure": definition.label, "bound": number_text(bound), "whole": whole}
                impossible = definition.cap is not None and definition.cap < bound
                tell: Callable[..., Issue] = line.issue if impossible else line.doubt
                yield tell(RubricCode.RUBRIC_017, **facts)


def targets_agree(context: RuleContext) -> Iterator[Issue]:
    """Find one figure with two targets in two items."""
    targets: list[tuple[Line, Comparison]] = [
        (line, comparison)
        for line in _lines(context)
        if line.read.targets
        for comparison in line.read.comparisons()
    ]
    for (line, target), (other_line, other) in combinations(targets, 2):
        same = target.figure == other.figure and target.operator == other.operator
        apart = line.item is not other_line.item and target.bound != other.bound
        if same and apart:
            facts = {
                "figure": target.figure,
                "one": shown(other.bound),
                "other": shown(target.bound),
                "by": line.item.key,
            }
            yield other_line.doubt(RubricCode.RUBRIC_018, **facts)


RULES: tuple[Rule, ...] = (
    parameters_read,
    points_agree,
    kinds_sound,
    formulas_right,
    figures_made,
    norms_bind,
    petitions_not_counted,
    bounds_alike,
    bounds_reachable,
    targets_agree,
)
