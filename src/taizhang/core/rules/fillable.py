"""Rules on what a phone can finish: whatever is accepted can be filled in, sent and stored."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.core.expression import compile_expression
from taizhang.core.form import Field, Form
from taizhang.core.form.code import FormCode
from taizhang.core.form.instance import is_shown_only, made_by_converter
from taizhang.core.form.kind import FROM_FILE, UNANSWERABLE, unshown
from taizhang.core.form.phone import nodes, xform
from taizhang.core.form.picked import list_of
from taizhang.core.issue import Issue, Place, Refused
from taizhang.core.rules.code import RuleCode
from taizhang.core.rules.context import Context, doubtful, near, wrong
from taizhang.core.rules.fillable_code import FillableCode
from taizhang.core.typed import number_read

#: Columns of the sheet choices that name a file.
_FILES = ("media", "image", "big-image", "audio", "video")


def phone_shows(context: Context) -> Iterator[Issue]:
    """Find forms that the converter refuses, its hints, and what it asks beyond the form."""
    for form in context.pack.forms.values():
        text, said = xform(form)
        if not text:
            for why in said:
                yield wrong(RuleCode.RULE_034, form.place, why=why.rstrip("."))
            continue
        for why in said:
            yield doubtful(FillableCode.FILLABLE_006, form.place, why=why.rstrip("."))
        if names := beyond(form, text):
            yield wrong(FillableCode.FILLABLE_005, form.place, names=", ".join(sorted(names)))


def beyond(form: Form, text: str) -> set[str]:
    """Give the names that only the form or only what the phone fills in has."""
    asked = {one.name for one in form.fields}
    levels = {one.name for one in form.groups}
    shown = {one for one in nodes(text) if not is_shown_only(one)}
    unanswerable = {one.name for one in form.fields if one.type in UNANSWERABLE}
    return ((shown - asked - levels - made_by_converter(form)) | (asked - shown)) - unanswerable


def types_answerable(context: Context) -> Iterator[Issue]:
    """Find questions whose type or appearance cannot be answered on a phone."""
    for _, one in context.fields:
        if one.type in UNANSWERABLE:
            why, instead = UNANSWERABLE[one.type]
            facts = {"name": one.name, "type": one.type, "why": why, "instead": instead}
            yield wrong(FillableCode.FILLABLE_001, one.place, **facts)
    rows: list[tuple[str, str, Place]] = [
        (one.name, one.appearance, one.place) for _, one in context.fields
    ]
    for form in context.pack.forms.values():
        rows += [(one.name, one.appearance, one.place) for one in form.groups]
    for name, appearance, place in rows:
        if (fault := unshown(appearance)) is not None:
            facts = {"name": name, "appearance": appearance, "why": fault[0], "instead": fault[1]}
            yield wrong(FillableCode.FILLABLE_002, place, **facts)


def lists_known(context: Context) -> Iterator[Issue]:
    """Find questions that pick from a list which no form keeps, or by another column."""
    forms = context.programmes.forms.values()
    known = {form.entity.dataset for form in forms if form.entity is not None}
    for _, one in context.fields:
        if one.type not in FROM_FILE:
            continue
        dataset = list_of(one)
        if dataset not in known or one.list_name != f"{dataset}.csv":
            facts = {"name": one.name, "file": one.list_name, "known": _files(dataset, known)}
            yield wrong(FillableCode.FILLABLE_003, one.place, **facts)
        if one.parameters.get("value", "name") != "name":
            facts = {"name": one.name, "text": f"value={one.parameters['value']}"}
            yield wrong(FillableCode.FILLABLE_007, one.place, **facts)


def _files(dataset: str, known: set[str]) -> str:
    found = near(dataset.partition(".")[0], known)
    names = found.split(", ") if found != "-" else sorted(known)
    return ", ".join(f"{name}.csv" for name in names) or "-"


def choices_without_files(context: Context) -> Iterator[Issue]:
    """Find columns of choices that name pictures or sounds, which no pack brings to a phone."""
    for form in context.pack.forms.values():
        for column in form.choice_columns:
            if column.partition("::")[0] in _FILES:
                facts = {"column": column}
                yield wrong(FillableCode.FILLABLE_004, form.place, **facts)


def numbers_kept(context: Context) -> Iterator[Issue]:
    """Find parameters and defaults of numbers that are none, or finer than the ledger keeps."""
    for _, one in context.fields:
        given = dict(one.parameters) if one.type == "range" else {}
        said: dict[str, str] = {
            name: text for name, text in given.items() if name in ("start", "end", "step")
        }
        if one.type in ("integer", "decimal", "range") and one.default and "(" not in one.default:
            said["default"] = one.default
        for name, text in said.items():
            if not _kept(text, one):
                facts = {"name": one.name, "text": f"{name}={text}"}
                yield wrong(FillableCode.FILLABLE_007, one.place, **facts)


def _kept(text: str, one: Field) -> bool:
    if "${" in text:
        return True  # the answer of another question
    number = number_read(text)
    places = 0 if one.type == "integer" else 4
    return number is not None and number == round(number, places)


def counts_readable(context: Context) -> Iterator[Issue]:
    """Find numbers of rows that phones cannot work out."""
    for form in context.pack.forms.values():
        known = {one.name for one in form.fields} | set(form.repeats)
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
    numbers_kept,
    counts_readable,
)
