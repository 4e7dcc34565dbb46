"""Rules on formulas: of indicators, of tasks, and the ones that document templates ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jinja2 import Environment, TemplateSyntaxError, nodes

from taizhang.core.base.issue import Issue, Marked, Place, Refused, gettext_noop
from taizhang.core.definition.pack import DocumentTemplate
from taizhang.core.formula import NameScope, check, check_indicator, parse_in
from taizhang.core.rules.code import RuleCode
from taizhang.core.rules.context import RuleContext, bare, doubtful, wrong

#: Words of templates whose first arguments are formulas: how many (None: all that stand in order).
ASKING: dict[str, int | None] = {
    "fig": 1,
    "rows": None,
    "table": None,
    "label": 1,
    "has": None,
    "zero": None,
    "tells": None,
    "quota": 1,
    "value": 1,
    "cmp": 2,
    "trend": 1,
}

#: Words of templates that cite laws, and how many of their first arguments are titles.
CITING: dict[str, int | None] = {"law": 1, "basis": None}

MANY_DIGITS = Marked(gettext_noop("a number has too many digits"))
TOO_DEEP = Marked(gettext_noop("it is nested too deeply"))


def indicators_sound(context: RuleContext) -> Iterator[Issue]:
    """Find indicators whose formula cannot be read, names what is not there, or mixes units."""
    for indicator in context.pack.indicators.values():
        yield from check_indicator(indicator, context.programmes)


def names_apart(context: RuleContext) -> Iterator[Issue]:
    """Find names that are both a measure and an indicator of the pack."""
    for key, indicator in context.pack.indicators.items():
        if key in context.pack.measures:
            yield wrong(RuleCode.RULE_036, indicator.place, name=bare(key))


def tasks_sound(context: RuleContext) -> Iterator[Issue]:
    """Find tasks whose measure or quota is no formula, or that compare unlike units."""
    plan = context.pack.plan
    for task in plan.tasks if plan else ():
        parts = [text for text in (task.measure, task.quota) if text is not None]
        issues = [issue for text in parts for issue in formula_faults(context, text, task.place)]
        yield from issues
        if len(parts) == 2 and not issues:
            yield from formula_faults(context, f"({parts[0]}) >= ({parts[1]})", task.place)


def formula_faults(context: RuleContext, text: str, place: Place) -> tuple[Issue, ...]:
    """Give all that is wrong with one formula of the pack."""
    scope = NameScope(context.programmes, context.pack.key)
    try:
        node = parse_in(text, scope, place)
    except Refused as refused:
        return refused.issues
    return check(node, scope, text, place)[1]


def templates_sound(context: RuleContext) -> Iterator[Issue]:
    """Find templates that Jinja cannot read, and figures in them that nothing answers."""
    for template in context.pack.documents.values():
        try:
            # Parsed and never rendered here.
            tree = Environment(autoescape=True).parse(template.body)
            calls = list(tree.find_all(nodes.Call))
        except TemplateSyntaxError as error:
            why = str(error.message).rstrip(".")
            yield wrong(RuleCode.RULE_035, _line(template, error.lineno), why=why)
            continue
        except RecursionError:
            yield wrong(RuleCode.RULE_035, template.place, why=TOO_DEEP)
            continue
        except ValueError:  # of Python, for more than 4,300 digits
            yield wrong(RuleCode.RULE_035, template.place, why=MANY_DIGITS)
            continue
        for call in calls:
            yield from _asked(context, template, call)


def _asked(context: RuleContext, template: DocumentTemplate, call: nodes.Call) -> Iterator[Issue]:
    if not isinstance(call.node, nodes.Name) or call.node.name not in ASKING:
        return
    for argument in call.args[: ASKING[call.node.name]]:
        if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
            place = _line(template, argument.lineno)
            yield from formula_faults(context, argument.value, place)


def cited_dated(context: RuleContext) -> Iterator[Issue]:
    """Find laws that templates cite without the pack saying when they are in force."""
    pack = context.pack
    used = [context.programmes.by_key[key] for key in pack.uses if key in context.programmes.by_key]
    dated = {
        basis.get("document")
        for owner in (pack, *used)
        for basis in owner.legal_basis
        if basis.get("from")
    }
    say = wrong if context.shipped else doubtful
    for template in pack.documents.values():
        for call in _calls(template):
            if not isinstance(call.node, nodes.Name) or call.node.name not in CITING:
                continue
            for argument in call.args[: CITING[call.node.name]]:
                if isinstance(argument, nodes.Const) and argument.value not in dated:
                    place = _line(template, argument.lineno)
                    yield say(RuleCode.RULE_060, place, name=argument.value)


def _calls(template: DocumentTemplate) -> list[nodes.Call]:
    """Give the calls of a template; none of one that cannot be read, which another rule names."""
    try:
        tree = Environment(autoescape=True).parse(template.body)
        return list(tree.find_all(nodes.Call))
    except (TemplateSyntaxError, RecursionError, ValueError):
        return []


def _line(template: DocumentTemplate, line: int) -> Place:
    """Give the place of a line of the body; the template's own place is the body's first line."""
    return replace(template.place, line=(template.place.line or 1) + line - 1)


RULES = (indicators_sound, names_apart, tasks_sound, templates_sound, cited_dated)
