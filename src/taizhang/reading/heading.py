"""Headings that say their points in a place of their own → headings that say them in brackets.

Points stand before the label, behind the last sentence, on a line below, behind a stroke, in a
sentence of the section.  Each line is written again as label, title（10分） and text, so that one
grammar (:mod:`reading.node`) reads them all; only points that no clause gives are moved.
"""

from __future__ import annotations

import re
from dataclasses import replace

from taizhang.reading.clause import clause_signs
from taizhang.reading.label import head_label
from taizhang.reading.node import LETTERED, head_read
from taizhang.reading.outline import outline_build
from taizhang.reading.text import Document, Line

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
    rf"(?P<title>[^。；：/／|]{{2,40}}?)\s?(?:[/／|—…·\-]+|\s)\s?(?P<points>{_NUMBER})\s?分(?!钟|以)"
    r"(?:\s?[/／|，。；：:—]+|\s+|$)"
)
#: 本部分满分20分，具体如下： as a sentence below a heading
_SENTENCE = re.compile(
    rf"^(?:本|该|此|这)(?:一?部分|大?项|类|章|节|板块|指标|块|方面)[^。；：]{{0,12}}?(?P<points>{_NUMBER})\s?分"
    r"[^。；：]{0,20}[。；：]?"
)
_ALONE = re.compile(
    rf"^(?:分值|满分|标准分|赋分|配分|权重|分数)?[:：（(]?\s?(?P<points>{_NUMBER})\s?分?\s?[）)]?[。；]?$"
)


def headings_plain(document: Document) -> Document:
    """Write the lines of a document again so that headings say their points in brackets."""
    lines: list[Line] = []
    open_head: int | None = None  # the last line that may head something and says no points
    for line in document.lines:
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
        text = _told(text)
        label, body = _unlabelled(text)
        if _ALONE.match(text) is None and head_read(body)[1] is None:
            if label or (len(text) <= 60 and not clause_signs(text)):
                open_head = len(lines)
        else:
            open_head = None
        lines.append(_said(line, text))
    kept = tuple(lines)
    return replace(document, lines=kept, outline=outline_build(kept))


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
    between = _BETWEEN.match(body)
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
