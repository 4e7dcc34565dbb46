"""What holds of every rule for every figure: bounds, explained losses, monotony, honest gaps."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from taizhang.core.scoring.outcome import Loss
from taizhang.core.scoring.score_sheet import ItemScore
from taizhang.core.text.bilingual import NOTHING, say
from tests.core.scoring.values import score

numbers = st.fractions(min_value=0, max_value=150, max_denominator=20)
bounds = st.fractions(min_value=0, max_value=120, max_denominator=4)
points = st.fractions(min_value=0, max_value=10, max_denominator=4)


@st.composite
def tiers(draw: st.DrawFn) -> dict[str, object]:
    """Draw tiers whose points fall with their bounds, as a checked rubric has them."""
    stops = sorted(draw(st.lists(bounds, min_size=1, max_size=4, unique=True)), reverse=True)
    steps = sorted(draw(st.lists(points, min_size=len(stops), max_size=len(stops))), reverse=True)
    return {"figure": "x", "tiers": [[a, b] for a, b in zip(stops, steps, strict=True)]}


rising = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("proportional"),
            "figure": st.just("x"),
            "of": st.fractions(min_value=1, max_value=50, max_denominator=4),
        }
    ),
    st.fixed_dictionaries(
        {"kind": st.just("threshold"), "figure": st.just("x"), "at_least": bounds, "else": points}
    ),
    st.fixed_dictionaries({"kind": st.just("rate_points"), "figure": st.just("x")}),
    st.fixed_dictionaries(
        {
            "kind": st.just("percent_step"),
            "figure": st.just("x"),
            "target": bounds,
            "deduct": points,
            "count": st.sampled_from(["whole", "started", "exact"]),
            "floor": points,
        }
    ),
    tiers().map(lambda one: {"kind": "tiers", **one}),
    st.fixed_dictionaries({"kind": st.just("bonus"), "figure": st.just("x"), "each": points}),
)
falling = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("per_event"), "figure": st.just("x"), "deduct": points, "floor": points}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("threshold"),
            "figure": st.just("x"),
            "at_most": bounds,
            "else": st.just(0),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("sample_error"),
            "figure": st.just("x"),
            "zero_at": st.fractions(min_value=1, max_value=30),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("proportional"),
            "figure": st.just("x"),
            "of": st.fractions(min_value=1, max_value=50, max_denominator=4),
            "lower_is_better": st.just(True),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("zero_trigger"), "when": st.just("x")}),
    st.fixed_dictionaries(
        {
            "kind": st.just("percent_step"),
            "figure": st.just("x"),
            "target": bounds,
            "deduct": points,
            "side": st.just("above"),
            "count": st.sampled_from(["whole", "started", "exact"]),
        }
    ),
)


def earned(rule: dict[str, object], value: object) -> Fraction:
    """Score a value that is known exactly; `score` checks bounds and explained losses."""
    found = score(str(rule["kind"]), _params(rule), {"x": value}, unit="percent").points
    assert found is not None
    return found


def _params(rule: dict[str, object]) -> dict[str, object]:
    return {name: one for name, one in rule.items() if name != "kind"}


@given(rule=rising, one=numbers, other=numbers)
def test_more_of_a_good_thing_never_loses_points(
    rule: dict[str, object], one: Fraction, other: Fraction
) -> None:
    low, high = sorted((one, other))
    assert earned(rule, low) <= earned(rule, high)


@given(rule=falling, one=numbers, other=numbers)
def test_more_of_a_bad_thing_never_wins_points(
    rule: dict[str, object], one: Fraction, other: Fraction
) -> None:
    low, high = sorted((one, other))
    assert earned(rule, low) >= earned(rule, high)


@given(
    rule=st.one_of(rising, falling),
    one=numbers,
    other=numbers,
    share=st.fractions(min_value=0, max_value=1, max_denominator=30),
)
def test_a_gap_is_decided_only_when_every_value_in_it_earns_the_same(
    rule: dict[str, object], one: Fraction, other: Fraction, share: Fraction
) -> None:
    low, high = sorted((one, other))
    inside = earned(rule, low + (high - low) * share)
    outcome = score(str(rule["kind"]), _params(rule), {"x": (low, high)}, unit="percent")
    if outcome.points is not None:
        assert outcome.points == inside
    else:
        assert outcome.possible is not None
        assert outcome.possible[0] <= inside <= outcome.possible[1]


@given(rule=st.one_of(rising, falling), low=numbers, more=numbers)
def test_an_open_end_covers_every_larger_value(
    rule: dict[str, object], low: Fraction, more: Fraction
) -> None:
    inside = earned(rule, low + more)
    outcome = score(str(rule["kind"]), _params(rule), {"x": (low, None)}, unit="percent")
    if outcome.points is not None:
        assert outcome.points == inside
    else:
        assert outcome.possible is not None
        assert outcome.possible[0] <= inside <= outcome.possible[1]


counts = st.integers(0, 12)


@given(
    quota=counts,
    records=counts,
    planned=counts,
    written=counts,
    deduct=points,
    per=st.sampled_from(["part", "once"]),
)
def test_completeness_explains_every_point(
    quota: int, records: int, planned: int, written: int, deduct: Fraction, per: str
) -> None:
    params = {
        "records": "r",
        "parts": {"安排": "p", "总结": "w"},
        "deduct_each": deduct,
        "quota": quota,
        "per": per,
    }
    values = {"r": records, "p": planned, "w": written}
    outcome = score("completeness", params, values)
    missing = max(0, quota - planned) + max(0, quota - written)
    times = min(1, missing) if per == "once" else missing
    expected = max(Fraction(0), 10 - deduct * times) if records else 0
    assert outcome.points == expected


@given(errors=st.integers(0, 50), more=st.integers(0, 200), end=st.integers(1, 60))
def test_sample_error_keeps_inside_the_item(errors: int, more: int, end: int) -> None:
    checked = errors + more
    outcome = score(
        "sample_error", {"zero_at": end}, max=60, answer={"errors": errors, "checked": checked}
    )
    if checked == 0:
        assert outcome.points is None
    else:
        rate = Fraction(errors * 100, checked)
        assert outcome.points == 60 * max(Fraction(0), 1 - rate / end)


shares = st.integers(0, 2100).map(lambda share: Fraction(share, 700))


@given(exact=st.lists(shares, min_size=1, max_size=6), kept=shares)
def test_the_losses_of_an_item_are_shown_each_as_it_is_and_add_up(
    exact: list[Fraction], kept: Fraction
) -> None:
    most = kept + sum(exact)
    losses = tuple(Loss(points=points, why=say("甲", "a"), remedy=NOTHING) for points in exact)
    item = ItemScore(
        key="a", title="a", max=most, stated_max=most, points=kept, kind="manual", losses=losses
    ).as_json("zh")
    shown = [Fraction(str(loss["points"])) for loss in item["lost"]]
    assert all(points >= 0 for points in shown)
    assert sum(shown) == Fraction(str(item["max"])) - Fraction(str(item["points"]))
    # Each sum is rounded to a cent, and none runs past what the item lost, rounded in its turn.
    for upto in range(1, len(exact) + 1):
        assert abs(sum(shown[:upto]) - sum(exact[:upto])) <= Fraction(3, 200)
