"""Blanks: keys that stay, words put in their place, fields of a form in the page."""

from taizhang.documents.format import plain
from taizhang.documents.render.docx import to_docx
from taizhang.documents.tree import (
    Annex,
    Blank,
    DateText,
    Document,
    Head,
    List,
    Paragraph,
    Quoted,
    Signature,
    Strong,
    Table,
    Text,
)
from taizhang.web.office.blanks import blank_places, blanks_open, filled, form_fragment

DOCUMENT = Document(
    head=Head(title=(Text("总结"),), addressee=(Blank("主送单位"),)),
    blocks=(
        Paragraph((Text("做法："), Strong((Blank("做法"),)), Text("。"))),
        Paragraph((Blank("问题"),)),
        List(False, ((Blank("做法"),),)),
        Table(((Text("日期"),),), (((Blank("日期"),),), ((Blank("日期"),),))),
        Signature(issuer=(Text("社区"),), day=Blank("成文日期")),
    ),
    annexes=(Annex(title=(Text("附件"),), blocks=(Paragraph((Blank("说明"),)),)),),
)


def keys() -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for place in blank_places(DOCUMENT):
        places.setdefault(place.prompt, []).append(place.key)
    return places


def test_every_blank_has_its_own_key_in_reading_order() -> None:
    places = blank_places(DOCUMENT)
    assert [place.prompt for place in places] == [
        *("主送单位", "做法", "问题", "做法", "日期", "日期", "成文日期", "说明"),
    ]
    assert len({place.key for place in places}) == len(places)
    assert keys()["做法"][0].endswith("-1")
    assert keys()["做法"][1].endswith("-2")
    assert blank_places(DOCUMENT) == places  # the same whenever it is asked
    assert {place.prompt for place in places if not place.short} == {"问题", "做法", "说明"}


def test_words_stand_where_the_blank_was_and_the_rest_stays_open() -> None:
    words = {keys()["做法"][0]: "入户讲解", keys()["日期"][1]: "3月8日"}
    document = filled(DOCUMENT, words)
    body = document.blocks[0]
    assert isinstance(body, Paragraph)
    assert plain(body.inlines) == "做法：入户讲解。"
    table = document.blocks[3]
    assert isinstance(table, Table)
    assert [plain(row[0]) for row in table.rows] == ["【待填：日期】", "3月8日"]
    assert len(blanks_open(document, {})) == 6


def test_lines_that_fill_a_paragraph_are_paragraphs_and_run_on_elsewhere() -> None:
    words = {keys()["问题"][0]: "一是人少。\n\n二是场地小。", keys()["做法"][1]: "甲\n乙"}
    document = filled(DOCUMENT, words)
    texts = [plain(block.inlines) for block in document.blocks if isinstance(block, Paragraph)]
    assert texts[1:] == ["一是人少。", "二是场地小。"]
    items = next(block for block in document.blocks if isinstance(block, List)).items
    assert plain(items[0]) == "甲 乙"


def test_the_day_of_the_signature_is_filled_as_a_day() -> None:
    document = filled(DOCUMENT, {keys()["成文日期"][0]: "2026年1月20日"})
    signature = next(block for block in document.blocks if isinstance(block, Signature))
    assert signature.day == DateText("2026年1月20日")
    assert to_docx(document)[:2] == b"PK"


def test_a_field_stands_in_the_place_of_each_blank_and_nothing_else() -> None:
    html = form_fragment(
        DOCUMENT,
        lambda place: f"<input name={place.key}>",
        link=lambda figure: None,
        translate=lambda text: text,
    )
    for place in blank_places(DOCUMENT):
        assert html.count(f"<input name={place.key}>") == 1
    assert "待填" not in html
    assert "\ue000" not in html


def test_words_are_escaped_and_no_part_of_a_pack() -> None:
    document = filled(DOCUMENT, {keys()["做法"][0]: "<b>&"})
    inline = document.blocks[0].inlines[1]  # type: ignore[union-attr]
    assert inline == Strong((Quoted("<b>&", "office:draft"),))
