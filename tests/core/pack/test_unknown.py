"""Whoever does not know a number may leave it blank, in every form that is shipped."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

import taizhang
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.form import Field, Form, check, clean
from taizhang.core.form.expression.compiler import compile_expression
from taizhang.core.form.model import NUMBERS
from taizhang.core.pack.load import load
from taizhang.core.pack.test_runner import run_one

DAY = date(2026, 5, 20)
MISSING = {"kind": "missing"}
#: What is tried for a question until the form takes the record.
TRIED: dict[str, tuple[object, ...]] = {
    "integer": (1, 0, 2, 4),
    "decimal": (1, 0.5),
    "date": tuple((DAY - timedelta(days)).isoformat() for days in (3, 2, 1, 0)),
    "text": ("AB-01", "甲"),
}


@cache
def packs() -> dict[str, Pack]:
    folders = sorted(Path(taizhang.__file__).with_name("packs").glob("*/pack.yaml"))
    read = [load(folder.parent)[0] for folder in folders]
    return {pack.key: pack for pack in read if pack}


@cache
def shipped() -> dict[str, Form]:
    return {form.key: form for pack in packs().values() for form in pack.forms.values()}


FORMS = sorted(shipped())


#: Larger than the bounds of a good record, and within all limits that stand alone.
MANY = 20


def tried(field: Field) -> tuple[object, ...]:
    if field.type in NUMBERS and not compile_expression(field.constraint or "1").names:
        return (12,)
    if field.choices:
        names = tuple(choice.name for choice in field.choices)
        return names if field.type == "select_one" else tuple([name] for name in names)
    return TRIED.get(field.type, TRIED["text"])


def _answered(form: Form, chosen: dict[str, object]) -> dict[str, object]:
    answers: dict[str, object] = {}
    for field in form.fields:
        if field.calculation or field.read_only or field.type == "note":
            continue
        value = chosen.get(field.name, tried(field)[0])
        if field.repeat is None:
            answers[field.name] = value
        else:
            rows = answers.setdefault(field.repeat, [{}])
            assert isinstance(rows, list)
            rows[0][field.name] = value
    return answers


def good_records(form: Form) -> Iterator[dict[str, object]]:
    """Give records that the form takes, each number known: one for each choice of each question."""
    wanted: list[dict[str, object]] = [{}]
    wanted += [
        {field.name: value}
        for field in form.fields
        if field.type == "select_one"
        for value in tried(field)
    ]
    for fixed in wanted:
        chosen: dict[str, object] = dict(fixed)
        for _ in range(40):
            answers = _answered(form, chosen)
            wrong = [
                (issue.place.column or "").split(".")[-1]
                for issue in check(form, answers, today=DAY)
            ]
            if not wrong:
                yield clean(form, answers, DAY)
                break
            field = next(field for field in form.fields if field.name == wrong[-1])
            values = tried(field)
            at = values.index(chosen.get(field.name, values[0])) + 1
            if at == len(values):
                break
            chosen[field.name] = values[at]


def without(answers: dict[str, object], field: Field, value: object) -> dict[str, object]:
    """Give the record with one answer put in another's place, or left out where it is ``None``."""

    def put(row: dict[str, object]) -> dict[str, object]:
        kept = {name: answer for name, answer in row.items() if name != field.name}
        return kept if value is None else {**kept, field.name: value}

    if field.repeat is None:
        return put(answers)
    rows = answers[field.repeat]
    assert isinstance(rows, list)
    return {**answers, field.repeat: [put(rows[0]), *rows[1:]]}


@pytest.mark.parametrize("key", FORMS)
def test_every_number_may_be_unknown(key: str) -> None:
    form = shipped()[key]
    numbers = {
        field.name for field in form.fields if field.type in NUMBERS and not field.calculation
    }
    met: set[str] = set()
    for record in good_records(form):
        rows = [row for part in record.values() if isinstance(part, list) for row in part]
        asked = set(record).union(*(row for row in rows if isinstance(row, dict)))
        for field in form.fields:
            if field.name in asked & numbers:
                met.add(field.name)
                for unknown in (None, "", MISSING):
                    issues = check(form, without(record, field, unknown), today=DAY)
                    assert not issues, (field.name, unknown, issues)
    assert met == numbers, "a number that no good record of the test asks for"


@pytest.mark.parametrize("key", FORMS)
def test_no_constraint_refuses_beside_a_blank(key: str) -> None:
    """Each limit that other answers set, with each of these answers missing, refuses nothing."""
    form = shipped()[key]
    by_name = {field.name: field for field in form.fields}
    for field in form.fields:
        names = compile_expression(field.constraint).names if field.constraint else ()
        bounds = [by_name[name] for name in names if by_name[name].type in {*NUMBERS, "date"}]
        for record in good_records(form) if bounds else ():
            for bound in bounds:
                known = MANY if field.type in NUMBERS else record.get(field.name)
                for unknown in (None, MISSING) if bound.type in NUMBERS else (None,):
                    given = without(without(record, bound, unknown), field, known)
                    issues = check(form, given, today=DAY)
                    # A required date is asked for by itself, and never by the limit beside it.
                    wrong = [issue for issue in issues if issue.place.column == field.name]
                    assert not wrong, (field.name, bound.name, unknown, wrong)


@pytest.mark.parametrize("key", ["family_services", "healthy_city"])
def test_what_is_not_known_counts_as_missing_and_never_as_not_done(key: str) -> None:
    pack = packs()[key]
    programmes = Programmes(tuple(packs().values()))
    (unknown,) = (test for test in pack.tests if test.place.file == "tests/unknown.yaml")
    outcome = run_one(unknown, programmes, pack)
    assert outcome.issues == ()
    assert outcome.compared >= 7
