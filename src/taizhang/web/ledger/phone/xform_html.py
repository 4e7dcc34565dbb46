"""XForm → the HTML form and the XML model that the page on the phone shows with Enketo.

Two stylesheets of the npm package enketo-transformer do the work under lxml; what that package does
around them in JavaScript (itemsets, setvalue, appearances, Markdown in labels, languages) is done
here.  The front-end build puts the stylesheets beside the built pages.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from lxml import etree
from lxml import html as lxml_html
from markdown_it import MarkdownIt

BUILT = Path(__file__).resolve().parents[2] / "static" / "built"
SHEETS = BUILT / "xsl"
SPACES = {
    "x": "http://www.w3.org/2002/xforms",
    "h": "http://www.w3.org/1999/xhtml",
    "jr": "http://openrosa.org/javarosa",
    "orx": "http://openrosa.org/xforms",
}
_X = f"{{{SPACES['x']}}}"
#: Element of lxml, which ships no types.
Element = Any


class NotBuiltError(Exception):
    """Raised where the front end was not built, so that no form can be shown."""


@dataclass(frozen=True, slots=True)
class PhoneForm:
    """A form as the page needs it: an HTML ``form`` element, and the model as XML text."""

    html: str
    model: str


def is_built() -> bool:
    """Say whether the front-end build left what showing a form needs."""
    names = ("openrosa2html5form.xsl", "openrosa2xmlmodel.xsl")
    return (BUILT / "manifest.json").is_file() and all((SHEETS / name).is_file() for name in names)


def phone_form(xform: str, media: Mapping[str, str] | None = None) -> PhoneForm:
    """Transform an XForm; ``media`` maps names of media files to their addresses.

    :raises NotBuiltError: when the stylesheets are missing
    """
    to_html, to_model = _sheets(SHEETS)
    source = etree.fromstring(xform.encode(), _parser())
    for itemset in source.iterfind(f".//{_X}itemset"):
        _itemset(itemset, source)
    page, model = to_html(source).getroot(), to_model(source).getroot()
    form = page.find("form")
    _actions(form)
    _appearances(form)
    for shown in (form, model):
        _media(shown, media or {})
    _languages(form)
    for label in form.xpath(
        ".//span[contains(@class, 'question-label') or contains(@class, 'or-hint')]"
    ):
        _markdown(label)
    _plain_page(form)
    _instance_id(model)
    _no_rows(model)
    etree.cleanup_namespaces(form)
    return PhoneForm(
        etree.tostring(form, encoding="unicode", method="html"),
        _text(model.find(f"{_X}model")),
    )


def _parser() -> Element:
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)


@lru_cache(maxsize=2)
def _sheets(folder: Path) -> tuple[Element, Element]:
    try:
        html, model = (
            etree.XSLT(etree.fromstring((folder / f"{name}.xsl").read_bytes()))
            for name in ("openrosa2html5form", "openrosa2xmlmodel")
        )
    except FileNotFoundError as error:
        raise NotBuiltError(str(folder)) from error
    return html, model


_INSTANCE = re.compile(r"instance\(\s*(['\"])([^'\"]+)\1\s*\)([^,]*)")
_ITEXT = re.compile(r"itext\((.*)\)")


def _itemset(itemset: Element, source: Element) -> None:
    """Tell the stylesheet where a list's values, labels and translations stand."""
    value = itemset.find(f"{_X}value")
    label = itemset.find(f"{_X}label")
    value_ref = value.get("ref", "") if value is not None else ""
    label_ref = label.get("ref", "") if label is not None else ""
    itemset.set("valueRef", value_ref)
    itemset.set("labelRef", label_ref)
    match = _INSTANCE.search(itemset.get("nodeset", ""))
    if match is None:
        return
    path = re.sub(r"\[.*?\]", "", match[3]).rstrip(") ")
    steps = path.replace("/", "/xf:")
    itemset.set("itextPath", f"/h:html/h:head/xf:model/xf:instance[@id='{match[2]}']{steps}")
    if (translated := _ITEXT.search(label_ref)) is not None:
        items = path.replace("/", "/x:")
        where = f"/h:html/h:head/x:model/x:instance[@id=$list]{items}/x:{translated[1]}"
        for item in source.xpath(where, namespaces=SPACES, list=match[2]):
            itemset.append(copy.deepcopy(item))


def _actions(form: Element) -> None:
    """Move setvalue actions to the question of the same name, or keep them as hidden inputs."""
    for name in ("setgeopoint", "setvalue"):
        data = f"data-{name}"
        for action in form.xpath(f".//*[contains(@class, 'question')]//label/input[@{data}]"):
            parent = action.getparent()
            parent.getparent().replace(parent, copy.deepcopy(action))
        for action in form.xpath(f".//label[contains(@class, '{name}')]/input[@{data}]"):
            same = form.xpath(
                ".//*[@name=$name and (contains(../@class, 'question') or "
                "contains(../../@class, 'option-wrapper')) and not(@type='hidden')]",
                name=action.get("name"),
            )
            if same:
                for attribute in (data, "data-event"):
                    same[0].set(attribute, action.get(attribute, attribute))
                action.getparent().getparent().remove(action.getparent())


def _appearances(form: Element) -> None:
    for element in form.xpath(".//*[@data-appearances]"):
        selects = element.attrib.pop("data-appearances-select-type", None) is not None
        classes: list[str] = []
        for name in element.attrib.pop("data-appearances").lower().split():
            classes.append(f"or-appearance-{name}")
            if selects:
                classes += _SELECTS.get(name, ())
        given = element.get("class", "").split()
        given = [name for name in given if name != "or-appearances-placeholder"]
        element.set("class", " ".join([*given, *classes]))


_SELECTS: Mapping[str, tuple[str, ...]] = {
    "horizontal": ("or-appearance-columns",),
    "horizontal-compact": ("or-appearance-columns-pack",),
    "compact": ("or-appearance-columns-pack", "or-appearance-no-buttons"),
}


def _media(root: Element, media: Mapping[str, str]) -> None:
    for element in root.xpath(".//*[@src]"):
        name = re.sub(r"^jr://[\w-]+/", "", element.get("src"))
        if name in media:
            element.set("src", media[name])
        elif etree.QName(element).localname in ("img", "audio", "video"):
            # A page asks nobody outside, and nothing that is not there.
            element.getparent().remove(element)


_LANGUAGE = re.compile(r"^([^(]+)\((.*)\)\s*$")


def _languages(form: Element) -> None:
    """Name languages by their tag: ``中文 (zh)`` becomes 中文 with the tag ``zh``."""
    tags: dict[str, str] = {}
    for option in form.xpath("./select[@id='form-languages']/option"):
        named = (option.text or "").strip()
        match = _LANGUAGE.match(named)
        label, tag = (match[1].strip(), match[2].strip()) if match else (named, named)
        tags[option.get("value", named)] = tag
        option.set("value", tag)
        option.set("data-dir", "ltr")
        option.text = label
    for element in form.xpath(".//*[@lang]"):
        element.set("lang", tags.get(element.get("lang"), element.get("lang")))
    for element in form.xpath("./*[@data-default-lang]"):
        element.set("data-default-lang", tags.get(element.get("data-default-lang"), ""))


#: Emphasis, lists and headings, as ODK's forms know them; no HTML, no pictures.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "code"])
_MARKS = re.compile(r"[*_#\n\\]|\[[^\]]*\]\(|^\s*\d+\.|^\s*[-+] ", re.MULTILINE)
_OUTPUT = re.compile("\ue000(\\d+)\ue001")


def _markdown(label: Element) -> None:
    """Draw the Markdown of a label or hint; what it shows of answers stays what it is."""
    outputs = list(label)
    text = (label.text or "") + "".join(
        f"\ue000{index}\ue001{output.tail or ''}" for index, output in enumerate(outputs)
    )
    if not _MARKS.search(text):
        return
    drawn = lxml_html.fragment_fromstring(_MARKDOWN.render(text).strip(), create_parent="span")
    for link in drawn.iter("a"):
        link.set("rel", "noopener")
        link.set("target", "_blank")
    blocks = list(drawn)
    if len(blocks) == 1 and blocks[0].tag == "p":  # one line needs no paragraph
        drawn = blocks[0]
    label.text, label[:] = None, []
    label.text = drawn.text
    for element in list(drawn):
        label.append(element)
    _outputs_back(label, outputs)


def _outputs_back(label: Element, outputs: list[Element]) -> None:
    for element in list(label.iter()):
        for kind in ("text", "tail"):
            pieces = _OUTPUT.split(getattr(element, kind) or "")
            if len(pieces) == 1 or (kind == "tail" and element is label):
                continue
            setattr(element, kind, pieces[0])
            holder = element if kind == "text" else element.getparent()
            at = 0 if kind == "text" else holder.index(element) + 1
            for index, (number, after) in enumerate(zip(pieces[1::2], pieces[2::2], strict=True)):
                shown = outputs[int(number)]
                shown.tail = after
                holder.insert(at + index, shown)


def _plain_page(form: Element) -> None:
    """Take away what our own page says itself, and styles that its policy forbids."""
    for element in form.xpath(".//*[@style]"):
        del element.attrib["style"]
        element.set("class", f"{element.get('class', '')} hidden".strip())
    for element in form.xpath(
        "./section[@class='form-logo'] | ./*[@id='form-title'] | .//comment()"
    ):
        tail, before = element.tail, element.getprevious()
        parent = element.getparent()
        if tail and tail.strip() and before is not None:
            before.tail = (before.tail or "") + tail
        parent.remove(element)


def _instance_id(model: Element) -> None:
    path = f"{_X}model/{_X}instance"
    root = next(iter(model.find(path)))
    if root.xpath(".//*[local-name() = 'meta']/*[local-name() = 'instanceID']"):
        return
    meta = root.find(f"{_X}meta")
    if meta is None:
        meta = etree.SubElement(root, f"{_X}meta")
    etree.SubElement(meta, f"{_X}instanceID")


def _no_rows(model: Element) -> None:
    """Begin every list of rows empty: what was not given out needs no row to take away."""
    template = f"{{{SPACES['jr']}}}template"
    for template_row in model.xpath(".//*[@jr:template]", namespaces=SPACES):
        for row in template_row.getparent().findall(template_row.tag):
            if template not in row.attrib:
                template_row.getparent().remove(row)


def _text(model: Element) -> str:
    for blank in _blanks(model):
        blank()
    return str(etree.tostring(model, encoding="unicode"))


def _blanks(model: Element) -> Iterator[Any]:
    """Give what takes away the blank space that the stylesheet indents with."""
    for element in model.iter():
        if len(element) and not (element.text or "").strip():
            yield partial(setattr, element, "text", None)
        if not (element.tail or "").strip():
            yield partial(setattr, element, "tail", None)
