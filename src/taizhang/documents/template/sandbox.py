"""Where the templates of packs run: what they may say, how much they may do and how long it grows.

A template is text from outside.  It gets no globals, no attributes of plain values, the few filters
below, and a meter that stops it; a template that is written for an office is held by the same meter
as the one that ``pack check`` tries.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, ValuesView
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS
from jinja2.visitor import NodeTransformer

from taizhang.core.base.issue import Marked, gettext_noop
from taizhang.documents.template.placeholder import LinePlaceholders

#: Steps of one rendering: turns of a loop, weighed by what they hold, and calls.
MOST_STEPS = 200_000
#: Characters of one text, and of a whole part (title, body); a report has 5,000.
MOST_TEXT, MOST_WRITTEN = 20_000, 200_000
#: Entries of a list, those of lists in it included.
MOST_ENTRIES = 2_000
#: Words of a template, and how deep brackets, and macros that call macros, may nest.
MOST_WORDS, DEEPEST, DEEPEST_MACRO = 20_000, 40, 20
#: So many steps is a call that may ask the ledger.
CALL = 20
#: Of what is read (compared, sorted, searched, cut) so many characters are a step, and so many
#: characters take as long as one entry of a list.
A_STEP, AN_ENTRY = 32, 8
#: Larger whole numbers count nothing in an office, and can be chosen to fall into one heap.
LARGEST = 10**15

TOO_DEEP = Marked(gettext_noop("it is nested too deeply"))
MANY_DIGITS = Marked(gettext_noop("a number has too many digits"))
TOO_MANY_STEPS = Marked(gettext_noop("it takes too many steps"))
TOO_LONG = Marked(gettext_noop("a text gets too long"))
TOO_MANY_ENTRIES = Marked(gettext_noop("a list gets too long"))
LOOP_ITSELF = Marked(gettext_noop("a loop cannot call itself"))
NO_LIST = Marked(gettext_noop("a list cannot be printed; loop over it"))
NO_KEY = Marked(gettext_noop("a list cannot be a key"))
MACROS_DEEP = Marked(gettext_noop("its macros call each other too deeply"))
#: Filters that cannot make much of little; those of texts and lists are measured besides.
_PLAIN = (
    "default", "d", "first", "last", "length", "count", "reverse", "sort", "unique", "min", "max",
    "map", "select", "reject", "selectattr", "rejectattr",
)  # fmt: skip
#: Filters that walk a text sign by sign, as they walk a list.
_WALKING = frozenset((
    "sort", "unique", "min", "max", "map", "select", "reject", "selectattr", "rejectattr",
))  # fmt: skip
#: Filters that take as long for much as for little.
_AT_ONCE = frozenset(("default", "d", "first", "last", "length", "count"))
_VIEWS = (KeysView, ValuesView, ItemsView)
_OF_MAPPINGS = frozenset(("keys", "values", "items", "get"))
_REFUSED = (
    nodes.Block, nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport, nodes.CallBlock,
)  # fmt: skip
#: Names of filters that no template can write: they stand in for what Jinja would do unmeasured.
_TURNS, _JOINED, _LISTED = "turns of a loop", "joined texts", "entries of a list"
_READ, _KEY, _STEPS = "what is read", "key of a mapping", "steps of a macro"


class TooMuch(SecurityError):
    """Raised when a template does more than a document needs."""


class Meter:
    """Counts what one rendering does.

    :raises TooMuch: from each of its methods
    """

    def __init__(self) -> None:
        self.steps = 0
        self.depth = 0

    def step(self, weight: int = 1) -> None:
        """Count a turn of a loop, or a call."""
        self.steps += weight
        if self.steps > MOST_STEPS:
            raise TooMuch(TOO_MANY_STEPS)

    def text(self, value: Any) -> str:
        """Give the text of a value that may be printed."""
        if isinstance(value, (list, tuple, dict, set, frozenset)):
            if not value:
                return ""
            raise SecurityError(NO_LIST)
        text = value if isinstance(value, str) else str(value)
        if len(text) > MOST_TEXT:
            raise TooMuch(TOO_LONG)
        return text

    def joined(self, parts: Iterable[Any], between: str = "", most: int = MOST_TEXT) -> str:
        """Join the texts of values."""
        texts: list[str] = []
        size = -len(between)
        for part in parts:
            texts.append(part if isinstance(part, str) else self.text(part))
            size += len(texts[-1]) + len(between)
            if size > most:
                raise TooMuch(TOO_LONG)
            self.step(1 + len(texts[-1]) // A_STEP)
        return between.join(texts)

    def entries(self, value: Any) -> Any:
        """Give a list that is short enough, the lists in it included."""
        count, waiting = 0, [value]
        while waiting:
            inner = waiting.pop()
            if not isinstance(inner, (list, tuple, dict)):
                continue
            count += len(inner)
            if count > MOST_ENTRIES:
                raise TooMuch(TOO_MANY_ENTRIES)
            waiting.extend(inner.values() if isinstance(inner, dict) else inner)
        self.step(1 + count // 16)
        return value

    def read(self, value: Any, *others: Any, more: int = 0) -> Any:
        """Count what reading values takes, by all that they hold, and give the first.

        :param more: characters that it takes besides
        """
        size, waiting = more, [value, *others]
        while waiting:
            inner = waiting.pop()
            if isinstance(inner, str):
                size += len(inner)
                continue
            if not isinstance(inner, (list, tuple, set, frozenset, dict, *_VIEWS)):
                continue
            size += AN_ENTRY * len(inner)
            if size > A_STEP * MOST_STEPS:
                break
            waiting.extend(inner)
            if isinstance(inner, dict):
                waiting.extend(inner.values())
        self.step(1 + size // A_STEP)
        return value

    def key(self, value: Any) -> Any:
        """Give a key of a mapping: a text or a number, for rows can be made to fall into a heap."""
        if isinstance(value, (tuple, frozenset)):
            raise SecurityError(NO_KEY)
        return value

    def turns(self, values: Any, weight: int) -> Iterator[Any]:
        """Walk what a loop walks."""
        for value in values:
            self.step(weight)
            yield value


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one rendering: no globals, nothing undefined, everything measured."""

    intercepted_binops = frozenset(("+", "-", "*", "**", "/", "//", "%"))

    def __init__(self, meter: Meter) -> None:
        super().__init__(
            undefined=StrictUndefined,
            trim_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,  # Markdown, not HTML: renderers escape
            extensions=[LinePlaceholders],
            auto_reload=False,
            optimized=False,  # nothing is worked out before the meter runs
            finalize=self._printed,
        )
        self.meter = meter
        self.globals.clear()
        own: dict[str, Callable[..., Any]] = {
            "join": lambda values, d="": meter.joined(values, meter.text(d)),
            "list": lambda values: meter.entries(list(meter.turns(values, 1))),
            "trim": lambda value: meter.text(value).strip(),
            "upper": lambda value: meter.text(value).upper(),
            "lower": lambda value: meter.text(value).lower(),
        }
        filters: dict[str, Callable[..., Any]] = {name: FILTERS[name] for name in _PLAIN}
        filters |= own
        self.filters = {name: self._weighed(name, made) for name, made in filters.items()}
        tests: dict[str, Any] = dict(TESTS)
        self.tests = {name: self._weighed(name, made) for name, made in tests.items()}
        self.filters |= {
            _TURNS: meter.turns,
            _JOINED: meter.joined,
            _LISTED: meter.entries,
            _READ: meter.read,
            _KEY: meter.key,
            _STEPS: meter.step,
        }

    def _weighed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give a filter or a test that counts what it reads; it gives lists, and nothing lazy."""
        meter = self.meter
        passed = int(hasattr(function, "jinja_pass_arg"))  # what Jinja itself puts before

        @wraps(function)
        def weighed(*given: Any, **named: Any) -> Any:
            values = [*given[passed:], *named.values()]
            if name in _AT_ONCE:
                meter.step()
            else:
                meter.read(*values, more=_walked(name, values) if name in _WALKING else 0)
            result = function(*given, **named)
            return list(meter.turns(result, 1)) if isinstance(result, Iterator) else result

        return weighed

    def _printed(self, value: Any) -> Any:
        """Let pass what may be printed."""
        return value if isinstance(value, str) else self.meter.text(value)

    def concat(self, parts: Iterable[str]) -> str:
        """Join what a part of a template wrote."""
        return self.meter.joined(parts, most=MOST_WRITTEN)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse what could make a text of any length, measure what can lengthen one."""
        if operator in ("*", "**") or (operator == "%" and isinstance(left, str)):
            raise SecurityError(f"'{operator}' is not for templates; make an indicator of it")
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return self.meter.joined((left, right))
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, int) and abs(result) > LARGEST:
            raise SecurityError(MANY_DIGITS)
        return self.meter.entries(result) if isinstance(result, (list, tuple)) else result

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Refuse every attribute of plain values: their methods make much of little."""
        if isinstance(obj, dict):
            return attr in _OF_MAPPINGS
        plain = isinstance(obj, (str, bytes, int, float, complex, list, tuple, set, frozenset))
        return not plain and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Give no way to format a text."""
        return None

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call a function of the vocabulary or a macro, and count it."""
        meter = __self.meter
        if isinstance(__obj, LoopContext):
            raise SecurityError(LOOP_ITSELF)
        meter.step(CALL)
        meter.read(args, kwargs)
        if not isinstance(__obj, Macro):
            return super().call(__context, __obj, *args, **kwargs)
        meter.depth += 1
        try:
            if meter.depth > DEEPEST_MACRO:
                raise TooMuch(MACROS_DEEP)
            return super().call(__context, __obj, *args, **kwargs)
        finally:
            meter.depth -= 1

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            self._nesting(source)
            return self._measured(super()._parse(source, name, filename))
        except RecursionError:
            raise TemplateSyntaxError(TOO_DEEP, 1) from None
        except ValueError:  # of Python, for more than 4,300 digits
            raise TemplateSyntaxError(MANY_DIGITS, 1) from None

    def _compile(self, source: str, filename: str) -> Any:
        try:
            return super()._compile(source, filename)
        except (SyntaxError, RecursionError, MemoryError):  # Python's own bounds of nesting
            raise TemplateSyntaxError(TOO_DEEP, 1) from None

    def _generate(self, *args: Any, **kwargs: Any) -> str:
        try:
            return super()._generate(*args, **kwargs)
        except RecursionError:
            raise TemplateSyntaxError(TOO_DEEP, 1) from None

    def _nesting(self, source: str) -> None:
        """Refuse, before it is parsed, what is too long or too deep to be."""
        depth = 0
        for count, (line, kind, sign) in enumerate(self.lex(source)):
            if kind == "operator":
                depth += (sign in "([{") - (sign in ")]}")
            if depth > DEEPEST:
                raise TemplateSyntaxError(TOO_DEEP, line)
            if count > MOST_WORDS:
                raise TemplateSyntaxError(TOO_LONG, line)

    def _measured(self, tree: nodes.Template) -> nodes.Template:
        """Put the meter where Jinja itself would loop, join and list."""
        for refused in tree.find_all(_REFUSED):
            kind = type(refused).__name__.lower()
            raise TemplateSyntaxError(f"'{kind}' is not for templates", refused.lineno)
        _Measured().visit(tree)
        return tree


class _Measured(NodeTransformer):
    """Rewrites a parsed template so that its loops, joins and lists go through the meter."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        """Count the turns of a loop, each as heavy as what it does."""
        if node.recursive:
            raise TemplateSyntaxError(LOOP_ITSELF, node.lineno)
        weight = _weight([*node.body, *([node.test] if node.test is not None else [])])
        self.generic_visit(node)
        node.iter = _filtered(_TURNS, node.iter, nodes.Const(weight))
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:
        """Count a macro, as heavy as what it does."""
        weight = nodes.Const(_weight(node.body), lineno=node.lineno)
        self.generic_visit(node)
        counted = nodes.ExprStmt(_filtered(_STEPS, weight), lineno=node.lineno)
        node.body = [counted, *node.body]
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        """Count what is compared, and what is searched by ``in``."""
        self.generic_visit(node)
        node.expr = _filtered(_READ, node.expr)
        for operand in node.ops:
            operand.expr = _filtered(_READ, operand.expr)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        """Count what a part is cut from."""
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = _filtered(_READ, node.node)
        return node

    def visit_Const(self, node: nodes.Const) -> nodes.Node:
        """Refuse numbers that count nothing."""
        if isinstance(node.value, int) and abs(node.value) > LARGEST:
            raise TemplateSyntaxError(MANY_DIGITS, node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        """Measure texts joined by ``~``."""
        self.generic_visit(node)
        return _filtered(_JOINED, nodes.List(node.nodes, lineno=node.lineno))

    def visit_List(self, node: nodes.List) -> nodes.Node:
        """Measure a list."""
        self.generic_visit(node)
        return _filtered(_LISTED, node)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:
        """Measure a mapping."""
        self.generic_visit(node)
        for pair in node.items:
            pair.key = _filtered(_KEY, pair.key)
        return _filtered(_LISTED, node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        """Measure a row of values; names that a loop or ``set`` gives are left alone."""
        self.generic_visit(node)
        return _filtered(_LISTED, node) if node.ctx == "load" else node


def _filtered(name: str, node: Any, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(arguments), [], None, None, lineno=node.lineno)


def _weight(parts: Iterable[nodes.Node]) -> int:
    """Give the steps that parts of a template take when each of them is done once."""
    return 1 + sum(1 for part in parts for _ in part.find_all(nodes.Node)) // 16


def _walked(name: str, values: list[Any]) -> int:
    """Give what a filter takes that walks its first value, by a way that another one may name."""
    first, *others = values or [()]
    if not isinstance(first, (str, list, tuple, dict)):
        return 0
    ways = sum(len(other) for other in others if isinstance(other, str))
    walked = AN_ENTRY * len(first) * (1 + ways // AN_ENTRY)
    # Rows of numbers, unlike texts, can be chosen so that all of them fall into one heap.
    heaps = name == "unique" and _holds_rows(first)
    return walked + (len(first) ** 2 if heaps else 0)


def _holds_rows(value: Any, depth: int = 0) -> bool:
    """Say whether a row of values stands anywhere within a value."""
    if depth and isinstance(value, tuple):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return isinstance(value, (list, tuple, dict)) and any(
        _holds_rows(part, depth + 1) for part in inner
    )
