"""Document tree → Typst markup, on the page of GB/T 9704—2012."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from taizhang.documents.format import NumberText, plain
from taizhang.documents.render.base import DocumentWriter
from taizhang.documents.render.font import FontSet
from taizhang.documents.render.layout import (
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
    Columns,
    columns,
    signature_place,
    stays_whole,
    title_lines,
    width,
)
from taizhang.documents.tree import (
    Align,
    Annex,
    Document,
    Head,
    Heading,
    Inlines,
    List,
    Note,
    Number,
    Paragraph,
    Signature,
    Table,
)
from taizhang.documents.wording import ANNEX, SYNTHETIC, annex_label, annex_lead

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
    clean = "".join(sign for sign in text if sign >= " ")
    escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class TypstWriter(DocumentWriter):
    """Writes one document as Typst markup; a number's places are labels.

    :param rare: characters to be set in whatever font has them
    :param lost: those that no font has
    """

    def __init__(self, document: Document, fonts: FontSet, rare: str = "", lost: str = "") -> None:
        super().__init__(document)
        self.fonts = fonts
        self.rare = rare
        self.lost = lost

    def source(self) -> str:
        """Write the whole document."""
        return "".join((self._setup(), self._stand_ins(), *self.parts(), self._lost_note()))

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
        text = f"{why}依次查其编码：{'、'.join(codes)}。"
        return f"#block(above: 2em)[#set text(size: {_NOTE_SIZE}pt)\n#{string(text)}]\n"

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

    def top(self, head: Head) -> str:
        """Write title, number, addressee."""
        written = self._title(head.title)
        if head.number:
            written += f"#align(center)[#{string(head.number)}]\n"
        written += _EMPTY
        if head.addressee:
            written += _par(f"{self.inlines(head.addressee)}：", indent=False)
        return written

    def _title(self, title: Inlines) -> str:
        lines = " #linebreak() ".join(self.inlines(line) for line in title_lines(title))
        look = f"font: {self._font('小标宋')}, size: {TITLE_SIZE}pt, weight: 600"
        leading = LINE_PITCH - TITLE_SIZE
        return (
            f"#block(width: 100%, above: 0pt, below: {leading:.2f}pt, sticky: true)["
            f"#set par(first-line-indent: 0pt, justify: false, leading: {leading:.2f}pt)\n"
            f"#align(center, text({look}, {_edges(TITLE_SIZE)})[{lines}])]\n"
        )

    def _sticky(self, written: str) -> str:
        """Keep a block on one page with what follows it, where the walk wants that."""
        return f"#block(sticky: true, width: 100%)[{written}]\n" if self.kept else written

    def heading(self, heading: Heading) -> str:
        """Write a heading that stands in the outline of the PDF."""
        look = f"font: {self._font(_HEADINGS[heading.level])}, size: {BODY_SIZE}pt"
        text = f"#{string(heading.numbering)}{self.inlines(heading.inlines)}"
        weight = 'weight: "regular"'
        return f"#heading(level: {heading.level})[#par[#text({look}, {weight})[{text}]]]\n"

    def paragraph(self, paragraph: Paragraph) -> str:
        """Write a paragraph."""
        return self._sticky(_par(self.inlines(paragraph.inlines)))

    def items(self, items: List) -> str:
        """Write each item as a paragraph."""
        return "".join(
            _par(f"#{string(items.lead(index))}{self.inlines(item)}")
            for index, item in enumerate(items.items)
        )

    def page_break(self) -> str:
        """Begin a new page."""
        return "#pagebreak()\n"

    def note(self, note: Note) -> str:
        """Write a remark in brackets."""
        return _par(f"（{self.inlines(note.inlines)}）")

    def annex_list(self, annexes: Sequence[Annex]) -> str:
        """Write 附件说明 below the text."""
        written = f"#block(breakable: false, sticky: true, width: 100%)[{_EMPTY}"
        for index, annex in enumerate(annexes):
            lead = annex_lead(index, len(annexes))
            left = 2 + (width(f"{ANNEX}：") if index else 0)
            written += (
                f"#pad(left: {left * CHARACTER_PITCH:.2f}pt, par(first-line-indent: 0pt, "
                f"hanging-indent: {width(lead) * CHARACTER_PITCH:.2f}pt)"
                f"[#{string(lead)}{self.inlines(annex.title)}])\n"
            )
        return f"{written}]\n"

    def signature(self, signature: Signature) -> str:
        """Write issuer and date at their places, with room for a seal."""
        day: Inlines = (signature.day,)
        place = signature_place(plain(signature.issuer), plain(day), signature.sealed)
        lines = ((signature.issuer, place.issuer_right), (day, place.day_right))
        written = "".join(
            f"#align(right, pad(right: {right * CHARACTER_PITCH:.2f}pt, "
            f"par(first-line-indent: 0pt)[{self.inlines(text)}]))\n"
            for text, right in lines
        )
        empty = _EMPTY * (2 if signature.sealed else 1)
        return self._sticky(f"#block(breakable: false, width: 100%)[\n{empty}{written}]\n")

    def annex(self, annex: Annex, index: int) -> str:
        """Write an annex on a page of its own."""
        label = string(annex_label(index, len(self.document.annexes)))
        return (
            "#pagebreak(weak: true)\n"
            + _par(f"#text(font: {self._font('黑体')})[#{label}]", indent=False)
            + _EMPTY
            + self._title(annex.title)
            + _EMPTY
            + self.annex_blocks(annex)
        )

    def table(self, table: Table) -> str:
        """Write a table as wide as the text, its head repeated on every page."""
        caption = ""
        if table.caption:
            look = f"font: {self._font('黑体')}, size: 14pt"
            caption = (
                "#block(width: 100%, sticky: true)[#set par(first-line-indent: 0pt)\n"
                f"#align(center, text({look})[{self.inlines(table.caption)}])]\n"
            )
        if not table.header:
            return caption
        fit = columns(table)
        whole = stays_whole(table, fit)  # as in DOCX, a short table stays on one page
        written = caption + self._grid(table, fit, "false" if whole else "true")
        return self._sticky(written) if whole else written

    def _grid(self, table: Table, fit: Columns, breakable: str) -> str:
        widths = ", ".join(f"{wide:.2f}pt" for wide in fit.widths)
        aligns = ", ".join(
            f"{_ALIGN[table.column_align(index)]} + horizon" for index in range(len(fit.widths))
        )
        heads = "".join(
            f"align(center)[#text(font: {self._font('黑体')})[{self.inlines(cell)}]], "
            for cell in table.header
        )
        rows = "".join(
            "".join(f"[{self.inlines(cell)}], " for cell in row) + "\n" for row in table.rows
        )
        leading, inset = (0.25, 2) if table.small else (0.4, 4)
        return (
            f"#block(width: 100%, above: 8pt, below: {_LEADING:.2f}pt, breakable: {breakable})["
            f"#set text(size: {fit.size}pt, {_edges(fit.size)})\n"
            "#set par(justify: false, first-line-indent: 0pt, "
            f"leading: {fit.size * leading:.1f}pt)\n"
            f"#table(columns: ({widths},), align: ({aligns},), stroke: 0.5pt, "
            f"inset: (x: 3pt, y: {inset}pt), table.header({heads}),\n{rows})]\n"
        )

    # inlines ---------------------------------------------------------------------------------

    def words(self, text: str) -> str:
        """Write plain words."""
        return f"#{string(text)}"

    def blank(self, text: str) -> str:
        """Write a gap on a ground of its own."""
        return f"#highlight(fill: rgb(217, 232, 251))[#{string(text)}]"

    def strong(self, inlines: Inlines) -> str:
        """Write emphasis."""
        return f"#strong[{self.inlines(inlines)}]"

    def number(self, number: Number, text: NumberText, anchor: str, target: str) -> str:
        """Write a number as a link; its place is a label."""
        if text.missing:
            shown = f"#highlight(fill: rgb(255, 224, 138))[#strong[#{string(text.missing)}]]"
        elif text.mark:
            # The mark must not begin a line, so it is boxed with what stands before it.
            end = string(f"{text.digits}{text.unit}")
            boxed = f"#box[#{end}#super[#{string(text.mark)}]]"
            shown = f"#{string(text.word)}{boxed}" if text.word else boxed
        else:
            shown = f"#{string(text.text)}"
        label = f"#metadata({number.ref})<{anchor}>" if anchor else ""
        return f"#link(<{target}>)[{shown}]{label}"


def _any_of(signs: Iterable[str]) -> str:
    codes = "".join(f"\\\\x{{{ord(sign):x}}}" for sign in signs)
    return f'regex("[{codes}]")'


def _par(text: str, *, indent: bool = True) -> str:
    return f"#par[{text}]\n" if indent else f"#par(first-line-indent: 0pt)[{text}]\n"


def _edges(size: float) -> str:
    """Make every line box one character high, whatever the font says of itself."""
    return f"top-edge: {_ASCENT * size:.3f}pt, bottom-edge: {(_ASCENT - 1) * size:.3f}pt"
