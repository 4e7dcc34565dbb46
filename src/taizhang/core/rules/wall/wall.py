"""The wall: what a pack must never ask, count, score or print, whatever it calls it.

The words stand in ``lexicon.yaml``; every refusal names the lawful service in their place.  What a
thing is about decides how it is read: a lecture on a topic (activity) is not a file on somebody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from opencc import OpenCC

from taizhang.core.base.issue import Issue, Marked, Place
from taizhang.core.base.yaml_source import YamlMap, read_yaml
from taizhang.core.counting.measure import About
from taizhang.core.form import TRACKING, Field, Form
from taizhang.core.form.model import MEDIA
from taizhang.core.rules.context import RuleContext, bare, compiled, wrong
from taizhang.core.rules.wall.code import (
    BASIS,
    CASE,
    CHOICE,
    DAY,
    DOCUMENT,
    ENTITY,
    FIELD,
    FORM,
    GROUP,
    HINT,
    INDICATOR,
    ITEM,
    MEASURE,
    NORM,
    PACK,
    PROPERTY,
    RUBRIC,
    SECTION,
    STATE,
    STEP,
    TASK,
    THING,
    LawfulCode,
)

#: Types of questions that are answered in free words.
WORDS = frozenset({"text", "barcode"})
#: A negation counts when it stands within so many characters before the word.
NEAR = 10
#: Types that ask for a place on the map.
POINTS = frozenset({"geopoint", "geotrace", "geoshape"})
_ASCII = re.compile(r"[A-Za-z0-9]+")
_PARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])|_+")
_SENTENCE = re.compile(r"[。；;！!？?\n]")
#: Texts in the code of a template: what word(), cmp() and blank() print is said by the paper.
_SAID = re.compile(r"""["']([^"']*[\u3400-\u9fff][^"']*)["']""")
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A named thing of a pack under judgement: its words, its name, and what it is about."""

    what: Marked  # how the message calls it
    path: str  # its name in the message
    label: str = ""
    name: str = ""  # what its ASCII name says; "" where the name is judged elsewhere
    about: str = About.ACTIVITY
    scoring: bool = False
    asks: str = ""  # the label of a question that is answered in free words


@dataclass(frozen=True, slots=True)
class WallEntry:
    """One entry of the lexicon, compiled."""

    code: LawfulCode
    always: re.Pattern[str] | None
    person: re.Pattern[str] | None
    scoring: re.Pattern[str] | None
    passes: re.Pattern[str] | None
    spared: re.Pattern[str] | None  # taken out of a label before the rest of it is read
    naming: re.Pattern[str] | None  # labels whose answer in free words could only be a person
    english: Mapping[str, frozenset[str]]

    def word(self, subject: NamedPart, label: str) -> str:
        """Give the word for which a thing is refused, ``""`` when it passes."""
        about_person = subject.about == About.PERSON
        read = self.spared.sub("，", label) if self.spared and not about_person else label
        refused = self._in_label(read, about_person, subject.scoring)
        if not refused and self.naming and subject.asks:
            asked = self.spared.sub("，", subject.asks) if self.spared else subject.asks
            named = self.naming.search(asked)
            refused = named[0] if named else ""
        return refused or self._in_name(subject, about_person, label)

    def _in_label(self, label: str, about_person: bool, scoring: bool) -> str:
        if about_person:
            for pattern in (self.person, self.always):
                if pattern and (match := pattern.search(label)):
                    return match[0]
            return ""
        if self.passes and self.passes.search(label):
            return ""
        for pattern in (self.always, self.scoring if scoring else None):
            for match in pattern.finditer(label) if pattern else ():
                before = label[max(0, match.start() - NEAR) : match.start()]
                if not _negations().search(before):
                    return match[0]
        return ""

    def _in_name(self, subject: NamedPart, about_person: bool, label: str) -> str:
        if not about_person:
            for pattern in (self.passes, self.spared):
                if pattern and pattern.search(label):
                    return ""
        words = set(self.english.get("always", ()))
        name = f"{subject.name}_{'_'.join(_ASCII.findall(subject.label))}"
        if about_person:
            words |= self.english.get("person", frozenset())
        if subject.scoring:
            if _spoken(name, self.english.get("scoring_passes", frozenset())):
                return ""
            words |= self.english.get("scoring", frozenset())
        return _spoken(name, words)


def _spoken(name: str, words: frozenset[str] | set[str]) -> str:
    """Give the word that an ASCII name speaks: whole parts between underscores."""
    parts = _PARTS.sub("_", name)  # isPregnant, pregnant2
    padded = f"_{parts.lower().strip('_')}_"
    return next((word for word in sorted(words) if f"_{word}_" in padded), "")


@cache
def _lexicon() -> YamlMap:
    data = resources.files("taizhang.core.rules.wall").joinpath("lexicon.yaml").read_bytes()
    value, issues = read_yaml(data, "lexicon.yaml")
    if issues or not isinstance(value, YamlMap):
        raise RuntimeError("; ".join(issue.line() for issue in issues))
    return value


@cache
def _negations() -> re.Pattern[str]:
    return re.compile(str(_lexicon()["negations"]))


@cache
def _point() -> re.Pattern[str]:
    return re.compile(str(_lexicon()["point"]))


@cache
def walls() -> tuple[WallEntry, ...]:
    """Give the entries of the lexicon, compiled once."""
    entries = _lexicon()["walls"]
    return tuple(_wall(code, entry) for code, entry in _mapping(entries).items())


def _wall(code: str, entry: object) -> WallEntry:
    parts = _mapping(entry)
    english = {
        name: frozenset(map(str, _list(words)))
        for name, words in _mapping(parts.get("english")).items()
    }
    return WallEntry(
        LawfulCode[code],
        _pattern(parts.get("always")),
        _pattern(parts.get("person")),
        _pattern(parts.get("scoring")),
        _pattern(parts.get("passes")),
        _pattern(parts.get("spared")),
        _pattern(parts.get("naming")),
        english,
    )


def _mapping(value: object) -> YamlMap:
    return value if isinstance(value, YamlMap) else YamlMap(0)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _pattern(value: object) -> re.Pattern[str] | None:
    if value is None:
        return None
    return re.compile("|".join(map(str, value)) if isinstance(value, list) else str(value))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def plain(label: str) -> str:
    """Give a label as the lexicon reads it: simplified characters, half-width, no blanks."""
    visible = "".join(sign for sign in label if unicodedata.category(sign) != "Cf")
    simplified = str(_converter().convert(unicodedata.normalize("NFKC", visible)))
    return re.sub(r"[\s·・_*#`|-]+", "", simplified)


def judge(subject: NamedPart, place: Place) -> Iterator[Issue]:
    """Find every wall that a thing runs into."""
    label = plain(subject.label)
    for wall in walls():
        if word := wall.word(subject, label):
            yield wrong(wall.code, place, what=subject.what, name=subject.path, word=word)


def _about(form: Form, field: Field | None) -> str:
    """Say what a field is about: what it says itself, else what its form says."""
    about = (field.about if field else "") or form.about
    # A form about persons makes every field in it about persons, whatever the field says.
    return About.PERSON if form.about == About.PERSON else about or About.ACTIVITY


def forms_lawful(context: RuleContext) -> Iterator[Issue]:
    """Find forms, fields, choices and entities that run into the wall."""
    for key, form in context.pack.forms.items():
        yield from judge(
            NamedPart(FORM, bare(key), form.title, bare(key), _about(form, None)), form.place
        )
        for field in form.fields:
            about = _about(form, field)
            label = f"{field.label} {field.constraint_message}".strip()
            asks = plain(field.label).rstrip("：:？?（）()") if field.type in WORDS else ""
            name = field.name
            if field.type in POINTS and _of_places(form, field):
                label, name = _point().sub("地点", label), _point().sub("place", name)
            subject = NamedPart(FIELD, field.path, label, name, about, asks=asks)
            yield from judge(subject, field.place)
            for choice in field.choices:
                path = f"{field.path}.{choice.name}"
                yield from judge(NamedPart(CHOICE, path, choice.label, "", about), choice.place)
            if field.hint:
                # A hint may name what is not asked; it binds by its own words alone.
                yield from judge(NamedPart(HINT, field.path, field.hint), field.place)
        for group in form.groups:
            about = group.about or _about(form, None)
            subject = NamedPart(GROUP, group.name, group.label, group.name, about)
            yield from judge(subject, group.place)
        if form.entity is not None:
            spec = form.entity
            about = spec.about or form.about
            for name in spec.saves:
                yield from judge(NamedPart(PROPERTY, name, "", name, about), spec.place)
            yield from judge(NamedPart(ENTITY, spec.dataset, "", spec.dataset, about), spec.place)


def types_lawful(context: RuleContext) -> Iterator[Issue]:
    """Find fields that record where or by whom a phone is used, and photos that are forced."""
    for form, field in context.fields:
        if field.type in TRACKING and not _of_places(form, field):
            yield wrong(LawfulCode.LAWFUL_011, field.place, name=field.name, type=field.type)
        if field.type in MEDIA and (field.required or _may_be_required(field)):
            facts = {"what": FIELD, "name": field.path, "word": f"{field.type}, required"}
            yield wrong(LawfulCode.LAWFUL_007, field.place, **facts)


def _of_places(form: Form, field: Field) -> bool:
    """Say whether a question is about places or things, in a form that says why it asks."""
    return _about(form, field) == About.PLACE and len(form.why) >= 4


def _may_be_required(field: Field) -> bool:
    expression = compiled(field.required_when)
    if expression is None:
        return False
    return bool(expression.names or expression({}) or expression.self_reference)


def numbers_lawful(context: RuleContext) -> Iterator[Issue]:
    """Find packs, measures, indicators and norms that run into the wall."""
    pack = context.pack
    yield from judge(NamedPart(PACK, pack.key, pack.label, pack.key), Place("pack.yaml"))
    for basis in pack.legal_basis:
        document = str(basis.get("document", ""))
        yield from judge(NamedPart(BASIS, document, document), Place("pack.yaml"))
    for key, measure in pack.measures.items():
        subject = NamedPart(MEASURE, bare(key), measure.label, bare(key), measure.about)
        yield from judge(subject, measure.place)
    for key, indicator in pack.indicators.items():
        about = _about_of(context, indicator.numerator, indicator.denominator, indicator.formula)
        subject = NamedPart(INDICATOR, bare(key), indicator.label, bare(key), about)
        yield from judge(subject, indicator.place)
    for key, norm in pack.norms.items():
        yield from judge(NamedPart(NORM, bare(key), norm.label, bare(key)), norm.place)
    for key, constant in pack.constants.items():
        yield from judge(NamedPart(NORM, bare(key), constant.label, bare(key)), constant.place)


def _about_of(context: RuleContext, *formulas: str | None) -> str:
    """Say what formulas are about: a person when one of their measures is."""
    names = {name for text in formulas if text for name in re.findall(r"[a-z][a-z0-9_.]*", text)}
    for key, measure in context.programmes.measures.items():
        if measure.about is About.PERSON and (key in names or bare(key) in names):
            return About.PERSON
    return About.ACTIVITY


def scores_lawful(context: RuleContext) -> Iterator[Issue]:
    """Find items of a rubric that run into the wall, by their own words or by what they count."""
    rubric = context.pack.rubric
    if rubric is None:
        return
    yield from judge(NamedPart(RUBRIC, rubric.key, rubric.title, rubric.key), rubric.place)
    items = [item for section in rubric.sections for item in section.items]
    for section in rubric.sections:
        yield from judge(NamedPart(SECTION, section.key, section.title), section.place)
    for item in (*items, *rubric.bonus):
        texts = _texts([item.rule.params, *(variant.params for variant in item.variants.values())])
        about = _about_of(context, *texts)
        seen = set()
        for label, name in [
            (item.title, item.key),
            *((text, "") for text in item.requirements),
            *_counted(context, texts),
        ]:
            subject = NamedPart(ITEM, item.key, label, name, about, scoring=True)
            for issue in judge(subject, item.place):
                if issue.code not in seen:
                    seen.add(issue.code)
                    yield issue


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, (list, tuple)):
        return [text for part in value for text in _texts(part)]
    return []


def _counted(context: RuleContext, texts: list[str]) -> Iterator[tuple[str, str]]:
    """Give label and name of the measures and indicators that a rule counts."""
    names = {name for text in texts for name in re.findall(r"[a-z][a-z0-9_.]*", text)}
    labels = {key: measure.label for key, measure in context.programmes.measures.items()}
    labels |= {key: indicator.label for key, indicator in context.programmes.indicators.items()}
    for key, label in labels.items():
        if key in names or bare(key) in names:
            yield label, bare(key)


def words_lawful(context: RuleContext) -> Iterator[Issue]:
    """Find days, tasks and sentences of documents that run into the wall."""
    for day in context.pack.calendar:
        yield from judge(NamedPart(DAY, day.key, day.label, day.key), day.place)
    plan = context.pack.plan
    for task in plan.tasks if plan else ():
        yield from judge(NamedPart(TASK, task.key, task.label, task.key), task.place)
    for key, template in context.pack.documents.items():
        yield from judge(NamedPart(DOCUMENT, bare(key), template.title), template.place)
        first = template.place.line or 1
        for number, line in enumerate(template.body.splitlines()):
            told = [text for code in _JINJA.findall(line) for text in _SAID.findall(code)]
            for sentence in (*_SENTENCE.split(_JINJA.sub("", line)), *told):
                place = Place(template.place.file, first + number)
                yield from judge(NamedPart(DOCUMENT, bare(key), sentence), place)


def cases_lawful(context: RuleContext) -> Iterator[Issue]:
    """Find cases, their states and steps, and things that run into the wall."""
    for kind in context.pack.cases.values():
        name = bare(kind.key)
        yield from judge(NamedPart(CASE, name, kind.label, name, kind.about), kind.place)
        for state in kind.states.values():
            subject = NamedPart(STATE, f"{name}.{state.key}", state.label, state.key, kind.about)
            yield from judge(subject, state.place)
        for step in kind.steps.values():
            subject = NamedPart(STEP, f"{name}.{step.key}", step.label, step.key, kind.about)
            yield from judge(subject, step.place)
    for thing in context.pack.things.values():
        name = bare(thing.key)
        yield from judge(NamedPart(THING, name, thing.label, name), thing.place)


RULES = (forms_lawful, types_lawful, numbers_lawful, scores_lawful, words_lawful, cases_lawful)
