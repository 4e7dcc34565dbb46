"""Definitions: indicators, measures and formulas made ready to evaluate; circles, size, unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches

from taizhang.core.base.issue import NOWHERE, Issue, Level, Place, Refused
from taizhang.core.base.period import MOST_MONTHS
from taizhang.core.counting.measure import Measure
from taizhang.core.definition.pack import Indicator
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula.code import FormulaCode
from taizhang.core.formula.duty import Owing, owing
from taizhang.core.formula.function import MOST_PERIODS
from taizhang.core.formula.name_scope import NameScope, UnknownName, pack_of
from taizhang.core.formula.node import Binary, Call, Name, Node, Number, Unary
from taizhang.core.formula.parse import parse
from taizhang.core.formula.type_checker import check, references, type_in
from taizhang.core.formula.unit_type import (
    NUMBER,
    PEOPLE,
    PERCENT,
    PERMILLE,
    RATES,
    RATIO,
    THINGS,
    UNKNOWN,
    UnitType,
    type_of,
)
from taizhang.core.text.unit_sign import FACTORS

#: A run of Chinese characters, with the brackets and marks that labels hold.
_HAN = re.compile("[\u3400-\u9fff（）、“”，]+")
#: Parts of a formula, those of the indicators it names included, and how deep they may nest.
MOST_PARTS, DEEPEST_PARTS, DEEPEST_WAY = 2_000, 500, 40
#: By what the quotient is multiplied for the unit it is given in.


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Definition:
    """Something to evaluate; ``scope`` is where the names in ``node`` are looked up."""

    key: str
    label: str  # "" for a formula, which is called by its words
    unit: str
    node: Node
    scope: NameScope
    factor: int = 1
    cap: int | None = None
    implausible_above: int | None = None
    decimals: int | None = None  # ``None``: as many as the value needs, two at most
    status: str = "current"
    population: str = ""  # 户籍, 常住, 实有
    verified: bool = True
    measure: Measure | None = None
    owing: Owing | None = None  # what a capped rate owes in each unit; see ``duty``


def define(what: Measure | Indicator, scope: NameScope) -> Definition:
    """Make the definition of an installed measure or indicator.

    :raises Refused: if its formula cannot be read; a checked pack's always can
    """
    key = ("define", type(what).__name__, what.key)
    known = scope.at("").memo.get(key)
    if isinstance(known, Definition):
        return known
    made = _of_measure(what, scope) if isinstance(what, Measure) else _of_indicator(what, scope)
    scope.at("").memo[key] = made
    return made


def _of_measure(measure: Measure, scope: NameScope) -> Definition:
    home = scope.at(pack_of(measure.key))
    return Definition(
        key=measure.key,
        label=measure.label,
        unit=measure.unit,
        node=Name(measure.key),
        scope=home,
        measure=measure,
    )


def _of_indicator(indicator: Indicator, scope: NameScope) -> Definition:
    home = scope.at(pack_of(indicator.key))
    node = body(indicator)
    round_trip = circle(indicator, scope)
    if round_trip:
        facts = {"circle": " → ".join(round_trip)}
        raise Refused([Issue(FormulaCode.FORMULA_012, indicator.place, facts)])
    if too_large(node, home):
        large = {"formula": indicator.key, "most": MOST_PARTS}
        raise Refused([Issue(FormulaCode.FORMULA_019, indicator.place, large)])
    factor = FACTORS.get(indicator.unit, 1)
    if indicator.formula is not None and type_in(home, node) not in (RATIO, NUMBER):
        factor = 1  # the formula speaks in the indicator's unit already
    rate = indicator.unit in FACTORS or indicator.unit == str(RATIO)
    return Definition(
        key=indicator.key,
        label=indicator.label,
        unit=indicator.unit,
        node=node,
        scope=home,
        factor=factor,
        cap=indicator.cap,
        implausible_above=indicator.implausible_above,
        decimals=1 if indicator.decimals is None and rate else indicator.decimals,
        status=indicator.status,
        population=indicator.scope,
        verified=indicator.verified,
        owing=_owing(indicator, node, home),
    )


def _owing(indicator: Indicator, node: Node, home: NameScope) -> Owing | None:
    """Give what a capped rate owes in each unit, ``None`` for anything else."""
    if indicator.cap is None or not isinstance(node, Binary) or node.operator != "/":
        return None
    return owing(node.right, home, body)


def body(indicator: Indicator) -> Node:
    """Read the formula of an indicator; numerator and denominator become one division.

    :raises Refused: with every issue of its parts
    """
    place = indicator.place
    if indicator.formula is not None:
        return parse(indicator.formula, place)
    if indicator.numerator is None or indicator.denominator is None:
        facts = {"name": indicator.key}
        raise Refused([Issue(FormulaCode.INDICATOR_001, place, facts)])
    issues: list[Issue] = []
    parts: list[Node] = []
    for text in (indicator.numerator, indicator.denominator):
        try:
            parts.append(parse(text, place))
        except Refused as refused:
            issues.extend(refused.issues)
    if issues:
        raise Refused(issues)
    return Binary("/", parts[0], parts[1])


def parse_in(text: str, scope: NameScope, place: Place = NOWHERE) -> Node:
    """Read a formula; one that says a label where a key must stand is told the key.

    :raises Refused: with one Issue that names the column, if the text is no formula
    """
    try:
        return parse(text, place)
    except Refused as refused:
        raise Refused(keyed(issue, scope) for issue in refused.issues) from None


def keyed(issue: Issue, scope: NameScope) -> Issue:
    """Offer in FORMULA_001 the key of the measure or indicator whose label stands at the column."""
    column = issue.facts.get("column")
    if issue.code is not FormulaCode.FORMULA_001 or not isinstance(column, int):
        return issue
    text = str(issue.facts["formula"])
    label = next(
        (match[0] for match in _HAN.finditer(text) if match.start() < column <= match.end()), ""
    )
    both = (scope.programmes.measures, scope.programmes.indicators)
    labels = {definition.label: key for known in both for key, definition in known.items()}
    near = get_close_matches(label, labels, n=1, cutoff=0.5) if label else []
    if not near:
        return issue
    key = labels[near[0]].removeprefix(f"{scope.home}.")
    return replace(issue, facts={**issue.facts, "expected": f"{key}（{near[0]}）"})


def circle(indicator: Indicator, scope: NameScope) -> tuple[str, ...]:
    """Give the way by which an indicator refers to itself, empty where it does not."""
    seen: set[str] = set()
    ways: list[tuple[Indicator, tuple[str, ...]]] = [(indicator, (indicator.key,))]
    while ways:
        current, way = ways.pop()
        try:
            node = body(current)
        except Refused:
            continue  # its own check names what is wrong with it
        for other, _ in references(node, scope.at(pack_of(current.key))):
            if other.key == indicator.key:
                return (*way, other.key)
            if other.key not in seen:
                seen.add(other.key)
                ways.append((other, (*way, other.key)))
    return ()


def too_large(node: Node, scope: NameScope) -> bool:
    """Say whether a formula, with all the indicators it names, is more than can be worked out."""
    parts, depth = _extent(node, scope, ())
    return parts > MOST_PARTS or depth > DEEPEST_PARTS


def _extent(node: Node, scope: NameScope, way: tuple[str, ...]) -> tuple[int, int]:
    """Give how many parts a formula has and how deep they nest, in calls of the evaluation.

    ``way`` are the indicators around it: one that stands there again has no end, nor is a way
    longer than the evaluation could go.
    """
    match node:
        case Name():
            return _named(node, scope, way)
        case Unary():
            within = [_extent(node.argument, scope, way)]
        case Binary():
            within = [_extent(node.left, scope, way), _extent(node.right, scope, way)]
        case Call():
            within = [_extent(argument, scope, way) for argument in node.arguments]
        case _:
            return 1, 1
    own = 3 if isinstance(node, Binary) and node.operator == "/" else 2
    parts = 1 + _times(node) * sum(part for part, _ in within)
    return min(parts, MOST_PARTS + 1), own + max((depth for _, depth in within), default=0)


def _times(node: Node) -> int:
    """Give how many times the parts of a node are worked out, at most."""
    match node:
        case Call(function="months_where"):
            return MOST_MONTHS
        case Call(function="average_of", arguments=(_, Number(value=count))):
            return min(int(count), MOST_PERIODS)
        case _:
            return 1


def _named(node: Name, scope: NameScope, way: tuple[str, ...]) -> tuple[int, int]:
    try:
        definition = scope.find(node.key)
    except UnknownName:
        return 1, 1
    if isinstance(definition, Measure):
        return 1, 1
    memo = scope.at("").memo
    key = ("extent", definition.key)
    known = memo.get(key)
    if not isinstance(known, tuple):
        if definition.key in way or len(way) >= DEEPEST_WAY:
            return MOST_PARTS + 1, 0
        home = scope.at(pack_of(definition.key))
        try:
            parts, depth = _extent(body(definition), home, (*way, definition.key))
        except Refused:
            return 1, 1  # its own check names what is wrong with it
        known = memo[key] = (min(parts + 1, MOST_PARTS + 1), depth + 4)
    return known


def check_indicator(indicator: Indicator, programmes: Programmes) -> tuple[Issue, ...]:
    """Find all that is wrong with an indicator: its formula, its unit, a circle."""
    scope = NameScope(programmes, pack_of(indicator.key))
    try:
        node = body(indicator)
    except Refused as refused:
        return tuple(keyed(issue, scope) for issue in refused.issues)
    place = indicator.place
    issues: list[Issue] = []
    way = circle(indicator, scope)
    if way:
        issues.append(Issue(FormulaCode.FORMULA_012, place, {"circle": " → ".join(way)}))
    elif too_large(node, scope):
        facts = {"formula": indicator.key, "most": MOST_PARTS}
        issues.append(Issue(FormulaCode.FORMULA_019, place, facts))
    if indicator.formula is not None:
        unit_type, wrong = check(node, scope, indicator.formula, place)
        return (*issues, *wrong, *_unit(indicator, unit_type))
    if not isinstance(node, Binary):  # body() divides numerator by denominator
        raise TypeError(node)
    _, wrong = check(node.left, scope, indicator.numerator or "", place)
    below, wrong2 = check(node.right, scope, indicator.denominator or "", place)
    issues.extend((*wrong, *wrong2))
    if wrong or wrong2:
        return tuple(issues)
    if below == NUMBER and type_of(indicator.unit) in RATES | {RATIO}:
        return tuple(issues)  # a share of a fixed whole, such as 480 points
    unit_type, wrong = check(node, scope, f"{indicator.numerator} / {indicator.denominator}", place)
    return (*issues, *wrong, *_unit(indicator, unit_type))


def _unit(indicator: Indicator, unit_type: UnitType) -> tuple[Issue, ...]:
    """Compare what a formula gives with the unit that its indicator is given in."""
    unit = type_of(indicator.unit)
    if unit_type == UNKNOWN or unit_type == unit:
        return ()
    place, facts = indicator.place, {"name": indicator.key}
    if unit_type.per:
        people = UnitType(unit_type.name) in PEOPLE and UnitType(unit_type.per) in PEOPLE
        if unit in (PERCENT, PERMILLE):
            level = Level.ERROR if people else Level.WARNING
            facts |= {"left": unit_type.name, "right": unit_type.per}
            return (Issue(FormulaCode.INDICATOR_003, place, facts, level),)
        if unit in RATES | {RATIO} or _names(indicator.unit, unit_type):
            return ()
        facts |= {"unit": indicator.unit, "found": str(unit_type)}
        return (Issue(FormulaCode.INDICATOR_002, place, facts),)
    fits = unit_type in (RATIO, NUMBER) and (unit in RATES | {RATIO, NUMBER} or unit not in PEOPLE)
    fits = fits or (unit_type == THINGS and unit not in PEOPLE | RATES | {RATIO})
    if fits:
        return ()
    facts |= {"unit": indicator.unit, "found": str(unit_type)}
    return (Issue(FormulaCode.INDICATOR_002, place, facts),)


def _names(unit: str, quotient: UnitType) -> bool:
    """Say whether a unit names a quotient: 人·小时/次, or 处/千米 for a thousand 处/米."""
    above, _, below = unit.partition("/")
    return above == quotient.name and bool(below) and below.endswith(quotient.per)


def define_formula(text: str, scope: NameScope) -> Definition:
    """Make the definition of a formula asked for directly, as rubrics and plans do.

    A name alone is the indicator or measure of that name.

    :raises Refused: with every issue of the formula
    """
    node = parse_in(text, scope)
    if isinstance(node, Name) and not node.filters:
        try:
            return define(scope.find(node.key, indicator_first=True), scope)
        except UnknownName:
            pass  # the checker below says so, with the nearest spelling
    unit_type = type_in(scope, node, text)
    if too_large(node, scope):
        facts = {"formula": f"{text[:40]}…", "most": MOST_PARTS}
        raise Refused([Issue(FormulaCode.FORMULA_019, facts=facts)])
    return Definition(key=text, label="", unit=str(unit_type), node=node, scope=scope)
