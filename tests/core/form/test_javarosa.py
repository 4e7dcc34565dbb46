"""Forms as we serve them load in JavaRosa, the engine of ODK Collect.

ODK Validate, which pyxform brings along, loads a form, calculates and shows it once from beginning
to end.  One run of Java takes all forms at once; forms that are wrong on purpose prove that it
looks.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH

import taizhang
from taizhang.core.form import form_from_table
from taizhang.core.form.expression.value import FUNCTIONS
from taizhang.core.form.xform import xform
from taizhang.core.pack.load import load
from tools.machine import JAVA, java_find

pytestmark = pytest.mark.skipif(java_find() is None, reason=f"no Java {JAVA} on this machine")

PACKS = sorted(Path(taizhang.__file__).with_name("packs").glob("*/pack.yaml"))

#: Arguments of functions that do not take any number.
ARGUMENTS = {
    "contains": ("${t}", "'a'"),
    "count": ("${rows}",),
    "count-selected": ("${m}",),
    "date": ("'2026-05-06'",),
    "decimal-date-time": ("${d}",),
    "ends-with": ("${t}", "'a'"),
    "if": ("${t} = 'x'", "1", "2"),
    "normalize-space": ("${t}",),
    "not": ("${t} = 'x'",),
    "regex": ("${t}", "'^[A-Z0-9-]{2,20}$'"),
    "selected": ("${m}", "'a'"),
    "selected-at": ("${m}", "0"),
    "starts-with": ("${t}", "'a'"),
    "string-length": ("${t}",),
    "substr": ("${t}", "1", "2"),
    "sum": ("${copies}",),
}
#: What an expression may be made of besides functions.
WRITTEN = {
    "numbers": ".5 + 5. * 2 - -${n}",
    "divided": "${n} div 2 mod 3",
    "compared": "${n} >= 1 and ${n} < 2 or ${n} <= 0 or ${n} > 3 and ${t} != ''",
    "quoted": """concat("it's ", '"x" < & >')""",
    "days": "date(decimal-date-time(${d}) + 31)",
    "over_rows": "sum(${copies}) + count(${rows}) + max(${copies}) + min(${copies})",
    "several": "max(${n}, 2, 3) - min(${n}, 2, 3)",
    "today": "${d} <= today()",
}

TABLE = """
| survey |
| | type | name | label | about | calculation |
| | integer | n | 数 | activity | |
| | text | t | 文 | activity | |
| | date | d | 日 | activity | |
| | select_multiple ab | m | 选 | activity | |
| | begin_repeat | rows | 行 | | |
| | integer | copies | 份 | activity | |
| | end_repeat | | | | |
| | calculate | c | 算 | activity | %s |
| choices |
| | list_name | name | label |
| | ab | a | 甲 |
| | ab | b | 乙 |
"""

#: Legal, and nothing that people write every day: signs of XML and Markdown in every text, names
#: that mean something to XForms, numbers as choices, a filter, defaults, every type, deep groups.
HOSTILE = """
| survey |
| | type | name | label | hint | about | required | constraint | constraint_message | relevant \
| calculation | default | choice_filter | parameters | appearance |
| | note | title | a < b & "c" 'd' ]]> <b>x</b> **粗** _斜_ # 标题 𠮷 “引” | &amp; %s %(x)s | \
activity | | | | | | | | | |
| | integer | count | ${instance} 之数 <${Select}> | | activity | ${instance} = '' | \
. >= 0 and . <= 10000000000 | 不行：< & " ' %% | | | 5 | | | |
| | text | instance | 文 | | activity | | string-length(.) < 5 | | | | a'b"c<d>&e | | | multiline |
| | text | Select | 选 | | activity | | regex(., '^[^<&"]{1,3}$') | | \
not(${count} > 3) | | | | | |
| | decimal | text | 小数 | | activity | | | | | | | | | |
| | range | model | 幅 | | activity | | | | | | | | start=1 end=9 step=2 | |
| | date | today | 日 | | activity | | . <= today() | | | | | | | |
| | time | string | 时 | | activity | | | | | | | | | |
| | dateTime | meta_ | 刻 | | activity | | | | | | | | | |
| | select_one one | position | 单 | | activity | | | | | | 02 | | | minimal |
| | select_multiple many | true_ | 多 | | activity | | count-selected(.) <= 2 | | | | 1 3 | \
of = ${position} or selected(${position}, '02') | | |
| | begin_group | g1 | 一 | | activity | | | | ${count} > 0 | | | | | field-list |
| | begin_group | g2 | 二 | | activity | | | | ${g} != '' or true() | | | | | |
| | begin_repeat | rep | 行 | | activity | | | | | | | | | |
| | begin_group | g3 | 三 | | activity | | | | | | | | | |
| | select_one one | x | 甲 | | activity | | | | | | | | | |
| | integer | y | 乙 | | activity | | . > ${count} | | ${x} = '02' | | | | | |
| | calculate | z | | | activity | | | | | if(${y} > 1, ${y} * ${count}, '') | | | | |
| | end_group | | | | | | | | | | | | | |
| | end_repeat | | | | | | | | | | | | | |
| | end_group | | | | | | | | | | | | | |
| | end_group | | | | | | | | | | | | | |
| | calculate | all_ | | | activity | | | | | sum(${z}) + count(${rep}) | | | | |
| | hidden | g | | | activity | | | | | | 值 | | | |
| | image | photo | 像 | | activity | | | | | | | | max-pixels=1200 | |
| | audio | sound | 声 | | activity | | | | | | | | | |
| | video | film | 影 | | activity | | | | | | | | | |
| | file | paper | 件 | | activity | | | | | | | | | |
| | barcode | bar | 码 | | activity | | | | | | | | | |
| | acknowledge | ok | 知 | | activity | | | | | | | | | |
| | start | begun | | | | | | | | | | | | |
| choices |
| | list_name | name | label | of |
| | one | 01 | 甲 < & > " ' | |
| | one | 02 | ${count} | |
| | many | 1 | 一 | 01 |
| | many | 2 | 二 | 02 |
| | many | 3 | 三 | 01 |
| settings |
| | form_title | version | instance_name |
| | 敌 < & > "意" ' | 9.9-rc | concat('x', ${count}) |
"""

#: What JavaRosa must find when it is put into a form in place of the first text.
BROKEN = {
    "function": ('nodeset="/data/c"', 'nodeset="/data/c" relevant="frobnicate(1)"'),
    "reading": ('calculate="1"', 'calculate="1 = = 1"'),
    "circle": ('calculate="1"', 'calculate=" /data/c "'),
    "question": ('ref="/data/t"', 'ref="/data/nowhere"'),
    "whole": ("</h:html>", "</h:html"),
}


def _functions() -> dict[str, str]:
    """Give a form for each function with as few and as many arguments as we let it take."""
    found = {}
    for name, function in FUNCTIONS.items():
        low, high = function.arguments
        for count in {low, low + 2 if high is None else high}:
            given = ARGUMENTS.get(name, ("${n}", "2", "3", "4"))[:count]
            found[f"{name}.{count}"] = f"{name}({', '.join(given)})"
    return found


EXPRESSIONS = _functions() | WRITTEN


def _forms() -> dict[str, str]:
    """Give every XForm to try, by a name that may be a file's."""
    found: dict[str, str] = {}
    for file in PACKS:
        pack, _ = load(file.parent, tests=False)
        assert pack is not None
        found |= {key: xform(form)[0] for key, form in pack.forms.items()}
    for name, text in EXPRESSIONS.items():
        found[f"expression.{name}"] = xform(form_from_table(TABLE % text))[0]
    text, complaints = xform(form_from_table(HOSTILE))
    assert complaints == ()
    found["hostile"] = text
    sound = xform(form_from_table(TABLE % "1"))[0]
    for name, (old, new) in BROKEN.items():
        assert old in sound
        found[f"broken.{name}"] = sound.replace(old, new, 1)
    return found


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """This fixture will give what JavaRosa says of each form, ``""`` where it has no complaint."""
    folder = tmp_path_factory.mktemp("forms")
    forms = _forms()
    for name, text in forms.items():
        (folder / f"{name}.xml").write_text(text, encoding="utf-8")
    names = sorted(forms)
    done = subprocess.run(
        [
            *(str(java_find()), "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-Xmx512m"),
            *("-jar", ODK_VALIDATE_PATH, *(f"{name}.xml" for name in names)),
        ],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=90,
        check=False,
    )
    assert re.findall(r"^Validating: (.*)\.xml$", done.stdout, re.MULTILINE) == names
    listed = done.stderr.partition("The following files failed validation:")[2]
    failed = set(re.findall(r"^(.*)\.xml$", listed, re.MULTILINE))
    assert done.returncode == bool(failed)
    assert failed <= forms.keys()
    return {name: done.stderr if name in failed else "" for name in names}


def test_every_form_of_every_pack_loads(faults: Mapping[str, str]) -> None:
    ours = {name: why for name, why in faults.items() if name.split(".")[0] in _pack_keys()}
    assert len(ours) >= 40
    assert [name for name, why in ours.items() if why] == [], next(filter(None, ours.values()))


def _pack_keys() -> set[str]:
    return {file.parent.name for file in PACKS}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_phones_know_every_function_that_a_form_may_use(
    faults: Mapping[str, str], name: str
) -> None:
    assert not faults[f"expression.{name}"], EXPRESSIONS[name]


def test_an_unusual_form_loads(faults: Mapping[str, str]) -> None:
    assert faults["hostile"] == ""


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_found(faults: Mapping[str, str], name: str) -> None:
    assert faults[f"broken.{name}"]
