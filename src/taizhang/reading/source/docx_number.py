"""Labels that a word processor counts by itself (一、（一）1.) and does not write into the text."""

from __future__ import annotations

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HAN = "零一二三四五六七八九"


class Numbering:
    """Counts the numbered paragraphs of one document and writes their labels."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._lists: dict[str, str] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if numbering is not None:
            self._read(numbering)
        for style in styles.findall(f"{_W}style") if styles is not None else ():
            label = _number_of(style.find(f"{_W}pPr"))
            if label:
                self._styles[style.get(f"{_W}styleId", "")] = label

    def _read(self, numbering: etree._Element) -> None:
        for abstract in numbering.findall(f"{_W}abstractNum"):
            levels: dict[int, tuple[str, str, int]] = {}
            for level in abstract.findall(f"{_W}lvl"):
                form = _value(level.find(f"{_W}numFmt"), "decimal")
                text = _value(level.find(f"{_W}lvlText"), "")
                start = int(_value(level.find(f"{_W}start"), "1"))
                levels[int(level.get(f"{_W}ilvl", "0"))] = (form, text, start)
            self._levels[abstract.get(f"{_W}abstractNumId", "")] = levels
        for number in numbering.findall(f"{_W}num"):
            key = number.get(f"{_W}numId", "")
            self._lists[key] = _value(number.find(f"{_W}abstractNumId"), "")

    def label(self, paragraph: etree._Element) -> str:
        """Give the label of a paragraph, '' when it has none or a bullet, and count it."""
        properties = paragraph.find(f"{_W}pPr")
        own_label = _number_of(properties)
        if own_label is None and properties is not None:
            own_label = self._styles.get(_value(properties.find(f"{_W}pStyle"), ""))
        if own_label is None or own_label[0] not in self._lists:
            return ""
        key, level = own_label
        abstract = self._lists[key]
        levels = self._levels.get(abstract, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [count for count in counts if count > level]:
            del counts[deeper]
        form, text, _start = levels[level]
        if form in ("bullet", "none"):
            return ""
        for depth in range(9):
            if f"%{depth + 1}" in text:
                number = counts.get(depth, levels.get(depth, ("", "", 1))[2])
                shown = form if depth == level else levels.get(depth, (form, "", 1))[0]
                text = text.replace(f"%{depth + 1}", number_write(number, shown))
        return text


def _number_of(properties: etree._Element | None) -> tuple[str, int] | None:
    if properties is None:
        return None
    number = properties.find(f"{_W}numPr")
    if number is None:
        return None
    key = _value(number.find(f"{_W}numId"), "")
    return (key, int(_value(number.find(f"{_W}ilvl"), "0"))) if key not in ("", "0") else None


def _value(element: etree._Element | None, otherwise: str) -> str:
    return otherwise if element is None else element.get(f"{_W}val", otherwise)


def number_write(number: int, form: str) -> str:
    """Write a number in the form of a word processor's list."""
    if form in (
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "ideographTraditional",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "chineseLegalSimplified",
    ):
        return _han(number)
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x245F + number)
    if form == "lowerLetter" and 1 <= number <= 26:
        return chr(96 + number)
    if form == "upperLetter" and 1 <= number <= 26:
        return chr(64 + number)
    return str(number)


def _han(number: int) -> str:
    if number < 10:
        return _HAN[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens == 1 else _HAN[tens]) + "十" + (_HAN[ones] if ones else "")
    return str(number)
