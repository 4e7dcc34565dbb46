"""A form as the recording page asks for it: HTML, model, and what the page should help with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from taizhang.core.case.submission import day_field
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.thing import ThingKind
from taizhang.core.form import Form
from taizhang.core.form.entity_reference import list_of
from taizhang.core.form.model import EntitySpec
from taizhang.core.form.xform import xform
from taizhang.core.formula.name_scope import pack_of
from taizhang.core.unit.body import Body
from taizhang.core.unit.tree import Unit
from taizhang.web.accounts.access import reach, within
from taizhang.web.accounts.models import User
from taizhang.web.ledger.phone.xform_html import phone_form
from taizhang.web.programmes.admission import Admission, Standing, admissions
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import bodies, history

#: More choices than these are no row of chips to tap.
MOST_CHIPS = 12
#: A list of more kinds of things than these is named as its form asks for one.
MOST_KINDS = 3


@dataclass(frozen=True, slots=True, eq=False)
class OfferedForm:
    """A form that a unit may fill in, with the pack that owns it and what it is in law."""

    form: Form
    pack: Pack
    admission: Admission

    @property
    def stamp(self) -> str:
        """Give what changes whenever the form as shown changes, its legal marks included."""
        marks = sha256(marks_text(self.admission).encode()).hexdigest()[:6]
        return f"{self.pack.digest[:12]}-{self.form.version}-{marks}"


def forms_offered(unit: Unit | Body, on: date) -> tuple[OfferedForm, ...]:
    """Give the forms in force on a day that a unit or body of this kind may send, as packs stand.

    A form that is only reached from a case is not offered by itself, nor one that cases replace.
    """
    programmes = programmes_on(on)
    left_out = programmes.step_forms | programmes.ended_forms(on)
    standings = admissions(programmes, on)
    return tuple(
        OfferedForm(form, pack, standings[form.key])
        for pack in programmes.packs
        if pack.may_send(unit.kind)
        for form in pack.forms.values()
        if form.key not in left_out
    )


def forms_of_steps(on: date) -> tuple[OfferedForm, ...]:
    """Give the forms of steps of cases, which a case's page leads to, with a network or without."""
    programmes = programmes_on(on)
    standings = admissions(programmes, on) if programmes.step_forms else {}
    return tuple(
        OfferedForm(programmes.forms[key], programmes.by_key[pack_of(key)], standings[key])
        for key in sorted(programmes.step_forms)
        if key in programmes.forms
    )


def units_recorded(user: User, now: datetime) -> tuple[Unit | Body, ...]:
    """Give the units and bodies that a person may record for and that send for any pack."""
    today = timezone.localdate(now)
    tree = history().tree(today)
    reached = reach(user, "record.accept")
    tops = [top.code for top in tree.tops] if "" in reached else sorted(reached)
    packs = programmes_on(today).packs
    kinds = {kind for pack in packs for kind in (*pack.unit_kinds, *pack.records)}
    units: dict[str, Unit | Body] = {unit.code: unit for top in tops for unit in tree.below(top)}
    for body in bodies().bodies:
        if body.may_record and body.exists_on(today) and {body.code, body.parent} & {*units, *tops}:
            units[body.code] = body
    return tuple(units[code] for code in sorted(units) if units[code].kind in kinds)


def unit_recorded(user: User, code: str, now: datetime) -> Unit | Body | None:
    """Give a unit or body of which a person may know what a form begins with.

    ``None`` for absent and forbidden alike; what is sent is asked about once more.
    """
    today = timezone.localdate(now)
    unit = history().tree(today).unit(code) or bodies().body_on(code, today)
    return unit if within(reach(user, "case.step"), code, now) else None


def form_payload(form: Form, programmes: Programmes, on: date) -> dict[str, Any]:
    """Give what the page needs to show a form, as plain JSON.

    :raises NotBuiltError: when the front end was not built
    """
    marks = marks_text(admissions(programmes, on)[form.key])
    return {**_sheet(form, programmes), "marks": marks}


def marks_text(admission: Admission) -> str:
    """Say by which right a form may ask: its legal marks, or that it is an internal ledger."""
    if admission.standing is not Standing.ADMITTED or admission.marks.expires_on is None:
        return admission.words
    day = gettext("valid to %(day)s") % {"day": admission.marks.expires_on.isoformat()}
    return " · ".join((admission.words, admission.marks.number, admission.marks.approval, day))


#: Sheets by the packs in force and the form: rules of other packs may date a form.
_sheets: dict[tuple[tuple[str, ...], str], Mapping[str, Any]] = {}


def _sheet(form: Form, programmes: Programmes) -> Mapping[str, Any]:
    key = (tuple(pack.digest for pack in programmes.packs), form.key)
    if key not in _sheets:
        _sheets[key] = _made(form, programmes)
    return _sheets[key]


def _made(form: Form, programmes: Programmes) -> dict[str, Any]:
    shown = phone_form(xform(form)[0])
    rules = programmes.counting.get(form.key, ())
    dates = [rule.date for rule in rules if "." not in rule.date]
    dates += [day] if (day := day_field(programmes.cases, form)) else []
    return {
        "key": form.key,
        "title": form.title,
        "version": form.version,
        "html": shown.html,
        "model": shown.model,
        "dates": list(dict.fromkeys(dates))[:1],
        "named": _named(form, programmes),
        "repeats": {name: _repeat(form, name) for name in form.repeats},
        "entity": _entity(form, programmes),
        "lists": [
            {"id": dataset, "dataset": dataset}
            for dataset in dict.fromkeys(map(list_of, form.fields))
            if dataset
        ],
    }


def _named(form: Form, programmes: Programmes) -> dict[str, str]:
    """Say which questions of the form of a step the page answers, or helps with, itself.

    The small form of a case asks both; a form of one's own may ask to whom the case is handed.
    """
    if any(form.key == f"{key}_step" for key in programmes.cases):
        return {"step": "step", "receiver": "to"}
    steps = (step for kind in programmes.cases.values() for step in kind.steps.values())
    hands = any(step.hands_over and step.form == form.key for step in steps)
    return {"receiver": "to"} if hands and form.field("to") else {}


def _repeat(form: Form, name: str) -> dict[str, Any]:
    """Say how a row is begun: by tapping one of its choices where the row asks for one."""
    label = next((group.label for group in form.groups if group.name == name), name)
    fields = [field for field in form.fields if field.repeat == name]
    first = next(
        (
            field
            for field in fields
            if field.type == "select_one"
            and field.required
            and not field.choice_filter
            and not field.relevant
            and len(field.choices) <= MOST_CHIPS
        ),
        None,
    )
    if first is None:
        return {"label": label, "pick": "", "choices": []}
    choices = [[choice.name, choice.label] for choice in first.choices]
    return {"label": label, "pick": first.name, "choices": choices}


def _entity(form: Form, programmes: Programmes) -> dict[str, Any] | None:
    """Say which field names a thing of the unit, and which fields its earlier words fill."""
    spec = form.entity
    if spec is None or "." in spec.id_field:
        return None
    kinds = {field.path: field.type for field in form.fields}
    saves = {
        prop: path
        for prop, path in spec.saves.items()
        if kinds.get(path) in ("text", "select_one") and path != spec.id_field
    }
    named = {"dataset": spec.dataset, "id": spec.id_field, "saves": saves}
    return {**named, "kind": _kind(form, spec, saves, programmes)}


def _kinds_of(dataset: str, programmes: Programmes) -> tuple[ThingKind, ...]:
    """Give the kinds of things that a list keeps, in the packs' order; none for most lists."""
    return tuple(kind for kind in programmes.things.values() if kind.dataset == dataset)


def fields_of_things(form: Form, programmes: Programmes) -> frozenset[str]:
    """Give the paths of the questions by which a form names a thing and says where it stands."""
    if form.entity is None:
        return frozenset()
    saves, kinds = form.entity.saves, _kinds_of(form.entity.dataset, programmes)
    properties = {prop for kind in kinds for prop in (kind.name, kind.place_field)}
    return frozenset(saves[prop] for prop in properties if prop in saves)


def _kind(
    form: Form, spec: EntitySpec, saves: Mapping[str, str], programmes: Programmes
) -> dict[str, Any] | None:
    """Say by which questions a thing of a known kind gets name and place; None for other lists.

    ``names`` is empty where this form begins no thing; ``first`` are the forms that do.
    """
    kinds = _kinds_of(spec.dataset, programmes)
    if not kinds:
        return None
    properties = dict.fromkeys(kind.name for kind in kinds)
    own = [prop for prop in properties if spec.saves.get(prop) == spec.id_field]
    names = [saves[prop] for prop in properties if prop in saves] + [spec.id_field] * bool(own)
    asked = form.field(spec.id_field)
    labels = "、".join(kind.label for kind in kinds)
    places = dict.fromkeys(kind.place_field for kind in kinds)
    return {
        "label": asked.label if asked and len(kinds) > MOST_KINDS else labels,
        "names": names if spec.creates else [],
        "places": [saves[prop] for prop in places if prop in saves],
        "first": [
            {"key": other.key, "title": other.title}
            for other in programmes.forms.values()
            if other.entity is not None
            and other.entity.dataset == spec.dataset
            and other.entity.creates
            and any(prop in other.entity.saves for prop in properties)
        ],
    }
