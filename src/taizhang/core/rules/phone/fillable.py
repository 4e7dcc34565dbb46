"""Rules on what a phone can finish: whatever is accepted can be filled in, sent and stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from taizhang.core.base.issue import Issue, Place, Refused
from taizhang.core.base.literal import number_read
from taizhang.core.form import Field, Form
from taizhang.core.form.answer import reader_of
from taizhang.core.form.check import shown
from taizhang.core.form.code import FormCode
from taizhang.core.form.entity_reference import list_of
from taizhang.core.form.expression.compiler import compile_expression
from taizhang.core.form.field_type import FROM_FILE, UNANSWERABLE, unshown
from taizhang.core.form.instance import is_shown_only, made_by_converter
from taizhang.core.form.model import MEDIA, SILENT
from taizhang.core.form.xform import is_fixed_default, nodes, xform
from taizhang.core.rules.code import RuleCode
from taizhang.core.rules.context import RuleContext, doubtful, near, wrong
from taizhang.core.rules.phone.code import FillableCode

#: Columns of the sheet choices that name a file.
_FILES = ("media", "image", "big-image", "audio", "video")


def phone_shows(context: RuleContext) -> Iterator[Issue]:
    """Find forms that the converter refuses, its hints, and what it asks beyond the form."""
    for form in context.pack.forms.values():
        text, warnings = xform(form)
        if not text:
            for why in warnings:
                yield wrong(RuleCode.RULE_034, form.place, why=why.rstrip("."))
            continue
        for why in warnings:
            yield doubtful(FillableCode.FILLABLE_006, form.place, why=why.rstrip("."))
        if names := beyond(form, text):
            yield wrong(FillableCode.FILLABLE_005, form.place, names=", ".join(sorted(names)))


def beyond(form: Form, text: str) -> set[str]:
    """Give the names that only the form or only what the phone fills in has."""
    asked = {field.name for field in form.fields}
    levels = {group.name for group in form.groups}
    shown = {node for node in nodes(text) if not is_shown_only(node)}
    unanswerable = {field.name for field in form.fields if field.type in UNANSWERABLE}
    return ((shown - asked - levels - made_by_converter(form)) | (asked - shown)) - unanswerable


def types_answerable(context: RuleContext) -> Iterator[Issue]:
    """Find questions whose type or appearance cannot be answered on a phone."""
    for _, field in context.fields:
        if field.type in UNANSWERABLE:
            why, instead = UNANSWERABLE[field.type]
            facts = {"name": field.name, "type": field.type, "why": why, "instead": instead}
            yield wrong(FillableCode.FILLABLE_001, field.place, **facts)
    rows: list[tuple[str, str, Place]] = [
        (field.name, field.appearance, field.place) for _, field in context.fields
    ]
    for form in context.pack.forms.values():
        rows += [(group.name, group.appearance, group.place) for group in form.groups]
    for name, appearance, place in rows:
        if (fault := unshown(appearance)) is not None:
            facts = {"name": name, "appearance": appearance, "why": fault[0], "instead": fault[1]}
            yield wrong(FillableCode.FILLABLE_002, place, **facts)


def lists_known(context: RuleContext) -> Iterator[Issue]:
    """Find questions that pick from a list which no form keeps, or by another column."""
    forms = context.programmes.forms.values()
    known = {form.entity.dataset for form in forms if form.entity is not None}
    for _, field in context.fields:
        if field.type not in FROM_FILE:
            continue
        dataset = list_of(field)
        if dataset not in known or field.list_name != f"{dataset}.csv":
            facts = {"name": field.name, "file": field.list_name, "known": _files(dataset, known)}
            yield wrong(FillableCode.FILLABLE_003, field.place, **facts)
        if field.parameters.get("value", "name") != "name":
            facts = {"name": field.name, "text": f"value={field.parameters['value']}"}
            yield wrong(FillableCode.FILLABLE_007, field.place, **facts)


def _files(dataset: str, known: set[str]) -> str:
    nearest = near(dataset.partition(".")[0], known)
    names = nearest.split(", ") if nearest != "-" else sorted(known)
    return ", ".join(f"{name}.csv" for name in names) or "-"


def choices_without_files(context: RuleContext) -> Iterator[Issue]:
    """Find columns of choices that name pictures or sounds, which no pack brings to a phone."""
    for form in context.pack.forms.values():
        for column in form.choice_columns:
            if column.partition("::")[0] in _FILES:
                facts = {"column": column}
                yield wrong(FillableCode.FILLABLE_004, form.place, **facts)


#: What the converter takes where a range does not say it.
_RANGE = {"start": "1", "end": "10", "step": "1"}


def ranges_open(context: RuleContext) -> Iterator[Issue]:
    """Find ranges finer than the ledger keeps, and those that hold no number."""
    for _, field in context.fields:
        if field.type != "range":
            continue
        place = replace(field.place, column="parameters")
        for name, text in field.parameters.items():
            if name in _RANGE and not _kept(text):
                facts = {"name": field.name, "text": f"{name}={text}"}
                yield wrong(FillableCode.FILLABLE_007, place, **facts)
        start, end, step = _bounds(field)
        if start is not None and end is not None and step is not None:
            if start > end or step <= 0:
                limits = {"start": start, "end": end, "step": step}
                yield wrong(FillableCode.FILLABLE_011, place, name=field.name, **limits)


def _bounds(field: Field) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Give a range's start, end and step, ``None`` for what is no number."""
    parameters = {**_RANGE, **field.parameters}
    return (
        number_read(parameters["start"]),
        number_read(parameters["end"]),
        number_read(parameters["step"]),
    )


def _kept(text: str) -> bool:
    number = number_read(text)
    return number is not None and number == round(number, 4)


def defaults_kept(context: RuleContext) -> Iterator[Issue]:
    """Find defaults that a phone sends as they are written and that are no answers."""
    for _, field in context.fields:
        # A picture is refused whatever its default; a thing of a list is known to one unit alone.
        if field.type in MEDIA or field.type in UNANSWERABLE or not is_fixed_default(field):
            continue
        if field.type == "range" and None in _bounds(field):
            continue  # which the form's reader named
        if field.type in FROM_FILE or reader_of(field)(field.default)[1] is not None:
            facts = {"name": field.name, "type": field.type, "text": shown(field.default)}
            place = replace(field.place, column="default")
            yield wrong(FillableCode.FILLABLE_008, place, **facts)


def required_answerable(context: RuleContext) -> Iterator[Issue]:
    """Find questions that must be answered and that nobody can answer."""
    for _, field in context.fields:
        if not field.required and field.required_when is None:
            continue
        place = replace(field.place, column="required")
        given = field.default or field.calculation
        if field.type in SILENT:
            yield wrong(FillableCode.FILLABLE_009, place, name=field.name)
        elif (field.read_only or field.type == "hidden") and not given:
            yield wrong(FillableCode.FILLABLE_010, place, name=field.name)


def pictures_taken(context: RuleContext) -> Iterator[Issue]:
    """Find pictures that a default or a calculation names: no file would come with the name."""
    for _, field in context.fields:
        for column, text in (("default", field.default), ("calculation", field.calculation)):
            if field.type in MEDIA - set(UNANSWERABLE) and text:
                facts = {"name": field.name, "column": column, "text": shown(text)}
                place = replace(field.place, column=column)
                yield wrong(FillableCode.FILLABLE_012, place, **facts)


def counts_readable(context: RuleContext) -> Iterator[Issue]:
    """Find numbers of rows that phones cannot work out."""
    for form in context.pack.forms.values():
        known = {field.name for field in form.fields} | set(form.repeats)
        for group in form.groups:
            if not group.count:
                continue
            try:
                expression = compile_expression(group.count, group.place)
            except Refused as refused:
                yield from refused.issues
                continue
            for name in sorted(expression.names - known):
                facts = {"name": name, "text": group.count, "known": near(name, known)}
                yield wrong(FormCode.FORM_019, group.place, **facts)


RULES = (
    phone_shows,
    types_answerable,
    lists_known,
    choices_without_files,
    ranges_open,
    defaults_kept,
    required_answerable,
    pictures_taken,
    counts_readable,
)
