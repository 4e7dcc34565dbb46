"""Clean lines → documents: one file may hold several, each typed by what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taizhang.reading.base.deadline import check
from taizhang.reading.base.line import Document, Line, Style
from taizhang.reading.text.genre import genre_of
from taizhang.reading.text.label import head_label
from taizhang.reading.text.outline import outline_build

_GENRE = (
    r"(?:计划|总结|方案|汇报|报告|细则|办法|标准|通知|通报|通告|公告|安排|要点|意见|规划|评分表|考核表|考评表|考核|述职|函|"
    r"请示|决定|小结|自查|倡议书|制度|预案|简报|情况|职责|范文|打分表|评分|指标|说明|公示|纪要|台账|一览表)"
)
_TITLE = re.compile(
    rf"^(?!.*[。；！？])[^，：]{{0,45}}{_GENRE}(?:（[^（）]{{1,20}}）|[一二三四五六七八九十\d]{{1,2}}|[:：]?)*$"
)
_SERIES = re.compile(
    r"^(?P<stem>[^。；，]{0,40}?(?:范文|计划|总结|方案|篇|报告|细则|通知|汇报|例文|样本|材料))\s?[（(]?(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2})[)）]?"
    r"(?:[:：]\s?.{0,50})?$"
)
_PIECE = re.compile(
    r"^第?(?:[一二三四五六七八九十]{1,3}|\d{1,2})篇[:：、\s]?.{0,50}$|^篇[一二三四五六七八九十\d]{1,3}[:：、\s]?.{0,50}$"
)
_BRACKETS = re.compile(rf"^【[^【】]{{2,50}}】$|^[《<][^《》]{{2,45}}{_GENRE}[》>]$")
#: 【一、市容环境 35分】, 【加分项】: parts of one text
_PART = re.compile(
    r"^【(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[、.．]|第.{1,3}[部章节]"
    r"|.*\d\s?分[）)]?】$|.{0,6}(?:加分|减分|扣分|附加分|否决)|[A-H][、.．\d])"
)
_POINTS = re.compile(r"(\d{1,3})\s?分[）)】\]]?$")
_ANNEX = re.compile(
    r"^附(?:件|表|录)?(?![加则近带属])\s?[一二三四五六七八九十\d]{0,3}[:：、]?(?P<title>.{0,45})$"
)
_RULE = re.compile(r"^[-=*_—~·•\s]{4,}$|^(?:-{2,}|={2,})$")
#: a title that says which paper it is, not only what a part of one is about
_KIND_OF_PAPER = re.compile(
    r"(?:通知|通报|通告|公告|公示|计划|总结|小结|方案|报告|汇报|细则|办法|要点|请示|函|倡议书|规划|纪要)"
    r"(?:（[^（）]{1,12}）)?$"
)
#: 下半年工作计划 inside a report heads its last part
_AHEAD = re.compile(r"(?:下一?步|下半年|下一?阶段|下一年|明年|来年|今后)")
_GAPS = re.compile(r"\S[ \u3000]{2,}\S.*\S[ \u3000]{2,}\S")
_SENTENCE_END = "。；：，、！？"
_DATE = re.compile(r"^(?:二[〇○0零]|20|19)[\d〇○零一二三四五六七八九xX×*]{2}年.{0,12}[月日号]$")


def split(lines: Sequence[Line]) -> tuple[Document, ...]:
    """Cut the lines of a file into documents at titles, and type and outline each."""
    starts = _starts(lines)
    bounds = [*starts[1:], len(lines)]
    series = _series(lines, [index for index, line in enumerate(lines) if line.text])
    documents = [
        _document(lines[start:end], is_first=start == starts[0], of_series=start in series)
        for start, end in zip(starts, bounds, strict=True)
    ]
    return tuple(document for document in documents if document is not None)


def _starts(lines: Sequence[Line]) -> list[int]:
    """Give the indexes of the lines where documents begin, the first of all included."""
    full = [index for index, line in enumerate(lines) if line.text]
    if not full:
        return [0]
    series = _series(lines, full)
    starts: list[int] = []
    for position, index in enumerate(full):
        check()
        if index in series or _is_title(lines, full, position, starts):
            if starts and _only_titles(lines, full, starts[-1], index):
                continue  # a title of two lines
            starts.append(index)
    if not starts or starts[0] != full[0]:
        head = [index for index in full if not starts or index < starts[0]]
        body = sum(len(lines[index].text) for index in head)
        # A line or two before the first title belongs to it (a heading of the office, a number).
        if not starts or body > 60:
            starts.insert(0, full[0])
        else:
            starts[0] = full[0]
    return starts


def _only_titles(lines: Sequence[Line], full: Sequence[int], start: int, index: int) -> bool:
    between = [
        lines[place].text for place in range(start, min(index, start + 8)) if lines[place].text
    ]
    return (
        index - start < 8
        and len(between) <= 2
        and all(
            len(text) < 50 and text[-1] not in _SENTENCE_END and not head_label(text)
            for text in between
        )
    )


def _series(lines: Sequence[Line], full: Sequence[int]) -> set[int]:
    """Find titles that differ by their number alone: X范文1, X范文2; 篇一, 篇二."""
    stems: dict[str, list[int]] = {}
    for index in full:
        text = lines[index].text
        if len(text) > 60 or lines[index].cells:
            continue
        if _PIECE.match(text):
            stems.setdefault("篇", []).append(index)
        elif (match := _SERIES.match(text)) and not _numbered(text):
            stems.setdefault(match["stem"], []).append(index)
    return {index for places in stems.values() if len(places) > 1 for index in places}


def _numbered(text: str) -> bool:
    label = head_label(text)
    return label is not None and label.style not in (Style.PART,)


def _is_title(lines: Sequence[Line], full: Sequence[int], position: int, starts: list[int]) -> bool:
    """Judge one line by its own form and by what stands before and after it."""
    line = lines[full[position]]
    text = line.text
    if line.cells or len(text) > 60 or _numbered(text):
        return False
    if _BRACKETS.match(text):
        return not _PART.match(text)
    annex = _ANNEX.match(text)
    if annex:
        return _annex_begins(lines, full, position)
    if not _TITLE.match(text):
        return False
    if position == 0:
        return True
    if (worth := _POINTS.search(text)) and int(worth[1]) < 50:
        return False  # the heading of a part, with what it is worth
    return _stands_alone(lines, full, position, starts)


def _stands_alone(
    lines: Sequence[Line], full: Sequence[int], position: int, starts: list[int]
) -> bool:
    """Tell a title from a short line of the text: something ends before it, something begins."""
    before = lines[full[position - 1]].text
    after = [lines[index].text for index in full[position + 1 : position + 4]]
    if not after:
        return False
    ended = before[-1] in "。！？）" or bool(_DATE.match(before)) or bool(_RULE.match(before))
    ended = ended or len(before) < 30  # a signature, a rule, another title
    if before[-1] in "：，、；":
        return False
    first = next((label for text in after if (label := head_label(text))), None)
    opens = first is None or first.ordinal == 1
    if not ended or not opens:
        return False
    if not starts or _has_body(lines, full, position, starts[-1]):
        return True
    return _short_piece(lines, full, position, starts[-1])


def _has_body(lines: Sequence[Line], full: Sequence[int], position: int, start: int) -> bool:
    """Say whether more than a few words stand between the last title and this place."""
    length = 0
    for index in reversed(full[:position] if position < 60 else full[position - 60 : position]):
        if index <= start or length > 60:
            break
        length += len(lines[index].text)
    return length > 60


def _short_piece(lines: Sequence[Line], full: Sequence[int], position: int, start: int) -> bool:
    """Say whether a text of a line or two, with a title of its own, ends before a full title.

    关于报送台账的通知 / 各社区：请于5日前报送。 / 2025年工作计划 are two texts, though the first
    is short: it has a title and at least one whole sentence.
    """
    between = [lines[index].text for index in full[:position][-6:] if index > start]
    title = lines[full[position]].text
    return (
        bool(_TITLE.match(lines[start].text) or _BRACKETS.match(lines[start].text))
        and bool(_KIND_OF_PAPER.search(title))
        and len(title) >= 6
        and not _AHEAD.match(title)
        and any(text[-1] in "。！" and len(text) >= 8 for text in between)
        and (
            between[-1][-1] in "。！" or bool(_DATE.match(between[-1]) or _RULE.match(between[-1]))
        )
    )


def _annex_begins(lines: Sequence[Line], full: Sequence[int], position: int) -> bool:
    """Tell the annex itself from the line that announces it: text of its own follows."""
    after = [lines[index] for index in full[position + 1 : position + 6]]
    body = [line for line in after if line.cells or len(line.text) > 25 or head_label(line.text)]
    if not body or _DATE.match(after[0].text):
        return False
    signed = any(_DATE.match(line.text) for line in after[:4])
    return not signed and not any(_ANNEX.match(line.text) for line in after[:1])


def _document(lines: Sequence[Line], *, is_first: bool, of_series: bool) -> Document | None:
    full = [line for line in lines if line.text and not _RULE.match(line.text)]
    if not full:
        return None
    heading = _heading(full, is_first)
    titles = {id(line) for line in heading}
    body = [line for line in lines if id(line) not in titles and not _RULE.match(line.text)]
    title = "".join(_bare(line.text) for line in heading[-2:])
    span = (full[0].number, _last_line(full[-1]))
    outline = outline_build(body)
    # The title of a collection's piece says what the collection is, not what the piece is.
    genre = genre_of("" if of_series else title, body)
    return Document(title, genre, span, tuple(body), outline, tuple(heading))


def _last_line(line: Line) -> int:
    return line.joins[-1][1] if line.joins else line.number


def _heading(full: Sequence[Line], is_first: bool) -> list[Line]:
    """Give the lines that carry the title: short, without an end, before anything else."""
    lines: list[Line] = []
    for line in full[:3]:
        text = line.text
        short = len(text) <= 60 and not line.cells and text[-1] not in "。；，、！？"
        if not short or _numbered(text) or (text[-1] in "：:" and not lines and is_first):
            break
        if text[-1] in "：:" or (lines and not (_TITLE.match(text) or _SERIES.match(text))):
            break
        if "；" in text or _GAPS.search(line.source.strip()):
            break  # words kept apart by blanks are the head of a table
        lines.append(line)
    return lines if len(full) > len(lines) else lines[: len(full) - 1]


def _bare(text: str) -> str:
    return text.strip("【】《》#* ")
