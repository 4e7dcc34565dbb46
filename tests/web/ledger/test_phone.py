"""A form as the recording page shows it: every form of every shipped pack, and what is ported."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from taizhang.core.form import Form, form_from_table, read_form
from taizhang.core.form.xform import xform
from taizhang.web.ledger.phone import xform_html as phone
from taizhang.web.ledger.phone.xform_html import NotBuiltError, PhoneForm, phone_form

pytestmark = pytest.mark.skipif(not phone.is_built(), reason="the front end is not built")
XFORMS = "{http://www.w3.org/2002/xforms}"


def shipped() -> Iterator[Form]:
    for path in sorted(Path(str(files("taizhang") / "packs")).glob("*/forms/*.md")):
        key = f"{path.parts[-3]}.{path.stem}"
        form, _ = read_form(path.read_bytes(), path.name, key)
        assert form is not None
        yield form


def shown(form: Form) -> PhoneForm:
    return phone_form(xform(form)[0])


@pytest.mark.parametrize("form", list(shipped()), ids=lambda form: form.key)
def test_every_question_of_a_shipped_form_can_be_answered(form: Form) -> None:
    made = shown(form)
    page = BeautifulSoup(made.html, "html.parser")
    names = {str(tag.get("data-name") or tag.get("name")) for tag in page.select("[name]")}
    last = {name.rpartition("/")[2] for name in names}
    asked = {field.name for field in form.fields if field.type not in ("note", "hidden")}
    assert asked <= last
    labels = " ".join(page.get_text(" ").split())
    for field in form.fields:
        if field.type != "calculate":
            assert field.label in labels
    assert not page.select("[style], script, style, .form-logo, #form-title")
    assert not re.search(r'\son\w+="', made.html)
    for template in page.select(".itemset-template"):
        holder = template.parent.select_one(".itemset-labels")
        assert holder["data-value-ref"] == "name"
        assert holder["data-label-ref"] == "label"
    model = etree.fromstring(made.model)
    root = next(iter(model.find(f"{XFORMS}instance")))
    assert (root.get("id"), root.get("version")) == (form.key, form.version)
    for field in form.fields:
        for choice in field.choices:
            assert f"<name>{choice.name}</name>" in made.model


def test_a_list_of_rows_begins_empty_and_keeps_its_template() -> None:
    form = next(candidate for candidate in shipped() if candidate.key == "health_education.lecture")
    model = etree.fromstring(shown(form).model)
    (row,) = model.findall(f".//{XFORMS}materials")
    assert row.get("{http://openrosa.org/javarosa}template") == ""


def test_chinese_quotation_marks_stay_what_they_are() -> None:
    form = next(candidate for candidate in shipped() if candidate.key == "health_education.lecture")
    hint = next(field.hint for field in form.fields if field.name == "people")
    assert "“" in hint
    assert hint in BeautifulSoup(shown(form).html, "html.parser").get_text()


def label_of(text: str, **more: str) -> str:
    columns = "".join(f" {name} |" for name in more)
    cells = "".join(f" {value} |" for value in more.values())
    form = form_from_table(
        f"""
        | survey |
        | | type | name | label | about |{columns}
        | | integer | age | 年龄 | activity |{" |" * len(more)}
        | | text | word | {text} | activity |{cells}
        | settings |
        | | form_title | form_id | version |
        | | 试 | form | 1 |
        """
    )
    page = BeautifulSoup(shown(form).html, "html.parser")
    field = page.select_one("[name='/data/word']")
    return field.find_parent(class_="question").select_one(".question-label").decode_contents()


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("普通文字", "普通文字"),
        ("**必**填", "<strong>必</strong>填"),
        ("a_b_c", "a_b_c"),
        ("*一*", "<em>一</em>"),
        ("2 * 3", "2 * 3"),
        ("<b>x</b> *y*", "&lt;b&gt;x&lt;/b&gt; <em>y</em>"),
        ("![x](http://a.b/c.png) *y*", None),
    ],
)
def test_labels_may_be_markdown_and_never_html(written: str, drawn: str | None) -> None:
    label = label_of(written)
    if drawn is not None:
        assert label == drawn
    assert "<img" not in label
    assert "<b>" not in label


def test_a_label_shows_an_answer_inside_its_markdown() -> None:
    label = BeautifulSoup(label_of("**${age}** 岁者"), "html.parser")
    output = label.select_one("strong .or-output")
    assert output["data-value"].strip() == "/data/age"
    assert label.get_text().endswith("岁者")


def test_a_form_in_two_languages_names_them_by_tag() -> None:
    form = form_from_table(
        """
        | survey |
        | | type | name | label::中文 (zh) | label::English (en) | about |
        | | select_one yn | ok | 好吗 | All right? | activity |
        | choices |
        | | list_name | name | label::中文 (zh) | label::English (en) |
        | | yn | yes | 好 | yes |
        | settings |
        | | form_title | form_id | version | default_language |
        | | 试 | form | 1 | 中文 (zh) |
        """
    )
    page = BeautifulSoup(shown(form).html, "html.parser")
    options = {
        option["value"]: option.get_text() for option in page.select("#form-languages option")
    }
    assert options == {"zh": "中文", "en": "English"}
    assert page.select_one("#form-languages")["data-default-lang"] == "zh"
    assert page.select_one("legend .question-label[lang=zh]").get_text() == "好吗"
    assert page.select_one("legend .question-label[lang=en]").get_text() == "All right?"
    labels = page.select_one(".itemset-labels")
    assert {label.get_text() for label in labels.select("[lang=zh]")} == {"好"}


def test_pictures_of_a_form_come_from_us_or_not_at_all() -> None:
    source = xform(
        form_from_table(
            """
            | survey |
            | | type | name | label | about |
            | | text | word | 词 | activity |
            | settings |
            | | form_title | form_id | version |
            | | 试 | form | 1 |
            """
        )
    )[0]
    with_image = source.replace("<label>词</label>", "<label ref=\"jr:itext('w')\"/>").replace(
        "<instance>",
        '<itext><translation lang="default"><text id="w"><value>词</value>'
        '<value form="image">jr://images/a.png</value></text></translation></itext><instance>',
        1,
    )
    assert "a.png" not in phone_form(with_image).html
    assert 'src="/media/a.png"' in phone_form(with_image, {"a.png": "/media/a.png"}).html


def test_appearances_become_classes() -> None:
    form = form_from_table(
        """
        | survey |
        | | type | name | label | about | appearance |
        | | select_one yn | ok | 好吗 | activity | horizontal |
        | | text | word | 词 | activity | multiline |
        | choices |
        | | list_name | name | label |
        | | yn | yes | 好 |
        | settings |
        | | form_title | form_id | version |
        | | 试 | form | 1 |
        """
    )
    html = shown(form).html
    assert "or-appearance-horizontal or-appearance-columns" in html
    assert "<textarea" in html
    assert "data-appearances" not in html


def test_without_a_build_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone, "SHEETS", tmp_path)
    assert not phone.is_built()
    with pytest.raises(NotBuiltError):
        phone_form("<h/>")
