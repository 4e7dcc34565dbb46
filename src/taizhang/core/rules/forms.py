"""Rules on forms: what fields are about, choices, entities, legal marks, one source for a field."""

from __future__ import annotations

import re
from collections.abc import Iterator

from taizhang.core.base.issue import Issue
from taizhang.core.base.literal import day_of
from taizhang.core.counting.measure import About, MeasureKind
from taizhang.core.form import MARKS, Form
from taizhang.core.rules.code import RuleCode
from taizhang.core.rules.context import RuleContext, compiled, doubtful, wrong

CHINESE = re.compile(r"[\u3400-\u9fff]")
#: What people write where they have no approval: it must not look like one.
INVENTED = re.compile(
    r"[xX×*＊某]{2,}|待定|待填|暂无|示例|样例|TBD|〔\s*〕|\?\?|？？", re.IGNORECASE
)
#: Shorter stems (状态, 位置) are too general to own anything.
SHORTEST = 3
_NUMBER_OF = re.compile(r"(?<=.{2})(总人数|总户数|总数|人数|户数|数量|数)$")
_PLAIN = re.compile(r"（.*?）|\(.*?\)|[\s（）()《》“”\"'、，,。.：:；;/·—-]+")


def about_said(context: RuleContext) -> Iterator[Issue]:
    """Find fields and entities that do not say what they are about, or say nothing known."""
    known = set(About)
    for form in context.pack.forms.values():
        if form.about and form.about not in known:
            yield wrong(RuleCode.RULE_013, form.place, found=form.about)
        for field in form.fields:
            if field.about and field.about not in known:
                yield wrong(RuleCode.RULE_013, field.place, found=field.about)
            elif not field.about and not form.about and field.type != "note":
                yield wrong(RuleCode.RULE_012, field.place, name=field.name)
        spec = form.entity
        if spec is not None and not spec.about:
            yield wrong(RuleCode.RULE_012, spec.place, name=spec.dataset)


def choices_used(context: RuleContext) -> Iterator[Issue]:
    """Find lists of choices that no field uses."""
    for form in context.pack.forms.values():
        used = {field.list_name for field in form.fields}
        for name, choices in form.choice_lists.items():
            if name not in used:
                yield doubtful(RuleCode.RULE_011, choices[0].place, name=name)


def choices_met(context: RuleContext) -> Iterator[Issue]:
    """Find conditions of a form that compare a field with a choice it does not have."""
    for form, field in context.fields:
        by_name = {other.name: other for other in form.fields}
        for text in (field.relevant, field.constraint, field.calculation, field.required_when):
            expression = compiled(text)
            for name, value in sorted(expression.literals) if expression else ():
                asked = by_name.get(name)
                if asked is None or not asked.choices:
                    continue
                known = [choice.name for choice in asked.choices]
                if value not in known:
                    facts = {"text": text, "name": name, "value": value}
                    yield wrong(RuleCode.RULE_009, field.place, **facts, known=", ".join(known))


def labels_chinese(context: RuleContext) -> Iterator[Issue]:
    """Find labels without a Chinese word."""
    for _, field in context.fields:
        if field.label and not CHINESE.search(field.label):
            yield doubtful(RuleCode.RULE_038, field.place, name=field.name, label=field.label)
    for key, measure in context.pack.measures.items():
        if measure.label and not CHINESE.search(measure.label):
            yield doubtful(RuleCode.RULE_038, measure.place, name=key, label=measure.label)


def entity_sound(context: RuleContext) -> Iterator[Issue]:
    """Find entities that fall due by something else than a date, or may go without a name."""
    for form in context.pack.forms.values():
        spec = form.entity
        if spec is None:
            continue
        due = form.field(spec.saves.get(spec.due_field or "", ""))
        if due is not None and due.type not in ("date", "dateTime", "calculate"):
            yield wrong(RuleCode.RULE_029, due.place, name=due.name)
        named = form.field(spec.id_field)
        if named is not None and not (named.required or named.required_when):
            yield doubtful(RuleCode.RULE_030, named.place, name=named.name)


def marks_true(context: RuleContext) -> Iterator[Issue]:
    """Find legal marks that are incomplete, invented, or filled in by a shipped pack."""
    for form in context.pack.forms.values():
        for mark in form.marks if context.shipped else ():
            yield wrong(RuleCode.RULE_032, form.place, mark=MARKS[mark])
        why = _marks_fault(form)
        if why and not context.shipped:
            yield wrong(RuleCode.RULE_031, form.place, why=why)


def _marks_fault(form: Form) -> str:
    if not form.marks:
        return ""
    missing = [MARKS[name] for name in MARKS if name not in form.marks]
    if missing:
        return "、".join(missing)
    for name, text in form.marks.items():
        if INVENTED.search(text):
            return f"{MARKS[name]} {text}"
    try:
        day_of(form.marks["mark_expiry"])
    except ValueError:
        return f"{MARKS['mark_expiry']} {form.marks['mark_expiry']}"
    return ""


def plain(label: str) -> str:
    """Give a label without blanks and punctuation, for comparing."""
    return _PLAIN.sub("", label)


def asked_once(context: RuleContext) -> Iterator[Issue]:
    """Find fields that another pack already asks as a level or as the state of an entity."""
    owned = {label: owner for label, owner in _owned(context) if len(label) >= SHORTEST}
    for _, field in context.fields:
        owner = owned.get(stem(field.label))
        if owner is not None and field.type not in ("note", "calculate"):
            form, source = owner
            yield wrong(
                RuleCode.RULE_014, field.place, label=field.label, owner=form.key, measure=source
            )


def stem(label: str) -> str:
    """Give a label without punctuation and without its word for "number of", for comparing."""
    return _NUMBER_OF.sub("", plain(label))


def _owned(context: RuleContext) -> Iterator[tuple[str, tuple[Form, str]]]:
    """Give (stem of a label, (form, measure or property)) of what the other packs own.

    A level is known by the label of its field, of its measure, and of the choices that split it
    (户籍人口, 常住人口).
    """
    for pack in context.others:
        if pack.key == context.pack.key:
            continue
        for rule in pack.counting:
            form = pack.forms.get(rule.form)
            for key, source in rule.facts.items():
                measure = pack.measures.get(key)
                if form is None or measure is None or measure.kind is not MeasureKind.LEVEL:
                    continue
                asked = [form.field(source)] if isinstance(source, str) else []
                split = [form.field(path) for path in rule.by.values()]
                choices = [
                    choice for field in split if field is not None for choice in field.choices
                ]
                labels = [
                    labelled.label
                    for labelled in (*asked, measure, *choices)
                    if labelled is not None
                ]
                yield from ((stem(label), (form, key)) for label in labels)
        for form in pack.forms.values():
            for name, path in form.entity.saves.items() if form.entity else ():
                field = form.field(path)
                if field is not None and field.type != "date":
                    yield stem(field.label), (form, f"{form.key}:{name}")


def measured_once(context: RuleContext) -> Iterator[Issue]:
    """Find measures that repeat the label of another pack's measure."""
    owners = {
        plain(measure.label): key
        for pack in context.others
        if pack.key != context.pack.key
        for key, measure in pack.measures.items()
    }
    for measure in context.pack.measures.values():
        owner = owners.get(plain(measure.label))
        if owner is not None:
            yield wrong(RuleCode.RULE_041, measure.place, label=measure.label, owner=owner)


RULES = (
    about_said,
    choices_used,
    choices_met,
    labels_chinese,
    entity_sound,
    marks_true,
    asked_once,
    measured_once,
)
