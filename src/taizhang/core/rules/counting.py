"""Rules on counting: forms, fields, measures and dimensions that counting rules name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.core.counting.measure import WHOLE_UNITS, CountingRule, MeasureKind
from taizhang.core.form import Field, Form
from taizhang.core.form.expression.compiler import Expression, compile_expression
from taizhang.core.formula.unit_type import type_of
from taizhang.core.rules.code import RuleCode
from taizhang.core.rules.context import RuleContext, bare, doubtful, near, wrong

DATES = frozenset({"date", "dateTime", "calculate"})
NUMBERS = frozenset({"integer", "decimal", "range", "calculate"})


def _rules(context: RuleContext) -> Iterator[tuple[CountingRule, Form]]:
    """Walk the counting rules whose form is known."""
    for rule in context.pack.counting:
        form = context.programmes.forms.get(rule.form)
        if form is not None:
            yield rule, form


def form_known(context: RuleContext) -> Iterator[Issue]:
    """Find counting rules on forms that no pack has."""
    forms = context.programmes.forms
    for rule in context.pack.counting:
        if rule.form not in forms:
            known = near(rule.form, forms)
            yield wrong(RuleCode.RULE_001, rule.place, name=bare(rule.form), known=known)


def apart_known(context: RuleContext) -> Iterator[Issue]:
    """Find measures that stand apart by a dimension which a counting rule does not fill."""
    for measure in context.pack.measures.values():
        rules = [rule for rule in context.pack.counting if measure.key in rule.facts]
        if measure.apart and not all(measure.apart in rule.by for rule in rules):
            facts = {"name": bare(measure.key), "dimension": measure.apart}
            yield wrong(RuleCode.RULE_043, measure.place, **facts)


def repeat_known(context: RuleContext) -> Iterator[Issue]:
    """Find ``each`` that names no repeat."""
    for rule, form in _rules(context):
        if rule.each is not None and rule.each not in form.repeats:
            facts = {"name": rule.each, "form": form.key, "known": ", ".join(form.repeats) or "-"}
            yield wrong(RuleCode.RULE_004, rule.place, **facts)


def _paths(rule: CountingRule) -> Iterator[tuple[str, str]]:
    """Give (key of the rule, path of the field) for each field that a rule reads."""
    if rule.date:
        yield "date", rule.date
    yield from (("by", path) for path in rule.by.values())
    yield from (("facts", source) for source in rule.facts.values() if isinstance(source, str))
    if rule.entity:
        yield "entity", rule.entity
    if rule.person:
        yield "person", rule.person


def field_known(context: RuleContext) -> Iterator[Issue]:
    """Find fields that a form does not ask, or that stand in a repeat the rule does not walk."""
    for rule, form in _rules(context):
        for key, path in _paths(rule):
            field = form.field(path)
            repeat = next((other.repeat for other in form.fields if other.name == path), None)
            if field is None and repeat is None:
                facts = {"key": key, "name": path, "form": form.key}
                known = near(path, [other.path for other in form.fields])
                yield wrong(RuleCode.RULE_002, rule.place, **facts, known=known)
            elif field is None or (field.repeat is not None and field.repeat != rule.each):
                inside = repeat or (field.repeat if field else "")
                yield wrong(RuleCode.RULE_039, rule.place, path=path, repeat=inside)


def dates_are_dates(context: RuleContext) -> Iterator[Issue]:
    """Find facts dated by something else than a date."""
    for rule, form in _rules(context):
        field = form.field(rule.date)
        if field is not None and field.type not in DATES:
            yield wrong(RuleCode.RULE_003, rule.place, name=rule.date)


def dimensions_are_choices(context: RuleContext) -> Iterator[Issue]:
    """Find dimensions filled by anything but a single choice."""
    for rule, form in _rules(context):
        for dimension, path in rule.by.items():
            field = form.field(path)
            if field is not None and field.type not in ("select_one", "calculate"):
                yield wrong(RuleCode.RULE_005, rule.place, dimension=dimension, name=path)


def facts_are_numbers(context: RuleContext) -> Iterator[Issue]:
    """Find measures counted from answers that are no numbers, or are finer than the unit."""
    for rule, form in _rules(context):
        for measure, source in rule.facts.items():
            field = form.field(source) if isinstance(source, str) else None
            if field is None:
                continue
            if field.type not in NUMBERS:
                yield wrong(RuleCode.RULE_006, rule.place, measure=measure, name=source)
            unit = context.programmes.measures[measure].unit if _known(context, measure) else ""
            if field.type == "decimal" and unit in WHOLE_UNITS:
                facts = {"measure": measure, "unit": unit, "name": source}
                yield wrong(RuleCode.RULE_015, rule.place, **facts)


def _known(context: RuleContext, measure: str) -> bool:
    return measure in context.programmes.measures


def measure_known(context: RuleContext) -> Iterator[Issue]:
    """Find counting rules that make measures which no pack has."""
    for rule in context.pack.counting:
        for measure in rule.facts:
            if not _known(context, measure):
                own = [bare(key) for key in context.pack.measures]
                known = near(bare(measure), [*own, *context.programmes.measures])
                yield wrong(RuleCode.RULE_007, rule.place, name=bare(measure), known=known)


def condition_sound(context: RuleContext) -> Iterator[Issue]:
    """Find conditions that cannot be read, name unknown fields or depend on the clock."""
    for rule, form in _rules(context):
        if rule.when is None:
            continue
        try:
            condition = compile_expression(rule.when, rule.place)
        except Refused as refused:
            yield from refused.issues
            continue
        if condition.uses_today:
            yield wrong(RuleCode.RULE_008, rule.place, text=rule.when)
        readable = [field.path for field in form.fields if field.repeat in (None, rule.each)]
        for name in sorted(condition.names - set(readable)):
            facts = {"key": "when", "name": name, "form": form.key}
            yield wrong(RuleCode.RULE_002, rule.place, **facts, known=near(name, readable))
        by_path = {field.path: field for field in form.fields}
        yield from never_held(condition, by_path, rule.when, rule.place)


def never_held(
    condition: Expression, fields: Mapping[str, Field], text: str, place: Place
) -> Iterator[Issue]:
    """Find what a condition compares a choice with although it is none of its answers."""
    for name, value in sorted(condition.literals):
        field = fields.get(name)
        if field is None or not field.type.startswith("select_") or not field.choices:
            continue
        known = [choice.name for choice in field.choices]
        if value not in known:
            facts = {"text": text, "name": name, "value": value}
            yield wrong(RuleCode.RULE_009, place, **facts, known=", ".join(known))


def measure_made(context: RuleContext) -> Iterator[Issue]:
    """Find measures that nothing counts."""
    made = {
        key for pack in context.programmes.packs for rule in pack.counting for key in rule.facts
    }
    for key, measure in context.pack.measures.items():
        if key not in made:
            yield doubtful(RuleCode.RULE_010, measure.place, name=bare(key))


def form_used(context: RuleContext) -> Iterator[Issue]:
    """Find forms from which nothing is counted."""
    counted = {rule.form for pack in context.programmes.packs for rule in pack.counting}
    counted |= context.programmes.step_forms
    counted |= {kind.opens for kind in context.programmes.cases.values()}
    for key, form in context.pack.forms.items():
        if key not in counted:
            yield doubtful(RuleCode.RULE_040, form.place, name=bare(key))


def counted_once(context: RuleContext) -> Iterator[Issue]:
    """Find two counting rules that state the same facts."""
    seen: dict[object, CountingRule] = {}
    for rule in context.pack.counting:
        for measure, source in rule.facts.items():
            key = (rule.form, rule.date, rule.when, rule.each, measure, source)
            first = seen.setdefault(key, rule)
            if first is not rule:
                yield wrong(RuleCode.RULE_037, rule.place, line=first.place.line)


def prices_apart(context: RuleContext) -> Iterator[Issue]:
    """Find measures in a quotient (元/份) whose values would be added."""
    for key, measure in context.pack.measures.items():
        adds = measure.kind is MeasureKind.EVENT or measure.over_units == "sum"
        if adds and type_of(measure.unit).per:
            yield wrong(RuleCode.RULE_050, measure.place, name=bare(key), unit=measure.unit)


RULES = (
    form_known,
    apart_known,
    repeat_known,
    field_known,
    dates_are_dates,
    dimensions_are_choices,
    facts_are_numbers,
    measure_known,
    condition_sound,
    measure_made,
    form_used,
    counted_once,
    prices_apart,
)
