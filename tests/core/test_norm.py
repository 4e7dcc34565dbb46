"""Quotas of norms: version, region, kind, analogy, spread, and units through time."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.period import Month, Period, parse_period, year_of
from taizhang.core.definition.norm import Norm, NormAnswer, NormVersion, norm_quota, share
from taizhang.core.unit.tree import ChangeKind, History, Unit, UnitChange, UnitLevel

DISTRICT, STREET = "360602000000", "360602001000"
A, B, C, D = (f"36060200100{n}" for n in range(1, 5))
KINDS = ("社区", "村")
MIRRORS = {"社区": "卫生服务站", "村": "卫生服务站", "街道": "卫生服务中心"}
JULY = date(2026, 7, 1)
JUNE_END = date(2026, 6, 30)


def unit(code: str, kind: str = "社区", parent: str | None = STREET, **valid: date) -> Unit:
    level = {"市辖区": UnitLevel.DISTRICT, "街道": UnitLevel.STREET}.get(kind, UnitLevel.COMMUNITY)
    return Unit(code=code, name=code, level=level, kind=kind, parent=parent, **valid)


TOP = (unit(DISTRICT, "市辖区", None), unit(STREET, "街道", DISTRICT))


def version(**given: object) -> NormVersion:
    stated = {
        "document": "规范",
        "values": {"卫生服务站": Fraction(6), "卫生服务中心": Fraction(12)},
    }
    return NormVersion(**{**stated, **given})


def norm(*versions: NormVersion) -> Norm:
    return Norm(
        key="he.lectures", label="讲座", measure="he.lectures", unit="次", versions=versions
    )


def ask(
    one: Norm,
    history: History,
    code: str,
    period: str = "2026",
    tree: date = date(2026, 12, 31),
    kinds: tuple[str, ...] = KINDS,
) -> NormAnswer:
    return norm_quota(one, MIRRORS, history.tree(tree), code, parse_period(period), kinds)


PLAIN = History([*TOP, unit(A), unit(B), unit(C, "村")])


def test_a_community_takes_the_norm_of_the_kind_it_mirrors_by_analogy() -> None:
    answer = ask(norm(version()), PLAIN, A)
    assert (answer.value, answer.by_analogy, answer.reason) == (6, True, None)
    assert answer.documents == ("规范",)


def test_a_unit_s_own_kind_goes_before_the_mirrored_one() -> None:
    both = version(values={"社区": Fraction(8), "卫生服务站": Fraction(6)})
    answer = ask(norm(both), PLAIN, A)
    assert (answer.value, answer.by_analogy) == (8, False)


def test_a_parent_adds_its_bound_units_and_itself_only_when_bound() -> None:
    assert ask(norm(version()), PLAIN, STREET).value == 18
    assert ask(norm(version()), PLAIN, DISTRICT).value == 18
    assert ask(norm(version()), PLAIN, STREET, kinds=(*KINDS, "街道")).value == 30


def test_parts_name_each_unit_and_add_up() -> None:
    answer = ask(norm(version(number="2017年版")), PLAIN, STREET)
    assert [part.unit_code for part in answer.parts] == [A, B, C]
    assert sum(part.amount for part in answer.parts) == answer.value
    assert answer.documents == ("规范（2017年版）",)


def test_each_month_follows_the_version_in_force_on_its_last_day() -> None:
    old = version(document="旧", in_force_to=date(2026, 3, 30), values={"卫生服务站": Fraction(12)})
    new = version(document="新", in_force_from=date(2026, 3, 31), verified=False)
    answer = ask(norm(old, new), PLAIN, A)
    assert answer.value == 2 + Fraction(10, 2)
    assert (answer.documents, answer.unverified) == (("旧", "新"), True)
    assert ask(norm(old, new), PLAIN, A, "2026-01").unverified is False


def test_months_before_anything_is_in_force_ask_nothing() -> None:
    late = norm(version(in_force_from=JULY))
    assert ask(late, PLAIN, A).value == 3
    answer = ask(late, PLAIN, A, "2026H1")
    assert (answer.value, answer.reason) == (None, ReasonCode.NOT_IN_FORCE)


def test_the_longest_region_prefix_that_speaks_of_the_kind_wins() -> None:
    local = version(document="区", region="360602", values={"卫生服务站": Fraction(24)})
    silent = version(document="街道", region="360602001", values={"卫生服务中心": Fraction(99)})
    elsewhere = version(document="外省", region="32", values={"卫生服务站": Fraction(1)})
    answer = ask(norm(version(), local, silent, elsewhere), PLAIN, A)
    assert (answer.value, answer.documents) == (24, ("区",))


def test_of_two_documents_of_one_region_the_newer_wins() -> None:
    newer = version(
        document="新", in_force_from=date(2025, 1, 1), values={"卫生服务站": Fraction(9)}
    )
    assert ask(norm(version(), newer), PLAIN, A).value == 9


def test_a_kind_that_no_version_binds_is_not_applicable() -> None:
    answer = ask(norm(version(values={"学校": Fraction(4)})), PLAIN, A)
    assert (answer.value, answer.reason) == (None, ReasonCode.NOT_APPLICABLE)
    assert ask(norm(version()), PLAIN, STREET, kinds=("网格",)).reason is ReasonCode.NOT_APPLICABLE


def test_a_unit_unknown_on_that_day_is_said_to_be_unknown() -> None:
    assert ask(norm(version()), PLAIN, "110000000000").reason is ReasonCode.NO_UNIT


@pytest.mark.parametrize(
    ("spread", "period", "due"),
    [
        ("even", "2026Q1", Fraction(3, 2)),
        ("at_end", "2026H1", Fraction(0)),
        ("at_end", "2026H2", Fraction(6)),
        ((3, 6, 9, 12), "2026H1", Fraction(3)),
        ((3, 6, 9, 12), "2026-05", Fraction(0)),
        ((5, 10), "2026-04..2027-05", Fraction(9)),
    ],
)
def test_spread_says_when_a_year_s_amount_falls_due(
    spread: str | tuple[int, ...], period: str, due: Fraction
) -> None:
    tree = date(2027, 12, 31)
    assert ask(norm(version(spread=spread)), PLAIN, A, period, tree).value == due


def test_an_unknown_spread_is_refused() -> None:
    with pytest.raises(ValueError, match="no spread"):
        share("sometimes", 1)
    with pytest.raises(ValueError, match="no spread"):
        share((), 1)


@pytest.mark.parametrize("period", ["2026-02", "2026H1", "2026", "2025-01..2026-12"])
def test_a_limit_holds_whole_at_every_time_and_is_not_added_over_units(period: str) -> None:
    limit = norm(version(spread="limit", values={"社区": Fraction(5), "村": Fraction(5)}))
    for code in (A, STREET, DISTRICT):
        answer = ask(limit, PLAIN, code, period)
        assert (answer.value, answer.limit) == (5, True)
    assert ask(norm(version()), PLAIN, A).limit is False


def test_a_limit_follows_the_version_in_force_at_the_period_s_end() -> None:
    old = version(document="旧", in_force_to=JUNE_END, spread="limit")
    new = version(
        document="新", in_force_from=JULY, spread="limit", values={"卫生服务站": Fraction(5)}
    )
    answer = ask(norm(old, new), PLAIN, STREET)
    assert (answer.value, answer.documents, answer.by_analogy) == (5, ("新",), True)
    assert ask(norm(old, new), PLAIN, STREET, "2026H1").value == 6
    assert ask(norm(new), PLAIN, A, "2026H1").reason is ReasonCode.NOT_IN_FORCE


def test_units_with_different_limits_have_none_in_common() -> None:
    limit = norm(version(spread="limit", values={"社区": Fraction(5), "村": Fraction(9)}))
    assert (ask(limit, PLAIN, A).value, ask(limit, PLAIN, C).value) == (5, 9)
    answer = ask(limit, PLAIN, STREET)
    assert (answer.value, answer.reason) == (None, ReasonCode.NOT_APPLICABLE)


MERGED = History(
    [*TOP, unit(A, valid_to=JUNE_END), unit(B, valid_to=JUNE_END), unit(C, valid_from=JULY)],
    [UnitChange(date=JULY, kind=ChangeKind.MERGE, sources=(A, B), targets=(C,))],
)
SPLIT = History(
    [*TOP, unit(A, valid_to=JUNE_END), unit(B, valid_from=JULY), unit(C, valid_from=JULY)],
    [UnitChange(date=JULY, kind=ChangeKind.SPLIT, sources=(A,), targets=(B, C))],
)


def test_a_merged_unit_answers_for_what_its_parts_owed_in_their_time() -> None:
    # its figures hold the facts of both parts, so its quota holds theirs: 3 + 3 + 3
    assert ask(norm(version()), MERGED, C).value == 9
    assert ask(norm(version()), MERGED, C, "2026H2").value == 3
    assert ask(norm(version()), MERGED, C, "2025").value == 12
    assert ask(norm(version()), MERGED, A, "2026H1", date(2026, 1, 1)).value == 3


def test_after_a_split_the_old_half_year_stays_with_the_parent() -> None:
    assert ask(norm(version()), SPLIT, B).value == 3
    assert ask(norm(version()), SPLIT, STREET).value == 3 + 3 + 3
    assert ask(norm(version()), SPLIT, A, tree=date(2026, 1, 1)).value == 9


def test_a_new_unit_owes_nothing_before_its_birth_and_a_village_may_become_a_community() -> None:
    kinds = version(values={"村": Fraction(12), "社区": Fraction(24)})
    history = History([*TOP, unit(D, "村", valid_to=JUNE_END), unit(D, "社区", valid_from=JULY)])
    assert ask(norm(kinds), history, D).value == 6 + 12
    born = History([*TOP, unit(D, valid_from=JULY)])
    assert ask(norm(version()), born, D).value == 3


@given(
    first=st.integers(1, 12),
    length=st.integers(1, 30),
    cut=st.integers(0, 30),
    spread=st.one_of(
        st.sampled_from(["even", "at_end"]),
        st.lists(st.integers(1, 12), min_size=1, max_size=5).map(tuple),
    ),
)
def test_quotas_of_neighbouring_periods_add_up(
    first: int, length: int, cut: int, spread: str | tuple[int, ...]
) -> None:
    one = norm(version(spread=spread, in_force_from=date(2025, 3, 31)))
    months = list(Period(Month(2025, 1), Month(2028, 12)).months())[first : first + length]
    cut = min(cut, length - 1)

    def quota(part: list) -> Fraction:
        if not part:
            return Fraction(0)
        period = f"{part[0]}..{part[-1]}"
        return ask(one, MERGED, STREET, period, date(2028, 12, 31)).value or Fraction(0)

    assert quota(months) == quota(months[:cut]) + quota(months[cut:])


def test_a_year_of_any_spread_is_the_whole_amount() -> None:
    for spread in ("even", "at_end", (1, 2, 3), (7, 7, 1)):
        assert sum(share(spread, month.month) for month in year_of(2026).months()) == 1
