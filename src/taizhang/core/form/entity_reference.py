"""Answers that pick a thing from a list: one that an earlier record of the unit must have begun."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from taizhang.core.base.issue import Issue, Place
from taizhang.core.form.check import shown
from taizhang.core.form.code import AnswerCode
from taizhang.core.form.field_type import FROM_FILE
from taizhang.core.form.model import Field, Form


@dataclass(frozen=True, slots=True)
class EntityReference:
    """An answer of a record that names a thing of a list."""

    field: Field
    dataset: str
    key: str

    def unknown(self, place: Place, forms: Iterable[Form]) -> Issue:
        """Say that the unit has no such thing; ``forms`` are those in which it could begin."""
        begun = [
            form.title
            for form in forms
            if form.entity is not None
            and form.entity.dataset == self.dataset
            and form.entity.creates
        ]
        facts = {
            "label": self.field.label or self.field.path,
            "name": self.field.path,
            "found": shown(self.key),
            "list": self.dataset,
            "forms": ", ".join(begun) or "-",
        }
        return Issue(AnswerCode.ANSWER_013, place, facts)


def list_of(field: Field) -> str:
    """Give the list that a field picks from (``stations`` for stations.csv), ``""`` for none."""
    if field.type not in FROM_FILE:
        return ""
    return field.list_name.removesuffix(".csv")


def entity_references(
    form: Form, answers: Mapping[str, object], datasets: Iterable[str]
) -> Iterator[EntityReference]:
    """Walk the clean answers of a record that pick a thing from one of ``datasets``."""
    known = frozenset(datasets)
    for field in form.fields:
        dataset = list_of(field)
        if not dataset or dataset not in known:
            continue
        rows = answers.get(field.repeat, ()) if field.repeat else (answers,)
        for row in cast("Sequence[Mapping[str, object]]", rows):
            key = row.get(field.name)
            if key not in (None, ""):
                yield EntityReference(field, dataset, str(key))
