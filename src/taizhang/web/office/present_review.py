"""What the pages of old texts show: lines with findings marked, findings with their fields."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from taizhang.core.base.period import Month
from taizhang.core.base.quantity import QuantityKind, from_scaled
from taizhang.core.counting.measure import Measure
from taizhang.reading.read import Reading, masker
from taizhang.reading.review.finding import Finding, FindingKind
from taizhang.reading.review.review import Shown
from taizhang.web.office.models import Baseline, Choice
from taizhang.web.programmes.queries import programmes_on

#: Findings on one page.
PAGE = 150
KIND_WORDS = {
    FindingKind.FIGURE: _("figure"),
    FindingKind.TASK: _("task"),
    FindingKind.SECTION: _("section"),
    FindingKind.RULE: _("scoring rule"),
    FindingKind.DOUBT: _("doubt"),
    FindingKind.ISSUE: _("remark"),
}
FIELD_WORDS = {
    "what": _("what"),
    "kind": _("kind"),
    "low": _("low"),
    "high": _("high"),
    "unit": _("unit"),
    "period": _("period"),
    "as_of": _("as of"),
    "every": _("every"),
    "status": _("status"),
    "quota": _("quota"),
    "on": _("on"),
    "by": _("by whom"),
    "max": _("most points"),
    "points": _("points"),
    "rule": _("parameters"),
}
TYPE_WORDS = {
    "plan": _("plan"),
    "summary": _("summary"),
    "selfcheck": _("self-check"),
    "rubric": _("rubric"),
    "notice": _("notice"),
    "other": _("other text"),
}
QUANTITY_WORDS = {
    "exact": _("exact"),
    "at_least": _("at least"),
    "at_most": _("at most"),
    "about": _("about"),
    "between": _("between"),
    "missing": _("missing"),
}
EVERY_WORDS = {
    "month": _("every month"),
    "quarter": _("every quarter"),
    "half": _("every half-year"),
    "year": _("every year"),
}
STATUS_WORDS = {"current": _("current"), "historic": _("historic")}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line; ``finding`` is the id of the finding that it is, '' for plain text."""

    text: str
    finding: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the text."""

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    """One field of a finding, as it is shown and edited; ``choices`` where only some fit."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """A finding with what was decided on it."""

    finding: Finding
    kind: str
    proposal: str
    state: str
    fields: tuple[FieldRow, ...]
    measure: str
    mappable: bool
    sentence: str = ""
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many findings of a kind there are, and how many nobody decided on."""

    kind: str
    label: str
    count: int
    open: int


@dataclass(frozen=True, kw_only=True)
class DocumentRow:
    """One document of the file."""

    index: int
    title: str
    type: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """A page of a review: some findings of one document with the lines around them."""

    documents: list[DocumentRow]
    lines: list[LineRow]
    findings: list[FindingRow]
    tallies: list[Tally]
    page: int
    pages: int
    masked: bool
    measures: list[tuple[str, str]] = field(default_factory=list)


def review_shown(
    readings: Sequence[Reading],
    findings: Sequence[Finding],
    lines: Sequence[Shown],
    choices: Mapping[str, Choice],
    *,
    document: int,
    page: int,
    names: bool,
    now: datetime,
) -> ReviewPage:
    """Put one page of a review together."""
    here = [finding for finding in findings if finding.document == document]
    pages = max(1, -(-len(here) // PAGE))
    page = min(max(1, page), pages)
    some = here[(page - 1) * PAGE : page * PAGE]
    held = [line for line in lines if line.document == document]
    if pages > 1 and some:  # a long text: the lines from the first finding to the last
        first, last = some[0].place.clean_line, max(finding.place.clean_line for finding in some)
        first = held[0].line if page == 1 else first
        last = held[-1].line if page == pages else last
        held = [line for line in held if first <= line.line <= last]
    by_line: dict[int, list[Finding]] = {}
    for finding in some:
        by_line.setdefault(finding.place.clean_line, []).append(finding)
    states = {key: choice.action for key, choice in choices.items()}
    return ReviewPage(
        documents=[
            DocumentRow(
                index=index,
                title=(str if names else masker(reading.document))(reading.document.title),
                type=str(TYPE_WORDS[reading.document.type.value]),
                current=index == document,
            )
            for index, reading in enumerate(readings)
        ],
        lines=[
            LineRow(line.line, _pieces(line.clean, by_line.get(line.line, []), states))
            for line in held
        ],
        findings=[finding_row(finding, choices.get(finding.id)) for finding in some],
        tallies=_tallies(here, states),
        page=page,
        pages=pages,
        # names_masker gives plain str where a text names nobody
        masked=bool(readings) and masker(readings[document].document) is not str,
        measures=measures_offered(now),
    )


def _pieces(text: str, findings: Iterable[Finding], states: Mapping[str, str]) -> tuple[Piece, ...]:
    """Cut a line at the findings whose columns are known; of two that overlap the first wins."""
    pieces: list[Piece] = []
    at = 0
    known = [finding for finding in findings if finding.place.clean is not None]
    for finding in sorted(known, key=lambda it: it.place.clean or (0, 0)):
        start, end = finding.place.clean or (0, 0)
        if start < at or end <= start or end > len(text):
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], finding.id, states.get(finding.id, "")))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)


def _tallies(findings: Sequence[Finding], states: Mapping[str, str]) -> list[Tally]:
    tallies = []
    for kind in FindingKind:
        mine = [finding for finding in findings if finding.kind is kind]
        if mine:
            still = sum(finding.id not in states for finding in mine)
            tallies.append(
                Tally(kind=kind.value, label=str(KIND_WORDS[kind]), count=len(mine), open=still)
            )
    return tallies


def finding_row(finding: Finding, choice: Choice | None) -> FindingRow:
    """Give a finding as its row shows it."""
    values = {**finding.fields, **(choice.fields if choice else {})}
    issue = finding.issue
    return FindingRow(
        finding=finding,
        kind=str(KIND_WORDS[finding.kind]),
        proposal=_proposal(finding.kind, values),
        state=choice.action if choice else "",
        fields=tuple(_field(name, values[name]) for name in finding.fields),
        measure=choice.measure if choice else "",
        mappable=finding.kind is FindingKind.FIGURE and values.get("status") != "historic",
        sentence=issue.sentence(gettext) if issue else "",
        remedy=issue.remedy(gettext) if issue else "",
    )


def _field(name: str, value: object) -> FieldRow:
    choices: tuple[tuple[str, str], ...] = ()
    if name == "kind" and value in QUANTITY_WORDS:
        choices = tuple((key, str(word)) for key, word in QUANTITY_WORDS.items())
    elif name == "status":
        choices = tuple((key, str(word)) for key, word in STATUS_WORDS.items())
    label = str(FIELD_WORDS.get(name, name))
    return FieldRow(name=name, label=label, value=field_text(value), choices=choices)


def field_text(value: object) -> str:
    """Write a field as it is edited: nothing as '', what is nested as JSON."""
    if value is None:
        return ""
    if isinstance(value, (Mapping, list, tuple)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def fields_changed(finding: Finding, typed: Mapping[str, str]) -> dict[str, object]:
    """Give the fields that somebody typed otherwise than they were proposed.

    :param typed: by name; what is not there stays as it was
    """
    changed: dict[str, object] = {}
    for name, value in finding.fields.items():
        if name not in typed or typed[name].strip() == field_text(value):
            continue
        text = typed[name].strip()
        changed[name] = text or None
        if isinstance(value, (Mapping, list, tuple)) and text:
            try:
                changed[name] = json.loads(text)
            except ValueError:
                changed[name] = text  # the review says that it does not fit
    return changed


def _proposal(kind: FindingKind, values: Mapping[str, object]) -> str:
    """Say in one line what a finding proposes."""
    if kind is FindingKind.FIGURE:
        parts = [str(values.get("what") or ""), _amount(values)]
        parts += [str(values[name]) for name in ("period", "as_of") if values.get(name)]
        return " · ".join(part for part in parts if part)
    if kind is FindingKind.DOUBT:
        return " · ".join(f"{FIELD_WORDS.get(k, k)}: {field_text(v)}" for k, v in values.items())
    named = ("what", "quota", "unit", "max", "points", "every", "on", "by")
    told = {name: field_text(values[name]) for name in named if values.get(name) not in (None, "")}
    if "quota" in told:
        told["quota"] = f"{told['quota']} {told.pop('unit', '')}".strip()
    if "every" in told:
        told["every"] = str(EVERY_WORDS.get(told["every"], told["every"]))
    for name in ("max", "points"):
        if name in told:
            told[name] = f"{FIELD_WORDS[name]} {told[name]}"
    return " · ".join(told.values())


def _amount(values: Mapping[str, object]) -> str:
    kind = str(values.get("kind"))
    low, high = field_text(values.get("low")), field_text(values.get("high"))
    unit = str(values.get("unit") or "")
    return quantity_said(kind, low, high, unit)


def quantity_said(kind: str, low: str, high: str, unit: str) -> str:
    """Write a quantity as it is known: ≥ 500 份, 200–999 人次, about 40."""
    if kind == "missing":
        return gettext("missing")
    if kind == "at_least":
        return f"≥ {low} {unit}".strip()
    if kind == "at_most":
        return f"≤ {high} {unit}".strip()
    number = low if low == high else f"{low}–{high}"
    if kind == "about":
        number = gettext("about %(number)s") % {"number": number}
    return f"{number} {unit}".strip()


def measures_offered(now: datetime) -> list[tuple[str, str]]:
    """Give key and label of every measure of the packs in force."""
    measures: Mapping[str, Measure] = programmes_on(timezone.localdate(now)).measures
    return [(key, f"{measure.label}（{measure.unit}）") for key, measure in measures.items()]


@dataclass(frozen=True, kw_only=True)
class BaselineInWords:
    """A stored figure of an old text in words."""

    row: Baseline
    value: str
    measure: str
    status: str


def baseline_shown(rows: Iterable[Baseline], now: datetime) -> list[BaselineInWords]:
    """Give baseline figures in words."""
    measures = dict(measures_offered(now))
    return [
        BaselineInWords(
            row=baseline,
            value=baseline_words(baseline),
            measure=measures.get(baseline.measure, baseline.measure),
            status=str(STATUS_WORDS[baseline.status]),
        )
        for baseline in rows
    ]


def baseline_words(baseline: Baseline) -> str:
    """Write the quantity of a baseline figure."""
    quantity = from_scaled(baseline.low, baseline.high, QuantityKind[baseline.kind.upper()])
    low, high = (
        "" if end is None else f"{end.normalize():f}" for end in (quantity.low, quantity.high)
    )
    return quantity_said(baseline.kind, low, high, baseline.counted_in)


def baseline_beside(unit: str, measure: str, first: Month, last: Month) -> list[Baseline]:
    """Give the accepted figures of old texts to show beside a figure of ``measure``.

    Those of a historic kind are never mapped to a measure, so that none of them comes here.
    """
    years = {str(year) for year in range(first.year, last.year + 1)}
    rows = Baseline.objects.filter(
        unit=unit, measure=measure, status="current", withdrawn_at__isnull=True
    ).order_by("period", "line")
    return [
        row
        for row in rows
        if row.period[:4] in years or (row.as_of and str(row.as_of.year) in years)
    ]
