"""Runs the tests of a pack: records in, facts, figures, points and progress expected out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import cast

from taizhang.core.book import Book
from taizhang.core.calendar import days
from taizhang.core.fact import Fact
from taizhang.core.figure import Figure
from taizhang.core.indicator import Question, figures
from taizhang.core.issue import Issue, Level, Marked, Place, Refused, errors, gettext_noop
from taizhang.core.pack.code import TrialCode
from taizhang.core.pack.model import Pack, PackTest
from taizhang.core.pack.reader import Reader
from taizhang.core.pack.tree import Map, Seq
from taizhang.core.pack.trial import Trial, ledger_of
from taizhang.core.period import Period
from taizhang.core.programme import Programmes
from taizhang.core.progress import progress
from taizhang.core.quantity import Quantity, from_answer
from taizhang.core.scoring import score
from taizhang.core.typed import whole_read

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
class Outcome:
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
) -> tuple[Outcome, ...]:
    """Run every test of a pack beside the packs it uses; a pack without a test gets a warning.

    ``tell`` hears the file of each test before it is run.
    """
    beside = tuple(one for one in others if one.key != pack.key)
    programmes = Programmes((*beside, pack))
    if not pack.tests:
        issue = Issue(TrialCode.TEST_004, Place("tests"), level=Level.WARNING)
        return (Outcome("-", 0, (issue,)),)
    outcomes = []
    for test in pack.tests:
        tell(test.place.file)
        outcomes.append(run_one(test, programmes, pack, write))
    return tuple(outcomes)


def run_one(
    test: PackTest, programmes: Programmes, pack: Pack, write: Writer | None = None
) -> Outcome:
    """Run one test."""
    issues: list[Issue] = []
    reader = Reader(test.place.file, issues)
    content = cast(Map, test.content)
    ledger = ledger_of(content, programmes, pack.key, reader)
    expect = content.get("expect")
    comparison = _Comparison(ledger, pack, reader, write)
    if isinstance(expect, Map):
        comparison.all(expect)
    if not comparison.compared and not errors(issues):
        issues.append(Issue(TrialCode.TEST_003, test.place))
    return Outcome(test.name, comparison.compared, tuple(issues))


@dataclass(slots=True)
class _Comparison:
    """Compares what a test expects with what the ledger says."""

    ledger: Trial
    pack: Pack
    reader: Reader
    write: Writer | None = None
    compared: int = 0
    sentence: str = field(default="")

    def all(self, expect: Map) -> None:
        """Compare everything that is expected."""
        self.reader.table(expect, "expect", "expect", expect.line)
        self._refused(expect)
        parts: tuple[tuple[str, Callable[[Map], None]], ...] = (
            ("facts", self._facts),
            ("figures", self._figures),
            ("score", self._score),
            ("plan", self._plan),
            ("days", self._days),
            ("documents", self._documents),
        )
        for name, compare in parts:
            for one in _maps(expect.get(name)):
                self.reader.table(one, f"expected {name}", name, one.line)
                self.sentence = ""
                compare(one)

    def _say(
        self, line: int | None, kind: Marked, what: str, expected: object, found: object
    ) -> None:
        """Count one comparison, and say it where it fails."""
        self.compared += 1
        if expected == found:
            return
        facts = {
            "kind": kind,
            "what": what,
            "expected": shown(expected),
            "found": shown(found),
            "sentence": self.sentence,
        }
        self.reader.issues.append(Issue(TrialCode.TEST_001, Place(self.reader.file, line), facts))

    def _refused(self, expect: Map) -> None:
        """Compare the refusals of records; one that nobody expects is an issue itself."""
        wanted = expect.get("refused")
        codes = [str(one) for one in wanted] if isinstance(wanted, Seq) else []
        for issue in self.ledger.refused:
            if issue.code.name not in codes:
                self.reader.issues.append(issue)
        found = {issue.code.name for issue in self.ledger.refused}
        for code in codes:
            self.compared += 1
            if code not in found:
                place = Place(self.reader.file, expect.lines.get("refused"))
                self.reader.issues.append(Issue(TrialCode.TEST_008, place, {"code": code}))

    def _facts(self, one: Map) -> None:
        name = str(one.get("measure", ""))
        try:
            measure = self.ledger.programmes.measure(name, self.pack.key).key
        except LookupError:
            self._cannot(one, name, NO_MEASURE)
            return
        found = [fact for fact in self.ledger.facts if fact.measure == measure]
        found = [fact for fact in found if fact.retired_at is None and self._chosen(fact, one)]
        if "count" in one or "value" not in one:
            self._say(one.line, FACTS, name, one.get("count", len(found) or 1), len(found))
        if "value" in one:
            wanted = _quantity(one["value"])
            values = [fact.value for fact in found]
            self._say(one.line, VALUES, name, [wanted] * max(len(values), 1), values)

    def _chosen(self, fact: Fact, one: Map) -> bool:
        line = one.line
        dimensions = one.get("dimensions")
        return (
            ("unit" not in one or fact.unit == self.ledger.unit(str(one["unit"]), line))
            and ("date" not in one or fact.date.isoformat() == str(one["date"]))
            and ("record" not in one or fact.record == str(one["record"]))
            and ("entity" not in one or str(one["entity"]) in _names(fact))
            and (not isinstance(dimensions, Map) or dimensions.items() <= fact.dimensions.items())
        )

    def _cannot(self, one: Map, what: str, why: str) -> None:
        facts = {"what": what, "why": why}
        self.reader.issues.append(
            Issue(TrialCode.TEST_009, Place(self.reader.file, one.line), facts)
        )

    def _figures(self, one: Map) -> None:
        name = str(one.get("figure", ""))
        unit = self.ledger.unit(str(one.get("unit", "")), one.line)
        period = self.ledger.period(str(one.get("period", "")), one.line)
        if not unit or period is None:
            return
        question = Question(
            indicators=(name,),
            units=(unit,),
            period=period,
            by=cast("str | None", one.get("by")),
            level=cast("str | None", one.get("level")),
            home=self.pack.key,
        )
        try:
            found = figures(self.ledger.book(), question)
        except Refused as refused:
            self._cannot(one, name, "; ".join(issue.sentence() for issue in refused.issues))
            return
        if "by" in one:
            self._rows(one, name, found)
        elif found:
            self.sentence = found[0].sentence
            self._figure(one, f"{name} {one.get('unit')} {period}", found[0])

    def _figure(self, one: Map, what: str, figure: Figure) -> None:
        reason = figure.reason.code.value if figure.reason else None
        said: dict[str, object] = {
            "value": figure.value,
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "low": figure.low,
            "high": figure.high,
            "reason": reason,
            "shown": figure.shown(),
            "records": figure.records.count,
        }
        for key, found in said.items():
            if key in one:
                wanted = one[key]
                expected = str(wanted) if key == "shown" else _exact(wanted)
                self._say(one.lines[key], A_FIGURE, f"{what} {key}", expected, found)
        for flag in _list(one.get("flags")):
            there = any(flag in (one.name, str(one)) for one in figure.flags)
            found_flags = flag if there else tuple(map(str, figure.flags))
            self._say(one.lines["flags"], A_FIGURE, f"{what} flags", flag, found_flags)
        if "sentence" in one:
            text = str(one["sentence"])
            found_text: object = text if text in figure.sentence else figure.sentence
            self._say(one.lines["sentence"], A_FIGURE, f"{what} sentence", text, found_text)

    def _rows(self, one: Map, name: str, found: Iterable[Figure]) -> None:
        rows = one.get("rows")
        by_name: dict[str, object] = {}
        names: list[str] = []
        for figure in found:
            names.append(figure.unit_name if one["by"] == "unit" else figure.bucket or "''")
            for key in (figure.unit_name, figure.unit_code) if one["by"] == "unit" else ():
                by_name[key] = figure.value
            if figure.bucket is not None:
                by_name[figure.bucket] = figure.value
        absent = f"—（{'、'.join(names)}）"  # what rows there are, in place of the one wanted
        for key, wanted in rows.items() if isinstance(rows, Map) else ():
            line = rows.lines[key] if isinstance(rows, Map) else None
            self._say(line, A_FIGURE, f"{name} {key}", _exact(wanted), by_name.get(key, absent))

    def _asked(self, one: Map) -> tuple[str, Period] | None:
        unit = self.ledger.unit(str(one.get("unit", "")), one.line)
        period = self.ledger.period(str(one.get("period", "")), one.line)
        return (unit, period) if unit and period is not None else None

    def _score(self, one: Map) -> None:
        asked, rubric = self._asked(one), self.pack.rubric
        if asked is None:
            return
        if rubric is None:
            self._cannot(one, "score", NO_RUBRIC)
            return
        try:
            found = score(self.ledger.book(), rubric, *asked)
        except Refused as refused:
            self._cannot(one, "score", "; ".join(issue.sentence() for issue in refused.issues))
            return
        totals = {"total": found.total, "pending_max": found.pending_max, "bonus": found.bonus}
        for key, value in totals.items():
            if key in one:
                what = f"{one.get('unit')} {key}"
                self._say(one.lines[key], SCORE, what, _exact(one[key]), value)
        sections = {section.key: section.points for section in found.sections}
        items = {item.key: item for item in (*found.items, *found.bonus_items)}
        points = {key: item.points for key, item in items.items()}
        self._each(one.get("sections"), SECTION, sections)
        self._each(one.get("sections"), SECTION, sections, unknown=True)
        for key, item in items.items():
            self.sentence = item.found.text(LANGUAGE)
            self._each(one.get("items"), ITEM, {key: points[key]})
        self._each(one.get("items"), ITEM, points, unknown=True)
        lost = {
            key: " ".join(loss.why.text(LANGUAGE) for loss in it.losses)
            for key, it in items.items()
        }
        self._texts(one.get("lost"), LOST, "", lost)
        waits = {key: item.waiting.text(LANGUAGE) for key, item in items.items()}
        self._texts(one.get("waits_for"), WAITS, "", waits)

    def _each(
        self,
        wanted: object,
        kind: Marked,
        found: Mapping[str, object],
        unknown: bool = False,
    ) -> None:
        """Compare named numbers that are found, or with ``unknown`` say those nobody has."""
        for key, value in wanted.items() if isinstance(wanted, Map) else ():
            line = wanted.lines[key] if isinstance(wanted, Map) else None
            if unknown and key not in found:
                self._say(line, kind, key, _exact(value), NOT_IN_RUBRIC)
            elif not unknown and key in found:
                self._say(line, kind, key, _exact(value), found[key])

    def _texts(self, wanted: object, kind: Marked, what: str, found: Mapping[str, str]) -> None:
        """Compare named texts: what is expected must stand in what is found."""
        for key, value in wanted.items() if isinstance(wanted, Map) else ():
            line = wanted.lines[key] if isinstance(wanted, Map) else None
            text = found.get(key, "")
            found_text = value if str(value) in text else text
            self._say(line, kind, f"{what} {key}".strip(), value, found_text)

    def _plan(self, one: Map) -> None:
        asked = self._asked(one)
        if asked is None:
            return
        try:
            tasks = progress(self.ledger.book(), self.pack, *asked)
        except Refused as refused:
            self._cannot(one, "plan", "; ".join(issue.sentence() for issue in refused.issues))
            return
        found = {state.task.key: state for state in tasks}
        wanted = one.get("tasks")
        for key, table in wanted.items() if isinstance(wanted, Map) else ():
            state = found.get(key)
            if not isinstance(table, Map):
                continue
            self.reader.table(table, "tasks of a plan", key, table.line)
            if state is None:
                self._say(table.line, TASK, key, A_TASK, NO_TASK)
                continue
            self.sentence = state.sentence
            done = state.figure.value if state.figure is not None else None
            said = {
                "quota": state.quota,
                "due": state.due,
                "done": done,
                "state": state.state.value,
            }
            for name in [name for name in said if name in table]:
                what = f"{key} {name}"
                self._say(table.lines[name], TASK, what, _exact(table[name]), said[name])
            if "sentence" in table:
                self._texts(
                    _only(table, "sentence"),
                    TASK,
                    key,
                    {"sentence": state.sentence},
                )

    def _days(self, one: Map) -> None:
        """Compare when the days of the pack's calendar begin in a year; a span is ``a..b``."""
        year, wanted = one.get("year"), one.get("days")
        if not isinstance(wanted, Map) or whole_read(str(year)) is None:
            return
        found: dict[str, list[str]] = {}
        for day in days(self.pack.calendar, int(str(year))):
            first, last = day.start.isoformat(), day.end.isoformat()
            found.setdefault(day.key, []).append(first if first == last else f"{first}..{last}")
        for key, expected in wanted.items():
            texts = [str(text) for text in expected] if isinstance(expected, Seq) else str(expected)
            there = found.get(key, [])
            said = there if isinstance(texts, list) else (there[0] if len(there) == 1 else there)
            self._say(wanted.lines[key], DAY, f"{key} {year}", texts, said or NO_DAY)

    def _documents(self, one: Map) -> None:
        """Compare what stands in the text of a document, and what must not stand there."""
        asked, name = self._asked(one), str(one.get("document", ""))
        if asked is None:
            return
        if self.write is None:
            self._cannot(one, name, NO_WRITER)
            return
        try:
            key = self.ledger.programmes.document(name, self.pack.key).key
            text = self.write(self.ledger.book(), key, *asked)
        except LookupError:
            self._cannot(one, name, NO_DOCUMENT)
            return
        except Refused as refused:
            self._cannot(one, name, "; ".join(issue.sentence() for issue in refused.issues))
            return
        for part in map(str, _list(one.get("contains"))):
            found = part if part in text else _nearest_line(part, text)
            self._say(one.lines["contains"], DOCUMENT, name, part, found)
        for part in map(str, _list(one.get("lacks"))):
            there = part if part in text else None
            self._say(one.lines["lacks"], DOCUMENT_LACKS, name, None, there)


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


def _only(table: Map, key: str) -> Map:
    """Give a mapping with one of its keys, which keeps its line."""
    found = Map(table.line)
    found[key], found.lines[key] = table[key], table.lines[key]
    return found


def _maps(value: object) -> list[Map]:
    return [one for one in value if isinstance(one, Map)] if isinstance(value, Seq) else []


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, Seq) else []


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
        return ", ".join(shown(one) for one in value) or "none"
    if isinstance(value, Fraction):
        whole = value.denominator == 1
        return str(value.numerator) if whole else f"{float(value):.6g} ({value})"
    if isinstance(value, Quantity):
        name = value.kind.name.lower()
        bounds = "..".join("" if one is None else f"{one}" for one in (value.low, value.high))
        return str(value.low) if value.exact else f"{name} {bounds}".strip()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
