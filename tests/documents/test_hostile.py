"""Templates that try to hold or fill the machine are answered by an issue at once, wherever run."""

import time
import tracemalloc

import pytest

from taizhang.core.base.issue import Refused
from taizhang.documents.code import DocumentCode as D
from taizhang.documents.template.composition import compose
from tests.documents.ledger import Ledger, subject, template

TEN, HUNDRED = "a" * 10, "a" * 100


def doubled(how: str, times: int = 33) -> str:
    return f"{{% set x = '{TEN}' %}}\n" + f"{{% set x = {how} %}}\n" * times + "{{ x }}"


def nested(opening: str, closing: str, inner: str = "甲", times: int = 6) -> str:
    return opening * times + inner + closing * times


LOOPS = "".join(f"{{% for x{n} in '{HUNDRED}' %}}" for n in range(6))
#: As many entries as a list may have, and as many characters as a text may; walked again and again.
LIST = "{% set L = [" + ",".join(f"'甲{n}'" for n in range(1_900)) + "] %}\n"
TEXT = "{% set L = [" + ",".join("0" * 1_900) + "] %}{% set x = '" + "甲" * 20_000 + "' %}\n"
TEXT += "{% set w = '0" + ".0" * 9_999 + "' %}\n"
#: Whole numbers, and rows of them, that all fall into one heap of a set or mapping.
HEAP = ",".join(str(n * (2**61 - 1)) for n in range(1, 800))


def again(what: str) -> str:
    return (
        "{% for i in L %}{% for j in L %}{% if " + what + " %}{% endif %}{% endfor %}{% endfor %}"
    )


#: What the meter of turns alone does not see: filters, tests, comparisons, parts, calls.
OFTEN = {
    **{
        f"often_{how}": LIST + again(f"L|{how}")
        for how in (
            "sort",
            "sort|length == 1",
            "unique|length",
            "min",
            "max",
            "reverse|length",
            "map('upper')|length",
            "map(attribute='0.0.0.0.0.0.0.0')|length",
            "select('in', L)|length",
            "reject('equalto', L)|length",
            "list|length",
            "join",
        )
    },
    "in_a_list": LIST + again("'乙' in L"),
    "not_in_a_list": LIST + again("'甲1' not in L"),
    "is_in_a_list": LIST + again("'乙' is in L"),
    "equal_lists": LIST + "{% set M = L[:] %}" + again("L == M and M is eq L and L < M"),
    "part_of_a_list": LIST + again("L[1:][1:][1:][1:]"),
    "one_sort_in_a_turn": LIST + "{% for i in L if L|sort and L|unique %}{% endfor %}",
    "in_the_test_of_a_loop": LIST
    + "{% for i in L %}{% for j in L if ["
    + ",".join(["i != j"] * 500)
    + "] %}{% endfor %}{% endfor %}",
    "heavy_macro": LIST
    + "{% macro f() %}"
    + "{% set a = 1 %}" * 1_000
    + "{% endmacro %}"
    + again("f()"),
    "given_to_a_macro": LIST + "{% macro f(l, m, n, o) %}{% endmacro %}" + again("f(L, L, L, L)"),
    "equal_mappings": LIST
    + "{% set m = {'a': L, 'b': L[1:2]} %}"
    + again("m == {'a': L, 'b': L[1:2]}"),
    "views": LIST + "{% set m = {'a': L} %}" + again("'a' in m.values() or L in m.values()"),
    **{
        f"long_{how}": TEXT + again(how)
        for how in (
            "x|upper",
            "x|lower",
            "x|trim",
            "x|reverse",
            "x|min",
            "x|sort|length",
            "x|unique|length",
            "x|map('upper')|first",
            "x|select('eq', '乙')|list",
            "x == x ~ ''",
            "x[1:] < x[:-1]",
            "'甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲乙' in x",
            "[[x, x], [x, x]] == [[x, x], [x, x]]",
            "[x, x, x]|sort",
            "[x]|map(attribute=w)|first",
        )
    },
    "rows_in_one_heap": "{% set L = ["
    + ",".join(f"({n}, {n})" for n in range(600))
    + "] %}"
    + again("L|unique|length"),
}
#: A first rendering, which only asks what there is, takes the other side of the choice.
HIDDEN = LIST + "{% if value('lectures') > 0 %}" + again("L|sort") + "{% endif %}甲。"
#: What a template may not do at all: the syntax, a name, a way out of plain values.
UNREADABLE = {
    "center": "{{ 'a'|center(3000000000) }}",
    "percent_filter": "{{ '%3000000000d'|format(1) }}",
    "format_method": "{{ '{:>3000000000}'.format('a') }}",
    "brackets": "{{ " + nested("(", ")", "'a'", 300) + " }}",
    "percent": "{{ '%3000000000d' % 1 }}",
    "percent_of_all": "{{ '%*d' % (3000000000, 1) }}",
    "ljust": "{{ 'a'.ljust(3000000000) }}",
    "zfill": "{{ 'a'.zfill(3000000000) }}",
    "expandtabs": "{{ '\t'.expandtabs(3000000000) }}",
    "replace_method": "{{ 'aaaa'.replace('a', 'aaaaaaaaaa') }}",
    "join_method": "{{ 'aaaa'.join(['a', 'b']) }}",
    "format_map": "{{ '{a:>3000000000}'.format_map({'a': 1}) }}",
    "translate": "{{ 'a'.translate({97: 'aaaaaaaaaa'}) }}",
    "to_bytes": "{{ (1).to_bytes(3000000000, 'big') }}",
    "indent": "{{ 'a\nb'|indent(3000000000) }}",
    "wordwrap": "{{ 'a b'|wordwrap(1, wrapstring='aaaaaaaaaa') }}",
    "truncate": "{{ 'a'|truncate(3, end='aaaaaaaaaa') }}",
    "replace": "{{ 'aaaa'|replace('a', 'aaaaaaaaaa') }}",
    "batch": "{{ 'a'|batch(3000000000, 'b')|list }}",
    "slice": "{{ 'a'|slice(3000000000)|list }}",
    "round": "{{ 1.5|round(1000000000, 'ceil') }}",
    "pprint": "{{ [1]|pprint }}",
    "tojson": "{{ 'a'|tojson }}",
    "urlize": "{{ 'a'|urlize }}",
    "string": "{{ [1]|string }}",
    "range": "{% for x in range(3000000000) %}{% endfor %}",
    "lipsum": "{{ lipsum(100000) }}",
    "cycler": "{{ cycler('a').next() }}",
    "namespace": "{% set n = namespace(x='a') %}{{ n.x }}",
    "self": "{{ self.body() }}",
    "block": "{% block a %}{{ self.a() }}{% endblock %}",
    "include": "{% include 'hostile' %}",
    "import": "{% import 'hostile' as h %}",
    "from": "{% from 'hostile' import h %}",
    "extends": "{% extends 'hostile' %}",
    "call_block": "{% macro f() %}{{ caller() }}{% endmacro %}{% call f() %}甲{% endcall %}",
    "recursive": "{% for x in ['a'] recursive %}{{ loop(['b']) }}{% endfor %}",
    "loop_call": "{% for x in ['a'] %}{{ loop(['b']) }}{% endfor %}",
    "times": "{{ 'a' * 3000000000 }}",
    "times_list": "{{ ['a'] * 3000000000 }}",
    "power": "{{ 9 ** 999999999 }}",
    "not_not": "{{ " + "not " * 3000 + "true }}",
    "minus": "{{ " + "-" * 3000 + "1 }}",
    "plus": "{{ " + "+".join("1" * 3000) + " }}",
    "ifs": nested("{% if true %}", "{% endif %}", times=300),
    "fors": nested("{% for x in 'a' %}", "{% endfor %}", times=300),
    "static_blocks": nested("{% for x in 'a' %}", "{% endfor %}", times=30),
    "subscripts": "{{ unit" + "[0" * 300 + "]" * 300 + " }}",
    "attributes": "{{ unit" + ".a" * 3000 + " }}",
    "filters": "{{ 'a'" + "|trim" * 3000 + " }}",
    "long": "{{ 'a' }}" * 9000,
    "prints_a_list": "{{ ['a', 'b'] }}",
    "prints_a_mapping": "{{ {'a': 'b'} }}",
    "digits": "{{ " + "9" * 5000 + " }}",
    "division": "{{ 1 / 0 }}",
    "class": "{{ ''.__class__.__mro__ }}",
    "subject": "{{ unit._subject }}",
    "attr": "{{ unit|attr('_subject') }}",
    "globals": "{{ fig.__globals__ }}",
    "heap": "{{ [" + HEAP + "]|unique|length }}",
    "heap_of_keys": "{% set m = {" + HEAP.replace(",", ": 1,") + ": 1} %}",
    "rows_as_keys": "{% set m = {(1, 2): 1} %}",
    "large_sum": "{% set x = 999999999999999 %}{{ x + x }}",
    "method_of_a_mapping": "{% set m = {'a': 1} %}{{ m.fromkeys('abc')|length }}",
}
#: What it may do, but not without end.
ENDLESS = {
    "doubled": doubled("x + x"),
    "tilde": doubled("x ~ x"),
    "loops": LOOPS + "甲" + "{% endfor %}" * 6,
    "macro": "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f('a') }}",
    "silent_loops": LOOPS + "{% set y = x0 %}" + "{% endfor %}" * 6,
    "set_blocks": f"{{% set x %}}{TEN}{{% endset %}}\n"
    + "{% set x %}{{ x }}{{ x }}{% endset %}\n" * 33
    + "{{ x }}",
    "joined": f"{{% set x = '{HUNDRED * 100}' %}}{{{{ x|join(x) }}}}",
    "lists": "{% set l = ['a'] %}\n" + "{% set l = l + l %}\n" * 33,
    "lists_in_lists": "{% set l = ['a'] %}\n" + "{% set l = [l, l] %}\n" * 33,
    "rows_in_rows": "{% set l = ('a', 'b') %}\n" + "{% set l = (l, l) %}\n" * 33,
    "mappings": "{% set l = {'a': 1} %}\n" + "{% set l = {'a': l, 'b': l} %}\n" * 33,
    "list_of_text": f"{{% set x = '{HUNDRED * 100}' %}}{{% set l = x|list %}}{{{{ l|length }}}}",
    "two_macros": "{% macro f(x) %}{{ g(x) }}{% endmacro %}{% macro g(x) %}{{ f(x) }}{% endmacro %}"
    "{{ f('a') }}",
    "branching": "{% macro f(x, l) %}{% if l %}{{ f(x, l[1:]) }}{{ f(x, l[1:]) }}{% endif %}甲"
    "{% endmacro %}{{ f('a', 'abcdefghijklmnopq') }}",
    "much": LOOPS[: LOOPS.find("x3") - 7] + HUNDRED + "{% endfor %}" * 3,
    "filter_block": "{% set x = '"
    + HUNDRED
    + "' %}"
    + "{% set x %}{% filter upper %}{{ x }}{{ x }}"
    "{% endfilter %}{% endset %}" * 20,
    "maps": LOOPS[: LOOPS.find("x3") - 7] + "{{ x0|map('upper')|join }}" + "{% endfor %}" * 3,
    "asks": LOOPS[: LOOPS.find("x3") - 7] + "{{ blank('甲') }}" + "{% endfor %}" * 3,
}


def issues(body: str, **head: object) -> set[D]:
    with pytest.raises(Refused) as caught:
        compose(template(body, **head), Ledger({"lectures": 12}), subject())
    assert all(issue.line() for issue in caught.value.issues)
    return {issue.code for issue in caught.value.issues}  # type: ignore[misc]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        *((body, {D.DOCUMENT_001, D.DOCUMENT_002}) for body in UNREADABLE.values()),
        *((body, {D.DOCUMENT_018}) for body in ENDLESS.values()),
    ],
    ids=[*UNREADABLE, *ENDLESS],
)
def test_a_hostile_template_is_refused_at_once(body: str, codes: set[D]) -> None:
    tracemalloc.start()
    began = time.process_time()
    try:
        assert issues(body) & codes
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert time.process_time() - began < 20  # tracing makes it ten times slower
    assert peak < 100 * 2**20


@pytest.mark.parametrize("body", [*OFTEN.values(), HIDDEN], ids=[*OFTEN, "hidden"])
def test_what_is_read_again_and_again_is_counted_by_its_length(body: str) -> None:
    began = time.process_time()
    assert issues(body) == {D.DOCUMENT_018}
    assert time.process_time() - began < 5  # a second, on a machine at rest


def test_the_head_is_held_like_the_body() -> None:
    assert D.DOCUMENT_001 in issues("甲。", title="{{ 'a'|center(3000000000) }}")
    assert D.DOCUMENT_018 in issues("甲。", title=doubled("x ~ x").replace("\n", ""))


def test_what_a_document_needs_is_not_held() -> None:
    text = (
        "{% macro name(one) %}{{ one }}{% endmacro %}"
        "{% for kind, word in [('甲', '乙'), ('丙', '丁')] %}{{ name(kind) ~ word }}，{% endfor %}"
        "{% set list = ['春', '夏'] + ['秋'] %}{{ list|join('、') }}{{ list|first }}{{ '冬'|trim }}"
        "{% if unit.kind == '社区' %}{{ unit.kind }}{% endif %}"
        "{{ list|map('upper')|select('in', list)|sort|reverse|join }}{{ list[1:]|last }}"
    )
    document = compose(template(text), Ledger({"lectures": 12}), subject())
    assert "甲乙，丙丁，春、夏、秋春冬" in str(document.blocks[0])
