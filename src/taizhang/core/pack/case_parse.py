"""Parser of cases.yaml: kinds of cases, and the small form of steps that declare none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from taizhang.core.base.issue import Place
from taizhang.core.base.literal import whole_read
from taizhang.core.base.yaml_source import YamlList, YamlMap
from taizhang.core.case.submission import day_field
from taizhang.core.counting.measure import About, CountingRule, Measure, MeasureKind
from taizhang.core.definition.case import (
    ACCEPT,
    ACROSS,
    ASSIGN,
    COUNTS,
    DOWN,
    NOTE,
    OPENS,
    OWNER,
    PARENT,
    PROLONG,
    REASON_LABELS,
    STEP_LABELS,
    TEXT,
    VOID,
    Adoption,
    CaseClock,
    CaseKind,
    CaseStep,
    Limit,
    Prolongation,
    Span,
    State,
    StepCount,
)
from taizhang.core.form import Form
from taizhang.core.pack.code import PackCode
from taizhang.core.pack.parse import qualified
from taizhang.core.pack.reader import PackReader, shown, value_of

_LIMIT = re.compile(r"([0-9]{1,4}) (days?|working days?)")


def _span(word: str) -> Span:
    """Give how days are counted; ``1 day`` is said of one."""
    return Span(word.removesuffix("s") + "s")


def cases_of(root: object, pack: str, version: str, reader: PackReader) -> dict[str, CaseKind]:
    """Read the kinds of cases, under ``cases:`` or at the top of the file."""
    kinds: dict[str, CaseKind] = {}
    for key, value, line in reader.keyed(reader.under(root, "cases"), "cases", 1):
        table = reader.table(value, "cases", key, line)
        full = qualified(pack, key)
        states = _states(table.get("states"), key, reader)
        continued: Mapping[str, str] = value_of(table, "continues", {})
        kinds[full] = CaseKind(
            key=full,
            label=value_of(table, "label", ""),
            about=About(value_of(table, "about", "activity")),
            number=value_of(table, "number", ""),
            opens=qualified(pack, value_of(table, "opens", "")),
            states=states,
            steps=_steps(table.get("steps"), full, tuple(states), reader),
            clocks=_clocks(table.get("clocks"), key, reader),
            counts=value_of(table, "counts", ()),
            petition=value_of(table, "petition", False),
            adopts=_adopts(table.get("adopts"), key, reader, line),
            moves=value_of(table, "moves", {}),
            start=value_of(table, "before_start", None),
            continues={count: qualified(pack, name) for count, name in continued.items()},
            replaces=_own(pack, value_of(table, "replaces", "")),
            by=value_of(table, "by", {}),
            measures=_measures(table.get("measures"), pack, key, reader),
            begins=value_of(table, "begins", {}),
            version=version,
            place=Place(reader.file, line),
        )
    return kinds


def _names(table: dict[str, object], key: str) -> tuple[str, ...]:
    return value_of(table, key, ())


def _own(pack: str, name: str) -> str:
    return qualified(pack, name) if name else ""


def _measures(value: object, pack: str, kind: str, reader: PackReader) -> dict[str, StepCount]:
    counts: dict[str, StepCount] = {}
    for key, cell, line in reader.keyed(value, f"{kind}.measures", None):
        table = reader.table(cell, "measures of a case", f"{kind}.{key}", line)
        counts[qualified(pack, key)] = StepCount(
            steps=value_of(table, "step", ()),
            when=value_of(table, "when", None),
            value=value_of(table, "value", ""),
            unless=tuple(qualified(pack, name) for name in _names(table, "unless")),
            place=Place(reader.file, line),
        )
    return counts


def _states(value: object, kind: str, reader: PackReader) -> dict[str, State]:
    states: dict[str, State] = {}
    for key, cell, line in reader.keyed(value, f"{kind}.states", None):
        place = Place(reader.file, line)
        if isinstance(cell, str):
            states[key] = State(key=key, label=cell, place=place)
            continue
        table = reader.table(cell, "states", f"{kind}.{key}", line)
        label = value_of(table, "label", key)
        ends = value_of(table, "ends", False)
        states[key] = State(key=key, label=label, ends=ends, place=place)
    return states


def _steps(
    value: object, full: str, states: tuple[str, ...], reader: PackReader
) -> dict[str, CaseStep]:
    pack, _, kind = full.partition(".")
    steps: dict[str, CaseStep] = {}
    for key, cell, line in reader.keyed(value, f"{kind}.steps", None):
        table = reader.table(cell, "steps", f"{kind}.{key}", line)
        document = value_of(table, "document", "")
        sources: tuple[str, ...] = value_of(table, "from", ())
        target: str | None = value_of(table, "to", None)
        hands_over = value_of(table, "hands_over", "")
        is_back = not hands_over and _leads_back(sources, target, states)
        usual = (OWNER, PARENT) if is_back else (OWNER,)
        steps[key] = CaseStep(
            key=key,
            label=value_of(table, "label", STEP_LABELS.get(key, key)),
            sources=sources,
            target=target,
            form=qualified(pack, value_of(table, "form", f"{kind}_step")),
            hands_over=hands_over,
            by=value_of(table, "by", usual),
            not_by=value_of(table, "not_by", ()),
            reasons=_reasons(table.get("reason")),
            words=table.get("reason") == (TEXT,),
            document=_own(pack, document),
            place=Place(reader.file, line),
        )
    return steps


def _reasons(value: object) -> dict[str, str]:
    """Give the closed list of reasons with their labels, empty for none and for free words."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, tuple) or value == (TEXT,):
        return {}
    return {reason: REASON_LABELS.get(reason, reason) for reason in value}


def _leads_back(sources: tuple[str, ...], target: str | None, states: tuple[str, ...]) -> bool:
    """Say whether a step leads to an earlier state: whoever verifies may send back as well."""
    places = {state: place for place, state in enumerate(states)}
    known = [places[state] for state in sources if state in places]
    return bool(known) and target in places and places[target] < min(known)


def _clocks(value: object, kind: str, reader: PackReader) -> dict[str, CaseClock]:
    clocks: dict[str, CaseClock] = {}
    for key, cell, line in reader.keyed(value, f"{kind}.clocks", None):
        where = f"{kind}.{key}"
        table = reader.table(cell, "clocks", where, line)
        text = value_of(table, "limit", "")
        match = _LIMIT.fullmatch(text)
        limit = Limit(field=text)
        if match is not None:
            limit = Limit(count=int(match[1]), span=_span(match[2]))
        clocks[key] = CaseClock(
            step=key,
            limit=limit,
            starts=value_of(table, "starts", (OPENS,)),
            remind=_days(table.get("remind"), where, reader),
            stops=value_of(table, "stops", ()),
            prolong=_prolong(table.get("prolong"), where, reader),
            place=Place(reader.file, line),
        )
    return clocks


def _days(value: object, where: str, reader: PackReader) -> tuple[int, ...]:
    if not isinstance(value, YamlList):
        return ()
    days = [day if isinstance(day, int) else whole_read(str(day)) for day in value]
    if any(day is None or day < 0 for day in days):
        facts = {"key": "remind", "where": where, "found": ", ".join(map(shown, value))}
        reader.say(PackCode.PACK_008, value.line, **facts, wanted="list of whole numbers from 0")
        return ()
    return tuple(sorted({day for day in days if day is not None}, reverse=True))


def _prolong(value: object, where: str, reader: PackReader) -> Prolongation | None:
    if not isinstance(value, YamlMap):
        return None
    table = reader.table(value, "prolong", where, value.line)
    text = value_of(table, "most", "")
    match = _LIMIT.fullmatch(text)
    if match is None:
        if text:
            facts = {"key": "most", "where": where, "found": text, "wanted": "15 days"}
            reader.say(PackCode.PACK_008, value.line, **facts)
        return None
    times = value_of(table, "times", 1)
    return Prolongation(most=int(match[1]), span=_span(match[2]), times=times)


def _adopts(value: object, kind: str, reader: PackReader, line: int) -> Adoption | None:
    if not isinstance(value, YamlMap):
        return None
    table = reader.table(value, "adopts", kind, value.line)
    return Adoption(
        dataset=value_of(table, "dataset", ""),
        number=value_of(table, "number", ""),
        states=value_of(table, "states", {}),
        state=value_of(table, "state", "state"),
        days=value_of(table, "days", {}),
        limits=value_of(table, "limits", {}),
        place=Place(reader.file, value.line or line),
    )


def case_measures(kinds: Mapping[str, CaseKind]) -> dict[str, Measure]:
    """Give the measures that the kinds' `counts:` make, those that go on by `continues:` aside."""
    measures: dict[str, Measure] = {}
    for kind in kinds.values():
        for count in kind.counts:
            if count not in COUNTS or count in kind.continues:
                continue
            unit, what = COUNTS[count]
            measures[kind.measure(count)] = Measure(
                key=kind.measure(count),
                label=f"{kind.label}{what}",
                unit=unit,
                kind=MeasureKind.EVENT,
                about=kind.about,
                place=kind.place,
            )
    return measures


def until_cases(
    counting: Iterable[CountingRule], kinds: Mapping[str, CaseKind]
) -> tuple[CountingRule, ...]:
    """Give the counting rules, those whose measures go on by cases with the day of the switch.

    A rule that also makes other measures goes on for these, unless its form is replaced as a whole.
    """
    switched: dict[str, date] = {}
    replaced: dict[str, date] = {}
    for kind in kinds.values():
        if kind.start is not None:
            switched |= dict.fromkeys((*kind.continues.values(), *kind.measures), kind.start)
            replaced |= {kind.replaces: kind.start} if kind.replaces else {}
    rules: list[CountingRule] = []
    for rule in counting:
        if rule.form in replaced:
            rules.append(replace(rule, until=replaced[rule.form]))
            continue
        kept = {key: source for key, source in rule.facts.items() if key not in switched}
        ending = {key: source for key, source in rule.facts.items() if key in switched}
        if kept or not ending:
            rules.append(replace(rule, facts=kept) if ending else rule)
        rules += [
            replace(rule, facts={key: source}, until=switched[key])
            for key, source in ending.items()
        ]
    return tuple(rules)


def rules_of_cases(
    kinds: Mapping[str, CaseKind], forms: Mapping[str, Form]
) -> tuple[CountingRule, ...]:
    """Give what the kinds count as rules of the forms that open them, for whoever reads rules.

    They say which form makes a measure and what tells it apart; the facts are the fold's.
    """
    rules = []
    for kind in kinds.values():
        form = forms.get(kind.opens)
        if not kind.counted or form is None:
            continue
        numbers = {key for key, count in kind.measures.items() if count.value}
        numbers |= {kind.measure(count) for count in kind.counts if count == "days"}
        # A record of the form is one of what is counted, but where a number is.
        facts: dict[str, int | str] = {key: int(key not in numbers) for key in kind.counted}
        rules.append(
            CountingRule(
                form=kind.opens,
                date=day_field(kinds, form),
                facts=facts,
                by=kind.by,
                case=kind.key,
                place=kind.place,
            )
        )
    return tuple(rules)


def step_form(kind: CaseKind) -> tuple[str, str]:
    """Write the small form of a kind: (key without pack, Markdown XLSForm).

    It serves the steps that declare no form and those that every kind has.  Which of its questions
    a step asks hangs on the step chosen; what is already known is not asked.
    """
    bare = kind.key.partition(".")[2]
    stem = f"{bare}_step"
    own = [step for step in kind.steps.values() if step.form == f"{kind.pack}.{stem}"]
    built_in = [key for key in (ACCEPT, ASSIGN, NOTE) if key not in kind.steps]
    if any(clock.prolong for clock in kind.clocks.values()):
        built_in.append(PROLONG)
    built_in.append(VOID)
    labels = {step.key: step.label for step in own} | {key: STEP_LABELS[key] for key in built_in}
    named = [step.key for step in own if step.hands_over in (DOWN, ACROSS)] + [ASSIGN]
    closed = [step.key for step in own if step.reasons]
    reasons = {key: label for step in own for key, label in step.reasons.items()}
    worded = [step.key for step in own if step.words] + [VOID]
    if PROLONG in built_in:
        worded.append(PROLONG)
    about = kind.about.value
    survey = [
        ("date", "done_on", "办理日期", "yes", ""),
        (f"select_one {stem}s", "step", "办理", "yes", ""),
        ("text", "to", "交给谁", "yes", _among(named)),
    ]
    if reasons:
        survey.append((f"select_one {bare}_reasons", "reason", "理由", "yes", _among(closed)))
    survey.append(("text", "reason_text", "理由说明", "yes", _among(worded)))
    if PROLONG in built_in:
        clocks = [clock for clock in kind.clocks.values() if clock.prolong]
        if len(clocks) > 1:
            survey.append((f"select_one {bare}_clocks", "clock", "时限", "yes", _among([PROLONG])))
        survey.append(("date", "until", "延至", "yes", _among([PROLONG])))
    survey.append(("text", "note", "办理情况", "", ""))
    rows = [f"| | {' | '.join((*row, about))} |" for row in survey]
    choices = [f"| | {stem}s | {key} | {label} |" for key, label in labels.items()]
    choices += [f"| | {bare}_reasons | {reason} | {label} |" for reason, label in reasons.items()]
    if any("_clocks" in row[0] for row in survey):
        choices += [
            f"| | {bare}_clocks | {key} | {labels.get(key) or kind.steps[key].label} |"
            for key, clock in kind.clocks.items()
            if clock.prolong and key in kind.steps
        ]
    return stem, "\n".join((
        "| survey | | | | | | |",
        "| | type | name | label | required | relevant | about |",
        *rows,
        "| choices | | | |",
        "| | list_name | name | label |",
        *choices,
        "| settings | | | | |",
        "| | form_title | form_id | version | about |",
        f"| | {kind.label}：办理 | {stem} | 1 | {about} |",
        "",
    ))  # fmt: skip


def _among(steps: list[str]) -> str:
    return " or ".join(f"${{step}} = '{step}'" for step in steps)
