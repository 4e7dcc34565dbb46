"""The runner of a pack's tests: records in; facts, figures, points and progress expected out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import cast

from taizhang.core.base.figure import Figure
from taizhang.core.base.issue import Issue, Level, Marked, Place, Refused, errors, gettext_noop
from taizhang.core.base.literal import whole_read
from taizhang.core.base.period import Period
from taizhang.core.base.quantity import Quantity, from_answer
from taizhang.core.base.yaml_source import YamlList, YamlMap
from taizhang.core.book import Book
from taizhang.core.counting.fact import Fact
from taizhang.core.definition.calendar import days
from taizhang.core.definition.pack import Pack, PackTest
from taizhang.core.definition.programme import Programmes
from taizhang.core.indicator import Question, figures
from taizhang.core.pack.code import PackTestCode
from taizhang.core.pack.reader import PackReader
from taizhang.core.pack.test_comparison import case_comparisons, thing_comparisons
from taizhang.core.pack.test_ledger import PackTestLedger, ledger_of
from taizhang.core.progress.task_progress import progress
from taizhang.core.scoring import score

NO_MEASURE = Marked(gettext_noop("no pack has this measure"))
NO_DOCUMENT = Marked(gettext_noop("no pack has this document"))
NO_RUBRIC = Marked(gettext_noop("the pack has no rubric.yaml"))

NO_WRITER = Marked(gettext_noop("nothing here writes documents"))

#: What an expectation is about, and what stands in the place of something that is not there.
A_FIGURE = Marked(gettext_noop("Figure"))
FACTS = Marked(gettext_noop("Number of facts of"))
VALUES = Marked(gettext_noop("Values of the facts of"))
SCORE = Marked(gettext_noop("Score of"))
SECTION = Marked(gettext_noop("Points of the section"))
ITEM = Marked(gettext_noop("Points of the item"))
LOST = Marked(gettext_noop("Lost points of the item"))
WAITS = Marked(gettext_noop("What waits in the item"))
TASK = Marked(gettext_noop("Task"))
DAY = Marked(gettext_noop("Calendar day"))
DOCUMENT = Marked(gettext_noop("Document"))
DOCUMENT_LACKS = Marked(gettext_noop("What must not stand in the document"))
NOT_IN_RUBRIC = Marked(gettext_noop("not in the rubric"))
A_TASK = Marked(gettext_noop("a task of the plan"))
NO_TASK = Marked(gettext_noop("no such task"))
NO_DAY = Marked(gettext_noop("no such day"))
NOTHING_LIKE = Marked(gettext_noop("nothing like it"))

#: The language in which sentences are expected.
LANGUAGE = "zh-hans"

#: Writes a document as plain text: (book, qualified template key, unit code, period) → text.  The
#: core knows no documents; whoever runs the tests hands it over.
Writer = Callable[[Book, str, str, Period], str]


@dataclass(frozen=True, slots=True)
class PackTestOutcome:
    """What one test found: how many expectations it compared, and every issue."""

    name: str
    compared: int
    issues: tuple[Issue, ...]

    @property
    def passed(self) -> bool:
        """Say whether everything was as expected."""
        return not errors(self.issues)


def _untold(name: str) -> None:
    """Tell nobody which test is run."""


def run(
    pack: Pack,
    others: Sequence[Pack] = (),
    write: Writer | None = None,
    tell: Callable[[str], None] = _untold,
) -> tuple[PackTestOutcome, ...]:
    """Run every test of a pack beside the packs it uses; a pack without a test gets a warning.

    ``tell`` hears the file of each test before it is run.
    """
    beside = tuple(other for other in others if other.key != pack.key)
    programmes = Programmes((*beside, pack))
    if not pack.tests:
        issue = Issue(PackTestCode.TEST_004, Place("tests"), level=Level.WARNING)
        return (PackTestOutcome("-", 0, (issue,)),)
    outcomes = []
    for test in pack.tests:
        tell(test.place.file)
        outcomes.append(run_one(test, programmes, pack, write))
    return tuple(outcomes)


def run_one(
    test: PackTest, programmes: Programmes, pack: Pack, write: Writer | None = None
) -> PackTestOutcome:
    """Run one test."""
    issues: list[Issue] = []
    reader = PackReader(test.place.file, issues)
    content = cast(YamlMap, test.content)
    ledger = ledger_of(content, programmes, pack.key, reader)
    expect = content.get("expect")
    comparison = _Comparison(ledger, pack, reader, write)
    if isinstance(expect, YamlMap):
        comparison.all(expect)
    if not comparison.compared and not errors(issues):
        issues.append(Issue(PackTestCode.TEST_003, test.place))
    return PackTestOutcome(test.name, comparison.compared, tuple(issues))


@dataclass(slots=True)
class _Comparison:
    """Compares what a test expects with what the ledger says."""

    ledger: PackTestLedger
    pack: Pack
    reader: PackReader
    write: Writer | None = None
    compared: int = 0
    sentence: str = field(default="")

    def all(self, expect: YamlMap) -> None:
        """Compare everything that is expected."""
        self.reader.table(expect, "expect", "expect", expect.line)
        self._refused(expect)
        parts: tuple[tuple[str, Callable[[YamlMap], None]], ...] = (
            ("facts", self._facts),
            ("figures", self._figures),
            ("score", self._score),
            ("plan", self._plan),
            ("days", self._days),
            ("documents", self._documents),
            ("cases", self._cases),
            ("things", self._things),
        )
        for name, compare in parts:
            for case in _maps(expect.get(name)):
                self.reader.table(case, f"expected {name}", name, case.line)
                self.sentence = ""
                compare(case)

    def _say(
        self, line: int | None, kind: Marked, what: str, expected: object, actual: object
    ) -> None:
        """Count one comparison, and say it where it fails."""
        self.compared += 1
        if expected == actual:
            return
        facts = {
            "kind": kind,
            "what": what,
            "expected": shown(expected),
            "found": shown(actual),
            "sentence": self.sentence,
        }
        self.reader.issues.append(
            Issue(PackTestCode.TEST_001, Place(self.reader.file, line), facts)
        )

    def _refused(self, expect: YamlMap) -> None:
        """Compare the refusals of records; one that nobody expects is an issue itself."""
        wanted = expect.get("refused")
        codes = [str(code) for code in wanted] if isinstance(wanted, YamlList) else []
        for issue in self.ledger.refused:
            if issue.code.name not in codes:
                self.reader.issues.append(issue)
        refused = {issue.code.name for issue in self.ledger.refused}
        for code in codes:
            self.compared += 1
            if code not in refused:
                place = Place(self.reader.file, expect.lines.get("refused"))
                self.reader.issues.append(Issue(PackTestCode.TEST_008, place, {"code": code}))

    def _facts(self, case: YamlMap) -> None:
        name = str(case.get("measure", ""))
        try:
            measure = self.ledger.programmes.measure(name, self.pack.key).key
        except LookupError:
            self._cannot(case, name, NO_MEASURE)
            return
        facts = [fact for fact in self.ledger.facts if fact.measure == measure]
        facts = [fact for fact in facts if fact.retired_at is None and self._chosen(fact, case)]
        if "count" in case or "value" not in case:
            self._say(case.line, FACTS, name, case.get("count", len(facts) or 1), len(facts))
        if "value" in case:
            wanted = _quantity(case["value"])
            values = [fact.value for fact in facts]
            self._say(case.line, VALUES, name, [wanted] * max(len(values), 1), values)

    def _chosen(self, fact: Fact, case: YamlMap) -> bool:
        line = case.line
        dimensions = case.get("dimensions")
        return (
            ("unit" not in case or fact.unit == self.ledger.unit(str(case["unit"]), line))
            and ("date" not in case or fact.date.isoformat() == str(case["date"]))
            and ("record" not in case or fact.record == str(case["record"]))
            and ("entity" not in case or str(case["entity"]) in _names(fact))
            and (
                not isinstance(dimensions, YamlMap) or dimensions.items() <= fact.dimensions.items()
            )
        )

    def _cannot(self, case: YamlMap, what: str, why: str) -> None:
        facts = {"what": what, "why": why}
        self.reader.issues.append(
            Issue(PackTestCode.TEST_009, Place(self.reader.file, case.line), facts)
        )

    def _figures(self, case: YamlMap) -> None:
        name = str(case.get("figure", ""))
        unit = self.ledger.unit(str(case.get("unit", "")), case.line)
        period = self.ledger.period(str(case.get("period", "")), case.line)
        if not unit or period is None:
            return
        question = Question(
            indicators=(name,),
            units=(unit,),
            period=period,
            by=cast("str | None", case.get("by")),
            level=cast("str | None", case.get("level")),
            home=self.pack.key,
        )
        try:
            answers = figures(self.ledger.book(), question)
        except Refused as refused:
            self._cannot(case, name, "; ".join(issue.sentence() for issue in refused.issues))
            return
        if "by" in case:
            self._rows(case, name, answers)
        elif answers:
            self.sentence = answers[0].sentence
            self._figure(case, f"{name} {case.get('unit')} {period}", answers[0])

    def _figure(self, case: YamlMap, what: str, figure: Figure) -> None:
        reason = figure.reason.code.value if figure.reason else None
        parts: dict[str, object] = {
            "value": figure.value,
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "low": figure.low,
            "high": figure.high,
            "done": figure.done,
            "owed": figure.owed,
            "reached": figure.reached,
            "of": figure.of,
            "reason": reason,
            "shown": figure.shown(),
            "records": figure.records.count,
        }
        for key, actual in parts.items():
            if key in case:
                wanted = case[key]
                expected = str(wanted) if key == "shown" else _exact(wanted)
                self._say(case.lines[key], A_FIGURE, f"{what} {key}", expected, actual)
        for flag in _list(case.get("flags")):
            there = any(flag in (borne.name, str(borne)) for borne in figure.flags)
            found_flags = flag if there else tuple(map(str, figure.flags))
            self._say(case.lines["flags"], A_FIGURE, f"{what} flags", flag, found_flags)
        if "sentence" in case:
            text = str(case["sentence"])
            found_text: object = text if text in figure.sentence else figure.sentence
            self._say(case.lines["sentence"], A_FIGURE, f"{what} sentence", text, found_text)

    def _rows(self, case: YamlMap, name: str, answers: Iterable[Figure]) -> None:
        rows = case.get("rows")
        by_name: dict[str, object] = {}
        names: list[str] = []
        for figure in answers:
            names.append(figure.unit_name if case["by"] == "unit" else figure.bucket or "''")
            for key in (figure.unit_name, figure.unit_code) if case["by"] == "unit" else ():
                by_name[key] = figure.value
            if figure.bucket is not None:
                by_name[figure.bucket] = figure.value
        absent = f"—（{'、'.join(names)}）"  # what rows there are, in place of the one wanted
        for key, wanted in rows.items() if isinstance(rows, YamlMap) else ():
            line = rows.lines[key] if isinstance(rows, YamlMap) else None
            self._say(line, A_FIGURE, f"{name} {key}", _exact(wanted), by_name.get(key, absent))

    def _asked(self, case: YamlMap) -> tuple[str, Period] | None:
        unit = self.ledger.unit(str(case.get("unit", "")), case.line)
        period = self.ledger.period(str(case.get("period", "")), case.line)
        return (unit, period) if unit and period is not None else None

    def _score(self, case: YamlMap) -> None:
        asked, rubric = self._asked(case), self.pack.rubric
        if asked is None:
            return
        if rubric is None:
            self._cannot(case, "score", NO_RUBRIC)
            return
        try:
            result = score(self.ledger.book(), rubric, *asked)
        except Refused as refused:
            self._cannot(case, "score", "; ".join(issue.sentence() for issue in refused.issues))
            return
        totals = {"total": result.total, "pending_max": result.pending_max, "bonus": result.bonus}
        for key, value in totals.items():
            if key in case:
                what = f"{case.get('unit')} {key}"
                self._say(case.lines[key], SCORE, what, _exact(case[key]), value)
        sections = {section.key: section.points for section in result.sections}
        items = {item.key: item for item in (*result.items, *result.bonus_items)}
        points = {key: item.points for key, item in items.items()}
        self._each(case.get("sections"), SECTION, sections)
        self._each(case.get("sections"), SECTION, sections, unknown=True)
        for key, item in items.items():
            self.sentence = item.found.text(LANGUAGE)
            self._each(case.get("items"), ITEM, {key: points[key]})
        self.sentence = ""
        self._each(case.get("items"), ITEM, points, unknown=True)
        lost = {
            key: " ".join(loss.why.text(LANGUAGE) for loss in it.losses)
            for key, it in items.items()
        }
        self._texts(case.get("lost"), LOST, "", lost)
        waits = {key: item.waiting.text(LANGUAGE) for key, item in items.items()}
        self._texts(case.get("waits_for"), WAITS, "", waits)

    def _each(
        self,
        wanted: object,
        kind: Marked,
        actual: Mapping[str, object],
        unknown: bool = False,
    ) -> None:
        """Compare named numbers that are found, or with ``unknown`` say those nobody has."""
        for key, value in wanted.items() if isinstance(wanted, YamlMap) else ():
            line = wanted.lines[key] if isinstance(wanted, YamlMap) else None
            if unknown and key not in actual:
                self._say(line, kind, key, _exact(value), NOT_IN_RUBRIC)
            elif not unknown and key in actual:
                self._say(line, kind, key, _exact(value), actual[key])

    def _texts(self, wanted: object, kind: Marked, what: str, actual: Mapping[str, str]) -> None:
        """Compare named texts: what is expected must stand in what is found."""
        for key, value in wanted.items() if isinstance(wanted, YamlMap) else ():
            line = wanted.lines[key] if isinstance(wanted, YamlMap) else None
            text = actual.get(key, "")
            found_text = value if str(value) in text else text
            self._say(line, kind, f"{what} {key}".strip(), value, found_text)

    def _plan(self, case: YamlMap) -> None:
        asked = self._asked(case)
        if asked is None:
            return
        try:
            tasks = progress(self.ledger.book(), self.pack, *asked)
        except Refused as refused:
            self._cannot(case, "plan", "; ".join(issue.sentence() for issue in refused.issues))
            return
        states = {state.task.key: state for state in tasks}
        wanted = case.get("tasks")
        for key, table in wanted.items() if isinstance(wanted, YamlMap) else ():
            state = states.get(key)
            if not isinstance(table, YamlMap):
                continue
            self.reader.table(table, "tasks of a plan", key, table.line)
            if state is None:
                self._say(table.line, TASK, key, A_TASK, NO_TASK)
                continue
            self.sentence = state.sentence
            done = state.figure.value if state.figure is not None else None
            parts = {
                "quota": state.quota,
                "due": state.due,
                "done": done,
                "state": state.state.value,
            }
            for name in [name for name in parts if name in table]:
                what = f"{key} {name}"
                self._say(table.lines[name], TASK, what, _exact(table[name]), parts[name])
            if "sentence" in table:
                self._texts(
                    _only(table, "sentence"),
                    TASK,
                    key,
                    {"sentence": state.sentence},
                )

    def _days(self, case: YamlMap) -> None:
        """Compare when the days of the pack's calendar begin in a year; a span is ``a..b``."""
        year, wanted = case.get("year"), case.get("days")
        if not isinstance(wanted, YamlMap) or whole_read(str(year)) is None:
            return
        dates: dict[str, list[str]] = {}
        for day in days(self.pack.calendar, int(str(year))):
            first, last = day.start.isoformat(), day.end.isoformat()
            dates.setdefault(day.key, []).append(first if first == last else f"{first}..{last}")
        for key, expected in wanted.items():
            texts = (
                [str(text) for text in expected]
                if isinstance(expected, YamlList)
                else str(expected)
            )
            there = dates.get(key, [])
            actual = there if isinstance(texts, list) else (there[0] if len(there) == 1 else there)
            self._say(wanted.lines[key], DAY, f"{key} {year}", texts, actual or NO_DAY)

    def _cases(self, case: YamlMap) -> None:
        for comparison in case_comparisons(self.ledger, case):
            self._say(*comparison)

    def _things(self, case: YamlMap) -> None:
        for comparison in thing_comparisons(self.ledger, case, self.pack.key):
            self._say(*comparison)

    def _documents(self, case: YamlMap) -> None:
        """Compare what stands in the text of a document, and what must not stand there."""
        asked, name = self._asked(case), str(case.get("document", ""))
        if asked is None:
            return
        if self.write is None:
            self._cannot(case, name, NO_WRITER)
            return
        try:
            key = self.ledger.programmes.document(name, self.pack.key).key
            text = self.write(self.ledger.book(), key, *asked)
        except LookupError:
            self._cannot(case, name, NO_DOCUMENT)
            return
        except Refused as refused:
            self._cannot(case, name, "; ".join(issue.sentence() for issue in refused.issues))
            return
        for part in map(str, _list(case.get("contains"))):
            actual = part if part in text else _nearest_line(part, text)
            self._say(case.lines["contains"], DOCUMENT, name, part, actual)
        for part in map(str, _list(case.get("lacks"))):
            there = part if part in text else None
            self._say(case.lines["lacks"], DOCUMENT_LACKS, name, None, there)


def _names(fact: Fact) -> tuple[str, str]:
    """Give the entity of a fact as counted and as its record writes it, without the unit."""
    counted = fact.entity or ""
    return counted, counted.partition(":")[2]


def _nearest_line(part: str, text: str) -> str:
    """Give the line of a text that shares the longest beginning with a part of it."""
    for size in range(len(part), 1, -1):
        for line in text.splitlines():
            if part[:size] in line:
                return line
    return NOTHING_LIKE


def _only(table: YamlMap, key: str) -> YamlMap:
    """Give a mapping with one of its keys, which keeps its line."""
    mapping = YamlMap(table.line)
    mapping[key], mapping.lines[key] = table[key], table.lines[key]
    return mapping


def _maps(value: object) -> list[YamlMap]:
    return (
        [case for case in value if isinstance(case, YamlMap)] if isinstance(value, YamlList) else []
    )


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, YamlList) else []


def _exact(value: object) -> object:
    """Give a number of a test file as a fraction; ``none`` and a blank are no value."""
    if value is None or value == "none":
        return None
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str) and "/" in value:
        try:
            return Fraction(value.replace(" ", ""))
        except (ValueError, ZeroDivisionError):
            return value
    return value


def _quantity(value: object) -> Quantity | None:
    try:
        return from_answer(value)
    except ValueError:
        return None


def shown(value: object) -> str:
    """Show an expected or found value as people read it."""
    if value is None:
        return "none"
    if isinstance(value, Marked):
        return value
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(part) for part in value) or "none"
    if isinstance(value, Fraction):
        whole = value.denominator == 1
        return str(value.numerator) if whole else f"{float(value):.6g} ({value})"
    if isinstance(value, Quantity):
        name = value.kind.name.lower()
        bounds = "..".join("" if bound is None else f"{bound}" for bound in (value.low, value.high))
        return str(value.low) if value.exact else f"{name} {bounds}".strip()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
