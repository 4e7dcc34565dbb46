"""What a phone sends is read into answers, and every trick ends in a named issue."""

from collections.abc import Callable

import pytest

from taizhang.core.base.issue import Code, Place
from taizhang.core.form import Form, check, clean, form_from_table
from taizhang.core.form.code import InstanceCode
from taizhang.core.form.instance import (
    MOST_BYTES,
    MOST_DEPTH,
    MOST_ISSUES,
    MOST_NODES,
    FormInstance,
    instance_read,
)
from taizhang.core.form.xform import xform

FORM = form_from_table(
    """
    | survey |  |  |  |  |
    | | type | name | label | required |
    | | date | held_on | 日期 | yes |
    | | begin group | who | 参加 | |
    | | integer | people | 人次 | |
    | | select_multiple topic | topics | 主题 | |
    | | end group | | | |
    | | begin repeat | materials | 资料 | |
    | | text | batch | 编号 | |
    | | integer | copies | 份数 | yes |
    | | end repeat | | | |
    | | image | photo | 照片 | |
    | | text | summary | 小结 | |
    | choices |  |  |  |
    | | list_name | name | label |
    | | topic | tb | 结核病 |
    | | topic | aids | 艾滋病 |
    """,
    "trial.talk",
    "7",
)
META = "<meta><instanceID>uuid:1</instanceID></meta>"


def sent(fields: str = "", meta: str = META, root: str = 'id="trial.talk" version="7"') -> bytes:
    """Write a filled-in form."""
    return f"<data {root}>{fields}{meta}</data>".encode()


def read(xml: bytes, form: Form = FORM) -> FormInstance:
    instance, issues = instance_read(xml, form)
    assert issues == ()
    assert instance is not None
    return instance


def refused(xml: bytes) -> list[Code]:
    instance, issues = instance_read(xml, FORM, Place("x.xml"))
    assert instance is None
    for issue in issues:
        assert "%(" not in issue.line()
    return [issue.code for issue in issues]


WHOLE = """
  <held_on>2026-05-06</held_on>
  <who><people>35</people><topics>tb aids</topics></who>
  <materials jr:template=""><batch/><copies/></materials>
  <materials><batch>ZY-08</batch><copies>55</copies></materials>
  <materials><batch/><copies/></materials>
  <materials><batch>ZY-09</batch><copies>4</copies></materials>
  <photo>1699.jpg</photo>
  <summary>血压怎么量 &lt;b&gt; 𠮷</summary>"""
ANSWERS = {
    "held_on": "2026-05-06",
    "people": "35",
    "topics": ["tb", "aids"],
    "materials": [{"batch": "ZY-08", "copies": "55"}, {"batch": "ZY-09", "copies": "4"}],
    "photo": "1699.jpg",
    "summary": "血压怎么量 <b> 𠮷",
}


@pytest.mark.parametrize(
    ("spaces", "meta"),
    [
        ('xmlns:jr="http://openrosa.org/javarosa"', META),
        # ODK Collect: meta in OpenRosa's namespace
        (
            'xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"',
            "<orx:meta><orx:instanceID>uuid:1</orx:instanceID>"
            "<orx:instanceName>讲座</orx:instanceName></orx:meta>",
        ),
        # Enketo: the namespace of the model around
        (
            'xmlns="http://www.w3.org/2002/xforms" xmlns:jr="http://openrosa.org/javarosa" '
            'xmlns:enk="http://enketo.org/xforms"',
            META,
        ),
    ],
)
def test_answers_have_the_shape_of_a_record_file(spaces: str, meta: str) -> None:
    head = f'id="trial.talk" version="7" {spaces}'
    instance = read(b"\xef\xbb\xbf<?xml version='1.0' ?>" + sent(WHOLE, meta, head))
    assert instance.answers == ANSWERS
    assert (instance.uid, instance.form_id, instance.version) == ("uuid:1", "trial.talk", "7")
    assert instance.media == ("1699.jpg",)
    assert instance.deprecated is None
    assert check(FORM, instance.answers) == ()


def test_what_pyxform_makes_is_read_back() -> None:
    """The empty instance of the XForm that is served holds nothing unknown, and no answer."""
    text, _ = xform(FORM)
    begin, end = text.index("<data "), text.index("</data>") + len("</data>")
    model = text[begin:end].replace("<instanceID/>", "<instanceID>uuid:1</instanceID>")
    model = model.replace("<data ", '<data xmlns:jr="http://openrosa.org/javarosa" ', 1)
    assert read(model.encode()).answers == {}


def test_an_edit_names_what_it_replaces_and_what_tracks_is_not_read() -> None:
    meta = (
        "<meta><instanceID>uuid:2</instanceID><deprecatedID>uuid:1</deprecatedID>"
        "<deviceID>imei</deviceID><timeStart>2026-05-06T08:00</timeStart></meta>"
    )
    instance = read(sent(meta=meta))
    assert instance.deprecated == "uuid:1"
    assert instance.answers == {}


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
HERE = 'xmlns:f="urn:foreign" id="trial.talk" version="7"'
BAD: dict[str, tuple[Callable[[], bytes], InstanceCode]] = {
    "empty": (lambda: b"", InstanceCode.SENT_001),
    "cut": (lambda: sent(WHOLE.replace(' jr:template=""', ""))[:-40], InstanceCode.SENT_001),
    "not XML": (lambda: b"PK\x03\x04", InstanceCode.SENT_001),
    "two roots": (lambda: sent() + sent(), InstanceCode.SENT_001),
    "UTF-16": (lambda: sent().decode().encode("utf-16"), InstanceCode.SENT_001),
    "bytes": (lambda: b"<data>\xff</data>", InstanceCode.SENT_001),
    "NUL": (lambda: sent("<summary>a\x00b</summary>"), InstanceCode.SENT_001),
    "unknown entity": (lambda: sent("<summary>&xxe;</summary>"), InstanceCode.SENT_001),
    "billion laughs": (
        lambda: LAUGHS + sent("<summary>&c;</summary>"),
        InstanceCode.SENT_002,
    ),
    "external entity": (
        lambda: (
            b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:/etc/passwd">]>' + sent("<summary>&f;</summary>")
        ),
        InstanceCode.SENT_002,
    ),
    "external DTD": (
        lambda: b'<!DOCTYPE x SYSTEM "http://localhost/x.dtd">' + sent(),
        InstanceCode.SENT_002,
    ),
    "parameter entity": (
        lambda: b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://localhost/x"> %p;]>' + sent(),
        InstanceCode.SENT_002,
    ),
    "style sheet": (
        lambda: b'<?xml-stylesheet href="http://localhost/x"?>' + sent(),
        InstanceCode.SENT_002,
    ),
    "long": (lambda: sent(f"<summary>{'a' * MOST_BYTES}</summary>"), InstanceCode.SENT_003),
    "deep": (
        lambda: sent("<a>" * MOST_DEPTH + "</a>" * MOST_DEPTH),
        InstanceCode.SENT_003,
    ),
    "wide": (lambda: sent("<a/>" * MOST_NODES), InstanceCode.SENT_003),
    "attributes": (
        lambda: sent("<a " + " ".join(f"b{n}='1'" for n in range(50)) + "/>"),
        InstanceCode.SENT_003,
    ),
    "no form": (lambda: sent(root='version="7"'), InstanceCode.SENT_004),
    "other form": (lambda: sent(root='id="trial.x" version="7"'), InstanceCode.SENT_005),
    "other version": (lambda: sent(root='id="trial.talk" version="6"'), InstanceCode.SENT_005),
    "no version": (lambda: sent(root='id="trial.talk"'), InstanceCode.SENT_005),
    "no id": (lambda: sent(meta=""), InstanceCode.SENT_006),
    "blank id": (
        lambda: sent(meta="<meta><instanceID> </instanceID></meta>"),
        InstanceCode.SENT_007,
    ),
    "two ids": (lambda: sent(meta=META + META), InstanceCode.SENT_006),
    "long id": (
        lambda: sent(meta=f"<meta><instanceID>{'u' * 101}</instanceID></meta>"),
        InstanceCode.SENT_007,
    ),
    "id with a line": (
        lambda: sent(meta="<meta><instanceID>u\nv</instanceID></meta>"),
        InstanceCode.SENT_007,
    ),
    "wrong edited id": (
        lambda: sent(meta=META[:-7] + "<deprecatedID>a b</deprecatedID></meta>"),
        InstanceCode.SENT_007,
    ),
    "unknown field": (lambda: sent("<wage>3</wage>"), InstanceCode.SENT_008),
    "field in the wrong place": (
        lambda: sent("<materials><people>3</people></materials>"),
        InstanceCode.SENT_008,
    ),
    "repeat in a repeat": (
        lambda: sent("<materials><materials><batch>A</batch></materials></materials>"),
        InstanceCode.SENT_008,
    ),
    "field twice": (lambda: sent("<people>3</people><people>4</people>"), InstanceCode.SENT_009),
    "blank, then filled in": (
        lambda: sent("<people/><who><people>4</people></who><people>1</people>"),
        InstanceCode.SENT_009,
    ),
    "foreign field": (
        lambda: sent("<f:people>3</f:people>", root=HERE),
        InstanceCode.SENT_010,
    ),
    "foreign root": (
        lambda: f"<f:data {HERE}>{META}</f:data>".encode(),
        InstanceCode.SENT_010,
    ),
    "text among fields": (lambda: sent("hello<people>3</people>"), InstanceCode.SENT_011),
    "field with elements": (
        lambda: sent("<summary>a<b>c</b></summary>"),
        InstanceCode.SENT_011,
    ),
    "path up": (lambda: sent("<photo>../../x.jpg</photo>"), InstanceCode.SENT_012),
    "Windows path": (lambda: sent("<photo>C:\\x.jpg</photo>"), InstanceCode.SENT_012),
    "dots": (lambda: sent("<photo>..</photo>"), InstanceCode.SENT_012),
    "long name": (lambda: sent(f"<photo>{'x' * 151}</photo>"), InstanceCode.SENT_012),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named(name: str) -> None:
    make, code = BAD[name]
    assert refused(make()) == [code]


def test_every_message_is_proved() -> None:
    assert {code for _, code in BAD.values()} == set(InstanceCode)


def test_all_faults_are_said_at_once_but_not_without_end() -> None:
    codes = refused(sent("<wage/><people>3</people><people>4</people><photo>a/b</photo>"))
    assert codes == [InstanceCode.SENT_008, InstanceCode.SENT_009, InstanceCode.SENT_012]
    assert len(refused(sent("<wage/>" * 5_000))) == MOST_ISSUES


def test_faults_say_the_line_and_the_field() -> None:
    _, issues = instance_read(sent("\n\n<wage/>"), FORM, Place("x.xml"))
    assert (issues[0].place.line, issues[0].place.column) == (3, "wage")


@pytest.mark.parametrize(
    ("attributes", "quantity"),
    [
        ('quantity="about"', {"kind": "about", "low": 35, "high": 35}),
        ('quantity="at_least"', {"kind": "at_least", "low": 35}),
        ('quantity="between" high="60"', {"kind": "between", "low": 35, "high": 60}),
        ('quantity="exact"', 35),
        ('quantity=""', 35),
    ],
)
def test_a_number_may_say_how_sure_it_is(attributes: str, quantity: object) -> None:
    instance = read(sent(f"<held_on>2026-05-06</held_on><people {attributes}>35</people>"))
    assert clean(FORM, instance.answers)["people"] == quantity


def test_an_unknown_sureness_is_refused_by_the_check() -> None:
    instance = read(sent('<held_on>2026-05-06</held_on><people quantity="maybe">35</people>'))
    assert [issue.code.name for issue in check(FORM, instance.answers)] == ["ANSWER_003"]
