"""Bounds that a constraint sets: it refuses only what is certainly wrong, here and on the phone.

A comparison with a bound that nobody knows is no check.  XPath would let it fail, so that whoever
does not know how many were invited could not say how many came.  The constraint is therefore
rewritten, once for the checker and for the XForm of the phone: ``. <= ${x}`` becomes
``(${x} = '' or . <= ${x})``.  A comparison of a field with a quoted text is no bound: it asks which
answer was chosen, and stays as it is.

What is known roughly (500多, 200–999) is taken at whichever of its bounds lets the answer stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from lark import Token, Tree
from lark.exceptions import UnexpectedInput

from taizhang.core.base.issue import NOWHERE, Place
from taizhang.core.form.expression.compiler import (
    MOST_CHARACTERS,
    MOST_TOKENS,
    Expression,
    compile_expression,
    compile_rewritten,
    parser,
    tokens_of,
)

_NEGATED = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
#: Functions that give no number of what is blank; all others of numbers and days follow from them.
_OF_NUMBERS = frozenset("abs date decimal-date-time int max min number round".split())
#: Functions that give a text, which may be blank itself.
_OF_TEXTS = frozenset("concat normalize-space selected-at string substr".split())
#: Functions over the rows of a repeat, where a field is their only argument.
_OF_ROWS = frozenset("max min sum".split())


def compile_constraint(text: str, place: Place = NOWHERE) -> Expression:
    """Compile a constraint as it is checked: missing bounds are no check, rough ones give way.

    :raises Refused: with every issue found, when the text is no expression or uses what is refused
    """
    compile_expression(text, place)
    return compile_rewritten(unless_missing(text))


@lru_cache(maxsize=4096)
def unless_missing(text: str) -> str:
    """Rewrite a constraint so that no comparison with a missing bound refuses an answer.

    Gives the text as it stands where nothing can be missing, and where it cannot be read.
    """
    if len(text) > MOST_CHARACTERS:
        return text
    try:
        tree = parser().parse(text)
    except UnexpectedInput:
        return text
    if tokens_of(tree) > MOST_TOKENS:
        return text
    rewriting = _Rewriting()
    rewritten = rewriting.holds(tree, True, frozenset())
    return rewritten if rewriting.is_changed else text


class _Rewriting:
    """One constraint on its way: ``not()`` moves inwards, missing bounds come to each comparison.

    With every ``not()`` at the comparisons, a rough number may be taken at its kinder bound in
    each of them.
    """

    def __init__(self) -> None:
        self.is_changed = False

    def holds(self, part: Tree[Token] | Token, wanted: bool, guards: frozenset[str]) -> str:
        """Give the condition under which ``part`` is, or need not be, as ``wanted``.

        :param guards: what an ``or`` around it says already, so that it is not said again
        """
        kind, inside = _taken(part)
        if kind in ("either", "both"):
            joined = "or" if (kind == "either") is wanted else "and"
            if joined == "or":
                guards |= frozenset(_guards(part))
            first, second = (self.holds(side, wanted, guards) for side in inside)
            return f"({first} {joined} {second})"
        if kind == "call" and str(inside[0]) == "not" and len(inside) == 2:
            return self.holds(inside[1], not wanted, guards)
        if kind == "call" and str(inside[0]) == "if" and len(inside) == 4:
            # Either arm may be the one that counts where the test itself is not certain.
            then, other = (self.holds(arm, wanted, guards) for arm in inside[2:])
            yes, no = (self.holds(inside[1], holds, guards) for holds in (True, False))
            return f"(({yes} and {then}) or ({no} and {other}))"
        if kind in ("compare_equal", "compare_size") and not _asks_choice(part):
            left, sign, right = _text(inside[0]), _plain(inside[1]), _text(inside[2])
            bounds = [*_missing(inside[0]), *_missing(inside[2])]
            self.is_changed = self.is_changed or not wanted
            condition = f"{left} {sign if wanted else _NEGATED[sign]} {right}"
            return self._unless(bounds, condition, guards)
        return _text(part) if wanted else f"not({_text(part)})"

    def _unless(self, missing: Iterable[str], condition: str, guards: frozenset[str]) -> str:
        more = [text for text in dict.fromkeys(missing) if text not in guards]
        if not more:
            return condition
        self.is_changed = True
        return f"({' or '.join((*more, condition))})"


def _taken(part: Tree[Token] | Token) -> tuple[str, list[Tree[Token] | Token]]:
    return (str(part.data), part.children) if isinstance(part, Tree) else ("", [])


def _guards(part: Tree[Token] | Token) -> list[str]:
    """Give what the alternatives of an ``or`` say of single answers, as :func:`_missing` would."""
    kind, inside = _taken(part)
    if kind == "either":
        return [text for side in inside for text in _guards(side)]
    return [_text(part)[1:-1]] if kind == "compare_equal" else []


def _plain(sign: Tree[Token] | Token) -> str:
    return "=" if str(sign) == "==" else str(sign)


def _asks_choice(part: Tree[Token] | Token) -> bool:
    """Say whether a comparison asks for an answer in quotes, ``''`` for a blank."""
    kind, inside = _taken(part)
    return kind == "compare_equal" and any(_taken(side)[0] == "text" for side in inside)


def _missing(part: Tree[Token] | Token) -> list[str]:
    """Give the conditions under which a side of a comparison has no value, any of which does."""
    kind, inside = _taken(part)
    if kind == "field":
        return [f"{_text(part)} = ''"]
    if kind == "negative":
        return _missing(inside[-1])
    if kind == "arithmetic":
        left, sign, right = inside
        by_zero = [f"{_text(right)} = 0"] if str(sign) in ("div", "mod") else []
        known = _taken(right)[0] == "number" and float(_text(right)) != 0
        return [*_missing(left), *_missing(right), *(() if known else by_zero)]
    return _missing_call(str(inside[0]), inside[1:]) if kind == "call" else []


def _missing_call(name: str, parts: list[Tree[Token] | Token]) -> list[str]:
    lacks = [_missing(part) for part in parts]
    if name in _OF_ROWS and len(parts) == 1 and _taken(parts[0])[0] == "field":
        rows = _text(parts[0])
        return [f"count-non-empty({rows}) < count({rows})"]
    if name in _OF_NUMBERS:
        return [text for lack in lacks for text in lack]
    if name in _OF_TEXTS:
        return [f"{name}({', '.join(map(_text, parts))}) = ''"]
    if name == "coalesce" and all(lacks):
        return [f"({' and '.join(f'({_any(lack)})' for lack in lacks)})"]
    if name == "if" and len(parts) == 3:
        arms = [f"if({_text(parts[0])}, {_any(lacks[1])}, {_any(lacks[2])})"]
        return [*_unsure(parts[0]), *(arms if lacks[1] or lacks[2] else ())]
    return []


def _any(conditions: list[str]) -> str:
    return " or ".join(conditions) or "false()"


def _unsure(test: Tree[Token] | Token) -> list[str]:
    """Give the conditions under which a test of ``if()`` compares with what is missing."""
    kind, inside = _taken(test)
    if kind.startswith("compare_"):
        return [] if _asks_choice(test) else [*_missing(inside[0]), *_missing(inside[2])]
    return [text for part in inside for text in _unsure(part)]


def _text(part: Tree[Token] | Token) -> str:
    """Write a part again, with brackets around whatever is joined by a sign."""
    kind, inside = _taken(part)
    if not kind:
        return str(part)
    if kind == "call":
        return f"{inside[0]}({', '.join(map(_text, inside[1:]))})"
    if kind == "current":
        return "."
    if kind == "negative":
        return f"-{_text(inside[-1])}"
    if kind in ("either", "both"):
        joined = "or" if kind == "either" else "and"
        return f"({_text(inside[0])} {joined} {_text(inside[1])})"
    if len(inside) == 3:
        return f"({_text(inside[0])} {_plain(inside[1])} {_text(inside[2])})"
    return str(inside[0])


__all__ = ["compile_constraint", "unless_missing"]
