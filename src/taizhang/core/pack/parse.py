"""Parsers of parts of a pack: measures, counting rules, indicators, norms, plan, rubric."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from taizhang.core.base.issue import Place
from taizhang.core.base.yaml_source import YamlList, YamlMap
from taizhang.core.counting.measure import About, CountingRule, Measure, MeasureKind
from taizhang.core.definition.calendar import DayRule
from taizhang.core.definition.constant import Constant, ConstantVersion
from taizhang.core.definition.norm import Norm, NormVersion
from taizhang.core.definition.pack import DocumentTemplate, Indicator
from taizhang.core.definition.rubric import Item, Rubric, Rule, Section
from taizhang.core.definition.task import OWN, PlanTemplate, Task
from taizhang.core.pack.code import PackCode
from taizhang.core.pack.reader import PackReader, Table, WrongValue, shown
from taizhang.core.pack.reader import value_of as _get
from taizhang.core.scoring.kinds import KINDS


def qualified(pack: str, name: str) -> str:
    """Give the qualified key of a name in the files of ``pack``."""
    return name if "." in name else f"{pack}.{name}"


def legal_basis_of(value: object, reader: PackReader) -> tuple[Mapping[str, object], ...]:
    """Read the documents a programme rests on."""
    if not isinstance(value, YamlList):
        return ()
    lines = value.lines
    return tuple(
        reader.table(basis, "legal_basis", "legal_basis", line)
        for basis, line in zip(value, lines, strict=True)
    )


def measures_of(root: object, pack: str, reader: PackReader) -> dict[str, Measure]:
    """Read the measures; their dimensions are filled in by :func:`with_dimensions`."""
    top = reader.table(root, "measures.yaml", "measures.yaml", 1)
    measures: dict[str, Measure] = {}
    for key, value, line in reader.keyed(top.get("measures"), "measures", None):
        table = reader.table(value, "measures", key, line)
        full = qualified(pack, key)
        measures[full] = Measure(
            key=full,
            label=_get(table, "label", ""),
            unit=_get(table, "unit", ""),
            kind=MeasureKind(_get(table, "kind", "event")),
            about=About(_get(table, "about", "activity")),
            over_units=_get(table, "over_units", "sum"),
            self_reported=_get(table, "self_reported", None),
            apart=_get(table, "apart", ""),
            place=Place(reader.file, line),
        )
    return measures


def counting_of(root: object, pack: str, reader: PackReader) -> tuple[CountingRule, ...]:
    """Read the counting rules of measures.yaml (its shape is checked by :func:`measures_of`)."""
    rules = root.get("counting") if isinstance(root, YamlMap) else None
    if not isinstance(rules, YamlList):
        return ()
    counting = []
    for value, line in zip(rules, rules.lines, strict=True):
        table = reader.table(value, "counting", "counting", line)
        facts = _facts(table.get("facts"), pack, reader)
        if not table.get("form"):
            continue
        counting.append(
            CountingRule(
                form=qualified(pack, _get(table, "form", "")),
                date=_get(table, "date", ""),
                facts=facts,
                when=_get(table, "when", None),
                each=_get(table, "each", None),
                by=_get(table, "by", {}),
                entity=_get(table, "entity", None),
                person=_get(table, "person", None),
                place=Place(reader.file, line),
            )
        )
    return tuple(counting)


def _facts(value: object, pack: str, reader: PackReader) -> dict[str, int | str]:
    sources: dict[str, int | str] = {}
    for key, source in value.items() if isinstance(value, YamlMap) else ():
        if isinstance(source, str) or (
            isinstance(source, int) and not isinstance(source, bool) and source >= 0
        ):
            sources[qualified(pack, key)] = source
        else:
            wanted = "whole number from 0 or the name of a field"
            facts = {"key": key, "where": "facts", "found": shown(source), "wanted": wanted}
            line = value.lines[key] if isinstance(value, YamlMap) else None
            reader.say(PackCode.PACK_008, line, **facts)
    return sources


def indicators_of(root: object, pack: str, reader: PackReader) -> dict[str, Indicator]:
    """Read the indicators, under ``indicators:`` or at the top of the file."""
    indicators: dict[str, Indicator] = {}
    for key, value, line in reader.keyed(reader.under(root, "indicators"), "indicators", 1):
        table = reader.table(value, "indicators", key, line)
        full = qualified(pack, key)
        indicators[full] = Indicator(
            key=full,
            label=_get(table, "label", ""),
            unit=_get(table, "unit", ""),
            numerator=_get(table, "numerator", None),
            denominator=_get(table, "denominator", None),
            formula=_get(table, "formula", None),
            cap=_get(table, "cap", None),
            implausible_above=_get(table, "implausible_above", None),
            scope=_get(table, "scope", ""),
            decimals=_get(table, "decimals", None),
            status=_get(table, "status", "current"),
            source=_get(table, "source", ""),
            verified=_get(table, "verified", True),
            place=Place(reader.file, line),
        )
    return indicators


def norms_of(
    root: object, pack: str, reader: PackReader, measures: Mapping[str, Measure]
) -> dict[str, Norm]:
    """Read the norms with their versions; another pack's measure keeps the name it is given."""
    norms: dict[str, Norm] = {}
    for key, value, line in reader.keyed(reader.under(root, "norms"), "norms", 1):
        table = reader.table(value, "norms", key, line)
        versions = table.get("versions")
        measure = _get(table, "measure", "")
        full = qualified(pack, key)
        norms[full] = Norm(
            key=full,
            label=_get(table, "label", ""),
            measure=own if (own := f"{pack}.{measure}") in measures else measure or None,
            unit=_get(table, "unit", ""),
            versions=tuple(
                _version(version, reader, at, key)
                for version, at in zip(versions, versions.lines, strict=True)
            )
            if isinstance(versions, YamlList)
            else (),
            place=Place(reader.file, line),
        )
    return norms


def _version(value: object, reader: PackReader, line: int, norm: str) -> NormVersion:
    table = reader.table(value, "versions", norm, line)
    return NormVersion(
        document=_get(table, "document", ""),
        number=_get(table, "number", ""),
        in_force_from=_get(table, "from", None),
        in_force_to=_get(table, "to", None),
        region=_get(table, "region", ""),
        values=_get(table, "values", {}),
        spread=_get(table, "spread", "even"),
        source=_get(table, "source", ""),
        verified=_get(table, "verified", True),
        place=Place(reader.file, line),
    )


def constants_of(root: object, pack: str, reader: PackReader) -> dict[str, Constant]:
    """Read the constants with their versions."""
    constants: dict[str, Constant] = {}
    for key, value, line in reader.keyed(reader.under(root, "constants"), "constants", 1):
        table = reader.table(value, "constants", key, line)
        versions = table.get("versions")
        full = qualified(pack, key)
        constants[full] = Constant(
            key=full,
            label=_get(table, "label", ""),
            unit=_get(table, "unit", ""),
            versions=tuple(
                _constant_version(version, reader, at, key)
                for version, at in zip(versions, versions.lines, strict=True)
            )
            if isinstance(versions, YamlList)
            else (),
            place=Place(reader.file, line),
        )
    return constants


def _constant_version(
    value: object, reader: PackReader, line: int, constant: str
) -> ConstantVersion:
    table = reader.table(value, "versions of a constant", constant, line)
    return ConstantVersion(
        value=_get(table, "value", Fraction(0)),
        in_force_from=_get(table, "from", None),
        in_force_to=_get(table, "to", None),
        source=_get(table, "source", ""),
        verified=_get(table, "verified", True),
        place=Place(reader.file, line),
    )


def plan_of(root: object, reader: PackReader) -> PlanTemplate:
    """Read the default plan."""
    top = reader.table(root, "plan.yaml", "plan.yaml", 1)
    head = reader.table(top["plan"], "plan", "plan", 1) if "plan" in top else {}
    tasks = []
    for table, line in _tables(top.get("tasks"), "tasks", reader):
        quota = _get(table, "quota", None)
        tasks.append(
            Task(
                key=_get(table, "key", ""),
                label=_get(table, "label", ""),
                measure=_get(table, "measure", None),
                quota=None if quota == OWN else quota,
                own=quota == OWN,
                spread=_get(table, "spread", "even"),
                every=_get(table, "every", None),
                due=_get(table, "due", None),
                lead=_get(table, "lead", ""),
                support=_get(table, "support", ()),
                days=_get(table, "days", ()),
                place=Place(reader.file, line),
            )
        )
    return PlanTemplate(title=_get(head, "title", ""), tasks=tuple(tasks))


def _tables(value: object, name: str, reader: PackReader) -> list[tuple[Table, int]]:
    """Read a list of mappings that carry their own key; the same key twice is an issue."""
    tables: list[tuple[Table, int]] = []
    seen: set[str] = set()
    for mapping, line in (
        zip(value, value.lines, strict=True) if isinstance(value, YamlList) else ()
    ):
        label = str(mapping.get("key") or name) if isinstance(mapping, YamlMap) else name
        table = reader.table(mapping, name, label, line)
        key = str(table.get("key", ""))
        if key and key in seen:
            reader.say(PackCode.PACK_013, line, key=key, where=name)
        seen.add(key)
        tables.append((table, line))
    return tables


def calendar_of(root: object, reader: PackReader) -> tuple[DayRule, ...]:
    """Read the theme days and recurring duties."""
    top = reader.table(root, "calendar.yaml", "calendar.yaml", 1)
    return tuple(
        DayRule(
            key=_get(table, "key", ""),
            label=_get(table, "label", ""),
            on=_get(table, "on", None),
            span=_get(table, "span", None),
            nth=_get(table, "nth", None),
            lunar=_get(table, "lunar", None),
            solar_term=_get(table, "solar_term", None),
            every=_get(table, "every", None),
            since=_get(table, "since", None),
            topic=_get(table, "topic", ""),
            source=_get(table, "source", ""),
            verified=_get(table, "verified", True),
            place=Place(reader.file, line),
        )
        for table, line in _tables(top.get("days"), "days", reader)
    )


def rubric_of(root: object, unit_kinds: tuple[str, ...], reader: PackReader) -> Rubric | None:
    """Read the rubric; its rules' parameters stay as written for core.rules to check."""
    top = reader.table(root, "rubric.yaml", "rubric.yaml", 1)
    if "rubric" not in top:
        return None
    head = reader.table(top["rubric"], "rubric", "rubric", 1)
    bonus = reader.table(top["bonus"], "bonus", "bonus", 1) if "bonus" in top else {}
    unread: list[int] = []
    sections = tuple(
        Section(
            key=_get(table, "key", ""),
            title=_get(table, "title", ""),
            max=_get(table, "max", Fraction(0)),
            items=_items(table.get("items"), reader, unread),
            place=Place(reader.file, line),
        )
        for table, line in _tables(top.get("sections"), "sections", reader)
    )
    extra = _items(bonus.get("items"), reader, unread)
    if unread:
        # An item whose rule cannot be read is named already; sums over the rest would cry wolf.
        return None
    return Rubric(
        key=_get(head, "key", ""),
        title=_get(head, "title", ""),
        total=_get(head, "total", Fraction(0)),
        unit_kinds=_get(head, "unit_kinds", unit_kinds),
        period=_get(head, "period", "year"),
        sections=sections,
        weights=_get(head, "weights", {}),
        bonus=extra,
        bonus_cap=_get(bonus, "cap", None),
        place=reader.place(top["rubric"]),
    )


def _items(value: object, reader: PackReader, unread: list[int]) -> tuple[Item, ...]:
    """Read items; the lines of those without a rule that can be read go to ``unread``."""
    items = []
    for table, line in _tables(value, "items", reader):
        rule = _rule(table.get("rule"), reader, line)
        variants = table.get("variants")
        rules = {
            kind: _rule(variant, reader, variants.lines[kind])
            for kind, variant in (variants.items() if isinstance(variants, YamlMap) else ())
            if isinstance(variants, YamlMap)
        }
        if rule is None:
            unread.append(line)
            continue
        items.append(
            Item(
                key=_get(table, "key", ""),
                title=_get(table, "title", ""),
                max=_get(table, "max", Fraction(0)),
                rule=rule,
                variants={kind: variant for kind, variant in rules.items() if variant is not None},
                requirements=_get(table, "requirements", ()),
                applies=_get(table, "applies", None),
                remedy=_get(table, "remedy", ""),
                place=Place(reader.file, line),
            )
        )
    return tuple(items)


def _rule(value: object, reader: PackReader, line: int) -> Rule | None:
    if not isinstance(value, YamlMap):
        return None
    kinds = " | ".join(KINDS)
    at = value.lines.get("kind", value.line)
    kind = value.get("kind")
    if kind is None:
        reader.say(PackCode.PACK_007, value.line, key="kind", where="rule", wanted=kinds)
        return None
    if not isinstance(kind, str) or kind not in KINDS:
        facts = {"key": "kind", "where": "rule", "found": shown(kind), "wanted": kinds}
        reader.say(PackCode.PACK_008, at, **facts)
        return None
    params = {key: param for key, param in value.items() if key != "kind"}
    return Rule(kind=kind, params=params, place=Place(reader.file, value.line))


def document_of(
    key: str, head: object, body: str, body_line: int, reader: PackReader
) -> DocumentTemplate:
    """Make a template from its head and body; its place is the line where the body begins."""
    table = reader.table(head, "document head", "the head", 1)
    return DocumentTemplate(
        key=key,
        title=_get(table, "title", ""),
        kind=_get(table, "kind", ""),
        period=_get(table, "period", "any"),
        body=body,
        head=table,
        place=Place(reader.file, body_line),
    )


__all__ = [
    "WrongValue",
    "calendar_of",
    "constants_of",
    "counting_of",
    "document_of",
    "indicators_of",
    "legal_basis_of",
    "measures_of",
    "norms_of",
    "plan_of",
    "qualified",
    "rubric_of",
]
