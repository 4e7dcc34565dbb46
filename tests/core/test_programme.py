"""One name space over installed packs: what a bare key means, and to whom."""

from dataclasses import replace

import pytest

from taizhang.core.definition.pack import DocumentTemplate
from taizhang.core.definition.programme import Programmes, UnknownName, qualified
from taizhang.core.formula import NameScope
from tests.core.ledger import measure, pack

SHARED = measure("boards", "公共宣传栏", "期")


def packs(*keys: str, **uses: tuple[str, ...]) -> Programmes:
    """Make packs that each have a measure ``boards``, except those that use another's."""
    made = []
    for key in keys:
        own = type(SHARED)(
            key=f"{key}.boards", label=key, unit="期", kind=SHARED.kind, about=SHARED.about
        )
        measures = {} if key in uses else {own.key: own}
        made.append(
            pack(key=key, measures=measures, indicators={}, norms={}, uses=uses.get(key, ()))
        )
    return Programmes(tuple(made))


def test_a_bare_key_means_the_own_pack_then_those_it_uses() -> None:
    one = packs("common", "later", "he", he=("common",))
    assert one.measure("boards", "he").key == "common.boards"
    assert NameScope(one, "he").find("boards").key == "common.boards"
    assert one.measure("boards", "later").key == "later.boards"
    assert NameScope(one, "later").find("boards").key == "later.boards"


def test_a_bare_key_that_several_packs_have_is_ambiguous_to_others() -> None:
    one = packs("common", "later")
    with pytest.raises(UnknownName, match=r"common\.boards, later\.boards"):
        one.measure("boards")
    with pytest.raises(UnknownName):
        NameScope(one, "nowhere").find("boards")
    with pytest.raises(UnknownName, match="unknown"):
        one.measure("nothing", "common")


def test_a_bare_document_key_means_the_pack_installed_first() -> None:
    def template(key: str) -> DocumentTemplate:
        return DocumentTemplate(key=key, title="总结", kind="总结", period="year", body="")

    keys = ((), ("health.year_summary",), ("law.year_summary", "law.notice"))
    made = zip(packs("common", "health", "law").packs, keys, strict=True)
    one = Programmes(
        tuple(replace(found, documents={key: template(key) for key in has}) for found, has in made)
    )
    assert one.document("year_summary").key == "health.year_summary"
    assert one.document("year_summary", "law").key == "law.year_summary"
    assert one.document("law.year_summary").key == "law.year_summary"
    assert one.document("notice").key == "law.notice"
    assert one.documents_called("year_summary") == ("health.year_summary", "law.year_summary")
    assert one.documents_called("nothing") == ()
    with pytest.raises(UnknownName):
        one.document("nothing")


def test_a_unique_bare_key_and_a_qualified_one_are_found_from_anywhere() -> None:
    one = packs("common", "he", he=())
    assert one.measure("boards").key == "common.boards"
    assert one.measure("common.boards", "he").key == "common.boards"
    assert qualified("he", "boards") == "he.boards"
    assert qualified("he", "common.boards") == "common.boards"
