"""Nodes → the rubric of an old text: sections, items, rules, and sums at every level."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations

from taizhang.core.scoring.kinds.bonus import Bonus
from taizhang.core.scoring.kinds.manual import Manual
from taizhang.core.scoring.kinds.per_event import PerEvent
from taizhang.core.scoring.kinds.sample_error import SampleError
from taizhang.core.scoring.kinds.zero_trigger import ZeroTrigger
from taizhang.reading.base.line import Document
from taizhang.reading.rubric.points.grid import Table
from taizhang.reading.rubric.points.heading import BONUS, PENALTY, Node, parts_of
from taizhang.reading.rubric.rule.clause import Scheme, Setting
from taizhang.reading.rubric.rule.rule import OWN_POINTS, schemes_find
from taizhang.reading.tokens.atom import clause_signs
from taizhang.reading.tokens.bound import bounds_find

_TOTAL = re.compile(
    r"(?:总分值?|满分|总计|合计|共计?|总分数|分值)[^，。；\d（]{0,6}?(\d{2,4})\s?分|百分制"
    r"|(\d{2,4})\s?分制|实行(\d{2,4})分"
)
#: the title itself says it: 考核细则（100分）
_TITLE_TOTAL = re.compile(r"[（(]\s?(?:共计?|合计)?(\d{2,4})\s?分[制]?\s?[）)]\s*$")
#: what befalls a whole unit, whichever item it is about
_BEFALLS = re.compile(r"被|发生|受到|造成|引发")
_LIST_LED = re.compile(
    r"(?:下列|以下|如下)[^，。；：]{0,12}(?:情形|行为|情况|问题|条件)[^，。；：]{0,6}，?"
    r"(?P<effect>[^：。]+)[：。]?\s*$"
)
_SAMPLED = re.compile(r"抽查|抽样|抽取|随机|随即抽|抽检|抽测")


@dataclass
class ReadItem:
    """One item: ``heading`` are the points of its title, ``sum`` those that its rules can give."""

    label: str
    title: str
    line: int
    heading: Fraction | None
    content: str
    rules: list[Scheme]
    group: str = ""
    #: points of its clause where they, not the heading's, make the section add up
    mended: Fraction | None = None
    #: clauses as written
    clauses: list[str] = field(default_factory=list)

    @property
    def clause(self) -> Fraction | None:
        """Give the points that the clauses state, ``None`` when they state none."""
        points = [rule.points for rule in self.rules if rule.points is not None]
        if not points:
            return None
        total = sum(points, Fraction(0))
        open_end = self.heading is not None and any(
            rule.points is None and rule.kind != ZeroTrigger.kind for rule in self.rules
        )
        if open_end and self.heading is not None and total < self.heading:
            return self.heading
        return total

    @property
    def max(self) -> Fraction | None:
        """Give the points of the heading, else those of the clauses."""
        return self.heading if self.heading is not None else self.clause

    @property
    def sum(self) -> Fraction | None:
        """Give the points that the rules make up, else those of the heading."""
        return self.clause if self.clause is not None else self.heading

    @property
    def counted(self) -> Fraction:
        """Give what the item adds to its section once the sums are mended."""
        return self.mended if self.mended is not None else self.max or Fraction(0)


@dataclass
class ReadSection:
    """One section with the maximum that it states and the items below."""

    label: str
    title: str
    line: int
    max: Fraction | None
    items: list[ReadItem]
    preamble: str = ""
    regrouped: list[list[ReadItem]] = field(default_factory=list)

    @property
    def naive(self) -> Fraction:
        """Add up the items, each by its heading where it has one."""
        return sum((item.max or Fraction(0) for item in self.items), Fraction(0))

    @property
    def sum(self) -> Fraction:
        """Add up the items after regrouping."""
        return sum((item.counted for item in self.items), Fraction(0))


@dataclass
class ReadRubric:
    """A whole rubric as read; ``total`` is what the text states, ``None`` when it does not."""

    title: str
    line: int
    total: Fraction | None
    sections: list[ReadSection]
    bonus: list[ReadItem]
    bonus_cap: Fraction | None
    penalties: list[ReadItem]

    @property
    def sum(self) -> Fraction:
        """Add up the sections, each by what it states, else by its items."""
        return sum(
            (section.max if section.max is not None else section.sum for section in self.sections),
            Fraction(0),
        )

    def items(self) -> Iterator[ReadItem]:
        """Walk the items of all sections."""
        for section in self.sections:
            yield from section.items


def rubric_built(
    document: Document, tables: Sequence[Table], roots: Sequence[Node]
) -> ReadRubric | None:
    """Read the rubric of a document, given its tables and the tree of its running text.

    Tables and tree are left as they are: other readings of the same text use them too.
    """
    total = _stated_total(document, roots)
    rubric = ReadRubric(document.title, document.span[0], total, [], [], None, [])
    tops: list[Node] = []
    for table in tables:
        tops += table.nodes
        rubric.total = rubric.total if rubric.total is not None else table.total
    text_tops = _tops(roots, rubric.total)
    # Words before a table say how it is scored; only headings with points add sections to it.
    tops += [
        text_top
        for text_top in text_tops
        if not tops or (text_top.points is not None and text_top.children)
    ]
    if len(tops) > 1 and all(not top.children for top in tops) and not _chapters(tops):
        plain = [node for node in tops if not _outside(node)]
        holder = Node(
            "", rubric.title, "", plain[0].line if plain else rubric.line, None, children=plain
        )
        tops = [holder, *(node for node in tops if _outside(node))]
    for top in tops:
        _take(rubric, top)
    if tables:
        _beside(rubric, [node for root in roots for node in root.walk() if node not in tops])
    _set_apart(rubric)
    if not rubric.sections and not rubric.bonus:
        return None
    for section in rubric.sections:
        _mend(section)
    return rubric


def _set_apart(rubric: ReadRubric) -> None:
    """Move a last part without any points, which only adds and takes, out of the sections."""
    stated = [section for section in rubric.sections if section.max is not None]
    for section in rubric.sections if len(stated) > 1 else ():
        rules = [rule for item in section.items for rule in item.rules]
        earns = any(rule.points is not None and rule.kind != Bonus.kind for rule in rules)
        # Points of an item that its clause takes off (每次扣5分) are no points of the whole.
        if (
            section.max is not None
            or earns
            or any(item.heading is not None for item in section.items)
        ):
            continue
        rubric.sections = [other for other in rubric.sections if other is not section]
        for item in section.items:
            adds = [rule for rule in item.rules if rule.kind == Bonus.kind]
            takes = [rule for rule in item.rules if rule.kind != Bonus.kind]
            rubric.bonus += [replace(item, rules=adds)] if adds else []
            rubric.penalties += [replace(item, rules=takes)] if takes else []


def _beside(rubric: ReadRubric, nodes: Sequence[Node]) -> None:
    """Take, of the words around a table, what adds to the total or forfeits it."""
    for node in nodes:
        if not any(part.clause for part in parts_of(node.text)):
            continue
        item = _item(Node(node.label, node.title, node.text, node.line), False)
        bonus = [rule for rule in item.rules if rule.kind == Bonus.kind]
        fined = PENALTY.match(node.title)
        vetoes = [
            rule
            for rule in item.rules
            if _veto(rule) or (_takes(rule) and (fined or _BEFALLS.search(rule.text)))
        ]
        if bonus:
            rubric.bonus.append(replace(item, rules=bonus))
        if vetoes:
            rubric.penalties.append(replace(item, rules=vetoes))


def _outside(node: Node) -> bool:
    return bool(BONUS.match(node.title) or PENALTY.match(node.title))


def _chapters(tops: Sequence[Node]) -> bool:
    """Say whether top headings without items below are sections by their labels (一、（一）)."""
    labelled = [node for node in tops if not _outside(node)]
    return all(
        re.match(r"^(?:第|[（(]?[一二三四五六七八九十])|^$", node.label) for node in labelled
    )


def _stated_total(document: Document, roots: Sequence[Node]) -> Fraction | None:
    for root in roots:
        for node in root.walk():
            large = node.points is not None and (node.points >= 50 or _deep(node))
            if large and _below(node) and _summed(node) and not _rivalled(root, node):
                return node.points
    if (titled := _TITLE_TOTAL.search(document.title)) and Fraction(titled[1]) >= 50:
        return Fraction(titled[1])
    text = f"{document.title}\n" + "\n".join(line.text for line in document.lines if not line.cells)
    for match in _TOTAL.finditer(text):
        points_text = next((group for group in match.groups() if group), "100")
        if Fraction(points_text) >= 50:
            return Fraction(points_text)
    return None


def _deep(node: Node) -> bool:
    """Say whether sections with points of their own, and items in them, stand below."""
    inner = [child for child in node.children if child.points is not None]
    return len(inner) > 1 and any(_below(child) for child in inner)


def _rivalled(root: Node, node: Node) -> bool:
    """Say whether a heading with points of its own stands beside it."""
    for parent in root.walk():
        if node in parent.children:
            return any(
                child is not node and child.points is not None and not _outside(child)
                for child in parent.children
            )
    return False


def _below(node: Node) -> bool:
    return any(_scores(child) for child in node.children)


def _summed(node: Node) -> bool:
    """Say whether a heading's points can be a total: its children's own points reach it or more."""
    inner = sum((child.points or Fraction(0) for child in node.children), Fraction(0))
    return not inner or inner >= node.points / 2 if node.points else False


def _scores(node: Node) -> bool:
    return node.points is not None or any(
        child.points is not None
        or child.clause
        or any(part.clause for part in parts_of(child.text))
        for child in node.walk()
    )


def _tops(roots: Sequence[Node], total: Fraction | None) -> list[Node]:
    """Find the nodes that are sections: pass through headings that only hold them."""
    nodes = [child for root in roots for child in root.children if _scores(child)]
    for root in roots:
        if not nodes and any(part.clause for part in parts_of(root.text)):
            return [root]
    while True:
        passed: list[Node] = []
        changed = False
        for node in nodes:
            if _passes(node, nodes, total):
                passed += [child for child in node.children if _scores(child)]
                changed = True
            else:
                passed.append(node)
        nodes = passed
        if not changed:
            return nodes


def _passes(node: Node, beside: Sequence[Node], total: Fraction | None) -> bool:
    children = [child for child in node.children if _scores(child)]
    if not children or _outside(node):
        return False
    whole = node.points is not None and total is not None and node.points == total
    if whole and (
        len(beside) == 1
        or all(sibling is node or sibling.points is None or _outside(sibling) for sibling in beside)
    ):
        return True
    if node.points is not None:
        # A类（80分）above A1（30分）above items: the lowest headings are the sections.
        above = all(child.points is not None and _below(child) for child in children)
        return above and sum(child.points or 0 for child in children) == node.points
    deeper = any(any(_scores(inner) for inner in child.children) for child in children)
    with_points = sum(child.points is not None for child in children)
    rivals = [
        sibling
        for sibling in beside
        if sibling is not node and sibling.points is not None and not _outside(sibling)
    ]
    alone = not [
        sibling
        for sibling in beside
        if sibling is not node and not _outside(sibling) and sibling.children and _scores(sibling)
    ]
    return (deeper and with_points > 0 and not rivals) or (alone and not rivals and with_points > 1)


def _take(rubric: ReadRubric, top: Node) -> None:
    top = replace(top, children=list(top.children))
    if BONUS.match(top.title):
        taken = [child for child in top.children if PENALTY.match(child.title)]
        for child in taken:
            top.children.remove(child)
            rubric.penalties += _items(child)
        items = _items(top, bonus=True) if _scores(top) else []
        for item in items:
            forfeits = item.rules and all(_veto(rule) or _takes(rule) for rule in item.rules)
            (rubric.penalties if forfeits else rubric.bonus).append(item)
        rubric.bonus_cap = top.points or rubric.bonus_cap or _cap(top)
        return
    if PENALTY.match(top.title) and (top.points is None or not rubric.total):
        for item in _items(top):
            adds = item.rules and all(rule.kind == Bonus.kind for rule in item.rules)
            (rubric.bonus if adds else rubric.penalties).append(item)  # 加减分 holds both
        return
    bonus = [child for child in top.children if BONUS.match(child.title)]
    for child in bonus:
        top.children.remove(child)
        rubric.bonus += _items(child, bonus=True)
        rubric.bonus_cap = rubric.bonus_cap or child.points or _cap(child)
    emptied = bonus and not any(_scores(child) for child in top.children)
    if emptied and top.points is None and not any(part.clause for part in parts_of(top.text)):
        return
    items = _items(top)
    outside = [
        item for item in items if item.rules and all(rule.kind == Bonus.kind for rule in item.rules)
    ]
    rubric.bonus += outside
    for item in outside:
        # A row of its own among the bonus, worth 5 points, caps what it adds.
        if rubric.bonus_cap is None and BONUS.match(item.label or item.title) and item.heading:
            rubric.bonus_cap = item.heading
    vetoes = [
        item for item in items if item.max is None and all(_veto(rule) for rule in item.rules)
    ]
    rubric.penalties += vetoes
    items = [item for item in items if item not in outside and item not in vetoes]
    if items:
        rubric.sections.append(
            ReadSection(top.label, top.title, top.line, top.points, items, _content(top.text))
        )


def _veto(rule: Scheme) -> bool:
    return rule.kind == ZeroTrigger.kind and rule.params.get("scope") == "total"


def _takes(rule: Scheme) -> bool:
    return rule.kind in (PerEvent.kind, SampleError.kind) and rule.points is None


def _cap(top: Node) -> Fraction | None:
    match = re.search(
        r"(?:最多|最高|累计|合计|不超过|总分)[^，。；\d]{0,8}(\d+(?:\.\d+)?)\s?分", top.text
    )
    if match is None:
        # The last of the list may say what all of it adds at most.
        whole = "。".join(node.text for node in top.walk())
        match = re.search(
            r"加分(?:项|分值|总分|总和|累计|合计|最多|最高)+[^，。；\d]{0,8}(\d+(?:\.\d+)?)\s?分",
            whole,
        )
    return Fraction(match[1]) if match else None


def _content(text: str) -> str:
    return "".join(part.text for part in parts_of(text) if not part.clause)


def _items(top: Node, bonus: bool = False) -> list[ReadItem]:
    """Give the items of a section: its lowest nodes with points, or itself."""
    children = [child for child in top.children if _scores(child)]
    if not children:
        return [_item(node, bonus) for node in _listed(top) or [top]]
    inner_points = any(node.points is not None for child in children for node in child.walk())
    if top.points is not None and not inner_points and not _awards(children) and not bonus:
        return [_item(top, bonus, merged=True)]
    items: list[ReadItem] = []
    if any(part.clause for part in parts_of(top.text)) and not bonus:
        own = Node("", top.title, top.text, top.line, None)
        items.append(_item(own, bonus))
    for child in children:
        grand = [grandchild for grandchild in child.children if _scores(grandchild)]
        split = grand and any(node.points is not None for child in grand for node in child.walk())
        if split:
            inner = _items(child, bonus)
            for item in inner:
                item.group = item.group or f"{child.label}{child.title}"
            items += inner
        else:
            items += [
                _item(entry, bonus, merged=bool(grand)) for entry in _listed(child) or [child]
            ]
    return items


def _listed(node: Node) -> list[Node]:
    """Give what 有下列情形之一的，直接评定为不合格：（一）…（二）… says of each on its list."""
    match = _LIST_LED.search(node.text)
    if match is None or not clause_signs(match["effect"]) or any(map(_scores, node.children)):
        return []
    return [
        Node(child.label, child.title, f"{child.title}，{match['effect']}。", child.line)
        for child in node.children
        if child.title
    ]


def _awards(children: Sequence[Node]) -> bool:
    """Say whether list items give points of their own, and are items therefore."""
    for child in children:
        for node in child.walk():
            item = _item(node, False)
            if any(rule.points is not None for rule in item.rules):
                return True
    return False


def _item(node: Node, bonus: bool, merged: bool = False) -> ReadItem:
    texts = (
        [
            node.text,
            *(
                f"{inner.label}{inner.title}。{inner.text}"
                if inner.title not in inner.text
                else inner.text
                for inner in node.walk()
                if inner is not node
            ),
        ]
        if merged
        else [node.text]
    )
    clauses = [node.clause] if node.clause else []
    below = [inner for inner in node.walk() if inner is not node and inner.clause] if merged else []
    clauses += [
        f"{inner.title}，{inner.clause}" if inner.title else inner.clause for inner in below
    ]
    content = ""
    for text in texts:
        for part in parts_of(text):
            if part.clause:
                clauses.append(part.text)
            else:
                content += part.text
    whole = (
        f"{node.title}。{content}" if node.title not in content[: len(node.title) + 2] else content
    )
    bounds = tuple(bounds_find(whole))
    points = node.points
    if points is None and (own := OWN_POINTS.search("。".join([node.text, *clauses]))):
        points = Fraction(own[1])
    setting = Setting(points, bounds, whole, bonus)
    rules = [rule for clause in clauses for rule in schemes_find(clause, setting)]
    item = ReadItem(node.label, node.title, node.line, points, whole, rules, clauses=clauses)
    if not rules:
        item.rules = [_without_clause(item, clauses, bonus)]
    return item


def _without_clause(item: ReadItem, clauses: Sequence[str], bonus: bool) -> Scheme:
    """Make the rule of an item that has points and no words on how to score."""
    sampled = bool(_SAMPLED.search(item.content))
    kind = Bonus.kind if bonus else SampleError.kind if sampled else Manual.kind
    text = "。".join(clauses)
    return Scheme(
        kind, item.heading, {"full": item.heading}, text, 0, len(text), doubts=(("conversion", {}),)
    )


def _mend(section: ReadSection) -> None:
    """Regroup where a section does not add up: a heading's points may stand for several items."""
    if section.max is None or section.naive == section.max:
        return
    differing = [
        item
        for item in section.items
        if item.heading is not None and item.clause not in (None, item.heading)
    ]
    over = section.naive - section.max
    for count in range(1, min(len(differing), 6) + 1):
        for chosen in combinations(differing, count):
            saved = sum(((item.heading or 0) - (item.clause or 0) for item in chosen), Fraction(0))
            if saved == over:
                for item in chosen:
                    item.mended = item.clause
                section.regrouped = [_run(section, item) for item in chosen]
                return


def _run(section: ReadSection, head: ReadItem) -> list[ReadItem]:
    run: list[ReadItem] = []
    total = Fraction(0)
    for item in section.items[section.items.index(head) :]:
        run.append(item)
        total += item.counted
        if total >= (head.heading or 0):
            break
    return run
