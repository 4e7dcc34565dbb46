"""A filled-in form as a phone sends it: XML by OpenRosa's rules, trusted in nothing.

The parser is expat with its own handlers: a document type, an entity or a processing instruction
ends the reading where it begins, and depth, elements and length are counted while reading, so that
no bomb is ever unfolded.  Sources: OpenRosa 1.0 (metadata, form submission), ODK XForms
specification (instance, repeat, deprecatedID).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from decimal import Decimal
from typing import NoReturn
from xml.parsers import expat

from taizhang.core.base.issue import NOWHERE, Code, Issue, Place, Refused, errors
from taizhang.core.base.record_id import id_usable
from taizhang.core.form.answer import is_media
from taizhang.core.form.check import shown
from taizhang.core.form.code import (
    ATTRIBUTES,
    CHARACTERS,
    DEPTH,
    DTD,
    INSTRUCTION,
    NODES,
    InstanceCode,
)
from taizhang.core.form.model import NUMBERS, Field, Form

OPENROSA = "http://openrosa.org/xforms"
XFORMS = "http://www.w3.org/2002/xforms"
JAVAROSA = "http://openrosa.org/javarosa"
#: Spaces in which phones write fields: none, or that of the form around them.
FIELD_SPACES = frozenset({"", XFORMS})
META_SPACES = frozenset({"", XFORMS, OPENROSA})

MOST_BYTES = 1_000_000
MOST_DEPTH = 16
MOST_NODES = 20_000
MOST_ATTRIBUTES = 40
MOST_NAME = 150
#: More faults than these say nothing new.
MOST_ISSUES = 30
#: ``Double.toString`` of what is from 10,000,000 upwards or below 0.001.
_JAVA = re.compile(r"-?[0-9]\.[0-9]{1,17}E-?[0-9]{1,2}")
#: What the converter puts into a form to be looked at only: the heads of a ``table-list``.
_SHOWN_ONLY = re.compile(
    r"generated_table_list_label_[0-9]+|reserved_name_for_field_list_labels_[0-9]+"
)
_WORD = re.compile(r"[a-z0-9_:]{1,64}")
_HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_FILE = re.compile(rf"[^/\\\x00-\x1f\x7f:*?\"<>|]{{1,{MOST_NAME}}}")


@dataclass(slots=True)
class XmlNode:
    """One element: ``space`` is its namespace, ``line`` where it begins."""

    name: str
    space: str
    attributes: Mapping[str, str]
    line: int
    text: str = ""
    children: list[XmlNode] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class InstanceHead:
    """What an instance says of itself; enough to find the form that reads the rest."""

    uid: str
    form_id: str
    version: str
    deprecated: str | None  # uid of the instance that this one edits
    root: XmlNode
    case: str = ""  # uid of the case of which it is a step
    step: str = ""
    hour: time | None = None  # of day at which it was filled in


@dataclass(frozen=True, slots=True)
class FormInstance:
    """A form as it was filled in, answers in the shape that a record file gives them."""

    uid: str
    form_id: str
    version: str
    answers: Mapping[str, object]
    media: tuple[str, ...]  # names of the files that answers speak of, each once
    deprecated: str | None
    case: str = ""
    step: str = ""
    hour: time | None = None


def instance_read(
    xml: bytes, form: Form, place: Place = NOWHERE
) -> tuple[FormInstance | None, tuple[Issue, ...]]:
    """Read a filled-in form; the instance is ``None`` where it has issues (SENT_001 to 012)."""
    head, issues = instance_head(xml, place)
    return instance_answers(head, form, place) if head is not None else (None, issues)


def instance_head(
    xml: bytes, place: Place = NOWHERE
) -> tuple[InstanceHead | None, tuple[Issue, ...]]:
    """Read what an instance says of itself, before its form is known (SENT_001 to 007, 010)."""
    try:
        root = _Tree(place).read(xml)
    except Refused as refused:
        return None, refused.issues
    issues: list[Issue] = []
    if root.space not in META_SPACES:
        issues.append(_space(root, place))
    form_id = root.attributes.get("id", "")
    if not form_id:
        issues.append(Issue(InstanceCode.SENT_004, replace(place, line=root.line)))
    uid = _id_of(root, "instanceID", place, issues)
    deprecated = _id_of(root, "deprecatedID", place, issues)
    if uid is None and not errors(issues):
        issues.append(Issue(InstanceCode.SENT_006, place, {"name": "instanceID", "count": 0}))
    if issues or uid is None:
        return None, tuple(issues)
    version = root.attributes.get("version", "")
    case = _id_of(root, "case", place, issues) or ""
    if issues:
        return None, tuple(issues)
    step, hour = _meta_text(root, "step"), _hour_read(_meta_text(root, "hour"))
    return InstanceHead(uid, form_id, version, deprecated, root, case, step, hour), ()


def instance_answers(
    head: InstanceHead, form: Form, place: Place = NOWHERE
) -> tuple[FormInstance | None, tuple[Issue, ...]]:
    """Read the answers of an instance by its form (SENT_005, 008 to 012).

    A blank field and a row without any answer are left out; whether an answer fits its field is
    for :mod:`.check`.
    """
    if (head.form_id, head.version) != (form.key, form.version):
        facts = {"form": shown(head.form_id), "version": shown(head.version)}
        return None, (Issue(InstanceCode.SENT_005, place, facts),)
    reader = _Answers(form, place)
    reader.level(head.root, None, reader.answers)
    if reader.issues:
        return None, tuple(reader.issues)
    media = tuple(dict.fromkeys(reader.media))
    own = (head.uid, head.form_id, head.version, reader.answers, media, head.deprecated)
    return FormInstance(*own, head.case, head.step, head.hour), ()


class _Tree:
    """Builds the tree of elements, refusing what no form writes."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._open: list[XmlNode] = []
        self._texts: list[list[str]] = []
        self._root: XmlNode | None = None
        self._nodes = 0
        # What it reads is decoded by us: OpenRosa's encoding is UTF-8, whatever a text declares.
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._doctype
        self._parser.ProcessingInstructionHandler = self._instruction

    def read(self, xml: bytes) -> XmlNode:
        if len(xml) > MOST_BYTES:
            self._too_much(CHARACTERS, MOST_BYTES)
        try:
            self._parser.Parse(xml.decode("utf-8-sig"), True)
        except UnicodeDecodeError as error:
            facts: dict[str, object] = {"why": error.reason, "column": error.start + 1}
            raise Refused([Issue(InstanceCode.SENT_001, self._place, facts)]) from error
        except expat.ExpatError as error:
            line = replace(self._place, line=error.lineno)
            facts = {"why": expat.ErrorString(error.code), "column": error.offset + 1}
            raise Refused([Issue(InstanceCode.SENT_001, line, facts)]) from error
        assert self._root is not None  # noqa: S101 - expat refuses a document without an element
        return self._root

    def _here(self) -> Place:
        return replace(self._place, line=self._parser.CurrentLineNumber)

    def _too_much(self, what: str, most: int) -> NoReturn:
        facts = {"what": what, "most": most}
        raise Refused([Issue(InstanceCode.SENT_003, self._place, facts)])

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self._too_much(NODES, MOST_NODES)
        if len(self._open) >= MOST_DEPTH:
            self._too_much(DEPTH, MOST_DEPTH)
        if len(attributes) > MOST_ATTRIBUTES:
            self._too_much(ATTRIBUTES, MOST_ATTRIBUTES)
        space, _, local = name.rpartition(" ")
        node = XmlNode(local, space, attributes, self._parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node
        self._open.append(node)
        self._texts.append([])

    def _end(self, name: str) -> None:
        self._open.pop().text = "".join(self._texts.pop()).strip()

    def _characters(self, text: str) -> None:
        self._texts[-1].append(text)

    def _doctype(self, *_: object) -> None:
        raise Refused([Issue(InstanceCode.SENT_002, self._here(), {"what": DTD})])

    def _instruction(self, *_: object) -> None:
        raise Refused([Issue(InstanceCode.SENT_002, self._here(), {"what": INSTRUCTION})])


def _id_of(root: XmlNode, name: str, place: Place, issues: list[Issue]) -> str | None:
    """Find an id in the instance's ``meta``; ``None`` where there is none or it is wrong."""
    metas = [
        child for child in root.children if child.name == "meta" and child.space in META_SPACES
    ]
    ids = [
        child
        for meta in metas
        for child in meta.children
        if child.name == name and child.space in META_SPACES
    ]
    if len(ids) > 1:
        facts: dict[str, object] = {"name": name, "count": len(ids)}
        issues.append(Issue(InstanceCode.SENT_006, replace(place, line=ids[1].line), facts))
        return None
    if not ids or (not ids[0].text and name != "instanceID"):
        return None
    if not id_usable(ids[0].text):
        facts = {"name": name, "found": shown(ids[0].text)}
        issues.append(Issue(InstanceCode.SENT_007, replace(place, line=ids[0].line), facts))
        return None
    return ids[0].text


def _meta_text(root: XmlNode, name: str) -> str:
    """Give what the instance's ``meta`` says beside its ids, ``""`` for nothing usable."""
    for meta in root.children:
        if meta.name != "meta" or meta.space not in META_SPACES:
            continue
        for child in meta.children:
            if child.name == name and child.space in META_SPACES:
                return child.text if _WORD.fullmatch(child.text) else ""
    return ""


def _hour_read(text: str) -> time | None:
    """Read an hour of day, ``09:30``; a phone that says anything else says nothing."""
    match = _HOUR.fullmatch(text)
    return time(int(match[1]), int(match[2])) if match else None


def _space(node: XmlNode, place: Place) -> Issue:
    facts = {"name": shown(node.name), "space": shown(node.space)}
    return Issue(InstanceCode.SENT_010, replace(place, line=node.line), facts)


def _answer(node: XmlNode, field: Field) -> object:
    """Give an answer as a record file has it.

    The recording page says how sure a number is by an attribute: ``<people quantity="about">`` or
    ``at_least``, ``at_most``, and ``between`` with a second attribute ``high``.
    """
    if field.type == "select_multiple":
        return node.text.split()
    kind = node.attributes.get("quantity", "")
    text = _as_java(node.text) if field.type in ("decimal", "range") else node.text
    if field.type not in NUMBERS or kind in ("", "exact"):
        return text
    bounds = {"low": text, "high": node.attributes.get("high", text)}
    return {"kind": kind, **bounds}


def _as_java(text: str) -> str:
    """Give a decimal as people write it: Java, and so Collect, sends ``1.23456785E7``."""
    return f"{Decimal(text):f}" if _JAVA.fullmatch(text) else text


def made_by_converter(form: Form) -> frozenset[str]:
    """Give the names that the converter for phones adds to a form and that are no answers.

    A repeat whose ``repeat_count`` is more than one name gets a calculation ``NAME_count``.
    """
    return frozenset(f"{group.name}_count" for group in form.groups if group.count)


def is_shown_only(name: str) -> bool:
    """Say whether the converter made an element only to be looked at."""
    return _SHOWN_ONLY.fullmatch(name) is not None


class _Answers:
    """Walks an instance beside its form."""

    def __init__(self, form: Form, place: Place) -> None:
        self._form = form
        self._place = place
        self._fields = {(field.repeat, field.name): field for field in form.fields}
        self._repeats = frozenset(form.repeats)
        self._groups = frozenset(group.name for group in form.groups) - self._repeats
        self._made = made_by_converter(form)
        self.answers: dict[str, object] = {}
        self.media: list[str] = []
        self.issues: list[Issue] = []

    def level(self, node: XmlNode, repeat: str | None, values: dict[str, object]) -> None:
        """Read what stands inside the root, a group or a row of ``repeat`` into ``values``."""
        if node.text:
            self._say(InstanceCode.SENT_011, node, repeat)
        seen: set[str] = set()
        for child in self._children(node, repeat):
            field = self._fields.get((repeat, child.name))
            if child.name in self._groups and (field is None or child.children):
                self.level(child, repeat, values)
            elif field is not None:
                self._field(child, field, values, seen)
            elif repeat is None and child.name in self._repeats:
                row: dict[str, object] = {}
                self.level(child, child.name, row)
                self._row(child.name, row)
            elif child.name not in self._made and not is_shown_only(child.name):
                self._say(InstanceCode.SENT_008, child, repeat, form=self._form.key)

    def _children(self, node: XmlNode, repeat: str | None) -> Iterator[XmlNode]:
        """Give the fields, groups and rows of a level; what only describes the form stays out."""
        for child in node.children:
            if len(self.issues) >= MOST_ISSUES:
                return
            if child.name == "meta" and child.space in META_SPACES and repeat is None:
                continue
            if child.space not in FIELD_SPACES:
                self.issues.append(_space(child, self._place))
            elif f"{JAVAROSA} template" not in child.attributes:
                yield child

    def _field(
        self, node: XmlNode, field: Field, values: dict[str, object], seen: set[str]
    ) -> None:
        if node.children:
            self._say(InstanceCode.SENT_011, node, field.repeat)
        elif field.name in seen or field.name in values:
            self._say(InstanceCode.SENT_009, node, field.repeat)
        elif node.text:
            values[field.name] = _answer(node, field)
            if is_media(field):
                self._file(node, field)
        seen.add(field.name)

    def _file(self, node: XmlNode, field: Field) -> None:
        if _FILE.fullmatch(node.text) and node.text.strip("."):
            self.media.append(node.text)
        else:
            self._say(InstanceCode.SENT_012, node, field.repeat, found=shown(node.text))

    def _row(self, name: str, row: dict[str, object]) -> None:
        if row:
            rows = self.answers.setdefault(name, [])
            assert isinstance(rows, list)  # noqa: S101 - only rows come under a repeat's name
            rows.append(row)

    def _say(self, code: Code, node: XmlNode, repeat: str | None, **facts: object) -> None:
        path = shown(f"{repeat}.{node.name}" if repeat and repeat != node.name else node.name)
        place = replace(self._place, line=node.line, column=path)
        self.issues.append(Issue(code, place, {"name": path, **facts}))
