"""Issue codes of rubrics: what makes a score undefined, impossible or unjust."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class RubricCode(Code):
    """What can be wrong with a rubric."""

    RUBRIC_001 = (
        gettext_noop("The rule %(kind)s of item '%(item)s' does not give '%(parameter)s'."),
        gettext_noop("Add %(parameter)s: %(wanted)s."),
    )
    RUBRIC_002 = (
        gettext_noop("The rule %(kind)s of item '%(item)s' has no parameter '%(parameter)s'."),
        gettext_noop("Take it out, or use one of: %(wanted)s."),
    )
    RUBRIC_003 = (
        gettext_noop("'%(parameter)s' of item '%(item)s' cannot be '%(found)s'."),
        gettext_noop("Write %(wanted)s there."),
    )
    RUBRIC_004 = (
        gettext_noop("The items of section '%(section)s' add up to %(found)s, not to %(max)s."),
        gettext_noop("Change the points of an item, or the section's max to %(found)s."),
    )
    RUBRIC_005 = (
        gettext_noop(
            "The items of section '%(section)s' add up to %(found)s, not to %(max)s; they would "
            "add up with %(mend)s."
        ),
        gettext_noop(
            "Take the points of the scoring clause: %(mend)s. The heading's points then belong to "
            "the group %(group)s."
        ),
    )
    RUBRIC_006 = (
        gettext_noop("The sections add up to %(found)s, not to the total of %(total)s."),
        gettext_noop("Change the max of a section, or the total to %(found)s."),
    )
    RUBRIC_007 = (
        gettext_noop(
            "Item '%(item)s' is worth %(max)s points by its heading and at most %(found)s by its "
            "rule."
        ),
        gettext_noop("Make both the same: max: %(found)s, or full: %(max)s in the rule."),
    )
    RUBRIC_008 = (
        gettext_noop("The rule of item '%(item)s' can give %(found)s points, more than %(max)s."),
        gettext_noop("Lower the points of the rule, or raise the item's max to %(found)s."),
    )
    RUBRIC_009 = (
        gettext_noop(
            "Item '%(item)s' does not say what %(figure)s between %(low)s and %(high)s earns."
        ),
        gettext_noop(
            "Add else: 0, or make it proportional or tiers, or leave it to the assessor with "
            "kind: manual."
        ),
    )
    RUBRIC_010 = (
        gettext_noop("Two bands of item '%(item)s' both hold %(value)s: %(one)s and %(other)s."),
        gettext_noop("Let one band end where the other begins, or use tiers."),
    )
    RUBRIC_011 = (
        gettext_noop("No band of item '%(item)s' holds what lies between %(low)s and %(high)s."),
        gettext_noop("Use tiers: [[%(high)s, points], …], so that no value falls between."),
    )
    RUBRIC_012 = (
        gettext_noop(
            "In the steps of item '%(item)s' the better figure %(better)s earns %(less)s and the "
            "worse one %(worse)s earns %(more)s."
        ),
        gettext_noop("Let points fall with the bounds, or change compare."),
    )
    RUBRIC_013 = (
        gettext_noop("Item '%(item)s' deducts %(found)s points, which adds them."),
        gettext_noop("Write %(parameter)s as a number above 0: it is taken off."),
    )
    RUBRIC_014 = (
        gettext_noop("Item '%(item)s' states requirements that earn nothing: %(requirements)s."),
        gettext_noop("Attach points to them with a rule, or keep them as 要求（不计分）."),
    )
    RUBRIC_015 = (
        gettext_noop("Item '%(item)s' does not say how errors of the sample become points."),
        gettext_noop(
            "Add zero_at: the error rate at which nothing is left; points are then "
            "%(max)s × max(0, 1 − e ÷ zero_at)."
        ),
    )
    RUBRIC_016 = (
        gettext_noop("Item '%(item)s' can never be decided: nothing makes %(name)s."),
        gettext_noop("Add a counting rule for it, or make the item manual."),
    )
    RUBRIC_017 = (
        gettext_noop("Item '%(item)s' asks %(figure)s to reach %(bound)s, beyond 100 %%."),
        gettext_noop("Use a bound of at most %(whole)s; above that nobody can come."),
    )
    RUBRIC_018 = (
        gettext_noop(
            "%(figure)s has two targets: %(one)s in item '%(item)s', %(other)s in '%(by)s'."
        ),
        gettext_noop("Use one target, or name the two sets of data apart."),
    )
    RUBRIC_019 = (
        gettext_noop("Item '%(item)s' scores %(name)s; how many petitions there are never scores."),
        gettext_noop("Score how timely they were handled: a rate in percent."),
    )
    RUBRIC_020 = (
        gettext_noop("Item '%(item)s' is lost whole when one of %(count)s conditions fails."),
        gettext_noop("Add split: equal, so that each condition earns its share."),
    )
    RUBRIC_021 = (
        gettext_noop("Item '%(item)s' divides by %(of)s, which is 0."),
        gettext_noop("State what was to be done: a number above 0, norm(…) or target(…)."),
    )
    RUBRIC_022 = (
        gettext_noop("The norm '%(norm)s' of item '%(item)s' binds none of %(kinds)s."),
        gettext_noop("Add one of these kinds to the norm or to mirrors, or take the item out."),
    )
    RUBRIC_023 = (
        gettext_noop("The item key '%(item)s' stands twice."),
        gettext_noop("Give every item of a rubric its own key: decisions are kept under it."),
    )
    RUBRIC_024 = (
        gettext_noop("The weights %(weights)s are no whole %(period)s."),
        gettext_noop("Weigh H1 and H2, Q1 to Q4, or 01 to 12, so that the weights add up to 1."),
    )
    RUBRIC_025 = (
        gettext_noop("Item '%(item)s' has a variant for %(kind)s, which the rubric does not bind."),
        gettext_noop("Take it out, or use one of: %(kinds)s."),
    )
    RUBRIC_026 = (
        gettext_noop("Item '%(item)s' is a bonus inside a section."),
        gettext_noop("Move it to bonus: items, outside the total."),
    )
    RUBRIC_027 = (
        gettext_noop(
            "Item '%(item)s' compares %(figure)s in %(left)s with %(bound)s in %(right)s."
        ),
        gettext_noop("Compare like with like; %% and ‰, 人 and 人次 never mix."),
    )
    RUBRIC_028 = (
        gettext_noop(
            "'%(parameter)s' of item '%(item)s' needs a %(wanted)s; '%(formula)s' is %(found)s."
        ),
        gettext_noop("Use a formula that gives a %(wanted)s."),
    )
    RUBRIC_029 = (
        gettext_noop("Item '%(item)s' always earns %(points)s points, whatever the figure."),
        gettext_noop("Let the points depend on the figure, or take the item out."),
    )
    RUBRIC_030 = (
        gettext_noop("'%(where)s' has no points to give."),
        gettext_noop("Give it a max above 0 and at least one item."),
    )
    RUBRIC_031 = (
        gettext_noop("A bonus without cap: %(found)s points could be added."),
        gettext_noop("Add cap: to bonus, the most that can be added to the total."),
    )
    RUBRIC_032 = (
        gettext_noop("The rubric binds %(kind)s, which does not keep the pack."),
        gettext_noop("Use one of the pack's unit_kinds: %(kinds)s."),
    )
    RUBRIC_033 = (
        gettext_noop(
            "Item '%(item)s' gives its %(points)s points to a unit that recorded nothing at all."
        ),
        gettext_noop(
            "Say how often it must have looked: looked: {figure: patrols, at_least: 4}; where "
            "there may be nothing of the kind, applies: entities('…') > 0."
        ),
    )
    RUBRIC_034 = (
        gettext_noop(
            "Item '%(item)s' scores '%(measure)s', a sum that the scored unit types of its own "
            "survey or estimate."
        ),
        gettext_noop(
            "Let the item wait for a source outside the unit: "
            "{kind: waiting, waits_for: 居民抽样评价}."
        ),
    )
    RUBRIC_035 = (
        gettext_noop(
            "Item '%(item)s' scores '%(measure)s', which by its name comes from a survey or an "
            "estimate, and measures.yaml does not say whose."
        ),
        gettext_noop(
            "Write self_reported: true where the scored unit types the sum, false where somebody "
            "else asks and counts; what is self-reported never scores."
        ),
    )
