"""Forms: XLSForm read into fields, choices and constraints; checks of a record's answers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date

from taizhang.core.base.issue import NOWHERE, Issue, Place
from taizhang.core.form.check import Checker
from taizhang.core.form.code import AnswerCode, FormCode
from taizhang.core.form.model import MARKS, TRACKING, Choice, EntitySpec, Field, Form
from taizhang.core.form.parse import form_from_table, read_form

__all__ = [
    "MARKS",
    "TRACKING",
    "AnswerCode",
    "Checker",
    "Choice",
    "EntitySpec",
    "Field",
    "Form",
    "FormCode",
    "check",
    "checker_of",
    "clean",
    "form_from_table",
    "read_form",
]

#: Checkers by identity of their form (a form holds mappings, so it cannot be hashed); a checker
#: keeps its form alive, so that an identity is never used twice while it stands here.
_CHECKERS: OrderedDict[int, Checker] = OrderedDict()
_MOST_CHECKERS = 256


def checker_of(form: Form) -> Checker:
    """Give the compiled checker of a form, made at its first use."""
    checker = _CHECKERS.get(id(form))
    if checker is None:
        checker = _CHECKERS[id(form)] = Checker(form)
        if len(_CHECKERS) > _MOST_CHECKERS:
            _CHECKERS.popitem(last=False)
    return checker


def check(
    form: Form,
    answers: Mapping[str, object],
    place: Place = NOWHERE,
    today: date | None = None,
) -> tuple[Issue, ...]:
    """Give every issue of a record's answers; ``place`` is the record's file and line."""
    return checker_of(form).check(answers, place, today)


def clean(
    form: Form, answers: Mapping[str, object], today: date | None = None
) -> dict[str, object]:
    """Give canonical answers: irrelevant ones dropped, lists as lists, calculations evaluated."""
    return checker_of(form).clean(answers, today)
