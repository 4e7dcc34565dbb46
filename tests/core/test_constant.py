"""Constants: read from a pack, dated, named in formulas, said in both languages."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.core.base.figure import ReasonCode
from taizhang.core.book import Book
from taizhang.core.definition.constant import Constant, ConstantVersion
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.formula import NameScope, check, check_indicator, parse, words
from taizhang.core.pack.load import load
from taizhang.core.quota import adds_up
from tests.core.ledger import book, figure, flags, indicator, measure, pack

FEE = Constant(
    key="he.fee",
    label="每场补助",
    unit="元/次",
    versions=(
        ConstantVersion(
            value=Fraction(200),
            in_force_from=date(2025, 7, 1),
            in_force_to=date(2026, 3, 31),
            source="办法",
        ),
        ConstantVersion(
            value=Fraction("260.5"), in_force_from=date(2026, 4, 1), source="办法", verified=False
        ),
    ),
)
COST = indicator("cost", "元", formula="lectures * fee")
PAGE = "2026-01-08 SA lectures 3\n2026-05-08 SA lectures 2\n2026-05-09 SB lectures 1"


def own(**given: object) -> Pack:
    return pack(COST, constants={FEE.key: FEE}, **given)


def ledger(*others: Pack, today: date = date(2027, 3, 1)) -> Book:
    closed = "SA,SB,SC,TA 2025-01..2026-12"
    return book(PAGE, closed, today=today, programmes=Programmes((*others, own())))


def test_a_constant_is_the_number_in_force_in_the_months_counted() -> None:
    first = figure(ledger(), "cost", "S", "2026Q1")
    assert (first.value, first.unit, flags(first)) == (600, "元", ())
    second = figure(ledger(), "cost", "S", "2026Q2")
    assert (second.value, second.shown()) == (Fraction("781.5"), "781.5")
    assert flags(second) == ("unverified_source",)
    assert figure(ledger(), "fee", "D", "2026-01").value == 200


def test_a_constant_that_changes_within_the_period_has_no_value_over_it() -> None:
    found = figure(ledger(), "cost", "S", "2026")
    assert found.reason.code is ReasonCode.NOT_APPLICABLE
    assert "请分段统计" in found.sentence
    running = figure(ledger(today=date(2026, 3, 20)), "cost", "S", "2026")
    assert running.value == 600  # what changes in April is not among the months counted


def test_a_constant_not_yet_in_force_says_so() -> None:
    assert figure(ledger(), "cost", "S", "2025Q1").reason.code is ReasonCode.NOT_IN_FORCE
    later = figure(ledger(today=date(2026, 3, 20)), "fee", "S", "2026Q2")
    assert later.reason.code is ReasonCode.WAITING


def test_an_earlier_period_has_the_constant_of_its_time() -> None:
    assert figure(ledger(), "previous(cost)", "S", "2026Q2").value == 600
    assert figure(ledger(), "previous(fee)", "S", "2026Q1").value == 200


def test_a_name_means_the_constant_of_its_own_pack_first() -> None:
    other = pack(
        key="law",
        measures={"law.fee": measure("x", "收费", "元")},
        constants={},
        forms={},
        counting=(),
        norms={},
        indicators={},
    )
    both = Programmes((other, own()))
    assert str(check(parse("fee"), NameScope(both, "he"))[0]) == "元/次"
    assert str(check(parse("fee"), NameScope(both, "law"))[0]) == "元"
    assert check(parse("fee"), NameScope(both, "third"))[1][0].code.name == "FORMULA_004"
    assert str(check(parse("he.fee"), NameScope(both, "law"))[0]) == "元/次"


def test_a_constant_has_words_a_unit_and_no_filter() -> None:
    scope = NameScope(Programmes((own(),)), "he")
    assert (
        words(parse("lectures * fee"), scope, "zh")
        == "「健康知识讲座」（次） × 「每场补助」（元/次）"
    )
    assert words(parse("fee"), scope, "en") == "“每场补助” (元/次)"
    assert check_indicator(COST, scope.programmes) == ()
    for text, code in (
        ("fee[kind == 'a']", "FORMULA_021"),
        ("lectures + fee", "FORMULA_008"),
        ("births * fee", "FORMULA_008"),
        ("sum(fee)", "FORMULA_007"),
        ("target(fee)", "FORMULA_007"),
        ("fe", "FORMULA_003"),
    ):
        assert [issue.code.name for issue in check(parse(text), scope, text)[1]] == [code]
    assert check(parse("fe"), scope)[1][0].facts["nearest"] == "fee"


def test_an_amount_times_a_constant_adds_up_over_units() -> None:
    scope = NameScope(Programmes((own(),)), "he")
    assert adds_up(parse("lectures * fee"), scope)
    assert figure(ledger(), "cost", "S", "2026Q2").value == sum(
        figure(ledger(), "cost", unit, "2026Q2").value for unit in ("SA", "SB", "SC")
    )


@given(st.decimals(0, 999, places=3), st.integers(1, 12))
def test_the_value_of_a_month_is_that_of_the_version_on_its_last_day(
    value: object, month: int
) -> None:
    """The second route: look the month's last day up in the versions."""
    new = ConstantVersion(value=Fraction(str(value)), in_force_from=date(2026, month, 20))
    old = ConstantVersion(
        value=Fraction(7), in_force_from=date(2020, 1, 1), in_force_to=date(2026, month, 19)
    )
    constant = Constant(key="he.fee", label="x", unit="元", versions=(new, old))
    programmes = Programmes((pack(constants={"he.fee": constant}),))
    for asked in range(1, 13):
        found = figure(book("", programmes=programmes), "fee", "D", f"2026-{asked:02}")
        assert found.value == (Fraction(str(value)) if asked >= month else 7)


PACK = """
key: fees
version: 1.0.0
label: 补助
unit_kinds: [社区]
"""
CONSTANTS = """
constants:
  fee:
    label: 每场补助
    unit: 元/次
    versions:
      - {value: 200, from: 2024-01-01, to: 2025-12-31, source: 办法}
      - {value: 260.5, from: 2026-01-01, source: 办法, verified: false}
"""


def test_constants_are_read_from_their_file() -> None:
    files = {"pack.yaml": PACK.encode(), "constants.yaml": CONSTANTS.encode()}
    read, issues = load(files)
    assert not issues
    (constant,) = read.constants.values()
    assert (constant.key, constant.label, constant.unit) == ("fees.fee", "每场补助", "元/次")
    assert [version.value for version in constant.versions] == [200, Fraction("260.5")]
    assert constant.on(date(2025, 12, 31)).value == 200
    assert constant.on(date(2023, 12, 31)) is None
    assert [version.verified for version in constant.versions] == [True, False]
    wrong = CONSTANTS.replace("value: 200", "value: x")
    _, issues = load({**files, "constants.yaml": wrong.encode()})
    assert [(issue.code.name, issue.place.line) for issue in issues] == [("PACK_008", 7)]


@pytest.mark.parametrize("code", ["NOT_IN_FORCE", "NOT_APPLICABLE"])
def test_reasons_are_said_in_english_too(code: str) -> None:
    period = "2025Q1" if code == "NOT_IN_FORCE" else "2026"
    english = figure(ledger_in("en"), "cost", "S", period)
    assert "onstant" in english.sentence


def ledger_in(language: str) -> Book:
    programmes = Programmes((own(),))
    return book(PAGE, "SA,SB,SC,TA 2025-01..2026-12", programmes=programmes, language=language)
