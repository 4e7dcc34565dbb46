"""The model of a form: fields, choices, repeats, entity, legal marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from taizhang.core.base.issue import NOWHERE, Place

#: Our settings columns for the four legal marks of a survey form (统计法 2024 art. 17).
MARKS: Mapping[str, str] = {
    "mark_form_no": "表号",
    "mark_authority": "制定机关",
    "mark_approval_no": "批准/备案文号",
    "mark_expiry": "有效期",
}

#: Field types without an answer of their own.
SILENT = frozenset({"note"})
#: Field types whose answer is a number and may be a Quantity.
NUMBERS = frozenset({"integer", "decimal", "range"})
#: Field types whose answer is the name of an attached file.
MEDIA = frozenset({"image", "audio", "video", "file"})
#: XLSForm types that would record where or by whom a phone was used.
TRACKING = frozenset(
    "geopoint geotrace geoshape start-geopoint background-geopoint audit start end today "
    "background-audio deviceid subscriberid simserial phonenumber username email".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of a list; ``extra`` holds further columns, for ``choice_filter``."""

    name: str
    label: str
    extra: Mapping[str, str] = field(default_factory=dict)
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A question, calculation or note.  ``path`` is ``name`` or ``repeat.name``.

    ``relevant`` already contains the conditions of the groups around the field.
    """

    name: str
    type: str  # integer, decimal, text, select_one, select_multiple, date, time, calculate, image …
    label: str
    repeat: str | None = None
    choices: tuple[Choice, ...] = ()
    required: bool = False
    required_when: str | None = None  # an expression in place of yes/no
    constraint: str | None = None
    constraint_message: str = ""
    relevant: str | None = None
    calculation: str | None = None
    choice_filter: str | None = None
    default: str = ""
    hint: str = ""
    about: str = ""
    appearance: str = ""
    read_only: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)  # range: start, end, step
    list_name: str = ""
    place: Place = NOWHERE

    @property
    def path(self) -> str:
        """Give the name under which counting rules speak of this field."""
        return f"{self.repeat}.{self.name}" if self.repeat else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group or repeat of a form, as a reader sees its heading."""

    name: str
    label: str
    about: str = ""
    appearance: str = ""
    count: str = ""  # of a repeat: the expression that says how many rows a phone shows
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitySpec:
    """What a form says about an entity: its dataset (list) and how its state is read."""

    dataset: str
    id_field: str  # the field whose answer names the entity
    label_field: str | None = None
    saves: Mapping[str, str] = field(default_factory=dict)  # property → field path
    due_field: str | None = None  # property that holds the next due date
    creates: bool = True  # false for a form that only goes on with what another form began
    about: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of a pack; ``key`` is qualified (``pack.form``)."""

    key: str
    title: str
    version: str
    fields: tuple[Field, ...]
    repeats: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()  # groups and repeats
    entity: EntitySpec | None = None
    about: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)  # 表号, 制定机关, 批准/备案文号, 有效期
    source: str = ""  # the XLSForm as written (Markdown table), for pyxform
    why: str = ""  # why a form about places asks for a point on the map
    choice_lists: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    choice_columns: tuple[str, ...] = ()  # of the sheet choices, as they are written
    place: Place = NOWHERE

    def field(self, path: str) -> Field | None:
        """Find a field by its path (``name`` or ``repeat.name``)."""
        return next((field for field in self.fields if field.path == path), None)
