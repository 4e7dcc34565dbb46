"""Sentences of formulas, in Chinese and in English.

Labels come from the packs and stand in 「…」 (Chinese) or quotes (English); every construct of the
language has its words here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from taizhang.core.aggregate.query import DimensionFilter
from taizhang.core.counting.measure import Measure
from taizhang.core.definition.case import CaseKind
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula.case_function import case_named, thing_named
from taizhang.core.formula.definition import Definition
from taizhang.core.formula.dimension import answers_named, dimension_label
from taizhang.core.formula.name_scope import NameScope
from taizhang.core.formula.node import Binary, Call, Name, Node, Number, Text, Unary
from taizhang.core.text.bilingual import Bilingual, same
from taizhang.core.text.unit_sign import RATES, unit_sign

_OPERATORS: dict[str, Bilingual] = {
    "+": Bilingual("＋", " + "),
    "-": Bilingual("－", " − "),
    "*": Bilingual(" × ", " × "),
    "/": Bilingual(" ÷ ", " ÷ "),
    "==": Bilingual("等于", " equals "),
    "!=": Bilingual("不等于", " differs from "),
    "<": Bilingual("小于", " is below "),
    "<=": Bilingual("不超过", " is at most "),
    ">": Bilingual("大于", " is above "),
    ">=": Bilingual("不少于", " is at least "),
    "and": Bilingual(" 且 ", " and "),
    "or": Bilingual(" 或 ", " or "),
}
_BINDING = {"or": 1, "and": 2, "+": 4, "-": 4, "*": 5, "/": 5}  # comparisons bind with 3
_TIGHTEST = 6

_CALLS: dict[str, Bilingual] = {
    "sum": Bilingual("%s的合计", "the sum of %s"),
    "last": Bilingual("%s的最近值", "the last value of %s"),
    "mean": Bilingual("%s的平均值", "the average of %s"),
    "count": Bilingual("%s的填报条数", "how often %s was stated"),
    "distinct": Bilingual("%s中不重复的个数", "how many different ones stand in %s"),
    "largest": Bilingual("%s的最大值", "the largest value of %s"),
    "smallest": Bilingual("%s的最小值", "the smallest value of %s"),
    "median": Bilingual("%s的中位数", "the median of %s"),
    "norm": Bilingual("%s的规范要求", "what the norm asks for %s"),
    "target": Bilingual("%s的计划任务数", "the planned quota of %s"),
    "previous": Bilingual("上一个等长时段的%s", "%s in the period of equal length before"),
    "year_before": Bilingual("上年同期的%s", "%s in the same months a year before"),
    "to_date": Bilingual("年初至时段末累计的%s", "%s from January to the end of the period"),
    "average_of": Bilingual(
        "%s在此前%s个等长时段的平均", "the average of %s over the %s periods before"
    ),
    "months_where": Bilingual("“%s”的月数", "the months in which %s, counted"),
    "round": Bilingual("%s四舍五入到%s位小数", "%s rounded to %s digits"),
    "ceiling": Bilingual("%s向上取整", "%s rounded up"),
    "floor": Bilingual("%s向下取整", "%s rounded down"),
    "if": Bilingual("（若%s则取%s，否则取%s）", "(if %s then %s, else %s)"),
    "looked": Bilingual("查过的%s", "%s where somebody looked"),
    "days_between": Bilingual("从%s到%s的天数", "the days from %s to %s"),
    "period_start": Bilingual("时段首日", "the first day of the period"),
    "period_end": Bilingual("时段末日", "the last day of the period"),
    "units": Bilingual("%s的个数", "the number of units of kind %s"),
    "units_where": Bilingual("满足“%s”的%s的个数", "the units for which %s, of kind %s, counted"),
    "share_of_units": Bilingual(
        "满足“%s”的%s所占比例", "the share of units for which %s, among those of kind %s"
    ),
    "above": Bilingual("上一级单位的%s", "%s of the unit above"),
    "reported_units": Bilingual(
        "%s到期各月都已报结的单位数", "the units that have closed all months due of %s"
    ),
    "reporting_rate": Bilingual("%s的报结率", "the share of months due of %s that are closed"),
    "on_time_rate": Bilingual(
        "%s的及时报结率", "the share of months due of %s that a person closed in time"
    ),
    "per_thing": Bilingual("按%s逐个计算的%s", "%s by each, %s, added up"),
    "entities": Bilingual("%s的个数", "the number of %s"),
    "overdue": Bilingual("%s中超过期限的个数", "how many of %s are past their due date"),
    "open": Bilingual("%s的未办结件数", "the open cases of %s"),
    "due": Bilingual("%s到期应办结的件数", "the cases of %s whose limit fell in the period"),
    "in_time": Bilingual("%s按期办结的件数", "the cases of %s that were done in time"),
    "standing": Bilingual("%s中时限停着的件数", "the cases of %s whose limit stands still"),
    "things": Bilingual("%s的个数", "the number of %s"),
    "median_days": Bilingual("%s办结用时的中位数", "the median days of cases of %s that ended"),
}
_THINGS: dict[str, Bilingual] = {
    "new": Bilingual("新增的", "new "),
    "standing": Bilingual("现有的", "standing "),
    "ended": Bilingual("拆除、停用的", "ended "),
    "overdue": Bilingual("超过期限的", "overdue "),
}
_LISTS: dict[str, Bilingual] = {
    "min": Bilingual("（%s）中最小的", "the smallest of (%s)"),
    "max": Bilingual("（%s）中最大的", "the largest of (%s)"),
    "min_looked": Bilingual("（%s）中最小的，没有查过的不计", "the smallest looked at of (%s)"),
    "max_looked": Bilingual("（%s）中最大的，没有查过的不计", "the largest looked at of (%s)"),
    "coalesce": Bilingual("（%s）中第一个有数的", "the first known of (%s)"),
}
_UNITS: dict[str, Bilingual] = {
    "percent": Bilingual("%", "%"),
    "permille": Bilingual("‰", "‰"),
    "per100": Bilingual("每100", "per 100"),
    "ratio": Bilingual("比值", "ratio"),
}


def words(node: Node, programmes: Programmes | NameScope, language: str, home: str = "") -> str:
    """Say a formula in Chinese (``zh…``) or English (any other language)."""
    scope = programmes if isinstance(programmes, NameScope) else NameScope(programmes, home)
    return _Speaker(scope, language).say(node)


def definition_words(definition: Definition, language: str) -> str:
    """Say a definition: its formula, the factor of its unit, its cap."""
    scope = definition.scope
    text = words(definition.node, scope, language)
    sign = unit_sign(definition.unit) if definition.unit in RATES else ""
    if definition.factor != 1:
        text += f" × {definition.factor}{sign}"
    if definition.cap is not None:
        cap = f"{definition.cap}{sign}"
        text += Bilingual(f"，最高{cap}", f", at most {cap}").text(language)
    return text


def unit_words(unit: str, language: str) -> str:
    """Write a unit as readers know it."""
    return _UNITS.get(unit, same(unit)).text(language)


class _Speaker:
    """Says nodes in one language."""

    def __init__(self, scope: NameScope, language: str) -> None:
        self.scope = scope
        self.language = language
        self.comma = self._pick("、", ", ")

    def _pick(self, zh: str, en: str) -> str:
        return Bilingual(zh, en).text(self.language)

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
                return self._pick("－", "−") + self.say(node.argument, _TIGHTEST)
            case Unary():
                return self._pick("并非", "not ") + self._bracketed(node.argument)
            case Binary():
                own = _BINDING.get(node.operator, 3)
                left = self.say(node.left, own)
                right = self.say(node.right, own + (node.operator in "-/"))
                text = f"{left}{_OPERATORS[node.operator].text(self.language)}{right}"
                return self._in_brackets(text) if own < binding else text
            case Call():
                return self._call(node)

    def _bracketed(self, node: Node) -> str:
        return self._in_brackets(self.say(node))

    def _in_brackets(self, text: str) -> str:
        return self._pick(f"（{text}）", f"({text})")

    def _quoted(self, label: str) -> str:
        return self._pick(f"「{label}」", f"“{label}”")

    def _name(self, node: Name) -> str:
        definition = self.scope.constant(node.key) or self.scope.find(node.key)
        unit = unit_words(definition.unit, self.language)
        inside = [unit] if unit else []
        if isinstance(definition, Measure):
            inside += [self._filter(definition, where) for where in node.filters]
        text = self._pick("；", "; ").join(inside)
        label = self._quoted(definition.label)
        if not text:
            return label
        return label + self._pick(f"（{text}）", f" ({text})")

    def _filter(self, measure: Measure, where: DimensionFilter) -> str:
        known = answers_named(self.scope, measure, where.dimension, where.values)
        answers = self.comma.join(known.get(value, value) for value in where.values)
        name = dimension_label(self.scope, measure, where.dimension)
        if where.negated:
            return self._pick(f"{name}不是{answers}", f"{name} is not {answers}")
        return self._pick(f"{name}为{answers}", f"{name} is {answers}")

    def _call(self, node: Call) -> str:
        arguments = node.arguments
        if node.function in _LISTS:
            listed = self._pick("，", ", ").join(self.say(argument) for argument in arguments)
            return _LISTS[node.function].text(self.language) % listed
        pattern = _CALLS[node.function].text(self.language)
        match node.function:
            case "norm":
                parts = [self._norm(arguments[0])]
            case "units":
                parts = [self.comma.join(self.say(argument) for argument in arguments)]
            case "reported_units" | "reporting_rate" | "on_time_rate":
                parts = [self._packs(arguments)]
            case "per_thing":
                parts = [self._dataset(arguments[1:]), self.say(arguments[0])]
            case "units_where" | "share_of_units":
                condition = self.say(arguments[0])
                kinds = self.comma.join(self.say(argument) for argument in arguments[1:])
                parts = [condition, kinds]
            case "looked":
                parts = [self.say(arguments[1], _TIGHTEST)]
            case "overdue" | "entities":
                parts = [self._dataset(arguments)]
            case "things":
                parts = [self._things(arguments)]
            case "overdue" | "entities" | "open" | "due" | "in_time" | "standing" | "median_days":
                kind = case_named(self.scope, arguments)
                own = self._dataset(arguments) if kind is None else self._cases(kind, arguments)
                parts = [own]
            case _:
                # "last year's (a + b)", but "if a > b then c"
                binding = 0 if node.function in ("if", "months_where") else _TIGHTEST
                parts = [self.say(argument, binding) for argument in arguments]
        return pattern % tuple(parts)

    def _packs(self, arguments: Sequence[Node]) -> str:
        """Name the packs whose closings count: those written, else the own one, else all."""
        installed = self.scope.programmes.by_key
        keys = [argument.value for argument in arguments if isinstance(argument, Text)]
        keys = keys or ([self.scope.home] if self.scope.home in installed else [])
        if not keys:
            return self._pick("各方案", "all programmes")
        labels = (installed[key].label if key in installed else key for key in keys)
        return self.comma.join(self._quoted(label) for label in labels)

    def _norm(self, node: Node) -> str:
        assert isinstance(node, Name)  # noqa: S101 - the checker has seen to it
        return self._quoted(self.scope.norm(node.key).label)

    def _cases(self, kind: CaseKind, arguments: Sequence[Node]) -> str:
        """Say a kind of case by its label, with the state or the clock that is looked at."""
        details = [argument.value for argument in arguments[1:] if isinstance(argument, Text)]
        labels = {key: state.label for key, state in kind.states.items()}
        labels |= {key: step.label for key, step in kind.steps.items() if key in kind.clocks}
        named = "".join(f"：{labels.get(detail, detail)}" for detail in details)
        return self._quoted(f"{kind.label}{named}")

    def _things(self, arguments: Sequence[Node]) -> str:
        kind, what = thing_named(self.scope, arguments), arguments[1]
        label = "" if kind is None else kind.label
        counted = _THINGS[what.value if isinstance(what, Text) else "standing"]
        return self._quoted(f"{counted.text(self.language)}{label}")

    def _dataset(self, arguments: Sequence[Node]) -> str:
        """Say a dataset by its form's title, with the choice that a property makes in it."""
        names = [argument.value for argument in arguments if isinstance(argument, Text)]
        dataset, *having = names
        form = self.scope.datasets.get(dataset) or self.scope.lists.get(dataset)
        if form is None or form.entity is None or not having:
            return self._quoted(dataset if form is None else form.title)
        name, value = having
        saved = form.field(form.entity.saves[name])
        labels = (
            {choice.name: choice.label for choice in saved.choices} if saved is not None else {}
        )
        return self._quoted(f"{form.title}：{labels.get(value, value)}")


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.10g}"
