"""Headings that say their points in a place of their own → headings that say them in brackets.

Points stand before the label, behind the last sentence, on a line below, behind a stroke, in a
sentence of the section.  Each line is written again as label, title（10分） and text, so that one
grammar (:mod:`reading.node`) reads them all; only points that no clause gives are moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from taizhang.reading.base.deadline import check
from taizhang.reading.base.line import Document, Line, Style
from taizhang.reading.rubric.points.heading import LETTERED, head_read
from taizhang.reading.text.label import Label, head_label, inside_labels
from taizhang.reading.text.outline import outline_build
from taizhang.reading.tokens.atom import clause_signs

_NUMBER = r"\d{1,3}(?:\.\d{1,2})?"
_MARKUP = re.compile(
    r"^\s*(?:#{1,6}\s*|(?:>\s*)+|[-*•●■◆▪▶○□◇·★☆◎※✓√☑▲△→]\s*(?=[^\s\d.-]))+|\*\*|__"
)
_WORDS = (
    r"(?:(?:本|该|此|这)(?:一?部分|大?项|类|章|节|板块|指标|条|块|方面)?)?"
    r"(?:满分|共计?|合计|总计|总分值?|计|分值|标准分值?|占|权重|赋分|配分)?[为是]?[:：]?\s?"
)
#: （10分）1.…, 【5分】…
_BEFORE = re.compile(rf"[（(【\[〔［]\s?{_WORDS}(?P<points>{_NUMBER})\s?分\s?[）)】\]〕］]\s*")
#: … （10分）。 at the very end
_BEHIND = re.compile(
    rf"[。；，\s]*[（(【\[〔［]\s?{_WORDS}(?P<points>{_NUMBER})\s?分?\s?[）)】\]〕］][。；]?$"
)
#: title/10分/…, title 10分, title——10分
_BETWEEN = re.compile(
    rf"(?P<title>[^。；：/／|]{{2,40}}?)\s?(?:[/／|—…·\-]+|\s)\s?(?P<points>{_NUMBER})\s?"
    r"(?:分(?!钟|以)(?:\s?[/／|，。；：:—]+|\s+|$)|(?=\s?(?:[/／|]|—+)|$)[/／|—\s]*)"
)
#: title10分，每缺1次扣1分: nothing but the points parts title and clause
_FUSED = re.compile(
    rf"(?P<title>[\u4e00-\u9fff“”、（）]{{2,24}}?)(?<![得扣加减计记积给满达至到为共占])(?P<points>{_NUMBER})\s?分"
    r"(?!钟|以)[，：:；]"
)
#: 本部分满分20分，具体如下： as a sentence below a heading
_SENTENCE = re.compile(
    rf"^(?:本|该|此|这)(?:一?部分|大?项|类|章|节|板块|指标|块|方面)[^。；：]{{0,12}}?(?P<points>{_NUMBER})\s?分"
    r"[^。；：]{0,20}[。；：]?"
)
#: 组织领导20分 in a list of parts, and the totals that parts come to
_PART = re.compile(
    rf"([\u4e00-\u9fff]{{2,12}}?)(?:占|计|为|共|满分)?\s?({_NUMBER})\s?分(?=[，、；]|和|及|$)"
)
_WHOLE = frozenset(map(Fraction, (50, 100, 120, 150, 200, 1000)))
_ALONE = re.compile(
    rf"^(?:分值|满分|标准分|赋分|配分|权重|分数)?[:：（(]?\s?(?P<points>{_NUMBER})\s?分?\s?[）)]?[。；]?$"
)


def headings_plain(document: Document) -> Document:
    """Write the lines of a document again so that headings say their points in brackets."""
    announced = _announced(document)
    lines: list[Line] = []
    open_head: int | None = None  # the last line that may head something and says no points
    for line in _listed(document.lines):
        check()
        if line.cells or not line.text.strip():
            lines.append(line)
            continue
        text = _MARKUP.sub("", line.text).strip()
        alone = _ALONE.match(text) or _SENTENCE.match(text)
        if alone and open_head is not None:
            lines[open_head] = _said(
                lines[open_head], _written(lines[open_head].text, alone["points"])
            )
            lines.append(_said(line, text[alone.end() :].strip()))
            open_head = None
            continue
        text = _told(_worth_announced(text, announced))
        label, body = _unlabelled(text)
        if _ALONE.match(text) is None and head_read(body)[1] is None:
            if label or (len(text) <= 60 and not clause_signs(text)):
                open_head = len(lines)
        else:
            open_head = None
        lines.append(_said(line, text))
    kept = tuple(lines)
    return replace(document, lines=kept, outline=outline_build(kept))


def _listed(lines: Sequence[Line]) -> Iterator[Line]:
    """Walk the lines, a list inside one (①…；②…) broken into lines of its own."""
    for line in lines:
        marks = (
            []
            if line.cells
            else [
                inside_label for inside_label in inside_labels(line.text, 0) if _lists(inside_label)
            ]
        )
        if len(marks) < 2:
            yield line
            continue
        bounds = [0, *(mark.start for mark in marks), len(line.text)]
        for start, end in pairwise(bounds):
            if end > start:
                yield _said(line, line.text[start:end])


def _lists(label: Label) -> bool:
    return label.style in (Style.CIRCLE, Style.DIGIT_BRACKET, Style.DIGIT)


def _announced(document: Document) -> dict[str, str]:
    """Give the parts that a sentence says with their points, where they add up to a total.

    考核由三部分组成：组织领导20分，工作落实60分，群众评议20分。
    """
    for line in document.lines:
        if line.cells or "分" not in line.text:
            continue
        for sentence in re.split(r"[。！？]", line.text):
            parts = _PART.findall(sentence)
            points = sum(map(Fraction, (part for _name, part in parts)), Fraction(0))
            if len(parts) > 2 and points in _WHOLE and not re.search(r"[得扣加减]\d", sentence):
                return dict(parts)
    return {}


def _worth_announced(text: str, announced: dict[str, str]) -> str:
    """Put the points that were announced for a part behind its name, where it begins."""
    label, body = _unlabelled(text)
    name = next((title for title in announced if body.startswith(title)), None)
    if name is None or (head_read(body)[1] is not None and not clause_signs(body)):
        return text
    if _PART.search(body[: len(name) + 6]):
        return text  # the announcement itself
    rest = re.sub(r"^(?:方面|部分|类|工作)?[，：:。]?", "", body[len(name) :])
    return f"{label}{name}（{announced[name]}分）。{rest}"


def _said(line: Line, text: str) -> Line:
    return Line(line.number, text, source=line.source, table=line.table)


def _unlabelled(text: str) -> tuple[str, str]:
    """Part a line into its label, as written, and the rest."""
    if lettered := LETTERED.match(text):
        return text[: lettered.end()], text[lettered.end() :]
    label = head_label(text)
    return (text[: label.end], text[label.end :]) if label else ("", text)


def _told(text: str) -> str:
    """Write one line with its points behind its title."""
    before = _BEFORE.match(text)
    if before and len(text) > before.end() + 1:
        return _written(text[before.end() :], before["points"])
    label, body = _unlabelled(text)
    before = _BEFORE.match(body)
    if before and len(body) > before.end() + 1:
        return _written(label + body[before.end() :], before["points"])
    if head_read(body)[1] is not None:
        return text
    between = _BETWEEN.match(body) or _FUSED.match(body)
    if between and not clause_signs(between["title"]):
        rest = body[between.end() :].strip()
        return f"{label}{between['title']}（{between['points']}分）{'。' if rest else ''}{rest}"
    behind = _BEHIND.search(body)
    if behind and behind.start() > 1:
        return _written(label + body[: behind.start()], behind["points"])
    return text


def _written(text: str, points: str) -> str:
    """Put points behind the title of a line: its words up to the first stop."""
    label, body = _unlabelled(text)
    stop = re.search(r"[。；：:，]", body)
    at = stop.start() if stop and stop.start() <= 45 else len(body)
    signs = clause_signs(body[:at])
    if signs:
        # The title itself scores: it stays the text of the item.
        return f"{label}{body[: signs[0][0]][:24]}（{points}分）。{body}"
    rest = body[at:].lstrip("。；：:，")
    return f"{label}{body[:at]}（{points}分）{'。' if rest else ''}{rest}"
