"""The loader: a pack's folder into one frozen Pack, with every issue of every file at once."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar, cast

from taizhang.core.base.code import YamlCode
from taizhang.core.base.issue import Issue, Marked, Place, errors, gettext_noop
from taizhang.core.base.yaml_source import YamlMap, near, read_yaml
from taizhang.core.counting.measure import CountingRule, Measure
from taizhang.core.definition.calendar import DayRule
from taizhang.core.definition.case import CaseKind
from taizhang.core.definition.constant import Constant
from taizhang.core.definition.norm import Norm
from taizhang.core.definition.pack import DocumentTemplate, Indicator, Pack, PackTest
from taizhang.core.definition.rubric import Rubric
from taizhang.core.definition.task import PlanTemplate
from taizhang.core.definition.thing import ThingKind
from taizhang.core.form import Form
from taizhang.core.form.parse import read_partly
from taizhang.core.pack import parse
from taizhang.core.pack.case_parse import (
    case_measures,
    cases_of,
    rules_of_cases,
    step_form,
    until_cases,
)
from taizhang.core.pack.code import PackCode
from taizhang.core.pack.reader import KEY, PackReader
from taizhang.core.pack.thing_parse import things_of

#: A pack is text: more than this is a mistake or an attack.
MOST_BYTES = 10_000_000
MOST_FILES = 500
#: A template is a page or ten, and is rendered for every kind of unit.
MOST_TEMPLATE = 200_000
DEEPEST = 8
NO_FILE = Marked(gettext_noop("it is a pipe or a device"))

YAML_FILES = (
    "pack.yaml",
    "measures.yaml",
    "indicators.yaml",
    "norms.yaml",
    "constants.yaml",
    "plan.yaml",
    "calendar.yaml",
    "rubric.yaml",
    "cases.yaml",
    "things.yaml",
)
FOLDERS: Mapping[str, tuple[str, ...]] = {
    "forms": (".md", ".xlsx"),
    "documents": (".md.j2",),
    "tests": (".yaml",),
}
#: Files for people, which the loader leaves alone.
BESIDE = re.compile(r"(README|CHANGES|LICENSE)[\w.-]*", re.IGNORECASE)

Source = Path | Mapping[str, bytes]
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class PackReading:
    """What could be read: the pack (partly, where there are errors) and every issue."""

    pack: Pack | None
    issues: tuple[Issue, ...]
    unreadable: tuple[str, ...] = ()  # files without which other checks would cry wolf


def load(source: Source, *, tests: bool = True) -> tuple[Pack | None, tuple[Issue, ...]]:
    """Read a pack from a folder or from its files (relative path → bytes).

    Without ``tests`` its tests are left unread: an installed pack passed them, and they are half
    of its lines.  Gives the pack, or ``None`` where an error forbids its use, and every issue of
    every file; what the parts say about each other is checked by :func:`taizhang.core.rules.check`.
    """
    reading = read(source, tests=tests)
    return (None if errors(reading.issues) else reading.pack), reading.issues


def _untold(name: str) -> None:
    """Tell nobody which file is read."""


def read(
    source: Source, *, tests: bool = True, tell: Callable[[str], None] = _untold
) -> PackReading:
    """Read a pack as far as possible, so that the rules can check the rest of a faulty one.

    ``tell`` hears the name of each file before it is read.
    """
    issues: list[Issue] = []
    files = files_of(source, issues)
    if "pack.yaml" not in files:
        if not errors(issues):
            issues.append(Issue(PackCode.PACK_001, Place("pack.yaml"), {"file": "pack.yaml"}))
        return PackReading(None, tuple(issues), ("pack.yaml",))
    for name in files:
        _place_of_file(name, issues)
    loader = _Loader(files, issues, tests, tell)
    pack = loader.pack()
    return PackReading(pack, tuple(issues), tuple(loader.unreadable))


def files_of(source: Source, issues: list[Issue]) -> dict[str, bytes]:
    """Give the files of a pack by relative path, none where it holds too many or what is no file.

    Links, and names that begin with a point, are passed over; pipes and devices are refused, as
    reading one might never end.
    """
    if not isinstance(source, Path):
        size = sum(map(len, source.values()))
        if size > MOST_BYTES or len(source) > MOST_FILES:
            issues.append(_too_much(Place("pack.yaml"), size, len(source)))
            return {}
        return dict(sorted(source.items()))
    if not (source / "pack.yaml").is_file():
        facts = {"file": str(source if not source.is_dir() else "pack.yaml")}
        issues.append(Issue(PackCode.PACK_001, Place(facts["file"]), facts))
        return {}
    contents: dict[str, bytes] = {}
    size = entries = 0
    for name, entry in _walk(source, ""):
        entries += 1
        if not entry.is_file(follow_symlinks=False):
            issues.append(Issue(PackCode.PACK_019, Place(name), {"file": name, "why": NO_FILE}))
            continue
        size += entry.stat(follow_symlinks=False).st_size
        if size > MOST_BYTES or entries > MOST_FILES:
            issues.append(_too_much(Place(name), size, entries))
            return {}
        try:
            contents[name] = Path(entry.path).read_bytes()
        except OSError as error:
            why = error.strerror or type(error).__name__
            issues.append(Issue(PackCode.PACK_019, Place(name), {"file": name, "why": why}))
    return dict(sorted(contents.items()))


def _too_much(place: Place, size: int, count: int) -> Issue:
    facts = {
        "found": f"{size} B, {count} files",
        "most": f"{MOST_BYTES} B, {MOST_FILES} files",
    }
    return Issue(YamlCode.PACK_003, place, facts)


def _walk(folder: Path, above: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Walk what lies in a folder, in the order of names, links and hidden things aside."""
    with os.scandir(folder) as entries:
        for entry in sorted(islice(entries, 2 * MOST_FILES), key=lambda child: child.name):
            if entry.name.startswith((".", "__pycache__")) or entry.is_symlink():
                continue
            name = above + entry.name.encode(errors="replace").decode()
            if not entry.is_dir(follow_symlinks=False):
                yield name, entry
            elif above.count("/") < DEEPEST:
                yield from _walk(Path(entry.path), f"{name}/")


def _place_of_file(name: str, issues: list[Issue]) -> None:
    folder, _, rest = name.rpartition("/")
    endings = FOLDERS.get(folder, ())
    stem = _stem(rest, endings)
    if name in YAML_FILES or BESIDE.fullmatch(rest):
        return
    if stem is None:
        known = [
            *YAML_FILES,
            *(f"{folder}/KEY{end}" for folder in FOLDERS for end in FOLDERS[folder]),
        ]
        facts = {"file": name, "known": near(name, known, 20)}
        issues.append(Issue(PackCode.PACK_009, Place(name), facts))
    elif not KEY.fullmatch(stem):
        issues.append(Issue(PackCode.PACK_010, Place(name), {"key": stem}))


def _stem(name: str, endings: Iterable[str]) -> str | None:
    return next((name[: -len(end)] for end in endings if name.endswith(end)), None)


def digest_of(files: Mapping[str, bytes]) -> str:
    """Give the sha256 over the names and contents of the source files."""
    total = hashlib.sha256()
    for name, data in sorted(files.items()):
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


@dataclass(slots=True)
class _Loader:
    files: Mapping[str, bytes]
    issues: list[Issue]
    with_tests: bool = True
    tell: Callable[[str], None] = _untold
    unreadable: list[str] = field(default_factory=list)

    def _yaml(self, name: str) -> object:
        self.tell(name)
        value, issues = read_yaml(self.files[name], name)
        self.issues.extend(issues)
        if value is None and errors(issues):
            self.unreadable.append(name)
        return value

    def _part(self, name: str, build: Callable[[object, PackReader], Part], empty: Part) -> Part:
        if name not in self.files:
            return empty
        value = self._yaml(name)
        return empty if value is None else build(value, PackReader(name, self.issues))

    def pack(self) -> Pack:
        reader = PackReader("pack.yaml", self.issues)
        root = self._yaml("pack.yaml")
        head: dict[str, object] = {}
        if root is not None or "pack.yaml" not in self.unreadable:
            head = reader.table(root, "pack.yaml", "pack.yaml", 1)
        key = cast(str, head.get("key", "pack"))
        version = cast(str, head.get("version", ""))
        kinds = self._bound(head, reader)
        no_cases: dict[str, CaseKind] = {}
        no_things: dict[str, ThingKind] = {}
        cases = self._part("cases.yaml", lambda it, r: cases_of(it, key, version, r), no_cases)
        forms = self._forms(key, version)
        self._step_forms(cases, forms, version)
        measures, counting = self._measures(key)
        counting = (*until_cases(counting, cases), *rules_of_cases(cases, forms))
        measures = with_dimensions(measures | case_measures(cases), counting)
        no_indicators: dict[str, Indicator] = {}
        no_norms: dict[str, Norm] = {}
        no_constants: dict[str, Constant] = {}
        no_plan: PlanTemplate | None = None
        no_rubric: Rubric | None = None
        no_days: tuple[DayRule, ...] = ()
        return Pack(
            key=key,
            version=version,
            label=cast(str, head.get("label", "")),
            unit_kinds=kinds,
            records=cast(tuple[str, ...], head.get("records", ())),
            legal_basis=parse.legal_basis_of(head.get("legal_basis"), reader),
            uses=cast(tuple[str, ...], head.get("uses", ())),
            mirrors=cast(Mapping[str, str], head.get("mirrors", {})),
            forms=forms,
            measures=measures,
            counting=counting,
            indicators=self._part(
                "indicators.yaml", lambda it, r: parse.indicators_of(it, key, r), no_indicators
            ),
            norms=self._part(
                "norms.yaml", lambda it, r: parse.norms_of(it, key, r, measures), no_norms
            ),
            constants=self._part(
                "constants.yaml", lambda it, r: parse.constants_of(it, key, r), no_constants
            ),
            plan=self._part("plan.yaml", parse.plan_of, no_plan),
            calendar=self._part("calendar.yaml", parse.calendar_of, no_days),
            rubric=self._part(
                "rubric.yaml", lambda it, r: parse.rubric_of(it, kinds, r), no_rubric
            ),
            cases=cases,
            things=self._part("things.yaml", lambda it, r: things_of(it, key, r), no_things),
            documents=self._documents(key),
            tests=self._tests() if self.with_tests else (),
            files=dict(self.files),
            digest=digest_of(self.files),
        )

    def _bound(self, head: Mapping[str, object], reader: PackReader) -> tuple[str, ...]:
        """Give the kinds of unit that the pack binds; older packs call them unit_kinds."""
        names = [name for name in ("binds", "unit_kinds") if name in head]
        if not names and head:
            facts = {"key": "binds", "where": "pack.yaml", "wanted": "list of texts"}
            reader.say(PackCode.PACK_007, 1, **facts)
        elif len(names) > 1:
            reader.say(PackCode.PACK_013, 1, key="unit_kinds", where="pack.yaml")
        return cast(tuple[str, ...], head.get(names[0], ())) if names else ()

    def _step_forms(
        self, cases: Mapping[str, CaseKind], forms: dict[str, Form], version: str
    ) -> None:
        """Add the small form of each kind of case for the steps that have none of their own."""
        for kind in cases.values():
            stem, table = step_form(kind)
            key = f"{kind.pack}.{stem}"
            if key in forms:
                facts = {"key": stem, "where": "forms"}
                self.issues.append(Issue(PackCode.PACK_013, kind.place, facts))
                continue
            form, issues = read_partly(table.encode(), "cases.yaml", key, version)
            self.issues.extend(replace(issue, place=kind.place) for issue in issues)
            if form is not None:
                forms[key] = form

    def _in(self, folder: str) -> list[tuple[str, str]]:
        """Give (file name, key) of the files in one folder."""
        endings = FOLDERS[folder]
        files = []
        for name in self.files:
            above, _, rest = name.rpartition("/")
            stem = _stem(rest, endings)
            if above == folder and stem is not None and not BESIDE.fullmatch(rest):
                files.append((name, stem))
        return files

    def _forms(self, pack: str, version: str) -> dict[str, Form]:
        forms: dict[str, Form] = {}
        for name, stem in self._in("forms"):
            key = f"{pack}.{stem}"
            self.tell(name)
            form, issues = read_partly(self.files[name], name, key, version)
            self.issues.extend(issues)
            if key in forms:
                facts = {"key": stem, "where": "forms"}
                self.issues.append(Issue(PackCode.PACK_013, Place(name), facts))
            elif form is None:
                self.unreadable.append(name)
            else:
                forms[key] = form
        return forms

    def _measures(self, pack: str) -> tuple[dict[str, Measure], tuple[CountingRule, ...]]:
        name = "measures.yaml"
        root = self._yaml(name) if name in self.files else None
        if root is None:
            return {}, ()
        reader = PackReader(name, self.issues)
        counting = parse.counting_of(root, pack, reader)
        return parse.measures_of(root, pack, reader), counting

    def _documents(self, pack: str) -> dict[str, DocumentTemplate]:
        templates: dict[str, DocumentTemplate] = {}
        for name, stem in self._in("documents"):
            self.tell(name)
            if len(self.files[name]) > MOST_TEMPLATE:
                large = {"found": f"{len(self.files[name])} B", "most": f"{MOST_TEMPLATE} B"}
                self.issues.append(Issue(YamlCode.PACK_003, Place(name), large))
                continue
            try:
                text = self.files[name].decode("utf-8-sig")
            except UnicodeDecodeError as error:
                facts = {"byte": error.start}
                self.issues.append(Issue(YamlCode.PACK_011, Place(name), facts))
                continue
            head = _HEAD.match(text)
            if head is None:
                self.issues.append(Issue(PackCode.PACK_012, Place(name, 1)))
                continue
            value, issues = read_yaml(head["head"].encode(), name, first_line=2)
            self.issues.extend(issues)
            line = text.count("\n", 0, head.end()) + 1
            key = f"{pack}.{stem}"
            if value is not None or not errors(issues):
                reader = PackReader(name, self.issues)
                templates[key] = parse.document_of(key, value, text[head.end() :], line, reader)
        return templates

    def _tests(self) -> tuple[PackTest, ...]:
        tests = []
        for name, stem in self._in("tests"):
            value = self._yaml(name)
            if isinstance(value, YamlMap):
                tests.append(PackTest(name=stem, content=value, place=Place(name, value.line)))
            elif name not in self.unreadable:
                facts = {"key": stem, "where": "tests", "found": "list", "wanted": "mapping"}
                self.issues.append(Issue(PackCode.PACK_008, Place(name, 1), facts))
        return tuple(tests)


_HEAD = re.compile(r"---[ \t]*\r?\n(?P<head>.*?)^---[ \t]*\r?\n?", re.DOTALL | re.MULTILINE)


def with_dimensions(
    measures: Mapping[str, Measure], counting: Iterable[CountingRule]
) -> dict[str, Measure]:
    """Give the measures with the dimensions that the counting rules fill."""
    dimensions: dict[str, dict[str, None]] = {}
    for rule in counting:
        for key in rule.facts:
            dimensions.setdefault(key, {}).update(dict.fromkeys(rule.by))
    return {
        key: replace(measure, dimensions=tuple(sorted(dimensions.get(key, ()))))
        for key, measure in measures.items()
    }
