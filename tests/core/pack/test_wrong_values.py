"""Each value of a pack is tried as each sort of thing: what does not fit is an issue.

What fits which kind is written down here by hand; whatever else an author writes in its place must
be refused by name, never pass, never end in a traceback.
"""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from taizhang.core.base.issue import errors
from taizhang.core.base.yaml_source import YamlList, YamlMap, read_yaml
from taizhang.core.pack.code import PackCode
from taizhang.core.pack.examine import faults
from taizhang.core.pack.load import read
from taizhang.core.pack.reader import CHOICES, READERS, PackReader, WrongValue
from taizhang.core.pack.schema import PART_SCHEMAS
from tests.core.pack.test_faulty import COMMON, FILES

#: Sorts of values as an author writes them, by a name of ours.
SORTS = {
    "words": "没有",
    "key": "maybe",
    "yes": '"yes"',
    "whole": "7",
    "minus": "-7",
    "fraction": "1.5",
    "true": "true",
    "date": "2026-05-01",
    "no date": "2026-13-01",
    "empty list": "[]",
    "texts": "[没有, 1]",
    "months": "[3, 6]",
    "months that are none": "[0, 13]",
    "a month twice": "[3, 3]",
    "truths": "[true]",
    "lists": "[[1]]",
    "empty mapping": "{}",
    "mapping of texts": "{a: 没有}",
    "mapping of wholes": "{a: 7}",
    "mapping of minus": "{a: -7}",
    "mapping of truths": "{a: true}",
    "mapping of lists": "{a: [1]}",
    "even": "even",
    "limit": "limit",
}
TEXTS = {"words", "key", "yes", "whole", "minus", "fraction", "date", "no date", "even", "limit"}
LISTS = {
    *("empty list", "texts", "months", "months that are none", "a month twice", "truths", "lists"),
}
MAPPINGS = {name for name in SORTS if "mapping" in name}
NUMBERS = {"whole", "minus", "fraction"}
#: Which of them each kind of value takes.
TAKEN = {
    "text": TEXTS,
    "text or blank": TEXTS,
    "formula": TEXTS,
    "expression": TEXTS,
    "key": {"key", "yes", "even", "limit"},
    "number": NUMBERS,
    "whole number from 0": {"whole"},
    "true | false": {"true", "yes"},
    "date": {"date"},
    "list of texts": LISTS - {"truths", "lists"},
    "text | list of texts": TEXTS | (LISTS - {"truths", "lists"}),
    "text | list of texts | mapping of texts": TEXTS
    | (LISTS - {"truths", "lists"})
    | (MAPPINGS - {"mapping of truths", "mapping of lists"}),
    "mapping of texts": MAPPINGS - {"mapping of truths", "mapping of lists"},
    "mapping of numbers from 0": {"empty mapping", "mapping of wholes"},
    "even | at_end | list of months": {"even", "months"},
    "even | at_end | limit | list of months": {"even", "limit", "months"},
    "mapping": MAPPINGS,
    "list": LISTS,
    "anything": set(SORTS),
    **{kind: set[str]() for kind in CHOICES},
}


def value_of(sort: str) -> object:
    value, issues = read_yaml(SORTS[sort].encode(), "a.yaml")
    assert not issues
    return value


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("kind", READERS)
def test_a_reader_takes_its_own_sort_and_no_other(kind: str, sort: str) -> None:
    if sort in TAKEN[kind]:
        READERS[kind](value_of(sort))
    else:
        with pytest.raises(WrongValue):
            READERS[kind](value_of(sort))


@pytest.mark.parametrize("kind", CHOICES)
def test_a_choice_is_taken_by_its_own_words(kind: str) -> None:
    for choice in CHOICES[kind]:
        assert READERS[kind](choice) == choice


@pytest.mark.parametrize(
    ("shape", "key"), [(shape, key) for shape in PART_SCHEMAS for key in PART_SCHEMAS[shape]]
)
def test_a_wrong_value_of_a_key_is_an_issue_at_its_line(shape: str, key: str) -> None:
    kind = PART_SCHEMAS[shape][key].kind
    for sort in SORTS:
        table = YamlMap(1)
        table[key], table.lines[key] = value_of(sort), 4
        reader = PackReader("a.yaml", [])
        kept = reader.table(table, shape, "here", 1)
        wrong = [issue for issue in reader.issues if issue.code is not PackCode.PACK_007]
        if sort in TAKEN[kind]:
            assert (wrong, key in kept) == ([], True), sort
            continue
        assert key not in kept, sort
        assert [(issue.code, issue.place.line) for issue in wrong] == [(PackCode.PACK_008, 4)]
        assert wrong[0].facts["key"] == key
        assert wrong[0].facts["wanted"] == kind


Path = tuple[str | int, ...]
#: What stands in the place of each value of a whole pack.
SLIPS = ("words", "minus", "fraction", "true", "texts", "empty list", "mapping of wholes")


def places(value: object, path: Path = ()) -> Iterator[Path]:
    pairs = value.items() if isinstance(value, YamlMap) else ()
    pairs = enumerate(value) if isinstance(value, YamlList) else pairs
    for key, one in pairs:
        yield (*path, key)
        yield from places(one, (*path, key))


def changed(value: object, path: Path, put: object) -> object:
    if not path:
        return put
    if isinstance(value, YamlMap):
        return {k: changed(v, path[1:], put) if k == path[0] else v for k, v in value.items()}
    assert isinstance(value, YamlList)
    return [changed(v, path[1:], put) if at == path[0] else v for at, v in enumerate(value)]


def written(value: object) -> bytes:
    """Write a value as JSON, which YAML holds."""
    return json.dumps(value, default=lambda number: float(Decimal(number))).encode()


@pytest.mark.parametrize("name", [name for name in FILES if "/" not in name and "yaml" in name])
def test_no_value_of_a_pack_ends_in_a_traceback(name: str) -> None:
    """Half of the places of each file by turns: a wrong value is an issue or is none."""
    files = {file: text.encode() for file, text in FILES.items()}
    assert COMMON is not None
    root, _ = read_yaml(files[name], name)
    for at, path in enumerate(places(root)):
        for sort in SLIPS[at % 2 :: 2]:
            reading = read({**files, name: written(changed(root, path, value_of(sort)))})
            issues = reading.issues + faults(reading, (COMMON,))
            assert all(issue.line() for issue in issues), (path, sort)


@pytest.mark.parametrize(
    ("name", "path", "sort"),
    [
        ("measures.yaml", ("counting", 0, "facts", "activities"), "true"),
        ("measures.yaml", ("counting", 0, "facts", "activities"), "minus"),
        ("measures.yaml", ("counting", 0, "facts", "activities"), "fraction"),
        ("measures.yaml", ("counting", 0, "facts", "activities"), "texts"),
        ("norms.yaml", ("norms", "activities", "versions", 0, "verified"), "key"),
        ("norms.yaml", ("norms", "activities", "versions", 0, "values", "社区"), "minus"),
        ("norms.yaml", ("norms", "activities", "versions", 0, "values", "社区"), "true"),
        ("indicators.yaml", ("indicators", "clean_rate", "cap"), "minus"),
        ("indicators.yaml", ("indicators", "clean_rate", "decimals"), "minus"),
        ("rubric.yaml", ("sections", 0, "items", 0, "rule", "kind"), "empty list"),
        ("rubric.yaml", ("sections", 0, "items", 0, "rule", "kind"), "mapping of wholes"),
        ("rubric.yaml", ("sections", 0, "items", 0, "rule", "kind"), "true"),
        ("rubric.yaml", ("sections", 0, "items", 0, "rule", "kind"), "whole"),
    ],
)
def test_a_wrong_value_deep_inside_forbids_the_pack(name: str, path: Path, sort: str) -> None:
    files = {file: text.encode() for file, text in FILES.items()}
    root, _ = read_yaml(files[name], name)
    whole = changed(root, path, value_of(sort))
    if path[-1] not in ("verified", "cap", "decimals"):  # what is not there yet is put in
        assert path in set(places(root))
    else:
        holder = whole
        for step in path[:-1]:
            holder = holder[step]  # type: ignore[index]
        holder[path[-1]] = value_of(sort)  # type: ignore[index]
    found = read({**files, name: written(whole)})
    wrong = [issue for issue in errors(found.issues) if issue.code is PackCode.PACK_008]
    assert [issue.place.file for issue in wrong] == [name]
    assert wrong[0].facts["key"] in path
