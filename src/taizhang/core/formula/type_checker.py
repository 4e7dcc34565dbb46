"""Type checker: names, arguments and unit types of a formula; 人, 人次 and 户 never mix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from taizhang.core.base.issue import NOWHERE, Code, Issue, Marked, Place, Refused, gettext_noop
from taizhang.core.base.literal import day_of
from taizhang.core.counting.measure import About, Measure, MeasureKind
from taizhang.core.definition.norm import LIMIT
from taizhang.core.definition.pack import Indicator
from taizhang.core.form import Form
from taizhang.core.formula.case_function import case_faults, case_named, thing_faults
from taizhang.core.formula.code import FormulaCode
from taizhang.core.formula.dimension import answers_named, counting_rules
from taizhang.core.formula.function import AGGREGATES, FUNCTIONS, MOST_PERIODS, SHARES
from taizhang.core.formula.measure_read import measures_read
from taizhang.core.formula.name_scope import Datasets, NameScope, UnknownName, nearest
from taizhang.core.formula.node import (
    ARITHMETIC,
    LOGIC,
    Binary,
    Call,
    Name,
    Node,
    Number,
    Text,
    Unary,
    walk,
)
from taizhang.core.formula.unit_type import (
    BOOL,
    CASES,
    DATE,
    DAYS,
    GRADES,
    MONTHS,
    NUMBER,
    PEOPLE,
    PERCENT,
    RATES,
    RATIO,
    TEXT,
    THINGS,
    UNKNOWN,
    UnitType,
    divided,
    joined,
    multiplied,
    numeric,
    type_of,
)

#: What may stand somewhere, as messages name it.
A_NUMBER = Marked(gettext_noop("a number"))
A_CONDITION = Marked(gettext_noop("a condition"))
A_DATE = Marked(gettext_noop("a date"))
A_TEXT = Marked(gettext_noop("a text"))
IN_QUOTES = Marked(gettext_noop("a text in quotes"))
A_MEASURE = Marked(gettext_noop("the name of a measure"))
A_NORM = Marked(gettext_noop("the name of a norm"))
MEASURE_OR_INDICATOR = Marked(gettext_noop("the name of a measure or indicator"))
ELSE = Marked(gettext_noop("something else"))
A_NORM_CALLED = Marked(gettext_noop("norm(…)"))
AN_AMOUNT = Marked(gettext_noop("a norm that asks an amount of a year, not a limit"))
A_DATASET = Marked(gettext_noop("a dataset in quotes"))
A_PROPERTY = Marked(gettext_noop("a property that the dataset's form saves, in quotes"))
A_VALUE = Marked(gettext_noop("a value of the property, in quotes"))


class WholeNumbers(NamedTuple):
    """Whole numbers that may be written somewhere, and how messages name them."""

    range: range
    text: str


UP_TO_TWELVE = WholeNumbers(
    range(1, MOST_PERIODS + 1), Marked(gettext_noop("a whole number from 1 to 12"))
)
DIGITS = WholeNumbers(range(5), Marked(gettext_noop("a whole number from 0 to 4")))


def check(
    node: Node, scope: NameScope, text: str = "", place: Place = NOWHERE
) -> tuple[UnitType, tuple[Issue, ...]]:
    """Find the unit type of a formula and all that is wrong with it."""
    checker = _Checker(scope, text, place)
    unit_type = checker.type(node)
    return unit_type, tuple(checker.issues)


def type_in(scope: NameScope, node: Node, text: str = "") -> UnitType:
    """Give the unit type of a formula that must be right.

    :raises Refused: with every issue if it is not
    """
    key = ("type", node)
    known = scope.memo.get(key)
    if isinstance(known, UnitType):
        return known
    unit_type, issues = check(node, scope, text)
    if issues:
        raise Refused(issues)
    scope.memo[key] = unit_type
    return unit_type


@dataclass
class _Checker:
    """One pass over one formula."""

    scope: NameScope
    text: str
    place: Place
    issues: list[Issue] = field(default_factory=list)

    def issue(self, code: Code, at: int, **facts: object) -> UnitType:
        """Note an issue and go on with a type that joins with everything."""
        place = replace(self.place, column=str(at))
        self.issues.append(Issue(code, place, {"formula": self.text, "column": at, **facts}))
        return UNKNOWN

    def type(self, node: Node) -> UnitType:
        """Find the type of a node, noting what is wrong inside."""
        match node:
            case Number():
                return NUMBER
            case Text():
                return self._date(node)
            case Name():
                return self._name(node)
            case Unary(operator="not"):
                self._wants(BOOL, node.argument, "'not'")
                return BOOL
            case Unary():
                return self._numeric(node.argument, "'-'")
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)

    def _date(self, node: Text) -> UnitType:
        try:
            day_of(node.value)
        except ValueError:
            return self.issue(FormulaCode.FORMULA_014, node.at, text=node.value)
        return DATE

    def _wants(self, wanted: UnitType, node: Node, where: str) -> None:
        given = self.type(node)
        if given not in (wanted, UNKNOWN):
            self._misplaced(node, where, _type_text(wanted), _type_text(given))

    def _numeric(self, node: Node, where: str) -> UnitType:
        given = self.type(node)
        if not numeric(given):
            return self._misplaced(node, where, A_NUMBER, _type_text(given))
        return given

    def _misplaced(self, node: Node, where: str, wanted: str, given: str) -> UnitType:
        return self.issue(
            FormulaCode.FORMULA_007, node.at, place=where, expected=wanted, found=given
        )

    # names

    def _name(self, node: Name) -> UnitType:
        constant = self.scope.constant(node.key)
        if constant is not None:
            if node.filters:
                self.issue(FormulaCode.FORMULA_021, node.at, name=constant.key)
            return type_of(constant.unit)
        definition = self._looked_up(node)
        if definition is None:
            return UNKNOWN
        if isinstance(definition, Measure):
            self._filters(node, definition)
            return type_of(definition.unit)
        if node.filters:
            self.issue(FormulaCode.FORMULA_018, node.at, name=definition.key)
        if definition.status == "historic":
            self.issue(FormulaCode.FORMULA_017, node.at, name=definition.key)
        return type_of(definition.unit)

    def _looked_up(self, node: Name) -> Measure | Indicator | None:
        try:
            return self.scope.find(node.key)
        except UnknownName:
            self._unknown(node)
            return None

    def _unknown(self, node: Name) -> None:
        owners = self.scope.owners(node.key)
        if owners:
            example = f"{owners[0]}.{node.key}"
            self.issue(
                FormulaCode.FORMULA_004,
                node.at,
                name=node.key,
                packs=", ".join(owners),
                example=example,
            )
            return
        near = nearest(node.key, self.scope.names)
        self.issue(FormulaCode.FORMULA_003, node.at, name=node.key, nearest=near)

    def _filters(self, node: Name, measure: Measure) -> None:
        for where in node.filters:
            if where.dimension not in measure.dimensions:
                known = ", ".join(measure.dimensions) or "—"
                facts = {"measure": measure.key, "name": where.dimension, "known": known}
                self.issue(FormulaCode.FORMULA_009, node.at, **facts)
                continue
            answers = answers_named(self.scope, measure, where.dimension, where.values)
            for value in where.values:
                if answers and value not in answers:
                    near = nearest(value, answers)
                    facts = {"value": value, "name": where.dimension, "nearest": near}
                    self.issue(FormulaCode.FORMULA_010, node.at, **facts)

    # joined expressions

    def _binary(self, node: Binary) -> UnitType:
        where = f"'{node.operator}'"
        if node.operator in LOGIC:
            self._wants(BOOL, node.left, where)
            self._wants(BOOL, node.right, where)
            return BOOL
        if node.operator not in ARITHMETIC:
            left, right = self.type(node.left), self.type(node.right)
            self._join(node.operator, node.at, left, right)
            return BOOL
        left, right = self._numeric(node.left, where), self._numeric(node.right, where)
        if node.operator in "+-":
            return self._join(node.operator, node.at, left, right)
        result = multiplied(left, right) if node.operator == "*" else divided(left, right)
        return self._unlike(node.operator, node.at, left, right) if result is None else result

    def _join(self, operator: str, at: int, left: UnitType, right: UnitType) -> UnitType:
        common = joined(left, right)
        return self._unlike(operator, at, left, right) if common is None else common

    def _unlike(self, operator: str, at: int, left: UnitType, right: UnitType) -> UnitType:
        facts = {"operator": operator, "left": _type_text(left), "right": _type_text(right)}
        return self.issue(FormulaCode.FORMULA_008, at, **facts)

    # functions

    def _call(self, node: Call) -> UnitType:
        function = FUNCTIONS.get(node.function)
        if function is None:
            for argument in node.arguments:
                if not isinstance(argument, Text):
                    self.type(argument)
            near = nearest(node.function, FUNCTIONS)
            return self.issue(FormulaCode.FORMULA_005, node.at, name=node.function, nearest=near)
        count = len(node.arguments)
        if count < function.least or (function.most is not None and count > function.most):
            expected = (
                f"{function.least}" if function.most == function.least else (f"{function.least} …")
            )
            return self.issue(
                FormulaCode.FORMULA_006,
                node.at,
                name=node.function,
                expected=expected,
                found=count,
                example=function.example,
            )
        return self._gives(node)

    def _gives(self, node: Call) -> UnitType:
        arguments = node.arguments
        if node.function in AGGREGATES:
            return self._aggregate(node)
        match node.function:
            case "norm":
                return self._norm(arguments[0])
            case "target":
                return self._target(arguments[0])
            case "previous" | "year_before" | "to_date" | "ceiling" | "floor":
                return self._numeric(arguments[0], node.function)
            case "average_of":
                self._whole(arguments[1], node.function, UP_TO_TWELVE)
                return self._numeric(arguments[0], node.function)
            case "round":
                self._whole(arguments[1], node.function, DIGITS)
                return self._numeric(arguments[0], node.function)
            case "months_where":
                self._wants(BOOL, arguments[0], node.function)
                return MONTHS
            case "if":
                self._wants(BOOL, arguments[0], "if")
                return self._common(node, arguments[1:])
            case "min" | "max":
                common = self._common(node, arguments)
                if common in RATES | GRADES | {RATIO} or common.per:
                    self._stand_ins(node)
                return common
            case "coalesce" | "min_looked" | "max_looked":
                return self._common(node, arguments)
            case "looked":
                self._numeric(arguments[0], "looked")
                return self._numeric(arguments[1], "looked")
            case "days_between":
                self._wants(DATE, arguments[0], "days_between")
                self._wants(DATE, arguments[1], "days_between")
                return DAYS
            case "period_start" | "period_end":
                return DATE
        return self._of_units(node)

    def _of_units(self, node: Call) -> UnitType:
        """Check a function over units, their closings and their things."""
        function, arguments = node.function, node.arguments
        match function:
            case "units":
                self._texts(arguments, function)
            case "units_where" | "share_of_units":
                self._wants(BOOL, arguments[0], function)
                self._texts(arguments[1:], function)
            case "reported_units" | "reporting_rate" | "on_time_rate":
                self._packs(node)
            case "above":
                return self._above(node)
            case "per_thing":
                return self._per_thing(node)
            case "median_days":
                self._cases(node)
                return DAYS
            case "open" | "due" | "in_time" | "standing":
                return self._cases(node)
            case "things":
                for code, at, facts in thing_faults(self.scope, arguments):
                    self.issue(code, at, **facts)
            case "overdue":
                if case_named(self.scope, arguments) is not None:
                    return self._cases(node)
                self._dataset(node, self.scope.datasets)
            case "entities":
                self._dataset(node, self.scope.lists)
        return PERCENT if function in SHARES else THINGS

    def _packs(self, node: Call) -> None:
        """Check that packs are named, each as it is installed."""
        self._texts(node.arguments, node.function)
        installed = self.scope.programmes.by_key
        for pack in node.arguments:
            if isinstance(pack, Text) and pack.value not in installed:
                near = nearest(pack.value, installed)
                self.issue(FormulaCode.FORMULA_022, pack.at, name=pack.value, nearest=near)

    def _above(self, node: Call) -> UnitType:
        """Check what is taken from the unit above: no number of people, and nothing made of one."""
        for measure in measures_read(node.arguments[0], self.scope):
            if type_of(measure.unit) in PEOPLE or measure.about is About.PERSON:
                return self.issue(FormulaCode.FORMULA_023, node.at, name=measure.key)
        return self._numeric(node.arguments[0], "above")

    def _per_thing(self, node: Call) -> UnitType:
        """Check a norm for each thing of a list: an amount, never a limit."""
        norm, *dataset = node.arguments
        self._dataset(Call(node.function, tuple(dataset), node.at), self.scope.lists)
        if not isinstance(norm, Call) or norm.function != "norm" or len(norm.arguments) != 1:
            return self._misplaced(norm, "per_thing", A_NORM_CALLED, ELSE)
        unit_type = self.type(norm)
        name = norm.arguments[0]
        if unit_type != UNKNOWN and isinstance(name, Name):
            versions = self.scope.norm(name.key).versions
            if any(version.spread == LIMIT for version in versions):
                return self._misplaced(norm, "per_thing", AN_AMOUNT, name.key)
        return unit_type

    def _whole(self, node: Node, where: str, numbers: WholeNumbers) -> None:
        """Check that a whole number is written, within its bounds."""
        given = node.value if isinstance(node, Number) else None
        if given is None or given.denominator != 1 or int(given) not in numbers.range:
            text = str(given) if given is not None else _type_text(self.type(node))
            self._misplaced(node, where, numbers.text, text)

    def _cases(self, node: Call) -> UnitType:
        for code, at, facts in case_faults(node.function, self.scope, node.arguments):
            self.issue(code, at, **facts)
        return CASES

    def _common(self, node: Call, arguments: Sequence[Node]) -> UnitType:
        common = self.type(arguments[0])
        for argument in arguments[1:]:
            common = self._join(node.function, argument.at, common, self.type(argument))
        return common

    def _stand_ins(self, node: Call) -> None:
        """Find written numbers that stand for an unknown grade or rate: the best or worst there is.

        Of amounts a nought may well stand for nothing done; a grade of nothing is none.
        """
        for argument in node.arguments:
            if not isinstance(argument, Call) or argument.function not in ("if", "coalesce"):
                continue
            branches = argument.arguments[argument.function == "if" :]
            written = [branch for branch in branches if isinstance(branch, Number)]
            if written and any(isinstance(branch, Name) for branch in branches):
                number = f"{float(written[-1].value):g}"
                self.issue(FormulaCode.FORMULA_020, argument.at, name=node.function, number=number)

    def _texts(self, nodes: Sequence[Node], where: str) -> None:
        for node in nodes:
            if not isinstance(node, Text):
                self._misplaced(node, where, IN_QUOTES, _type_text(self.type(node)))

    def _measure(self, node: Node, where: str) -> Measure | None:
        if not isinstance(node, Name):
            self._misplaced(node, where, A_MEASURE, _type_text(self.type(node)))
            return None
        if (constant := self.scope.constant(node.key)) is not None:
            self._misplaced(node, where, A_MEASURE, constant.key)
            return None
        measure = self._looked_up(node)
        if isinstance(measure, Indicator):
            self._misplaced(node, where, A_MEASURE, measure.key)
            return None
        if measure is not None:
            self._filters(node, measure)
        return measure

    def _aggregate(self, node: Call) -> UnitType:
        measure = self._measure(node.arguments[0], node.function)
        if measure is None:
            return UNKNOWN
        if node.function == "sum" and measure.kind is MeasureKind.LEVEL:
            self.issue(FormulaCode.FORMULA_013, node.at, measure=measure.key)
        if node.function == "count":
            return THINGS
        if node.function == "distinct":
            rules = counting_rules(self.scope, measure)
            if not rules or not all(rule.entity or rule.person for rule in rules):
                return self.issue(FormulaCode.FORMULA_011, node.at, measure=measure.key)
            return UnitType("人") if all(rule.person for rule in rules) else THINGS
        return type_of(measure.unit)

    def _norm(self, node: Node) -> UnitType:
        if not isinstance(node, Name) or node.filters:
            return self._misplaced(
                node,
                "norm",
                A_NORM,
                ELSE,
            )
        try:
            return type_of(self.scope.norm(node.key).unit)
        except UnknownName:
            norms = self.scope.programmes.norms
            near = nearest(node.key, {*norms, *(key.split(".", 1)[1] for key in norms)})
            return self.issue(FormulaCode.FORMULA_015, node.at, name=node.key, nearest=near)

    def _target(self, node: Node) -> UnitType:
        if not isinstance(node, Name) or node.filters:
            return self._misplaced(
                node,
                "target",
                MEASURE_OR_INDICATOR,
                ELSE,
            )
        if (constant := self.scope.constant(node.key)) is not None:
            return self._misplaced(node, "target", MEASURE_OR_INDICATOR, constant.key)
        target = self._looked_up(node)
        return UNKNOWN if target is None else type_of(target.unit)

    def _dataset(self, call: Call, known: Datasets) -> None:
        """Check a count of things: their list among those ``known``, and what chooses them."""
        node, *rest = call.arguments
        if not isinstance(node, Text):
            self._misplaced(node, call.function, A_DATASET, _type_text(self.type(node)))
        elif node.value not in known:
            near = nearest(node.value, known)
            self.issue(FormulaCode.FORMULA_016, node.at, name=node.value, nearest=near)
        elif rest:
            self._property(call.function, known[node.value], rest)

    def _property(self, function: str, form: Form, rest: Sequence[Node]) -> None:
        """Check the property that chooses things of a dataset, and the value it must have."""
        name, *values = rest
        saves = form.entity.saves if form.entity is not None else {}
        if not isinstance(name, Text) or name.value not in saves:
            given = name.value if isinstance(name, Text) else _type_text(self.type(name))
            self._misplaced(name, function, A_PROPERTY, given)
        elif not values or not isinstance(values[0], Text):
            at = values[0] if values else name
            self._misplaced(at, function, A_VALUE, name.value)
        else:
            saved = form.field(saves[name.value])
            names = [choice.name for choice in saved.choices] if saved is not None else []
            if names and values[0].value not in names:
                self._misplaced(values[0], function, A_VALUE, values[0].value)


def _type_text(unit_type: UnitType) -> str:
    """Name a type in a message."""
    return {
        BOOL: A_CONDITION,
        DATE: A_DATE,
        TEXT: A_TEXT,
        NUMBER: A_NUMBER,
    }.get(unit_type, str(unit_type))


def references(node: Node, scope: NameScope) -> Iterator[tuple[Indicator, int]]:
    """Walk the indicators that a formula refers to, with the column of each."""
    for part in walk(node):
        if isinstance(part, Name):
            try:
                definition = scope.find(part.key)
            except UnknownName:
                continue
            if isinstance(definition, Indicator):
                yield definition, part.at
