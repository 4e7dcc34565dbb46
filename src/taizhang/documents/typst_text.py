"""Document tree → Typst markup, on the page of GB/T 9704—2012."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from taizhang.documents.font import FontSet
from taizhang.documents.layout import (
    BODY_SIZE,
    BOTTOM,
    CHARACTER_PITCH,
    DASH_BELOW,
    LEFT,
    LINE_PITCH,
    PAGE_SIZE,
    PAPER,
    RIGHT,
    TITLE_SIZE,
    TOP,
    columns,
    signature_place,
    stays_whole,
    title_lines,
    width,
)
from taizhang.documents.said import blank_text, inline_text, plain, said
from taizhang.documents.tree import (
    Align,
    Annex,
    Blank,
    Block,
    Document,
    Head,
    Heading,
    Inline,
    Inlines,
    List,
    Note,
    Number,
    PageBreak,
    Paragraph,
    Part,
    Signature,
    Strong,
    Table,
)
from taizhang.documents.words import ANNEX, SYNTHETIC, annex_label

_ALIGN = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right"}
_HEADINGS = {1: "黑体", 2: "楷体", 3: "仿宋", 4: "仿宋"}
_LEADING = LINE_PITCH - BODY_SIZE
_ASCENT = 0.88  # of a character, above its base line; the rest is below
_NOTE_SIZE = 10.5
#: 〓 (得抬) holds the place of a character that a printer does not have.
SUBSTITUTE = "〓"
_EMPTY = "#par[#hide[空]]\n"


def is_mark(sign: str) -> bool:
    """Say whether a character only chooses among the shapes of the one before it, or joins."""
    return unicodedata.category(sign) in ("Mn", "Me", "Cf")


def string(text: str) -> str:
    """Write a text as a Typst string, so that nothing in it is markup."""
    clean = "".join(one for one in text if one >= " ")
    escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@dataclass
class TypstWriter:
    """Writes one document as Typst markup."""

    document: Document
    fonts: FontSet
    rare: str = ""  # characters to be set in whatever font has them,
    lost: str = ""  # and those that no font has
    met: set[int] = field(default_factory=set)
    in_numbers: bool = False

    def source(self) -> str:
        """Write the whole document."""
        return "".join((self._setup(), self._stand_ins(), *self._body(), self._lost_note()))

    def _stand_ins(self) -> str:
        """Set rare characters in any font at hand, and a substitute for those that none has."""
        marks = [sign for sign in self.lost if is_mark(sign)]
        gone = [sign for sign in self.lost if not is_mark(sign)]
        rules = (
            (self.rare, "set text(fallback: true)"),
            (gone, f"it => {string(SUBSTITUTE)}"),
            (marks, "none"),
        )
        return "".join(f"#show {_any_of(signs)}: {rule}\n" for signs, rule in rules if signs)

    def _lost_note(self) -> str:
        """Name what stands behind the substitutes, so that a reader can write it in."""
        codes = [f"U+{ord(sign):04X}" for sign in self.lost if not is_mark(sign)]
        if not codes:
            return ""
        why = f"注：“{SUBSTITUTE}”处的字，制作本文的字库中没有，"
        said = f"{why}依次查其编码：{'、'.join(codes)}。"
        return f"#block(above: 2em)[#set text(size: {_NOTE_SIZE}pt)\n#{string(said)}]\n"

    # page ------------------------------------------------------------------------------------

    def _setup(self) -> str:
        head = self.document.head
        note = "；".join(f"{part}以{name}代" for part, name in self.fonts.substitutes)
        day = head.as_of
        dated = f"datetime(year: {day.year}, month: {day.month}, day: {day.day})" if day else "none"
        mark = "none"
        if head.synthetic:
            look = f"font: {self._font('黑体')}, size: 12pt, fill: rgb(192, 0, 0)"
            mark = f"align(center, text({look})[#{string(SYNTHETIC)}])"
        return (
            f"#set document(title: {string(plain(head.title))}, "
            f"author: {string(plain(head.issuer))}, date: {dated}, "
            f"description: {string(note)})\n"
            f"#set page(width: {PAPER[0]}mm, height: {PAPER[1]}mm, margin: (top: {TOP}mm, "
            f"bottom: {BOTTOM}mm, left: {LEFT}mm, right: {RIGHT}mm), header: {mark}, "
            f"header-ascent: 40%, footer-descent: {DASH_BELOW}mm, footer: {self._footer()})\n"
            f'#set text(lang: "zh", region: "cn", font: {self._font("仿宋")}, '
            # A character that no chosen font has is refused, never taken from any font at hand.
            f"fallback: false, size: {BODY_SIZE}pt, "
            f"tracking: {CHARACTER_PITCH - BODY_SIZE - 0.005:.3f}pt, "
            f"cjk-latin-spacing: none, {_edges(BODY_SIZE)})\n"
            f'#set par(justify: true, linebreaks: "simple", leading: {_LEADING:.2f}pt, '
            f"spacing: {_LEADING:.2f}pt, "
            f"first-line-indent: (amount: {2 * CHARACTER_PITCH:.2f}pt, all: true))\n"
            f"#show heading: it => block(above: {_LEADING:.2f}pt, below: {_LEADING:.2f}pt, "
            "sticky: true, it.body)\n"
            "#set heading(numbering: none)\n#set table.cell(breakable: false)\n"
        )

    def _footer(self) -> str:
        """Set the page number so that the dashes stand 7 mm below the text."""
        look = f"font: {self._font('宋体')}, size: {PAGE_SIZE}pt, tracking: 0pt, top-edge: 0.35em"
        return (
            "context { let number = counter(page).get().first(); "
            "let side = if calc.odd(number) { right } else { left }; "
            f"align(side, pad(x: {PAGE_SIZE}pt, text({look})[— #number —])) }}"
        )

    def _font(self, part: str) -> str:
        names = ", ".join(string(name) for name in self.fonts.families[part])
        return f"({names},)"

    # blocks ----------------------------------------------------------------------------------

    def _body(self) -> Iterable[str]:
        document = self.document
        yield from self._top(document.head)
        blocks = document.blocks
        signed = next(
            (i for i, one in enumerate(blocks) if isinstance(one, Signature)), len(blocks)
        )
        for index, block in enumerate(blocks[:signed]):
            written = "".join(self._block(block))
            # The signature never stands on a page without text.
            last = index == signed - 1 and (
                isinstance(block, Paragraph)
                or (isinstance(block, Table) and stays_whole(block, columns(block)))
            )
            yield f"#block(sticky: true, width: 100%)[{written}]\n" if last else written
        yield from self._annex_list()
        for index, block in enumerate(blocks[signed:]):
            written = "".join(self._block(block))
            # 附注 stays with the signature above it.
            noted = isinstance(block, Signature) and signed + index + 1 < len(blocks)
            yield f"#block(sticky: true, width: 100%)[{written}]\n" if noted else written
        for index, annex in enumerate(document.annexes):
            yield from self._annex(annex, annex_label(index, len(document.annexes)))

    def _top(self, head: Head) -> Iterable[str]:
        yield self._title(head.title)
        if head.number:
            yield f"#align(center)[#{string(head.number)}]\n"
        yield _EMPTY
        if head.addressee:
            yield _par(f"{self._inlines(head.addressee)}：", indent=False)

    def _title(self, title: Inlines) -> str:
        lines = " #linebreak() ".join(self._inlines(line) for line in title_lines(title))
        look = f"font: {self._font('小标宋')}, size: {TITLE_SIZE}pt, weight: 600"
        leading = LINE_PITCH - TITLE_SIZE
        return (
            f"#block(width: 100%, above: 0pt, below: {leading:.2f}pt, sticky: true)["
            f"#set par(first-line-indent: 0pt, justify: false, leading: {leading:.2f}pt)\n"
            f"#align(center, text({look}, {_edges(TITLE_SIZE)})[{lines}])]\n"
        )

    def _block(self, block: Block) -> Iterable[str]:
        match block:
            case Heading():
                look = f"font: {self._font(_HEADINGS[block.level])}, size: {BODY_SIZE}pt"
                text = f"#{string(block.numbering)}{self._inlines(block.inlines)}"
                weight = 'weight: "regular"'
                yield (f"#heading(level: {block.level})[#par[#text({look}, {weight})[{text}]]]\n")
            case Paragraph():
                yield _par(self._inlines(block.inlines))
            case List():
                for index, item in enumerate(block.items, 1):
                    lead = f"{index}." if block.ordered else "——"
                    yield _par(f"#{string(lead)}{self._inlines(item)}")
            case Table():
                yield self._table(block)
            case PageBreak():
                yield "#pagebreak()\n"
            case Note():
                yield _par(f"（{self._inlines(block.inlines)}）")
            case Signature():
                yield self._signature(block)
            case Annex():
                yield from self._annex(block, ANNEX)

    def _annex_list(self) -> Iterable[str]:
        annexes = self.document.annexes
        if not annexes:
            return
        yield "#block(breakable: false, sticky: true, width: 100%)["
        yield _EMPTY
        for index, annex in enumerate(annexes):
            number = "" if len(annexes) == 1 else f"{index + 1}."
            lead = f"{ANNEX}：{number}" if index == 0 else number
            left = 2 + width(f"{ANNEX}：") - (0 if index else width(f"{ANNEX}："))
            text = f"#{string(lead)}{self._inlines(annex.title)}"
            hanging = width(lead) * CHARACTER_PITCH
            yield (
                f"#pad(left: {left * CHARACTER_PITCH:.2f}pt, par(first-line-indent: 0pt, "
                f"hanging-indent: {hanging:.2f}pt)[{text}])\n"
            )
        yield "]\n"

    def _signature(self, block: Signature) -> str:
        day = blank_text(block.day) if isinstance(block.day, Blank) else block.day.text
        place = signature_place(plain(block.issuer), day, block.sealed)
        lines = (
            (self._inlines(block.issuer), place.issuer_right),
            (self._inlines((block.day,)), place.day_right),
        )
        written = "".join(
            f"#align(right, pad(right: {right * CHARACTER_PITCH:.2f}pt, "
            f"par(first-line-indent: 0pt)[{text}]))\n"
            for text, right in lines
        )
        empty = _EMPTY * (2 if block.sealed else 1)
        return f"#block(breakable: false, width: 100%)[\n{empty}{written}]\n"

    def _annex(self, annex: Annex, label: str) -> Iterable[str]:
        yield "#pagebreak(weak: true)\n"
        yield _par(f"#text(font: {self._font('黑体')})[#{string(label)}]", indent=False)
        yield _EMPTY + self._title(annex.title) + _EMPTY
        self.in_numbers = annex.kind == "numbers"
        for block in annex.blocks:
            yield from self._block(block)
        self.in_numbers = False

    def _table(self, table: Table) -> str:
        caption = ""
        if table.caption:
            look = f"font: {self._font('黑体')}, size: 14pt"
            caption = (
                "#block(width: 100%, sticky: true)[#set par(first-line-indent: 0pt)\n"
                f"#align(center, text({look})[{self._inlines(table.caption)}])]\n"
            )
        if not table.header:
            return caption
        fit = columns(table)
        widths = ", ".join(f"{one:.2f}pt" for one in fit.widths)
        aligns = ", ".join(
            f"{_ALIGN[table.column_align(index)]} + horizon" for index in range(len(fit.widths))
        )
        heads = "".join(
            f"align(center)[#text(font: {self._font('黑体')})[{self._inlines(cell)}]], "
            for cell in table.header
        )
        rows = "".join(
            "".join(f"[{self._inlines(cell)}], " for cell in row) + "\n" for row in table.rows
        )
        # As in DOCX, a short table stays on one page.
        broken = "false" if stays_whole(table, fit) else "true"
        leading, inset = (0.25, 2) if table.small else (0.4, 4)
        return (
            f"{caption}#block(width: 100%, above: 8pt, below: {_LEADING:.2f}pt, "
            f"breakable: {broken})["
            f"#set text(size: {fit.size}pt, {_edges(fit.size)})\n"
            "#set par(justify: false, first-line-indent: 0pt, "
            f"leading: {fit.size * leading:.1f}pt)\n"
            f"#table(columns: ({widths},), align: ({aligns},), stroke: 0.5pt, "
            f"inset: (x: 3pt, y: {inset}pt), table.header({heads}),\n{rows})]\n"
        )

    # inlines ---------------------------------------------------------------------------------

    def _inlines(self, inlines: Inlines) -> str:
        return "".join(self._inline(inline) for inline in inlines)

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Number():
                return self._number(inline)
            case Blank():
                return f"#highlight(fill: rgb(217, 232, 251))[#{string(blank_text(inline))}]"
            case Strong():
                return f"#strong[{self._inlines(inline.inlines)}]"
            case _:
                return f"#{string(inline_text(inline))}"

    def _number(self, number: Number) -> str:
        words = said(number)
        if number.part is not Part.VALUE or not number.ref:
            return f"#{string(words.text)}"
        text = f"#{string(f'{words.word}{words.digits}{words.unit}')}"
        if words.mark:
            # The mark must not begin a line, so it is boxed with what stands before it.
            end = string(f"{words.digits}{words.unit}")
            boxed = f"#box[#{end}#super[#{string(words.mark)}]]"
            text = f"#{string(words.word)}{boxed}" if words.word else boxed
        if words.missing:
            text = f"#highlight(fill: rgb(255, 224, 138))[#strong[#{string(words.missing)}]]"
        here, there = ("n", "t") if self.in_numbers else ("t", "n")
        link = f"#link(<{there}{number.ref}>)[{text}]"
        if self.in_numbers or number.ref not in self.met:
            self.met.add(number.ref)
            link += f"#metadata({number.ref})<{here}{number.ref}>"
        return link


def _any_of(signs: Iterable[str]) -> str:
    codes = "".join(f"\\\\x{{{ord(sign):x}}}" for sign in signs)
    return f'regex("[{codes}]")'


def _par(text: str, *, indent: bool = True) -> str:
    return f"#par[{text}]\n" if indent else f"#par(first-line-indent: 0pt)[{text}]\n"


def _edges(size: float) -> str:
    """Make every line box one character high, whatever the font says of itself."""
    return f"top-edge: {_ASCENT * size:.3f}pt, bottom-edge: {(_ASCENT - 1) * size:.3f}pt"
