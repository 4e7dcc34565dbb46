"""The formula language over measures: parse, check, evaluate, say in words."""

from taizhang.core.formula.code import FormulaCode
from taizhang.core.formula.definition import (
    Definition,
    check_indicator,
    define,
    define_formula,
    parse_in,
)
from taizhang.core.formula.evaluate import evaluate
from taizhang.core.formula.evaluation_scope import EvaluationContext, EvaluationScope
from taizhang.core.formula.function import FUNCTIONS, Function
from taizhang.core.formula.leaf import Window
from taizhang.core.formula.name_scope import NameScope
from taizhang.core.formula.node import Node
from taizhang.core.formula.parse import parse
from taizhang.core.formula.sentence import words
from taizhang.core.formula.type_checker import check
from taizhang.core.formula.unit_type import UnitType
from taizhang.core.formula.value import Value

__all__ = [
    "FUNCTIONS",
    "Definition",
    "EvaluationContext",
    "EvaluationScope",
    "FormulaCode",
    "Function",
    "NameScope",
    "Node",
    "UnitType",
    "Value",
    "Window",
    "check",
    "check_indicator",
    "define",
    "define_formula",
    "evaluate",
    "parse",
    "parse_in",
    "words",
]
