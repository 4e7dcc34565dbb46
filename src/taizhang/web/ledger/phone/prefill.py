"""What the recording page knows beforehand: answers that stay the same, things of the unit.

Numbers, dates and what figures are divided by are never filled in: a person says them each time.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count

from taizhang.core.case.submission import kind_opened
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.thing import ThingKind
from taizhang.core.form import Field, Form
from taizhang.core.form.entity_reference import list_of
from taizhang.core.form.expression.compiler import compile_expression
from taizhang.core.unit.body import Body
from taizhang.core.unit.ownership import Ownership
from taizhang.core.unit.tree import Unit, UnitLevel
from taizhang.web.ledger.facts.closing import due_from
from taizhang.web.ledger.models import Record
from taizhang.web.ledger.phone.form_payload import OfferedForm, fields_of_things
from taizhang.web.ledger.queries import LedgerEntities
from taizhang.web.ledger.registry import register_of
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import bodies, history

#: How many of a form's records are looked at, and how many must agree before one is filled in.
LOOKED_AT, AGREE = 5, 3
#: Records of a unit that are read to find these.
MOST_RECORDS = 400
LONGEST_OFFER, MOST_OFFERS = 40, 4
#: Things of one list that a telephone is given; those in use come before those that ended.
MOST_THINGS = 600
MOST_NEARBY = 60

Answers = Mapping[str, Any]


def known(unit: Unit | Body, offered: Sequence[OfferedForm], today: date) -> dict[str, Any]:
    """Give what is known of a unit for these forms, as plain JSON."""
    programmes = programmes_on(today)
    earlier = _earlier(unit.code)
    forms = {
        offer.form.key: _of_form(
            offer.form,
            _divided(programmes, offer),
            earlier[offer.form.key],
            fields_of_things(offer.form, programmes),
        )
        for offer in offered
        if offer.form.key in earlier
    }
    return {
        "unit": {"code": unit.code, "name": unit.name},
        "forms": forms,
        # What a body records counts at the unit beside it, its things too.
        "entities": _things(
            bodies().seat(unit.code, today), [offer.form for offer in offered], today
        ),
        "nearby": _nearby(unit, today),
        "receivers": _receivers(unit, today) if programmes.cases else [],
        # The ledger, or a pack, begins with the month of this day: earlier dates are asked about.
        "begins": {pack: day.isoformat() for pack, day in due_from().items()},
    }


def often(unit: str, today: date) -> Mapping[str, int]:
    """Give how many records of the last year each form of a unit has."""
    records = Record.objects.filter(
        unit=unit, retired_at=None, withdraws=None, date__gt=today - timedelta(days=365)
    )
    return dict(records.values_list("form").annotate(n=Count("pk")))


def _earlier(unit: str) -> dict[str, list[Answers]]:
    """Give the last records of each form of a unit, the newest first."""
    records = Record.objects.filter(unit=unit, retired_at=None, withdraws=None)
    rows = records.order_by("-date", "-pk").values_list("form", "answers")[:MOST_RECORDS]
    earlier: dict[str, list[Answers]] = defaultdict(list)
    for form, answers in rows:
        if len(earlier[form]) < LOOKED_AT:
            earlier[form].append(json.loads(answers))
    return earlier


def _divided(programmes: Programmes, offer: OfferedForm) -> frozenset[str]:
    """Name the questions that tell records apart: none of them is answered beforehand.

    They are what counts are split by, and what says in which state a case begins.
    """
    rules = programmes.counting.get(offer.form.key, ())
    opened = kind_opened(programmes.cases, offer.form.key)
    whens = opened.begins.values() if opened is not None else ()
    asked = {name for when in whens for name in compile_expression(when).names}
    return frozenset(asked.union(*(rule.by.values() for rule in rules)))


def _of_form(
    form: Form,
    divided: frozenset[str],
    earlier: Sequence[Answers],
    of_things: Collection[str],
) -> dict[str, Any]:
    """Give what this form may begin with; what a thing is called, the thing itself says."""
    named = form.entity.id_field if form.entity else ""
    defaults: dict[str, str] = {}
    offers: dict[str, list[str]] = {}
    for field in form.fields:
        if field.repeat or field.calculation or field.read_only or field.path == named:
            continue
        if field.path in of_things:
            continue
        given = [str(answers[field.name]) for answers in earlier if answers.get(field.name)]
        if field.type == "text":
            if texts := _offers(field, given):
                offers[field.name] = texts
        elif field.type != "select_one":
            continue
        if field.path not in divided and _agree(given) and len(given[0]) <= LONGEST_OFFER:
            defaults[field.name] = given[0]
    return {"defaults": defaults, "offers": offers, "rows": _rows(form, earlier)}


def _agree(given: Sequence[str]) -> bool:
    return len(given) >= AGREE and len(set(given[:AGREE])) == 1


def _offers(field: Field, given: Sequence[str]) -> list[str]:
    if field.appearance and "multiline" in field.appearance:
        return []
    short = [text for text in dict.fromkeys(given) if len(text) <= LONGEST_OFFER]
    return short[:MOST_OFFERS]


def _rows(form: Form, earlier: Sequence[Answers]) -> dict[str, dict[str, dict[str, str]]]:
    """Give, for each choice that begins a row, the texts of the last row that began so."""
    rows_of: dict[str, dict[str, dict[str, str]]] = {}
    for name in form.repeats:
        fields = [field for field in form.fields if field.repeat == name]
        first = next(
            (field for field in fields if field.type == "select_one" and field.required), None
        )
        if first is None:
            continue
        texts = [field.name for field in fields if field.type == "text"]
        rows: dict[str, dict[str, str]] = {}
        for answers in earlier:
            for row in answers.get(name) or ():
                choice = row.get(first.name)
                if choice and choice not in rows:
                    rows[choice] = {text: str(row[text]) for text in texts if row.get(text)}
        rows_of[name] = rows
    return rows_of


def _things(unit: str, forms: Sequence[Form], today: date) -> dict[str, list[dict[str, Any]]]:
    """Give the boards, racks, cases … of a unit that these forms speak of."""
    datasets = {form.entity.dataset for form in forms if form.entity is not None}
    datasets |= {list_of(field) for form in forms for field in form.fields} - {""}
    ledger, register, programmes = (
        LedgerEntities(history()),
        register_of(today),
        programmes_on(today),
    )
    things: dict[str, list[dict[str, Any]]] = {}
    for dataset in sorted(datasets):
        told = [_told(state) for state in ledger.states(dataset, unit, today, None)]
        if register is not None and register.kept(dataset):
            says = {thing["key"]: thing["says"] for thing in told}
            offered = register.offered(dataset, unit)
            told = [_named(thing, says.get(thing["key"], {}), programmes) for thing in offered]
            told.sort(key=lambda thing: (thing["ended"] != "", thing["due"] or "9999"))
        things[dataset] = told[:MOST_THINGS]
    return things


def _named(
    thing: Mapping[str, Any], says: Mapping[str, str], programmes: Programmes
) -> dict[str, Any]:
    """Add what a thing says and, where it ended, the answer that ended it as its form words it."""
    ended = thing["state"] == "ended"
    kind = programmes.things.get(thing["kind"])
    says = _words_of(thing, kind) | {name: text for name, text in says.items() if text}
    return {
        **thing,
        "label": thing["label"] or thing["place"] or thing["number"],
        "due": "" if ended else thing["due"],
        "ended": _ended(kind, says, programmes) if ended else "",
        "says": says,
    }


def _words_of(thing: Mapping[str, Any], kind: ThingKind | None) -> dict[str, str]:
    """Give name and place as the register has them: the latest record may have told neither."""
    if kind is None:
        return {}
    called = thing["label"] not in (thing["key"], thing["number"], thing["kind_label"])
    words = {kind.name: thing["label"] if called else "", kind.place_field: thing["place"]}
    return {name: text for name, text in words.items() if name and text}


def _ended(kind: ThingKind | None, says: Mapping[str, str], programmes: Programmes) -> str:
    """Give the answer that ended a thing in its form's words (已拆除), or a dash."""
    ending = {} if kind is None else {p: v for p, v in kind.ended.items() if says.get(p) == v}
    for form in programmes.forms.values():
        if kind is None or form.entity is None or form.entity.dataset != kind.dataset:
            continue
        for prop, value in ending.items():
            field = form.field(form.entity.saves.get(prop, ""))
            for choice in field.choices if field else ():
                if choice.name == value:
                    return choice.label
    return "—"


def _told(state: Mapping[str, object]) -> dict[str, Any]:
    beside = ("entity", "unit", "label", "date", "due")
    says = {
        name: str(value)
        for name, value in state.items()
        if name not in beside and isinstance(value, (str, int, float))
    }
    return {"key": str(state["entity"]), "label": str(state["label"]), "says": says}


def _receivers(unit: Unit | Body, today: date) -> list[dict[str, str]]:
    """Give the units and bodies around one to which a case may be handed, the nearest first."""
    owners = Ownership(history(), bodies())
    tree, above = owners.history.tree(today), owners.above(unit.code, today)
    children = [child.code for child in tree.children(unit.code)]
    beside = [b.code for code in (unit.code, *above) for b in owners.bodies.beside(code, today)]
    inner = [body.code for code in children for body in owners.bodies.beside(code, today)]
    siblings = [child.code for child in tree.children(above[0])] if above else []
    rows = []
    for code in dict.fromkeys((*beside, *children, *inner, *siblings, *above)):
        row = owners.history.unit_on(code, today) or owners.bodies.body_on(code, today)
        if row is not None and code != unit.code and owners.may_own(code, today):
            rows.append({"code": code, "name": row.name})
    return rows[:MOST_NEARBY]


def _is_like(neighbour: Unit, unit: Unit | Body) -> bool:
    if isinstance(unit, Body):  # it works with the units below the one beside which it stands
        return neighbour.level is not UnitLevel.GRID
    return neighbour.kind == unit.kind


def _nearby(unit: Unit | Body, today: date) -> list[dict[str, str]]:
    """Give the units beside a unit, or around a body, for what was done together."""
    if not unit.parent:
        return []
    beside = history().tree(today).children(unit.parent)
    return [
        {"code": neighbour.code, "name": neighbour.name}
        for neighbour in beside
        if neighbour.code != unit.code and _is_like(neighbour, unit)
    ][:MOST_NEARBY]
