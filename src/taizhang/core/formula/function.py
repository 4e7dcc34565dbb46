"""Functions of the formula language: arguments, example, unit and meaning of each."""

from __future__ import annotations

from dataclasses import dataclass

from taizhang.core.aggregate.query import Aggregation


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language; ``most`` is ``None`` where any number of arguments may follow."""

    name: str
    least: int
    most: int | None
    example: str
    gives: str
    does: str


_ROWS = (
    Function(
        "sum", 1, 1, "sum(lectures)", "the measure's unit", "adds an event measure over the period"
    ),
    Function(
        "last",
        1,
        1,
        "last(population)",
        "the measure's unit",
        "takes the last value of each unit, at most 12 months old",
    ),
    Function(
        "mean", 1, 1, "mean(attendance)", "the measure's unit", "averages the single known values"
    ),
    Function("count", 1, 1, "count(materials)", "个", "counts how many values were stated"),
    Function(
        "distinct",
        1,
        1,
        "distinct(materials)",
        "个, or 人 for persons",
        "counts different things or persons",
    ),
    Function(
        "largest",
        1,
        1,
        "largest(attendance)",
        "the measure's unit",
        "takes the largest single value",
    ),
    Function(
        "smallest",
        1,
        1,
        "smallest(attendance)",
        "the measure's unit",
        "takes the smallest single value, of the units that have reported fully",
    ),
    Function(
        "median",
        1,
        1,
        "median(attendance)",
        "the measure's unit",
        "takes the middle of the single values, of the units that have reported fully",
    ),
    Function(
        "norm",
        1,
        1,
        "norm(lectures)",
        "the norm's unit",
        "what the norm in force asks in the period",
    ),
    Function(
        "target",
        1,
        1,
        "target(lectures)",
        "the measure's unit",
        "the quota of the plan in the period",
    ),
    Function(
        "previous",
        1,
        1,
        "previous(lectures)",
        "the same",
        "the same in the period of equal length just before (环比)",
    ),
    Function(
        "year_before",
        1,
        1,
        "year_before(lectures)",
        "the same",
        "the same in the same months a year before (同比)",
    ),
    Function(
        "to_date",
        1,
        1,
        "to_date(lectures)",
        "the same",
        "the same from 1 January of the year in which the period ends (累计)",
    ),
    Function(
        "average_of",
        2,
        2,
        "average_of(lectures, 3)",
        "the same",
        "its average over so many periods of equal length before; missing where one of them is",
    ),
    Function(
        "months_where",
        1,
        1,
        "months_where(lectures >= 1)",
        "个月",
        "counts the months begun in the period whose own figures fulfil the condition",
    ),
    Function(
        "if",
        3,
        3,
        "if(lectures >= 12, 1, 0)",
        "the unit of both values",
        "the second value where the first holds, else the third",
    ),
    Function("min", 2, None, "min(lectures, 12)", "the common unit", "the smallest of its values"),
    Function("max", 2, None, "max(lectures, 0)", "the common unit", "the largest of its values"),
    Function(
        "round",
        2,
        2,
        "round(attendance / lectures, 1)",
        "the same",
        "rounds half up to so many digits, 0 to 4",
    ),
    Function("ceiling", 1, 1, "ceiling(lectures / 4)", "the same", "rounds up to a whole number"),
    Function("floor", 1, 1, "floor(lectures / 4)", "the same", "rounds down to a whole number"),
    Function(
        "coalesce",
        2,
        None,
        "coalesce(population, 0)",
        "the common unit",
        "the first of its values that there is",
    ),
    Function(
        "looked",
        2,
        2,
        "looked(lectures, attendance)",
        "the unit of the second value",
        "the second value where the first is above 0, else none: nobody has looked",
    ),
    Function(
        "min_looked",
        2,
        None,
        "min_looked(lectures, previous(lectures))",
        "the common unit",
        "the smallest of those of its values that somebody looked at",
    ),
    Function(
        "max_looked",
        2,
        None,
        "max_looked(lectures, previous(lectures))",
        "the common unit",
        "the largest of those of its values that somebody looked at",
    ),
    Function(
        "days_between",
        2,
        2,
        "days_between(period_start(), '2026-03-24')",
        "天",
        "days from the first date to the second",
    ),
    Function("period_start", 0, 0, "period_start()", "date", "the first day of the period"),
    Function("period_end", 0, 0, "period_end()", "date", "the last day of the period"),
    Function(
        "units",
        1,
        None,
        "units('社区', '村')",
        "个",
        "counts the units of these kinds existing below",
    ),
    Function(
        "units_where",
        2,
        None,
        "units_where(lectures >= 6, '社区')",
        "个",
        "counts those of them whose own figures fulfil the condition",
    ),
    Function(
        "share_of_units",
        2,
        None,
        "share_of_units(lectures >= 6, '社区')",
        "percent",
        "those of them that fulfil it, of those of which it is known",
    ),
    Function(
        "above",
        1,
        1,
        "above(lectures)",
        "the same",
        "the same of the unit right above, such as a price set there; never of people",
    ),
    Function(
        "reported_units",
        0,
        None,
        "reported_units()",
        "个",
        "counts the units that have closed all months due; packs in quotes: of these",
    ),
    Function(
        "reporting_rate",
        0,
        None,
        "reporting_rate()",
        "percent",
        "unit-months closed, of those due",
    ),
    Function(
        "on_time_rate",
        0,
        None,
        "on_time_rate()",
        "percent",
        "unit-months that a person closed by the closing day, of those due",
    ),
    Function(
        "entities",
        1,
        3,
        "entities('boards')",
        "个",
        "counts the things of a list that there are; 'state', 'in_use' after it: only those",
    ),
    Function(
        "per_thing",
        2,
        4,
        "per_thing(norm(lectures), 'boards')",
        "the norm's unit",
        "what the norm asks for each thing of a list there is; property and value as in entities",
    ),
    Function(
        "overdue",
        1,
        3,
        "overdue('boards')",
        "个, or 件 for cases",
        "counts things or cases past their due date; after a property and its value, only those so",
    ),
    Function(
        "open", 1, 2, "open('problem')", "件", "counts open cases; after a state, only those in it"
    ),
    Function(
        "due",
        1,
        2,
        "due('problem')",
        "件",
        "counts limits of cases that fell in the period, of the first clock or of the one named",
    ),
    Function("in_time", 1, 2, "in_time('problem')", "件", "counts those of due() that were kept"),
    Function(
        "standing",
        1,
        2,
        "standing('problem')",
        "件",
        "counts the limits of one's own that stand, as another has the case; as open()",
    ),
    Function(
        "median_days",
        1,
        1,
        "median_days('problem')",
        "天",
        "the median of the days from opening to end, of cases that ended in the period",
    ),
    Function(
        "things",
        2,
        2,
        "things('board', 'standing')",
        "个",
        "counts things of a kind: new, standing, ended or overdue",
    ),
)

FUNCTIONS = {function.name: function for function in _ROWS}

#: Functions that divide what they count by how many there are, in per cent.
SHARES = frozenset(("reporting_rate", "on_time_rate", "share_of_units"))

#: Over how many earlier periods an average may be taken.
MOST_PERIODS = 12

#: The functions over one measure, and how the engine brings its values together.
AGGREGATES = {
    "sum": Aggregation.SUM,
    "last": Aggregation.LAST,
    "mean": Aggregation.MEAN,
    "count": Aggregation.COUNT,
    "distinct": Aggregation.DISTINCT,
    "largest": Aggregation.MAX,
    "smallest": Aggregation.MIN,
    "median": Aggregation.MEDIAN,
}

#: Of these a value not yet known may turn out to be above or below: they are taken, like a
#: division, over the members that are known.
OF_KNOWN_MEMBERS = frozenset((Aggregation.MEAN, Aggregation.MIN, Aggregation.MEDIAN))
