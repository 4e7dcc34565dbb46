"""The tree of points of a rubric in running text: headings with their points and what stands below.

Tables give the same nodes (:mod:`reading.grid`), so that one reader makes sections and items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from taizhang.reading.base.deadline import check
from taizhang.reading.base.line import Block, Document, Style
from taizhang.reading.text.label import head_label
from taizhang.reading.tokens.atom import clause_signs
from taizhang.reading.tokens.bound import DASH, NUMBER, bounds_find, number_read

_RANK = {style: float(index) for index, style in enumerate(Style)}
#: points of a heading: （10分）, 【满分10分】, （共计20分）, 分值：5分
_NAMES = (
    r"(?:本项|此项|该项|本部分|满分|共计?|合计|总计|总分值?|计|分值|标准分值?|占|权重|基本分"
    r"|基础分|最高|最多|限|值|为|[:：\s])*"
)
_BRACKET_POINTS = re.compile(
    rf"[（(【\[〔［]\s?{_NAMES}(?P<points>{NUMBER})\s?分?[，,]?(?:满分|封顶|为限)?\s?[）)】\]〕］]"
)
_PLAIN_POINTS = re.compile(
    rf"(?:[，,、：:\s—-]+|^|(?<=[\u4e00-\u9fff]))(?:本项|此项|该项|本部分)?(?:满分|共计?|合计"
    rf"|总分值?|计|积|分值|标准分值?|占|权重"
    rf"|基本分)[为是]?[:：]?\s?(?P<points>{NUMBER})\s?分(?!以|钟|之|{DASH})"
)
_TAIL_POINTS = re.compile(
    r"[\s—\-:：、…\.·]*(?<![得扣加减记积\d.])(?P<points>\d+(?:\.\d+)?)\s?分[。；:：]?$"
)
#: A, A类：, A1, B2.1, B2-1 before a heading
LETTERED = re.compile(
    r"(?P<label>(?P<letter>[A-H])(?P<digits>\d{1,2}(?:[.-]\d{1,2})?)?)(?:[类组][:：])?[\s.、．:：]*"
    r"(?=[\u4e00-\u9fff（【［〔“《])"
)
_LETTERED_RANKS = (Style.HAN, Style.DIGIT, Style.DIGIT_BRACKET)
#: 制度建设，10分。… — and not a step such as 95%以上，15分；
_COMMA_POINTS = re.compile(
    r"(?P<title>[^。；：]{2,36}?)(?:[，,\s—-]+|(?<=[\u4e00-\u9fff])(?<![得扣加减计记积给满达至到为]))"
    r"(?P<points>\d+(?:\.\d+)?)\s?分(?P<end>[。：])"
)
_SEMICOLON_POINTS = re.compile(
    r"(?P<title>[^。；：]{2,36}?)[，,\s—-]+(?P<points>\d+(?:\.\d+)?)\s?分(?P<end>；)"
)
#: a heading that says its own level: 一级指标：组织领导
_LADDER = re.compile(r"([一二三四])级(?:指标|项目|目录)[:：]\s?(?=[\u4e00-\u9fff])")
_OUTSIDE = re.compile(
    r"((?:特色|奖励)?(?:加分|减分|扣分|奖分)(?:项目?|事项|因素|情形)?|奖励|惩罚|奖惩|一票否决(?:项|事项)?|否决(?:项|事项|条件))[:：](?=.)"
)
#: 考核总分：100分 says the total and heads nothing
_WHOLE = re.compile(
    r"[（(]?(?:本|该|月度?|季度|年度|百分制)?(?:考核|考评|评分|评价|检查)?(?:实行)?"
    r"(?:总分值?|满分|总计|百分制)[为是:：，]*\d{2,4}\s?分"
)
_BRACKETED = re.compile(r"【([^【】]{2,40})】(.*)$")
#: 指标1：…, 考核项目二：…, with its points and rule on the lines below
_CARD = re.compile(
    r"((?:[一二三]级)?(?:考核|评价|考评)?(?:指标|项目|要点|内容|事项)\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3}))[:：、.．\s]\s?(?=[^\s])"
)
_WORTH = re.compile(
    r"(?:标准|基本|本项|指标)?(?:分值|满分|分数|权重|赋分|配分)(?:（分）)?[:：]\s?(\d+(?:\.\d+)?)\s?分?[。；]?"
)
_NO_POINTS = re.compile(r"[一二三四五六七八九十百]+$")
BONUS = re.compile(
    r"^奖励$|^(?:有|具有|符合|具备)?(?:下列|以下)[^，。；]{0,14}加分|^[^，。；]{0,8}(?:加分|奖励分|附加分|奖分|鼓励分|特色加分|奖励项)"
)
PENALTY = re.compile(
    r"^(?:惩罚|奖惩)$|^[^，。；]{0,6}(?:扣分(?:项|事项|情形|指标|因素)?|减分|倒扣|一票否决|否决|惩戒)(?!标准"
    r"|办法|细则|方法)"
)
_VETO_HEAD = re.compile(r"(?:一票)?否决(?:项目?|事项|情形|条件|指标)?")
#: words that open a scoring clause, and those that close it again
CLAUSE_MARK = re.compile(
    r"(?:考核)?(?:评分|计分|扣分|打分|得分|赋分|给分|考评|评价|评定)(?:标准|办法|方法|细则|规则"
    r"|说明|依据|方式)?[:：]|(?:考核|考评)(?:标准|细则"
    r"|办法)[:：]"
)
_OTHER_MARK = re.compile(
    r"(?:考核|考评|检查|评价)?(?:内容|要求|方式|方法|对象|频次|周期)[:：]|(?:责任|牵头|考核"
    r"|数据|信息)(?:单位|部门|来源|人|科室)[:：]"
    r"|备注[:：]|佐证材料[:：]"
)


@dataclass
class Node:
    """One heading, list item or table row with its points and the text that belongs to it."""

    label: str
    title: str
    text: str
    line: int
    points: Fraction | None = None
    rank: float = 0.0
    children: list[Node] = field(default_factory=list)
    #: scoring clauses that stand apart (a table column); otherwise they are sought in ``text``
    clause: str = ""
    #: its heading stands in 【】
    bracketed: bool = False

    def walk(self) -> Iterator[Node]:
        """Walk this node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def nodes_of(
    document: Document, tables: frozenset[int] = frozenset(), *, loose: bool = False
) -> list[Node]:
    """Build the tree of a document's running text, without the lines (by index) of its tables.

    :param loose: each line that says points before its text is a heading, label or not
    """
    blocks = [block for block in document.blocks() if block.at[0] not in tables]
    root = Node("", document.title, "", document.span[0], rank=-1.0)
    stack = [root]
    for index, block in enumerate(blocks):
        text = _own_text(document, block)
        if not text.strip():
            continue
        worth = _WORTH.fullmatch(re.sub(r"\s", "", text))
        if worth and stack[-1].points is None and stack[-1].rank >= 0:
            # 分值：15分 on a line of its own is what the heading above is worth.
            stack[-1].points = number_read(worth[1])
            continue
        check()
        later = (blocks[after] for after in range(index + 1, len(blocks)))
        node = _node(block, text, later, stack, loose)
        if node is None:
            stack[-1].text += (
                "" if not stack[-1].text or stack[-1].text[-1] in "。；：，" else "。"
            ) + text
            continue
        while len(stack) > 1 and stack[-1].rank >= node.rank:
            stack.pop()
        stack[-1].children.append(node)
        stack.append(node)
    return [root]


def _own_text(document: Document, block: Block) -> str:
    return document.lines[block.at[0]].text[block.at[1] : block.end[1]]


def _node(
    block: Block, content: str, later: Iterator[Block], stack: Sequence[Node], loose: bool
) -> Node | None:
    """Make the node of a block, or ``None`` when its text belongs to the node before."""
    body = (
        content[len(block.label) :].lstrip(" 、．.")
        if block.label and content.startswith(block.label)
        else content
    )
    if block.style is Style.SPOKEN or (block.inside and not _is_item(body)):
        return None
    outside = _OUTSIDE.match(body) if not block.label else None
    if outside:
        # 加分：… opens a part of its own, beside the sections or inside 加分和减分.
        around = stack[-1]
        inner = BONUS.match(around.title) or PENALTY.match(around.title)
        rank = around.rank + 0.1 if inner else stack[1].rank if len(stack) > 1 else 0.0
        if inner and not around.label and around.rank > 0:
            rank = around.rank
        return Node("", outside[1], body[outside.end() :], block.line, None, rank)
    lettered = (
        _lettered(block, content) or _bracketed(block, content, stack) or _carded(block, content)
    )
    if lettered is not None:
        return lettered
    if ladder := _LADDER.match(body):
        title, points, text = head_read(body[ladder.end() :])
        if points is not None:
            # The words rank the heading, whatever its label: 一级 stands over 二级.
            rank = _RANK[Style.CHAPTER] + "一二三四".index(ladder[1]) / 10
            return Node(block.label, title, text, block.line, points, rank)
    if block.label:
        if _WHOLE.match(body) and block.style is Style.ARTICLE:
            # 第二条 考核总分为100分，其中…
            return Node(block.label, "", "", block.line, None, _RANK[block.style])
        title, points, text = head_read(body)
        return Node(block.label, title, text, block.line, points, _RANK[block.style])
    if _WHOLE.match(body):
        return None
    title, points, text = head_read(body)
    signs = list(clause_signs(body))
    short = points is not None and len(title) <= 30 and not signs and len(text) < 12
    short = short or (loose and points is not None and len(title) <= 60)
    apart = bool(BONUS.match(body) or PENALTY.match(body)) and len(body) < 16
    apart = points is None and apart and (not signs or bool(_VETO_HEAD.fullmatch(body)))
    if not short and not apart:
        return None
    rank = _unlabelled_rank(points, later, stack)
    if apart and len(stack) > 1:
        rank = min(rank, stack[1].rank)  # what adds or forfeits stands beside the sections
    return Node("", title, text, block.line, points, rank)


def _lettered(block: Block, body: str) -> Node | None:
    """Make the node of A、… or A1、…, letters that stand for sections with numbered items."""
    capital = block.style is Style.LETTER and block.label[:1].isupper()
    lettered = LETTERED.match(body) if capital or not block.label else None
    if lettered is None:
        return None
    title, points, text = head_read(body[lettered.end() :])
    if points is None and not any(True for _ in clause_signs(text)):
        return None
    digits = lettered["digits"] or ""
    style = _LETTERED_RANKS[bool(digits) + ("-" in digits)]
    return Node(lettered["label"], title, text, block.line, points, _RANK[style])


def _bracketed(block: Block, content: str, stack: Sequence[Node]) -> Node | None:
    """Make the node of 【一、市容环境 35分】, a heading in brackets of its own."""
    inner = _BRACKETED.match(content) if not block.label else None
    if inner is None:
        return None
    label = head_label(inner[1])
    body = inner[1][label.end :] if label else inner[1]
    title, points, text = head_read(body)
    if points is None and not (BONUS.match(body) or PENALTY.match(body)):
        return None
    before = next((node for node in reversed(stack) if node.bracketed), None)
    rank = before.rank if before else _RANK[label.style if label else Style.HAN]
    text = f"{text}{inner[2]}"
    said_label = label.text if label else ""
    return Node(said_label, title, text, block.line, points, rank, bracketed=True)


def _carded(block: Block, body: str) -> Node | None:
    """Make the node of 指标1：道路清扫保洁, whose points and rule follow on lines of their own."""
    card = _CARD.match(body) if not block.label else None
    if card is None:
        return None
    title, points, text = head_read(body[card.end() :])
    return Node(card[1], title, text, block.line, points, _RANK[Style.DIGIT])


def _unlabelled_rank(
    points: Fraction | None, later: Iterator[Block], stack: Sequence[Node]
) -> float:
    """Place a heading without a label: beside the last such heading, else above what follows."""
    before = next((node for node in reversed(stack) if not node.label and node.rank >= 0), None)
    if before is not None:
        whole = before.points is not None and points is not None and points < before.points
        below = (
            whole
            and (before.points or 0) >= 50
            and all(not child.label for child in before.children)
        )
        return before.rank + 0.1 if below else before.rank
    following = next(
        (block for block in later if block.label and block.style is not Style.SPOKEN), None
    )
    return _RANK[following.style if following else Style.NONE] - 0.5


def _is_item(body: str) -> bool:
    if _BRACKET_POINTS.search(body) or clause_signs(body):
        return True
    return head_read(body)[1] is not None


@lru_cache(maxsize=8192)
def head_read(body: str) -> tuple[str, Fraction | None, str]:
    """Part the text of a heading into title, points and the rest.

    Points are those in brackets of their own or behind 满分/分值; points of a clause (得5分) stay.
    """
    if (
        len(body) <= 16
        and (BONUS.match(body) or PENALTY.match(body))
        and not re.search(r"\d", body)
    ):
        return body.rstrip("。；：: "), None, ""
    for match in _BRACKET_POINTS.finditer(body):
        if "分" not in match[0] and not re.search(r"[（(【]\s?\d+(?:\.\d+)?\s?[）)】]$", match[0]):
            continue
        if "分" not in match[0] and (
            match.start() > 30 or match.end() < len(body.rstrip("。；：:"))
        ):
            continue
        if _NO_POINTS.match(match["points"]) and "分" not in match[0]:
            continue
        before = body[: match.start()]
        if any(True for _ in clause_signs(before)):
            break
        title, rest = _title(before)
        after = body[match.end() :].lstrip("。；：:，、 ")
        return title, number_read(match["points"]), f"{rest}{'。' if rest and after else ''}{after}"
    first = next((start for start, _ in clause_signs(body)), len(body))
    plain = _PLAIN_POINTS.search(body, 0, 60)
    if plain and plain.start("points") > first + 3:
        plain = None  # …扣1.5分，共15分 stands behind the clause
    # 达到98%以上，计10分 is a clause; 组织领导，计10分 a heading.
    earned = (
        plain
        and re.search(r"(?<![共合总])[计积]", plain[0])
        and any(True for _ in bounds_find(body[: plain.start()]))
    )
    if plain and not earned and not re.search(r"[。；]", body[: plain.start()].rstrip("。")):
        after = body[plain.end() :].lstrip("。；：:，、 ）)")
        return _title(body[: plain.start()])[0], number_read(plain["points"]), after
    comma = _COMMA_POINTS.match(body) or _semicolon(body)
    if comma and not any(True for _ in clause_signs(comma["title"])):
        after = body[comma.end() :].strip(" ")
        if not re.search(r"以[上下内]|[≥≤<>]", comma["title"]):
            return comma["title"], number_read(comma["points"]), after
    tail = _TAIL_POINTS.search(body)
    if (
        tail
        and not any(start < tail.start("points") - 1 for start, _ in clause_signs(body))
        and len(body) <= 40
        and tail.start() > 1
        and not re.search(r"[得扣加减记计给]\s?$", body[: tail.start("points")])
    ):
        return body[: tail.start()].rstrip(" ：:，、。"), number_read(tail["points"]), ""
    title, rest = _title(body)
    return title, None, rest


def _semicolon(body: str) -> re.Match[str] | None:
    """Match 消防设施完好，5分；损坏的扣5分: what follows takes off and gives no other step."""
    match = _SEMICOLON_POINTS.match(body)
    if match is None:
        return None
    first = re.split(r"[。；，]", body[match.end() :], maxsplit=1)[0]
    rest = body[match.end() :]
    takes = re.search(r"[扣减]|不得分|得0分", rest.split("。")[0])
    return match if takes and not re.search(r"\d\s?分$", re.sub(r"[扣减].*", "", first)) else None


def _title(body: str) -> tuple[str, str]:
    """Cut a title from a body: up to the first end of a sentence, when it is short."""
    match = re.search(r"[。；：:！？]", body)
    if match is None:
        return (
            (body.strip(" ，、"), "")
            if len(body) <= 50 and not list(clause_signs(body))
            else _first_words(body)
        )
    if match.start() <= 40 and not list(clause_signs(body[: match.start()])):
        return body[: match.start()].strip(" ，、"), body[match.end() :]
    return _first_words(body)


def _first_words(body: str) -> tuple[str, str]:
    """Take the first words of a sentence as its name and keep the whole as text."""
    return re.split(r"[，。；：（]", body, maxsplit=1)[0][:40], body


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an item's text: a scoring clause, or what it is about."""

    text: str
    clause: bool


@lru_cache(maxsize=8192)
def parts_of(text: str) -> tuple[Part, ...]:
    """Part an item's text into its content and its scoring clauses, in order."""
    parts: list[Part] = []
    done = 0
    for match in re.finditer(r"（([^（）]*(?:（[^（）]*）[^（）]*)*)(?:）|$)", text):
        inner = match[1]
        if not inner or not list(clause_signs(inner)) or not _clause_like(inner):
            continue
        parts += _plain_parts(text[done : match.start()])
        parts.append(Part(inner, True))
        done = match.end()
    parts += _plain_parts(text[done:])
    return tuple(parts)


def _clause_like(inner: str) -> bool:
    return bool(re.search(r"[得扣加减计记给]|不得|：|:|[×÷]|级|以[上下]", inner))


def _plain_parts(text: str) -> list[Part]:
    """Part running text: what follows 评分标准：, else the sentences that score."""
    if not text.strip("，。；： "):
        return []
    mark = CLAUSE_MARK.search(text)
    if mark:
        end = _OTHER_MARK.search(text, mark.end())
        stop = end.start() if end else len(text)
        inner = [Part(text[mark.end() : stop], True)] if text[mark.end() : stop].strip() else []
        return _plain_parts(text[: mark.start()]) + inner + _plain_parts(text[stop:])
    parts: list[Part] = []
    for sentence in re.findall(r"[^。！？]+[。！？]?", text):
        scores = any(True for _ in clause_signs(sentence))
        if parts and parts[-1].clause is scores:
            parts[-1] = Part(parts[-1].text + sentence, scores)
        else:
            parts.append(Part(sentence, scores))
    return parts
