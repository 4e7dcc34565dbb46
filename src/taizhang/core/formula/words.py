"""A formula as a sentence a reader understands, in Chinese and in English.

Labels come from the packs and stand in 「…」 (Chinese) or quotes (English); every construct of the
language has its words here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from taizhang.core.engine import Where
from taizhang.core.formula.check import answers_named, counting_rules
from taizhang.core.formula.define import Definition
from taizhang.core.formula.node import Binary, Call, Name, Node, Number, Text, Unary
from taizhang.core.formula.scope import Scope
from taizhang.core.measure import Measure
from taizhang.core.programme import Programmes

#: (Chinese, English)
Both = tuple[str, str]

_OPERATORS: dict[str, Both] = {
    "+": ("＋", " + "),
    "-": ("－", " − "),
    "*": (" × ", " × "),
    "/": (" ÷ ", " ÷ "),
    "==": ("等于", " equals "),
    "!=": ("不等于", " differs from "),
    "<": ("小于", " is below "),
    "<=": ("不超过", " is at most "),
    ">": ("大于", " is above "),
    ">=": ("不少于", " is at least "),
    "and": (" 且 ", " and "),
    "or": (" 或 ", " or "),
}
_BINDING = {"or": 1, "and": 2, "+": 4, "-": 4, "*": 5, "/": 5}  # comparisons bind with 3
_TIGHTEST = 6

_CALLS: dict[str, Both] = {
    "sum": ("%s的合计", "the sum of %s"),
    "last": ("%s的最近值", "the last value of %s"),
    "mean": ("%s的平均值", "the average of %s"),
    "count": ("%s的填报条数", "how often %s was stated"),
    "distinct": ("%s中不重复的个数", "how many different ones stand in %s"),
    "largest": ("%s的最大值", "the largest value of %s"),
    "norm": ("%s的规范要求", "what the norm asks for %s"),
    "target": ("%s的计划任务数", "the planned quota of %s"),
    "previous": ("上一个等长时段的%s", "%s in the period of equal length before"),
    "year_before": ("上年同期的%s", "%s in the same months a year before"),
    "if": ("（若%s则取%s，否则取%s）", "(if %s then %s, else %s)"),
    "days_between": ("从%s到%s的天数", "the days from %s to %s"),
    "period_start": ("时段首日", "the first day of the period"),
    "period_end": ("时段末日", "the last day of the period"),
    "units": ("%s的个数", "the number of units of kind %s"),
    "units_where": ("满足“%s”的%s的个数", "the units for which %s, of kind %s, counted"),
    "entities": ("%s的个数", "the number of %s"),
    "overdue": ("%s中超过期限的个数", "how many of %s are past their due date"),
}
_LISTS: dict[str, Both] = {
    "min": ("（%s）中最小的", "the smallest of (%s)"),
    "max": ("（%s）中最大的", "the largest of (%s)"),
    "coalesce": ("（%s）中第一个有数的", "the first known of (%s)"),
}
_UNITS: dict[str, Both] = {
    "percent": ("%", "%"),
    "permille": ("‰", "‰"),
    "per100": ("每100", "per 100"),
    "ratio": ("比值", "ratio"),
}


def words(node: Node, programmes: Programmes | Scope, language: str, home: str = "") -> str:
    """Say a formula in Chinese (``zh…``) or English (any other language)."""
    scope = programmes if isinstance(programmes, Scope) else Scope(programmes, home)
    return _Speaker(scope, 0 if language.startswith("zh") else 1).say(node)


def definition_words(definition: Definition, language: str) -> str:
    """Say a definition: its formula, the factor of its unit, its cap."""
    scope = definition.scope
    index = 0 if language.startswith("zh") else 1
    text = words(definition.node, scope, language)
    sign = {"percent": "%", "permille": "‰"}.get(definition.unit, "")
    if definition.factor != 1:
        text += f" × {definition.factor}{sign}"
    if definition.cap is not None:
        text += (f"，最高{definition.cap}{sign}", f", at most {definition.cap}{sign}")[index]
    return text


def unit_words(unit: str, language: str) -> str:
    """Write a unit as readers know it."""
    return _UNITS.get(unit, (unit, unit))[0 if language.startswith("zh") else 1]


class _Speaker:
    """Says nodes in one language."""

    def __init__(self, scope: Scope, index: int) -> None:
        self.scope = scope
        self.index = index
        self.comma = "、" if index == 0 else ", "

    def say(self, node: Node, binding: int = 0) -> str:
        """Say a node, in brackets where it binds weaker than what stands around it."""
        match node:
            case Number():
                return _number(node.value)
            case Text():
                return node.value
            case Name():
                return self._name(node)
            case Unary(operator="-"):
                return (
                    f"－{self.say(node.argument, _TIGHTEST)}"
                    if self.index == 0
                    else (f"−{self.say(node.argument, _TIGHTEST)}")
                )
            case Unary():
                return ("并非", "not ")[self.index] + self._bracketed(node.argument)
            case Binary():
                own = _BINDING.get(node.operator, 3)
                left = self.say(node.left, own)
                right = self.say(node.right, own + (node.operator in "-/"))
                text = f"{left}{_OPERATORS[node.operator][self.index]}{right}"
                return self._in_brackets(text) if own < binding else text
            case Call():
                return self._call(node)

    def _bracketed(self, node: Node) -> str:
        return self._in_brackets(self.say(node))

    def _in_brackets(self, text: str) -> str:
        return f"（{text}）" if self.index == 0 else f"({text})"

    def _quoted(self, label: str) -> str:
        return f"「{label}」" if self.index == 0 else f"“{label}”"

    def _name(self, node: Name) -> str:
        found = self.scope.find(node.key)
        unit = unit_words(found.unit, "zh" if self.index == 0 else "en")
        inside = [unit] if unit else []
        if isinstance(found, Measure):
            inside += [self._filter(found, where) for where in node.filters]
        text = ("；" if self.index == 0 else "; ").join(inside)
        label = self._quoted(found.label)
        if not text:
            return label
        return label + (f"（{text}）" if self.index == 0 else f" ({text})")

    def _filter(self, measure: Measure, where: Where) -> str:
        known = answers_named(self.scope, measure, where.dimension, where.values)
        said = self.comma.join(known.get(value, value) for value in where.values)
        name = dimension_label(self.scope, measure, where.dimension)
        if self.index == 0:
            return f"{name}不是{said}" if where.negated else f"{name}为{said}"
        return f"{name} is not {said}" if where.negated else f"{name} is {said}"

    def _call(self, node: Call) -> str:
        arguments = node.arguments
        if node.function in _LISTS:
            said = ("，" if self.index == 0 else ", ").join(self.say(one) for one in arguments)
            return _LISTS[node.function][self.index] % said
        pattern = _CALLS[node.function][self.index]
        match node.function:
            case "norm":
                parts = [self._norm(arguments[0])]
            case "units":
                parts = [self.comma.join(self.say(one) for one in arguments)]
            case "units_where":
                condition = self.say(arguments[0])
                kinds = self.comma.join(self.say(one) for one in arguments[1:])
                parts = [condition, kinds]
            case "overdue" | "entities":
                parts = [self._dataset(arguments)]
            case _:
                # "last year's (a + b)", but "if a > b then c"
                binding = 0 if node.function == "if" else _TIGHTEST
                parts = [self.say(one, binding) for one in arguments]
        return pattern % tuple(parts)

    def _norm(self, node: Node) -> str:
        assert isinstance(node, Name)  # noqa: S101 - the checker has seen to it
        return self._quoted(self.scope.norm(node.key).label)

    def _dataset(self, arguments: Sequence[Node]) -> str:
        """Say a dataset by its form's title, with the choice that a property makes in it."""
        names = [one.value for one in arguments if isinstance(one, Text)]
        dataset, *having = names
        form = self.scope.datasets.get(dataset) or self.scope.lists.get(dataset)
        if form is None or form.entity is None or not having:
            return self._quoted(dataset if form is None else form.title)
        name, value = having
        saved = form.field(form.entity.saves[name])
        labels = {one.name: one.label for one in saved.choices} if saved is not None else {}
        return self._quoted(f"{form.title}：{labels.get(value, value)}")


def dimension_label(scope: Scope, measure: Measure, dimension: str) -> str:
    """Give the question that fills a dimension, as its form asks it."""
    for rule in counting_rules(scope, measure):
        form = scope.programmes.forms.get(rule.form)
        path = rule.by.get(dimension)
        for one in form.fields if form is not None else ():
            if one.path == path and one.label:
                return one.label
    return dimension


def bucket_label(scope: Scope, measures: tuple[Measure, ...], dimension: str, value: str) -> str:
    """Give the label of a dimension's value."""
    for measure in measures:
        label = answers_named(scope, measure, dimension, [value]).get(value)
        if label:
            return label
    return value


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.10g}"
