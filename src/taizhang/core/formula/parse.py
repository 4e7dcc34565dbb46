"""Parser of formulas: text to nodes, within bounds of length and depth."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from taizhang.core.aggregate.query import DimensionFilter
from taizhang.core.base.issue import NOWHERE, Issue, Marked, Place, Refused, gettext_noop
from taizhang.core.formula.code import FormulaCode
from taizhang.core.formula.node import Binary, Call, Name, Node, Number, Text, Unary

#: Formulas come from outside; longer or deeper ones would exhaust the stack.
LONGEST = 2_000
DEEPEST = 60
LONGEST_NUMBER = 40

_GRAMMAR = r"""
?start: either
?either: both | either OR both -> binary
?both: negated | both AND negated -> binary
?negated: compared | NOT negated -> unary
?compared: added | added COMPARE added -> binary
?added: multiplied | added PLUS multiplied -> binary | added MINUS multiplied -> binary
?multiplied: signed | multiplied TIMES signed -> binary
?signed: atom | MINUS signed -> unary
?atom: NUMBER -> number
     | TEXT -> text
     | key "(" (either ("," either)*)? ")" -> call
     | key ("[" filter (AND filter)* "]")? -> name
     | "(" either ")"
key: NAME ("." NAME)?
filter: NAME EQUAL TEXT -> one
      | NAME NOT? IN "(" TEXT ("," TEXT)* ")" -> several

COMPARE: "==" | "!=" | "<=" | ">=" | "<" | ">"
EQUAL.2: "==" | "!="
PLUS: "+"
MINUS: "-"
TIMES: "*" | "/"
OR.2: /or(?![A-Za-z0-9_])/
AND.2: /and(?![A-Za-z0-9_])/
NOT.2: /not(?![A-Za-z0-9_])/
IN.2: /in(?![A-Za-z0-9_])/
NAME: /[A-Za-z_][A-Za-z0-9_]*/
NUMBER: /[0-9]+(\.[0-9]+)?/
TEXT: /'[^'\n]*'/ | /"[^"\n]*"/
%import common.WS
%ignore WS
"""

#: How an author would write each kind of token; after the end nothing more may stand.
_SHOWN = {
    "COMPARE": "== != < <= > >=",
    "EQUAL": "== !=",
    "PLUS": "+",
    "MINUS": "-",
    "TIMES": "* /",
    "OR": "or",
    "AND": "and",
    "NOT": "not",
    "IN": "in",
    "NAME": "abc",
    "NUMBER": "12",
    "TEXT": "'…'",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "COMMA": ",",
    "DOT": ".",
}


@lru_cache(maxsize=1)
def _lark() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=False)


def parse(text: str, place: Place = NOWHERE) -> Node:
    """Read a formula.

    :raises Refused: with one Issue that names the column, if the text is no formula
    """
    try:
        return _parse(text)
    except Refused as refused:
        column = refused.issues[0].facts.get("column")
        exact = replace(place, column=None if column is None else str(column))
        raise Refused(replace(issue, place=exact) for issue in refused.issues) from None


@lru_cache(maxsize=4_096)
def _parse(text: str) -> Node:
    if len(text) > LONGEST or _brackets(text) > DEEPEST:
        raise _too_large(text)
    try:
        tree = _lark().parse(text)
    except UnexpectedInput as error:
        raise _unreadable(text, error) from None
    if _depth(tree) > 4 * DEEPEST:
        raise _too_large(text)
    return _node(tree)


def _brackets(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        deepest = max(deepest, depth)
    return deepest


def _depth(tree: Tree[Token] | Token) -> int:
    """Measure without recursion how deep a parse tree is: a+a+a… is deep, too."""
    level: list[Tree[Token] | Token] = [tree]
    depth = 0
    while level:
        depth += 1
        level = [child for node in level if isinstance(node, Tree) for child in node.children]
    return depth


def _too_large(text: str) -> Refused:
    facts = {"formula": f"{text[:40]}…", "length": LONGEST, "depth": DEEPEST}
    return Refused([Issue(FormulaCode.FORMULA_002, facts=facts)])


def _unreadable(text: str, error: UnexpectedInput) -> Refused:
    expected: set[str] = set()
    column = len(text) + 1
    problem: str = Marked(gettext_noop("it ends too early"))
    if isinstance(error, UnexpectedToken):
        expected = set(error.accepts or error.expected)
        if error.token.type != "$END":
            column, problem = error.column, f"'{error.token}'"
    elif isinstance(error, UnexpectedCharacters):
        expected = set(error.allowed or ())
        column = error.column
        problem = f"'{text[error.pos_in_stream or 0]}'"
    elif isinstance(error, UnexpectedEOF):
        expected = set(error.expected)
    shown = sorted(_SHOWN[name] for name in expected if name in _SHOWN)
    facts = {
        "formula": text,
        "column": column,
        "found": problem,
        "expected": "  ".join(shown) or "—",
    }
    return Refused([Issue(FormulaCode.FORMULA_001, facts=facts)])


def _node(tree: Tree[Token] | Token) -> Node:
    assert isinstance(tree, Tree)  # noqa: S101 - the grammar leaves no bare token
    parts = tree.children
    at = _column(tree)
    match tree.data:
        case "number":
            if len(str(parts[0])) > LONGEST_NUMBER:
                raise _too_large(str(parts[0]))
            return Number(Fraction(str(parts[0])), at)
        case "text":
            return Text(_unquoted(parts[0]), at)
        case "name":
            filters = (part for part in parts[1:] if isinstance(part, Tree))
            return Name(_key(parts[0]), tuple(map(_filter, filters)), at)
        case "call":
            return Call(_key(parts[0]), tuple(_node(part) for part in parts[1:]), at)
        case "unary":
            return Unary(str(parts[0]), _node(parts[1]), at)
        case _:  # binary
            return Binary(str(parts[1]), _node(parts[0]), _node(parts[2]), at)


def _column(tree: Tree[Token]) -> int:
    """Give the column where a part begins; of two joined parts that of the operator."""
    token = tree.children[1] if tree.data == "binary" else tree.children[0]
    while isinstance(token, Tree):
        token = token.children[0]
    return token.column or 1


def _key(tree: Tree[Token] | Token) -> str:
    assert isinstance(tree, Tree)  # noqa: S101 - `key` is a rule
    return ".".join(str(part) for part in tree.children)


def _filter(tree: Tree[Token]) -> DimensionFilter:
    name, *rest = (part for part in tree.children if isinstance(part, Token))
    values = tuple(_unquoted(part) for part in rest if part.type == "TEXT")
    negated = any(part == "!=" or part.type == "NOT" for part in rest)
    return DimensionFilter(str(name), values, negated)


def _unquoted(token: Tree[Token] | Token) -> str:
    return str(token)[1:-1]
