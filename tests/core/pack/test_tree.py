"""YAML is read as YAML 1.2 with lines; what a pack does not need is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.core.base.code import YamlCode
from taizhang.core.base.issue import Code
from taizhang.core.base.yaml_source import MOST_BYTES, YamlList, YamlMap, read_yaml


def read(text: str) -> object:
    value, issues = read_yaml(text.encode(), "a.yaml")
    assert issues == []
    return value


def codes(text: str | bytes) -> list[tuple[Code, int | None]]:
    data = text if isinstance(text, bytes) else text.encode()
    return [(issue.code, issue.place.line) for issue in read_yaml(data, "a.yaml")[1]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("'true'", "true"),
        ("12", 12),
        ("-3", -3),
        ("0.40", Decimal("0.40")),
        ("007", "007"),
        ("1e3", "1e3"),
        ("0x1F", "0x1F"),
        ("2017-02-28", "2017-02-28"),
        ("12:30", "12:30"),
        ("~", None),
        ("", None),
        ("国卫基层发〔2017〕13号", "国卫基层发〔2017〕13号"),
    ],
)
def test_scalar(text: str, wanted: object) -> None:
    value = read(f"a: {text}")
    assert isinstance(value, YamlMap)
    assert value["a"] == wanted
    assert type(value["a"]) is type(wanted)


def test_lines_of_keys_and_entries() -> None:
    value = read("# head\na: 1\nb:\n  - {c: 2,\n     d: 3}\n  - x\n")
    assert isinstance(value, YamlMap)
    assert value.lines == {"a": 2, "b": 3}
    rows = value["b"]
    assert isinstance(rows, YamlList)
    assert rows.lines == [4, 6]
    assert isinstance(rows[0], YamlMap)
    assert rows[0].lines == {"c": 4, "d": 5}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: [1, 2", YamlCode.PACK_002, 1),
        ("a: 1\n b: 2\n", YamlCode.PACK_002, 2),
        ("a: 1\n---\nb: 2\n", YamlCode.PACK_002, 2),
        ("a: 1\n[x]: 2\n", YamlCode.PACK_002, 2),
        ("a: 'x\ty\x07'\n", YamlCode.PACK_002, 1),
        ("a:\n  b: 1\n  b: 2\n", YamlCode.PACK_005, 3),
        ("a: 1\nb: !!python/object:os.system x\n", YamlCode.PACK_004, 2),
        ("a: !env HOME\n", YamlCode.PACK_004, 1),
        ("[" * 40 + "]" * 40, YamlCode.PACK_002, 1),
    ],
)
def test_refused(text: str, code: Code, line: int) -> None:
    assert codes(text) == [(code, line)]


def test_aliases_do_not_multiply() -> None:
    text = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(20))
    assert {code for code, _ in codes(text)} == {YamlCode.PACK_004}


def test_size_and_encoding() -> None:
    assert codes("a: " + "x" * MOST_BYTES) == [(YamlCode.PACK_003, None)]
    assert codes("名: 字".encode("gb18030")) == [(YamlCode.PACK_011, None)]
    assert read("\ufeffa: 1") == {"a": 1}


@given(st.text(max_size=60))
def test_any_text_is_read_or_named(text: str) -> None:
    value, issues = read_yaml(text.encode("utf-8", "replace"), "a.yaml")
    assert (
        issues or value is None or isinstance(value, (str, int, bool, Decimal, YamlMap, YamlList))
    )
