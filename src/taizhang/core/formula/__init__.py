"""The formula language over measures: parse, check, evaluate, say in words."""

from taizhang.core.formula.check import check
from taizhang.core.formula.define import (
    Definition,
    check_indicator,
    define,
    define_formula,
    parse_in,
)
from taizhang.core.formula.evaluate import Context, EvaluationScope, evaluate
from taizhang.core.formula.function import FUNCTIONS, Function
from taizhang.core.formula.leaf import Window
from taizhang.core.formula.message import FormulaCode
from taizhang.core.formula.node import Node
from taizhang.core.formula.parse import parse
from taizhang.core.formula.scope import Scope
from taizhang.core.formula.type import Type
from taizhang.core.formula.value import Value
from taizhang.core.formula.words import words

__all__ = [
    "FUNCTIONS",
    "Context",
    "Definition",
    "EvaluationScope",
    "FormulaCode",
    "Function",
    "Node",
    "Scope",
    "Type",
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
