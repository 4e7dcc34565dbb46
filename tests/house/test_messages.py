"""The catalogue tool must find every text and name every way a translation fails."""

from pathlib import Path

import polib
import pytest

from tools.messages import (
    bare_percent,
    catalogue_problems,
    catalogue_update,
    catalogues_compile,
    fields_of,
    interpolations,
    python_messages,
    sources,
    template_messages,
)

PYTHON = """
from django.utils.translation import gettext as _, gettext_noop, ngettext, pgettext

A = _("One text")
B = gettext_noop("A long text " "in two parts: %(name)s.")
C = ngettext("%(n)s record", "%(n)s records", 3)
D = pgettext("month", "May")
E = _(variable)
"""

TEMPLATE = """{% load i18n %}<h1 title="{% translate "It's a title" %}">{{ _("Shown") }}</h1>
{% blocktranslate trimmed with name=unit.name %}
  Figures of
  {{ name }} (all)
{% endblocktranslate %}
{% blocktranslate count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
{% translate "May" context "month" %}
"""


def test_python_texts_are_found() -> None:
    found = [(m.context, m.id, m.plural) for m in python_messages(PYTHON)]
    assert found == [
        (None, "One text", None),
        (None, "A long text in two parts: %(name)s.", None),
        (None, "%(n)s record", "%(n)s records"),
        ("month", "May", None),
    ]


def test_template_texts_are_found() -> None:
    found = {(m.context, m.id, m.plural) for m in template_messages(TEMPLATE)}
    assert found == {
        (None, "It's a title", None),
        (None, "Shown", None),
        (None, "Figures of %(name)s (all)", None),
        (None, "%(n)s row", "%(n)s rows"),
        ("month", "May", None),
    }


@pytest.mark.parametrize(
    "call", ['_(f"Unit {x}")', '_("Unit %s" % x)', 'gettext("Unit {}".format(x))']
)
def test_filled_in_text_is_named(call: str) -> None:
    assert [line for line, _ in interpolations(f"x = 1\n{call}\n")] == [2]


def test_text_filled_in_afterwards_is_right() -> None:
    assert list(interpolations('_("Unit %(x)s") % {"x": 1}')) == []


def test_gaps_are_named_percent_or_brace() -> None:
    assert fields_of("%(a)s of %(b).1f, {c} and {{d}}, 5%") == {"a", "b", "c"}


def test_bare_percent_is_seen() -> None:
    assert bare_percent("% and %(name)s")
    assert not bare_percent("100 %% of %(name)s")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    package = tmp_path / "pack"
    (package / "templates").mkdir(parents=True)
    (package / "a.py").write_text(PYTHON, encoding="utf-8")
    (package / "templates" / "a.html").write_text(TEMPLATE, encoding="utf-8")
    return package


def _catalogue(package: Path, tmp_path: Path) -> Path:
    path = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    messages, problems = sources(package)
    assert problems == []
    catalogue_update(path, messages)
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: "译 " + entry.msgid_plural}
        else:
            entry.msgstr = "译 " + entry.msgid
    catalogue.save(str(path))
    return path


def _problems(package: Path, path: Path) -> list[str]:
    return sorted(catalogue_problems(polib.pofile(str(path)), sources(package)[0]))


def test_translated_catalogue_passes_and_compiles(package: Path, tmp_path: Path) -> None:
    path = _catalogue(package, tmp_path)
    assert _problems(package, path) == []
    catalogues_compile(tmp_path / "locale")
    assert "译 One text" in {e.msgstr for e in polib.mofile(str(path.with_suffix(".mo")))}


def test_update_keeps_translations_and_drops_what_is_said_no_more(
    package: Path, tmp_path: Path
) -> None:
    path = _catalogue(package, tmp_path)
    (package / "a.py").write_text('_("One text")\n_("New text")\n', encoding="utf-8")
    assert catalogue_update(path, sources(package)[0]) == (1, 2)
    entries = {e.msgid: e.msgstr for e in polib.pofile(str(path))}
    assert entries["One text"] == "译 One text"
    assert entries["New text"] == ""
    assert not any("two parts" in msgid for msgid in entries)


def test_missing_fuzzy_obsolete_and_wrong_gaps_are_each_named(
    package: Path, tmp_path: Path
) -> None:
    path = _catalogue(package, tmp_path)
    (package / "b.py").write_text('_("Brand new")\n', encoding="utf-8")
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        if entry.msgid == "One text":
            entry.flags.append("fuzzy")
        if "two parts" in entry.msgid:
            entry.msgstr = "分两部分：%(nam)s，100%。"
        if entry.msgid == "Shown":
            entry.msgstr = ""
    catalogue.append(polib.POEntry(msgid="Said nowhere", msgstr="无"))
    catalogue.append(polib.POEntry(msgid="Old", msgstr="旧", obsolete=True))
    catalogue.save(str(path))
    found = "\n".join(_problems(package, path))
    for part in (
        "'Brand new' is missing",
        "'One text' is fuzzy",
        "has a bare % in its translation",
        "has the gaps ['name'] and its translation ['nam']",
        "'Shown' is not translated",
        "'Said nowhere' is said nowhere",
        "'Old' is obsolete",
    ):
        assert part in found
    assert len(found.splitlines()) == 7
