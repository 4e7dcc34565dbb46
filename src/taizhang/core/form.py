"""XLSForm → fields, choices, constraints; checks and cleans the answers of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from taizhang.core.issue import NOWHERE, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of a list."""

    name: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A question, calculation or note.  ``path`` is ``name`` or ``repeat.name``."""

    name: str
    type: str  # integer, decimal, text, select_one, select_multiple, date, time, calculate, image …
    label: str
    repeat: str | None = None
    choices: tuple[Choice, ...] = ()
    required: bool = False
    constraint: str | None = None
    constraint_message: str = ""
    relevant: str | None = None
    calculation: str | None = None
    hint: str = ""
    about: str = ""
    appearance: str = ""
    read_only: bool = False
    place: Place = NOWHERE

    @property
    def path(self) -> str:
        """Give the name under which counting rules speak of this field."""
        return f"{self.repeat}.{self.name}" if self.repeat else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitySpec:
    """What a form says about an entity: its dataset (list) and how its state is read."""

    dataset: str
    id_field: str  # the field whose answer names the entity
    label_field: str | None = None
    saves: Mapping[str, str] = field(default_factory=dict)  # property → field path
    due_field: str | None = None  # property that holds the next due date
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of a pack; ``key`` is qualified (``pack.form``)."""

    key: str
    title: str
    version: str
    fields: tuple[Field, ...]
    repeats: tuple[str, ...] = ()
    entity: EntitySpec | None = None
    about: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)  # 表号, 制定机关, 批准/备案文号, 有效期
    source: str = ""  # the XLSForm as written (Markdown table), for pyxform
    place: Place = NOWHERE
