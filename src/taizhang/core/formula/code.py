"""Issue codes of formulas and indicators."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class FormulaCode(Code):
    """Messages about formulas; every one names the formula and the column."""

    FORMULA_001 = (
        gettext_noop("The formula '%(formula)s' cannot be read at column %(column)s: %(found)s."),
        gettext_noop("Correct it there; one of these may stand there: %(expected)s."),
    )
    FORMULA_002 = (
        gettext_noop("The formula '%(formula)s' is too long or too deep."),
        gettext_noop(
            "Keep it below %(length)s characters and %(depth)s levels; "
            "make an indicator of a part of it."
        ),
    )
    FORMULA_003 = (
        gettext_noop("No installed pack has a measure or indicator '%(name)s'."),
        gettext_noop("Check the spelling; the nearest name is '%(nearest)s'."),
    )
    FORMULA_004 = (
        gettext_noop("The name '%(name)s' stands in several packs: %(packs)s."),
        gettext_noop("Write it with its pack, as in '%(example)s'."),
    )
    FORMULA_005 = (
        gettext_noop("There is no function '%(name)s'."),
        gettext_noop("Check the spelling; the nearest function is '%(nearest)s'."),
    )
    FORMULA_006 = (
        gettext_noop("'%(name)s' takes %(expected)s arguments and has %(found)s."),
        gettext_noop("Write it as %(example)s."),
    )
    FORMULA_007 = (
        gettext_noop("%(place)s needs %(expected)s and has %(found)s."),
        gettext_noop("Put %(expected)s there."),
    )
    FORMULA_008 = (
        gettext_noop("'%(operator)s' joins %(left)s and %(right)s, which are unlike units."),
        gettext_noop("Join only like units; 人, 人次 and 户 never add, %% and ‰ never mix."),
    )
    FORMULA_009 = (
        gettext_noop("Measure '%(measure)s' has no dimension '%(name)s'."),
        gettext_noop("Filter by one of its dimensions: %(known)s."),
    )
    FORMULA_010 = (
        gettext_noop("No form gives '%(value)s' as an answer for dimension '%(name)s'."),
        gettext_noop("Check the spelling; the nearest answer is '%(nearest)s'."),
    )
    FORMULA_011 = (
        gettext_noop("'%(measure)s' cannot be counted as different things or persons."),
        gettext_noop(
            "Add 'entity: field' (the field that holds the thing's number) to every counting rule "
            "that makes it."
        ),
    )
    FORMULA_012 = (
        gettext_noop("Indicators refer to each other in a circle: %(circle)s."),
        gettext_noop("Take one of them out of the circle."),
    )
    FORMULA_013 = (
        gettext_noop("'%(measure)s' is a level; its values of several months never add."),
        gettext_noop("Use its last value: write the name alone, or last(%(measure)s)."),
    )
    FORMULA_014 = (
        gettext_noop("'%(text)s' is no date."),
        gettext_noop("Write a day of the calendar as 'YYYY-MM-DD'."),
    )
    FORMULA_015 = (
        gettext_noop("No installed pack has a norm '%(name)s'."),
        gettext_noop("Check the spelling; the nearest norm is '%(nearest)s'."),
    )
    FORMULA_016 = (
        gettext_noop("No form keeps a dataset '%(name)s' with a due date."),
        gettext_noop("Check the spelling; the nearest dataset is '%(nearest)s'."),
    )
    FORMULA_017 = (
        gettext_noop("Indicator '%(name)s' is historic and is compared to nothing."),
        gettext_noop("Take it out of the formula."),
    )
    FORMULA_018 = (
        gettext_noop("Indicator '%(name)s' takes no filter."),
        gettext_noop("Filter the measures in its formula instead."),
    )
    FORMULA_020 = (
        gettext_noop(
            "Inside %(name)s() the number %(number)s stands for what nobody looked at, and so it "
            "counts as a value."
        ),
        gettext_noop(
            "Write looked(times, value) inside %(name)s_looked(), or leave it unknown in "
            "%(name)s()."
        ),
    )
    FORMULA_021 = (
        gettext_noop("Constant '%(name)s' is one number and takes no filter."),
        gettext_noop("Take the brackets away."),
    )
    FORMULA_022 = (
        gettext_noop("No pack '%(name)s' is installed, whose closings could be counted."),
        gettext_noop("Check the spelling; the nearest key of a pack is '%(nearest)s'."),
    )
    FORMULA_023 = (
        gettext_noop(
            "'%(name)s' is about people; what the unit above has of it is not told below."
        ),
        gettext_noop("Take only prices, standards and amounts of things from above."),
    )
    INDICATOR_001 = (
        gettext_noop("Indicator '%(name)s' has neither a formula nor numerator and denominator."),
        gettext_noop("Give it either a formula, or a numerator and a denominator."),
    )
    INDICATOR_002 = (
        gettext_noop("Indicator '%(name)s' is given in %(unit)s, but its formula gives %(found)s."),
        gettext_noop("Change the unit or the formula, so that both speak of the same thing."),
    )
    INDICATOR_003 = (
        gettext_noop("Indicator '%(name)s' is a share, but divides %(left)s by %(right)s."),
        gettext_noop("Divide like by like, or give it the unit 'ratio'."),
    )
    FORMULA_019 = (
        gettext_noop(
            "'%(formula)s', with the indicators it names and those they name, has more than "
            "%(most)s parts or is too deep."
        ),
        gettext_noop("Name fewer indicators, or measures in their place."),
    )
