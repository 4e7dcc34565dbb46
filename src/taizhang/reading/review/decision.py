"""Decisions of a person put to what was read: fields checked, figures, tasks and rules remade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from taizhang.core.base.issue import Issue, Marked, Place, gettext_noop
from taizhang.core.base.period import parse_period
from taizhang.core.base.quantity import Quantity, QuantityKind, from_answer
from taizhang.core.scoring.kinds import KINDS
from taizhang.core.scoring.kinds.manual import Manual
from taizhang.reading.plan.plan import ReadTask
from taizhang.reading.review.code import ReviewCode
from taizhang.reading.review.finding import Action, Decision, Finding
from taizhang.reading.rubric.rubric import ReadItem, ReadRubric, ReadSection
from taizhang.reading.rubric.rubric_json import plain
from taizhang.reading.rubric.rule.clause import Scheme

#: parameters of a rule that are words even where they look like numbers
_WORDS = ("figure", "unit", "condition")
_MOST_DIGITS = 99
_NUMBER = Marked(gettext_noop("a number, or nothing"))
_BOUNDS = Marked(gettext_noop("bounds that fit the kind of quantity"))
_PERIOD = Marked(gettext_noop("a period such as 2025, 2025H1, 2025Q3 or 2025-05"))
_DAY = Marked(gettext_noop("a day as YYYY-MM-DD"))
_KINDS = ", ".join(kind.name.lower() for kind in QuantityKind)
_RULES = ", ".join(KINDS)


@dataclass
class Decider:
    """Asks the decisions, notes what does not fit."""

    findings: Mapping[str, Finding]
    decisions: Mapping[str, Decision]
    issues: list[Issue] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.issues += [
            Issue(ReviewCode.REVIEW_001, facts={"id": name})
            for name in self.decisions
            if name not in self.findings
        ]

    def undecided(self) -> tuple[str, ...]:
        """Give the findings that nobody has decided on."""
        return tuple(name for name in self.findings if name not in self.decisions)

    def action(self, finding: Finding) -> Action | None:
        """Give what was decided on a finding, if anything was."""
        decision = self.decisions.get(finding.id)
        return decision.action if decision else None

    def fields(
        self, finding: Finding, proposed: Mapping[str, object] | None = None
    ) -> dict[str, object] | None:
        """Give the fields as decided; ``None`` for what is rejected, undecided or does not fit.

        :param proposed: what accepted doubts put in place of the finding's own fields
        """
        decision = self.decisions.get(finding.id)
        if decision is None or decision.action is Action.REJECT:
            return None
        fields = {**finding.fields, **(proposed or {})}
        if decision.action is Action.ACCEPT:
            return fields
        strange = [name for name in decision.fields if name not in finding.fields]
        for name in strange:
            facts = {"kind": finding.kind.value, "field": name, "fields": ", ".join(fields)}
            self.issues.append(Issue(ReviewCode.REVIEW_002, _place(finding), facts))
        return None if strange else {**fields, **decision.fields}


def _place(finding: Finding) -> Place:
    return Place("", finding.place.line)


class _Wrong(ValueError):
    """A field whose value cannot be."""

    def __init__(self, name: str, value: object, wanted: str) -> None:
        super().__init__(name)
        self.facts = {"field": name, "value": value, "wanted": wanted}


def _told(error: _Wrong, finding: Finding) -> Issue:
    return Issue(ReviewCode.REVIEW_003, _place(finding), error.facts)


def figure_row(
    fields: Mapping[str, object], issues: list[Issue], finding: Finding
) -> dict[str, object] | None:
    """Give what a figure adds to the baseline, or note why it cannot."""
    try:
        quantity = _quantity(fields)
        period, as_of = _text(fields.get("period")), _text(fields.get("as_of"))
        status = str(fields.get("status"))
        if status not in ("current", "historic"):
            raise _Wrong("status", status, "current, historic")
        return {
            "what": _what(fields),
            "unit": str(fields.get("unit") or ""),
            "quantity": {
                "low": plain(_fraction(quantity.low)),
                "high": plain(_fraction(quantity.high)),
                "kind": quantity.kind.name.lower(),
            },
            "period": None if period is None else _period(period),
            "as_of": None if as_of is None else _day(as_of),
            "every": _text(fields.get("every")),
            "status": status,
        }
    except _Wrong as error:
        issues.append(_told(error, finding))
        return None


def _quantity(fields: Mapping[str, object]) -> Quantity:
    kind = str(fields.get("kind")).upper()
    if kind not in QuantityKind.__members__:
        raise _Wrong("kind", fields.get("kind"), _KINDS)
    low, high = (_decimal(name, fields.get(name)) for name in ("low", "high"))
    ends = f"{kind.lower()} {fields.get('low')}–{fields.get('high')}"
    # A bound that the kind has no room for would be dropped silently.
    extra = {"AT_LEAST": high, "AT_MOST": low or None, "MISSING": low if high is None else high}
    if extra.get(kind) is not None:
        raise _Wrong("kind", ends, _BOUNDS)
    try:
        return from_answer({"kind": kind, "low": low, "high": high})
    except ValueError as error:
        raise _Wrong("kind", ends, _BOUNDS) from error


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _decimal(name: str, value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise _Wrong(name, value, _NUMBER) from error
    if not number.is_finite() or not _is_usual(number):
        raise _Wrong(name, value, _NUMBER)
    return number


def _is_usual(number: Decimal) -> bool:
    """Say whether a number can be written out: 1e99999999 is short to type and fills the memory."""
    return abs(number.adjusted()) <= _MOST_DIGITS and len(number.as_tuple().digits) <= _MOST_DIGITS


def _text(value: object) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None


def _what(fields: Mapping[str, object]) -> str:
    what = _text(fields.get("what"))
    if what is None:
        raise _Wrong("what", "", Marked(gettext_noop("what is counted or to be done")))
    return what


def _period(text: str) -> str:
    try:
        return str(parse_period(text))
    except ValueError as error:
        raise _Wrong("period", text, _PERIOD) from error


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise _Wrong("as_of", text, _DAY) from error


def task_decided(
    task: ReadTask, fields: Mapping[str, object], issues: list[Issue], finding: Finding
) -> ReadTask | None:
    """Give the task as decided, or note why it cannot be."""
    try:
        return replace(
            task,
            what=_what(fields),
            quota=_decimal("quota", fields.get("quota")),
            unit=_text(fields.get("unit")) or "",
            every=_text(fields.get("every")) or "",
            on=tuple(day for day in (_text(fields.get("on")) or "").split("、") if day),
            by=_text(fields.get("by")) or "",
            kind=_text(fields.get("kind")) or "",
        )
    except _Wrong as error:
        issues.append(_told(error, finding))
        return None


def rubric_decided(
    rubric: ReadRubric, parts: Mapping[int, Finding], decider: Decider
) -> ReadRubric | None:
    """Give the rubric as decided, ``None`` when nothing of it was accepted.

    A section goes only when it is rejected.  A rule that is rejected or undecided leaves its item
    to be scored by hand, so that the points still add up.
    """
    mine = [parts[id(part)] for part in _parts(rubric)]
    if not any(decider.action(finding) in (Action.ACCEPT, Action.CORRECT) for finding in mine):
        return None
    sections: list[ReadSection] = []
    for section in rubric.sections:
        made = parts[id(section)]
        fields = decider.fields(made)
        if decider.action(made) is Action.REJECT:
            continue
        items = _items(section.items, parts, decider)
        kept = replace(section, items=items)
        sections.append(kept if fields is None else _section(kept, fields, made, decider))
    return replace(
        rubric,
        sections=sections,
        bonus=_outside(rubric.bonus, parts, decider),
        penalties=_outside(rubric.penalties, parts, decider),
    )


def _parts(rubric: ReadRubric) -> Sequence[object]:
    items = [*rubric.items(), *rubric.bonus, *rubric.penalties]
    return [*rubric.sections, *(rule for item in items for rule in item.rules)]


def _section(
    section: ReadSection, fields: Mapping[str, object], made: Finding, decider: Decider
) -> ReadSection:
    if fields == made.fields:
        return section
    try:
        most = _fraction(_decimal("max", fields.get("max")))
        return replace(section, title=_what(fields), max=most)
    except _Wrong as error:
        decider.issues.append(_told(error, made))
        return section


def _outside(
    items: Sequence[ReadItem], parts: Mapping[int, Finding], decider: Decider
) -> list[ReadItem]:
    """Keep, of bonus and penalties, the rules that were accepted."""
    read_items: list[ReadItem] = []
    for item in items:
        rules = [done for rule in item.rules if (done := _rule(rule, parts[id(rule)], decider))]
        if rules:
            read_items.append(replace(item, rules=rules))
    return read_items


def _items(
    items: Sequence[ReadItem], parts: Mapping[int, Finding], decider: Decider
) -> list[ReadItem]:
    read_items: list[ReadItem] = []
    for item in items:
        rules: list[Scheme] = []
        kept = item
        for rule in item.rules:
            made = parts[id(rule)]
            done = _rule(rule, made, decider)
            if done is None:
                done = Scheme(Manual.kind, rule.points, {}, rule.text, rule.start, rule.end)
            else:
                kept = _item(kept, made, decider)
            rules.append(done)
        read_items.append(replace(kept, rules=rules))
    return read_items


def _item(item: ReadItem, made: Finding, decider: Decider) -> ReadItem:
    """Give an item the title and points that a decision on one of its rules gives it."""
    fields = decider.fields(made) or made.fields
    changed = {name for name in ("what", "max") if fields.get(name) != made.fields.get(name)}
    if not changed:
        return item
    try:
        title = _what(fields)
        if "max" not in changed:
            return replace(item, title=title)
        points = _fraction(_decimal("max", fields.get("max")))
        return replace(item, title=title, heading=points, mended=None)
    except _Wrong as error:
        decider.issues.append(_told(error, made))
        return item


def _rule(rule: Scheme, made: Finding, decider: Decider) -> Scheme | None:
    """Give a rule as decided, ``None`` for one that was not accepted."""
    fields = decider.fields(made)
    if fields is None or fields == made.fields:
        return None if fields is None else rule
    try:
        kind = str(fields["kind"])
        if kind not in KINDS:
            raise _Wrong("kind", kind, _RULES)
        fields_given = fields["rule"]
        if not isinstance(fields_given, Mapping):
            raise _Wrong(
                "rule", fields_given, Marked(gettext_noop("the parameters of the rule by name"))
            )
        points = _fraction(_decimal("points", fields.get("points")))
    except _Wrong as error:
        decider.issues.append(_told(error, made))
        return None
    params = rule.params
    if fields_given != made.fields["rule"]:
        # What JSON does not carry of a bonus stays.
        held = {name: param for name, param in rule.params.items() if name == "points"}
        params = {**held, **{name: _param(name, param) for name, param in fields_given.items()}}
    return replace(rule, kind=kind, points=points, params=params)


def _param(name: str, value: object) -> object:
    """Read a parameter back from JSON: numbers are exact, words stay words."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return Fraction(str(value))
    if isinstance(value, Mapping):
        return {key: _param(key, part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_param(name, part) for part in value]
    text = str(value).strip()
    try:
        if name in _WORDS:
            return text
        number = Decimal(text)
        return Fraction(number) if _is_usual(number) else text
    except (InvalidOperation, ValueError, OverflowError):
        return text
