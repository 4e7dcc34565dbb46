"""The expression language of XLSForm, compiled once to a Python closure over the answers.

It serves constraint, relevant, calculation and required of forms and ``when`` of counting rules.
Parsed by lark: it gives line and column of an error, and pyxform brings it along anyway.

Blanks follow XPath: a blank is the empty text, its number is not a number, and no comparison by
size with it holds.  ``today()`` comes from the caller, never from a clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from itertools import product

from lark import Lark, Token, Transformer, Tree, v_args
from lark.exceptions import UnexpectedInput, VisitError

from taizhang.core.base import pattern
from taizhang.core.base.issue import NOWHERE, Issue, Place, Refused
from taizhang.core.form.expression import value
from taizhang.core.form.expression.code import ExpressionCode
from taizhang.core.form.expression.value import Scalar

Run = Callable[[Mapping[str, object], date | None, object], Scalar]

#: Longest expression and most words in one: nothing real comes near, and closures nest this deep.
MOST_CHARACTERS = 2000
MOST_TOKENS = 200
#: Numbers known roughly whose bounds are tried in one comparison; with more, nothing is certain.
MOST_ROUGH = 6
#: So many steps of a compiled pattern are as much work as one word of an expression.
PATTERN_STEPS = 20


GRAMMAR = r"""
?start: or_
?or_: and_ | or_ _OR and_ -> either
?and_: equal | and_ _AND equal -> both
?equal: size | equal (EQ | NE) size -> compare_equal
?size: plus | size (LE | GE | LT | GT) plus -> compare_size
?plus: times | plus (PLUS | MINUS) times -> arithmetic
?times: sign | times (STAR | DIV | MOD) sign -> arithmetic
?sign: atom | MINUS sign -> negative
?atom: NUMBER -> number
     | TEXT -> text
     | FIELD -> field
     | NAME -> bare
     | DOT -> current
     | CALL "(" (or_ ("," or_)*)? ")" -> call
     | "(" or_ ")"

_OR: /or(?![\w.-])/
_AND: /and(?![\w.-])/
DIV: /div(?![\w.-])/
MOD: /mod(?![\w.-])/
EQ: "==" | "="
NE: "!="
LE: "<="
GE: ">="
LT: "<"
GT: ">"
PLUS: "+"
MINUS: "-"
STAR: "*"
NUMBER: /[0-9]+(\.[0-9]*)?|\.[0-9]+/
TEXT: /"[^"]*"|'[^']*'/
FIELD: /\$\{\s*[^{}$]*?\s*\}/
CALL.2: /[A-Za-z_][A-Za-z0-9_:-]*(?=\s*\()/
NAME: /[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?/
DOT: "."
%ignore /\s+/
"""


@cache
def parser() -> Lark:
    """Give the parser of expressions, made at their first use."""
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", start="start")


@dataclass(frozen=True, slots=True)
class _Node:
    """A compiled part: how to run it, which names it reads, its constant where it is one."""

    run: Run
    names: frozenset[str] = frozenset()
    constant: Scalar = None
    is_constant: bool = False
    name: str | None = None  # when the node is nothing but this field
    uses_today: bool = False
    uses_current: bool = False
    literals: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    Calling it gives text, number, truth, date, or ``None`` where a number cannot be had; Python's
    truth of the answer is XPath's.  ``names`` are the fields it reads, ``self_reference`` says
    whether it reads the checked field itself (``.``), ``literals`` are the texts it compares
    fields with (field, text).  ``loose`` is what counting rules may write and phones do not read
    (``==``, a name without ``${}``); ``single`` are the names read as one answer, not as the list
    that ``sum(${copies})`` reads from the rows of a repeat.  ``steps`` is how much work one
    evaluation is, in words.
    """

    text: str
    names: frozenset[str]
    run: Run
    self_reference: bool = False
    uses_today: bool = False
    literals: frozenset[tuple[str, str]] = frozenset()
    loose: tuple[str, ...] = ()
    single: frozenset[str] = frozenset()
    steps: int = 1

    def __call__(
        self, answers: Mapping[str, object], today: date | None = None, current: object = None
    ) -> Scalar:
        """Evaluate over ``answers`` (field name → answer); ``current`` stands for ``.``.

        ``today()`` is a blank where the caller has no day; counting rules, which must count the
        same again in ten years, may not use it.
        """
        return self.run(answers, today, current)


def compile_expression(text: str, place: Place = NOWHERE, bare: str = "") -> Expression:
    """Compile an expression once.

    :param bare: what stands before names written without ``${}``, which in a ``choice_filter`` are
        columns of the choices and no fields
    :raises Refused: with every issue found, when the text is no expression or uses what is refused
    """
    try:
        return _compiled(text, bare)
    except Refused as refused:
        raise Refused(
            Issue(issue.code, place, issue.facts, issue.level) for issue in refused.issues
        ) from None


def compile_rewritten(text: str) -> Expression:
    """Compile what was rewritten from a checked constraint, however long it has become.

    What is known roughly is taken at whichever of its bounds lets a comparison hold, provided
    that no ``not()`` stands around it.
    """
    return _compiled(text, "", True)


@lru_cache(maxsize=4096)
def _compiled(text: str, bare: str, is_rewritten: bool = False) -> Expression:
    if len(text) > MOST_CHARACTERS and not is_rewritten:
        raise Refused([_too_long(text, "?")])
    try:
        tree = parser().parse(text)
    except UnexpectedInput as error:
        column = getattr(error, "column", -1)
        near = _typeset(text, column) or error.get_context(text, 12).splitlines()[0].strip()
        near = near or "end"
        facts = {"text": text, "column": column if column > 0 else len(text) + 1, "near": near}
        raise Refused([Issue(ExpressionCode.EXPRESSION_001, facts=facts)]) from None
    tokens = tokens_of(tree)
    if tokens > MOST_TOKENS and not is_rewritten:
        raise Refused([_too_long(text, str(tokens))])
    issues: list[Issue] = []
    work = _Compile(text, issues, bare, is_rewritten)
    try:
        node: _Node = work.transform(tree)
    except VisitError as error:
        raise error.orig_exc from None
    if issues:
        raise Refused(issues)
    return Expression(
        text,
        node.names,
        node.run,
        node.uses_current,
        node.uses_today,
        node.literals,
        loose=tuple(work.loose),
        single=frozenset(work.read - work.listed),
        steps=tokens + work.steps,
    )


#: Signs that word processors and Chinese keyboards put in place of those of an expression.
_TYPESET: Mapping[str, str] = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full width
    **dict.fromkeys("‘’‚‛「」｢｣", "'"),
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("–—−", "-"),
    **{"×": "*", "÷": "div", "≤": "<=", "≥": ">=", "≠": "!=", "、": ","},
}


def _typeset(text: str, column: int) -> str:
    """Name the sign at which reading stopped and the one meant, ``""`` where it is plain."""
    rest = text[column - 1 :] if column > 0 else ""
    if rest[:1] in ("'", '"', "$"):  # begun plainly, and closed or gone on with by another sign
        rest = next((sign for sign in rest if sign in _TYPESET), "")
    meant = _TYPESET.get(rest[:1], "")
    return f"{rest[:1]} → {meant}" if meant else ""


def tokens_of(tree: Tree[Token] | Token) -> int:
    """Count the words of a parse tree without recursion, which a hostile text could exhaust."""
    count, waiting = 0, [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tree):
            waiting.extend(node.children)
        else:
            count += 1
    return count


def _too_long(text: str, tokens: str) -> Issue:
    facts = {"size": len(text), "tokens": tokens}
    return Issue(ExpressionCode.EXPRESSION_005, facts=facts)


def _constant(it: Scalar) -> _Node:
    return _Node(lambda answers, today, current: it, constant=it, is_constant=True)


def _field(name: str) -> _Node:
    return _Node(
        lambda answers, today, current: value.of(answers.get(name)),
        frozenset({name}),
        name=name,
    )


def _joined(run: Run, *parts: _Node) -> _Node:
    names: frozenset[str] = frozenset().union(*(part.names for part in parts))
    return _Node(
        run,
        names,
        uses_today=any(part.uses_today for part in parts),
        uses_current=any(part.uses_current for part in parts),
        literals=frozenset().union(*(part.literals for part in parts)),
    )


def _comparing(node: _Node, left: _Node, right: _Node) -> _Node:
    """Note (field, text) where a field is compared with a quoted text."""
    pairs = {
        (side.name, other.constant)
        for side, other in ((left, right), (right, left))
        if side.name is not None and isinstance(other.constant, str) and other.constant
    }
    return replace(node, literals=node.literals | pairs)


@v_args(inline=True)
class _Compile(Transformer[Token, _Node]):
    """Turns the parse tree into nested closures, from the leaves up."""

    def __init__(self, text: str, issues: list[Issue], bare: str, kindly: bool) -> None:
        super().__init__()
        self._bare = bare
        self._kindly = kindly
        self._text = text
        self._issues = issues
        self.loose: dict[str, None] = {}
        self.steps = 0  # of patterns, beside the words
        self.read: Counter[str] = Counter()
        self.listed: Counter[str] = Counter()

    def number(self, token: Token) -> _Node:
        amount = value.number(str(token))
        if amount is None:
            facts = {"text": self._text, "number": str(token)}
            self._issues.append(Issue(ExpressionCode.EXPRESSION_007, facts=facts))
        return _constant(amount)

    def text(self, token: Token) -> _Node:
        return _constant(str(token)[1:-1])

    def field(self, token: Token) -> _Node:
        name = str(token)[2:-1].strip()
        if not value.is_name(name):
            facts = {"text": self._text, "name": str(token)}
            self._issues.append(Issue(ExpressionCode.EXPRESSION_003, facts=facts))
        self.read[name] += 1
        return _field(name)

    def bare(self, token: Token) -> _Node:
        if not self._bare:
            self.loose[str(token)] = None
        return _field(f"{self._bare}{token}")

    def current(self, token: Token) -> _Node:
        return _Node(lambda answers, today, current: value.of(current), uses_current=True)

    def negative(self, sign: Token, part: _Node) -> _Node:
        if part.is_constant:
            return _constant(value.negative(part.constant))
        run = part.run
        return _joined(lambda a, t, c: value.negative(run(a, t, c)), part)

    def either(self, left: _Node, right: _Node) -> _Node:
        first, two = left.run, right.run
        return _joined(lambda a, t, c: bool(first(a, t, c)) or bool(two(a, t, c)), left, right)

    def both(self, left: _Node, right: _Node) -> _Node:
        first, two = left.run, right.run
        return _joined(lambda a, t, c: bool(first(a, t, c)) and bool(two(a, t, c)), left, right)

    def compare_equal(self, left: _Node, sign: Token, right: _Node) -> _Node:
        wanted = sign.type == "EQ"
        if str(sign) == "==":
            self.loose["=="] = None
        quick = _quick_equal(left, right, wanted)
        if quick:
            return _comparing(_joined(quick, left, right), left, right)
        first, two, equal = left.run, right.run, value.equal
        node = _joined(lambda a, t, c: equal(first(a, t, c), two(a, t, c)) is wanted, left, right)
        if self._kindly:
            sizes = (value.SIZES["<="], value.SIZES[">="])
            node = _kindly(node, [_sized(left, right, size) for size in sizes] if wanted else [])
        return _comparing(node, left, right)

    def compare_size(self, left: _Node, sign: Token, right: _Node) -> _Node:
        node = _joined(_sized(left, right, value.SIZES[str(sign)]), left, right)
        return _kindly(node) if self._kindly else node

    def arithmetic(self, left: _Node, sign: Token, right: _Node) -> _Node:
        first, two, operate = left.run, right.run, value.OPERATIONS[str(sign)]
        return _joined(lambda a, t, c: operate(first(a, t, c), two(a, t, c)), left, right)

    def call(self, token: Token, *parts: _Node) -> _Node:
        name = str(token)
        function = value.FUNCTIONS.get(name)
        if function is None:
            self._issues.append(self._no_function(name))
            return _constant(None)
        low, high = function.arguments
        if len(parts) < low or (high is not None and len(parts) > high):
            wanted = str(low) if low == high else f"{low}–{'∞' if high is None else high}"
            facts = {"text": self._text, "name": name, "found": len(parts), "wanted": wanted}
            self._issues.append(Issue(ExpressionCode.EXPRESSION_004, facts=facts))
            return _constant(None)
        if name == "regex":
            return self._regex(*parts)
        if name == "today":
            return _Node(lambda answers, today, current: today, uses_today=True)
        if name in value.OVER_ROWS and len(parts) == 1 and parts[0].name is not None:
            self.listed[parts[0].name] += 1
        node = _call(name, function, parts)
        return _comparing(node, *parts) if name == "selected" else node

    def _no_function(self, name: str) -> Issue:
        if name in value.REFUSED or ":" in name:
            facts: dict[str, object] = {"text": self._text, "name": f"{name}()"}
            return Issue(ExpressionCode.EXPRESSION_003, facts=facts)
        known = ", ".join(f"{name}()" for name in sorted(value.FUNCTIONS))
        facts = {"text": self._text, "name": f"{name}()", "known": known}
        return Issue(ExpressionCode.EXPRESSION_002, facts=facts)

    def _regex(self, subject: _Node, quoted: _Node) -> _Node:
        text = quoted.constant if isinstance(quoted.constant, str) else None
        why = pattern.fault(text)
        if why or text is None:
            facts = {"pattern": text or self._text, "why": why}
            self._issues.append(Issue(ExpressionCode.EXPRESSION_006, facts=facts))
            return _constant(None)
        matches, run = pattern.matcher(text), subject.run
        self.steps += pattern.steps(text) // PATTERN_STEPS
        return _joined(lambda a, t, c: matches(value.text(run(a, t, c))), subject)


def _sized(left: _Node, right: _Node, compare: Callable[[Scalar, Scalar], bool]) -> Run:
    first, two = left.run, right.run
    return lambda a, t, c: compare(first(a, t, c), two(a, t, c))


def _kindly(node: _Node, tests: Sequence[Run] = ()) -> _Node:
    """Let a comparison hold where numbers known roughly may be such that it does.

    Its sides rise or fall with each number, so that only the bounds need to be tried.

    :param tests: what must each hold for some choice of the bounds, where not the comparison itself
    """
    plain, names = node.run, tuple(node.names)

    def run(answers: Mapping[str, object], today: date | None, current: object) -> Scalar:
        rough = {name: ends for name in names if (ends := value.ends(answers.get(name)))}
        here = value.ends(current) if node.uses_current else None
        if not rough and not here:
            return plain(answers, today, current)
        if len(rough) > MOST_ROUGH:
            return True
        corners = [
            ({**answers, **dict(zip(rough, chosen, strict=True))}, bound)
            for chosen in product(*rough.values())
            for bound in here or (current,)
        ]
        return all(
            any(test(seen, today, bound) for seen, bound in corners) for test in tests or (plain,)
        )

    return replace(node, run=run)


def _quick_equal(left: _Node, right: _Node, wanted: bool) -> Run | None:
    """Compare one field with one quoted text without going through the general comparison."""
    if left.name is None or not isinstance(right.constant, str):
        return None
    name, literal, equal, of = left.name, right.constant, value.equal, value.of

    def run(answers: Mapping[str, object], today: date | None, current: object) -> Scalar:
        answer = answers.get(name)
        if type(answer) is str:
            return (answer == literal) is wanted
        return equal(of(answer), literal) is wanted

    return run


def _call(name: str, function: value.ExpressionFunction, parts: tuple[_Node, ...]) -> _Node:
    runs = tuple(part.run for part in parts)
    work = function.work
    if name == "if":
        test, then, other = runs
        return _joined(lambda a, t, c: then(a, t, c) if test(a, t, c) else other(a, t, c), *parts)
    if function.raw and parts and parts[0].name is not None:
        # selected(), count(), sum() … see the answer itself: a list stays a list.
        first, rest = parts[0].name, runs[1:]
        return _joined(lambda a, t, c: work(a.get(first), *(run(a, t, c) for run in rest)), *parts)
    if function.raw and parts and parts[0].uses_current:
        return _joined(lambda a, t, c: work(c, *(run(a, t, c) for run in runs[1:])), *parts)
    if len(runs) == 1:
        only = runs[0]
        return _joined(lambda a, t, c: work(only(a, t, c)), *parts)
    return _joined(lambda a, t, c: work(*(run(a, t, c) for run in runs)), *parts)
