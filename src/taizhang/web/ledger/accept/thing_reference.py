"""Ids of things in answers: a number means the thing that bears it, and nobody makes one up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from taizhang.core.base.issue import Issue, Place
from taizhang.core.form import Field, Form
from taizhang.core.form.entity_reference import list_of
from taizhang.web.ledger.registry import Register

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Naming:
    """Reads the ids in the answers of one record; what it refuses is added to ``issues``."""

    register: Register
    unit: str
    day: date
    place: Place
    issues: list[Issue]

    def answers(self, form: Form, answers: Row) -> Row:
        """Give the answers with the key of a thing in the place of its number."""
        named = {**answers}
        for field, dataset, begins in _ids(form):
            if not self.register.kept(dataset):
                continue
            if not field.repeat:
                named |= self._row(field, dataset, named, begins=begins)
                continue
            rows = cast("Sequence[Row]", named.get(field.repeat, ()))
            named[field.repeat] = [
                {**row, **self._row(field, dataset, row, begins=begins)} for row in rows
            ]
        return named

    def _row(self, field: Field, dataset: str, row: Row, *, begins: bool) -> Row:
        text = row.get(field.name)
        if text in (None, ""):
            return {}
        key = self.register.meant(dataset, self.unit, self.day, str(text))
        if begins:
            label = field.label or field.path
            asked = (dataset, self.unit, self.day, key, label, field.path, self.place)
            refused = self.register.refused(*asked)
            self.issues.extend([] if refused is None else [refused])
        return {field.name: key}


def _ids(form: Form) -> Iterator[tuple[Field, str, bool]]:
    """Walk the questions that name things: (question, list, whether a thing may begin there)."""
    spec = form.entity
    named = None if spec is None else form.field(spec.id_field)
    if spec is not None and named is not None:
        yield named, spec.dataset, True
    for field in form.fields:
        if field is not named and list_of(field):
            yield field, list_of(field), False
