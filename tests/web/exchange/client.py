"""A client of filled-in forms as small as can be: it knows a form only by the XForm served to it.

It walks the instance, works out what is relevant and calculated by libxml2's XPath with the few
functions of OpenRosa that the generated forms use, and answers by type; it reads no pack.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from lxml import etree

XF, JR = "http://www.w3.org/2002/xforms", "http://openrosa.org/javarosa"
_X = f"{{{XF}}}"
#: Answers by the type of a bind; what a select offers is read from the form.
ANSWERS = {
    "int": "7",
    "decimal": "12345678.5",
    "date": "2026-05-06",
    "time": "14:30:00.000+08:00",
    "dateTime": "2026-05-06T14:30:00.000+08:00",
    "barcode": "6901234567892",
    "geopoint": "28.2 117.0 0 0",
    "geotrace": "28.2 117.0 0 0;28.3 117.1 0 0",
    "geoshape": "28.2 117.0 0 0;28.3 117.1 0 0;28.3 117.0 0 0;28.2 117.0 0 0",
}
#: What a phone fills in without a question, by what the bind asks for.
PRELOADED = {
    "start": "2026-05-06T14:00:00.000+08:00",
    "end": "2026-05-06T14:30:00.000+08:00",
    "today": "2026-05-06",
}


@dataclass
class Filled:
    """A filled-in form: its XML, the answers in it, the names of files that it names."""

    xml: bytes
    answers: dict[str, Any]
    files: list[str] = field(default_factory=list)


class Client:
    """One form as a phone holds it."""

    def __init__(self, xform: bytes) -> None:
        self.form = etree.fromstring(xform)
        model = self.form.find(f".//{_X}model")
        self.binds = {bind.get("nodeset").strip(): bind for bind in model.iterfind(f"{_X}bind")}
        self.lists = {
            instance.get("id"): instance
            for instance in model.iterfind(f"{_X}instance")
            if instance.get("id")
        }
        self.controls = {
            control.get("ref"): control
            for control in self.form.find(".//{http://www.w3.org/1999/xhtml}body").iter()
            if isinstance(control.tag, str) and control.get("ref")
        }
        self.repeats = {repeat.get("nodeset"): repeat for repeat in self.form.iter(f"{_X}repeat")}
        self.counts = {repeat.get(f"{{{JR}}}count", "").strip() for repeat in self.repeats.values()}
        self.data = next(iter(model.find(f"{_X}instance")))

    def fill(self, uid: str, turn: int, things: Mapping[str, str]) -> Filled:
        """Fill in the form once; ``turn`` chooses among choices, ``things`` are known by list."""
        data = _bare(self.data)
        self._rows(data)
        files: list[str] = []
        for _ in range(3):  # what depends on what: in these forms never deeper
            for node in list(data.iter()):
                if len(node) == 0:
                    self._answer(node, data, turn, things, files)
        data.find("meta/instanceID").text = uid
        for node in [child for child in data.iter() if child.getparent() is not None]:
            if not self._relevant(node, data) and node.getparent() is not None:
                node.getparent().remove(node)
        return Filled(etree.tostring(data), self._said(data), list(dict.fromkeys(files)))

    def _rows(self, data: Any) -> None:
        """Give every repeat two rows, as two taps on the button do, and drop its template."""
        for node in [child for child in data.iter() if child.get(f"{{{JR}}}template") is not None]:
            for row in list(node.itersiblings(node.tag)):
                row.getparent().remove(row)
            del node.attrib[f"{{{JR}}}template"]
            node.addnext(copy.deepcopy(node))

    def _bind(self, node: Any) -> Any:
        return self.binds.get(_path(node), {})

    def _relevant(self, node: Any, data: Any) -> bool:
        text = self._bind(node).get("relevant")
        return text is None or bool(evaluate(text, node, data))

    def _answer(
        self, node: Any, data: Any, turn: int, things: Mapping[str, str], files: list[str]
    ) -> None:
        bind = self._bind(node)
        path = _path(node)
        if path.startswith("/data/meta"):
            return
        if (text := bind.get("calculate")) is not None:
            node.text = _typed(bind.get("type"), evaluate(text, node, data))
        elif bind.get(f"{{{JR}}}preload"):
            asked = bind.get(f"{{{JR}}}preloadParams") or bind.get(f"{{{JR}}}preload")
            node.text = PRELOADED.get(asked, "collect:abc")
        elif path in self.controls and bind.get("readonly") != "true()":
            node.text = self._typed_in(path, bind, node, turn, things, files)

    def _typed_in(
        self,
        path: str,
        bind: Any,
        node: Any,
        turn: int,
        things: Mapping[str, str],
        files: list[str],
    ) -> str:
        control = self.controls[path]
        kind = etree.QName(control).localname
        if kind in ("select1", "select"):
            names = self._names(control, things)
            return names[-1 if turn else 0] if kind == "select1" else " ".join(names[: turn + 2])
        if kind == "trigger":
            return "OK"
        if kind == "upload":
            files.append(f"{node.tag}-{len(files)}.jpg" if not node.text else node.text)
            return files[-1]
        if kind == "range":
            return control.get("end") if turn else control.get("start")
        if bind.get("type") == "decimal":  # Collect writes as Java does
            return "1.23456785E7" if turn else "2.5"
        return ANSWERS.get(bind.get("type"), "甲说：𠮷 <&> ok")

    def _names(self, control: Any, things: Mapping[str, str]) -> list[str]:
        itemset = control.find(f"{_X}itemset")
        asked = re.search(r"instance\('([^']+)'\)", itemset.get("nodeset"))[1]
        if asked in things:
            return [things[asked]]
        where = re.search(r"\[(.*)\]", itemset.get("nodeset"))
        items = [_bare(item) for item in self.lists[asked].iter(f"{_X}item")]
        test = where[1] if where else "true()"
        return [item.findtext("name") for item in items if item.xpath(test)]

    def _said(self, data: Any) -> dict[str, Any]:
        """Give what stands in the instance as a record should keep it, leaf by leaf."""
        answers: dict[str, Any] = {}
        for node in data.iter():
            path = _path(node)
            bind = self._bind(node)
            made = bind.get("calculate") or bind.get(f"{{{JR}}}preload")
            answered = path in self.controls and not _heading(self.controls[path])
            if len(node) or not node.text or path.startswith("/data/meta"):
                continue
            if not (made or answered) or (path in self.counts and not answered):
                continue
            row = [above for above in node.iterancestors() if _path(above) in self.repeats]
            where = f"{row[0].tag}." if row else ""
            answers.setdefault(f"{where}{node.tag}", []).append(self._kept(node))
        return answers

    def _kept(self, node: Any) -> Any:
        control = self.controls.get(_path(node))
        if control is not None and etree.QName(control).localname == "select":
            return sorted(node.text.split())
        return as_number(node.text)


def _heading(control: Any) -> bool:
    """Say whether a select only shows the heads of a table (``table-list``), as phones show it."""
    return (
        control.get("appearance") == "label" and not (control.findtext(f"{_X}label") or "").strip()
    )


def _bare(node: Any) -> Any:
    """Copy an instance without the namespace of the form, as XPath in forms sees it."""
    made = etree.Element(node.tag.removeprefix(_X), attrib=dict(node.attrib))
    made.text = node.text
    made.extend([_bare(child) for child in node if isinstance(child.tag, str)])
    return made


def _path(node: Any) -> str:
    steps = [node.tag, *(above.tag for above in node.iterancestors())]
    return "/" + "/".join(reversed(steps))


def _typed(kind: str | None, value: Any) -> str:
    """Write the result of a calculation as a client does, by the type of the field."""
    number = isinstance(value, float)
    if number and (value != value or value in (float("inf"), float("-inf"))):
        return "" if kind in ("int", "decimal") else "NaN"
    if kind == "int":
        return str(int(float(value))) if number or _is_number(value) else ""
    if kind == "decimal":
        return repr(float(value)) if number or _is_number(value) else ""
    if kind == "date" and number:
        return (date(1970, 1, 1) + timedelta(days=int(value))).isoformat()
    if number:
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


def as_number(value: Any) -> Any:
    """Give a number to the four places that are kept, and another answer as it is."""
    try:
        return round(float(value), 4)
    except ValueError:
        return value


def _is_number(value: Any) -> bool:
    return re.fullmatch(r"-?[0-9.]+", str(value)) is not None


def evaluate(text: str, node: Any, data: Any) -> Any:
    """Evaluate an expression of a form at a node of its instance."""
    # libxml2 keeps some names for itself, and round takes one argument there.
    for name in FUNCTIONS:
        text = re.sub(rf"(?<![\w-]){re.escape(name)}\(", f"o:{name}(", text)
    nodes = node.xpath(text, namespaces={"o": "openrosa"}, extensions=EXTENSIONS)
    if isinstance(nodes, list):
        return nodes[0].text or "" if nodes else ""
    return nodes


def _text(value: Any) -> str:
    if isinstance(value, list):
        return (value[0].text or "") if value else ""
    return str(value)


def _days(_: Any, value: Any) -> float:
    return float((date.fromisoformat(_text(value)[:10]) - date(1970, 1, 1)).days)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "selected": lambda _, value, name: name in _text(value).split(),
    "count-selected": lambda _, value: float(len(_text(value).split())),
    "if": lambda _, test, value, other: _one(value) if test else _one(other),
    "today": lambda _: timezone.localdate().isoformat(),
    "decimal-date-time": _days,
}
EXTENSIONS: Mapping[Any, Any] = {("openrosa", name): work for name, work in FUNCTIONS.items()}


def _one(value: Any) -> Any:
    return _text(value) if isinstance(value, list) else value
