"""The messages about expressions of forms."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class ExpressionCode(Code):
    """What can be wrong with an expression."""

    EXPRESSION_001 = (
        gettext_noop("The expression '%(text)s' cannot be read at character %(column)s: %(near)s."),
        gettext_noop(
            "Write it as in XLSForm, such as ${held} = 'yes' and ${people} > 0, with half-width "
            "signs and straight quotation marks; word processors put others in by themselves."
        ),
    )
    EXPRESSION_002 = (
        gettext_noop("The expression '%(text)s' uses the unknown function '%(name)s'."),
        gettext_noop("Use one of: %(known)s."),
    )
    EXPRESSION_003 = (
        gettext_noop("The expression '%(text)s' uses '%(name)s', which is refused here."),
        gettext_noop(
            "An expression may depend on the answers and the record's day alone, so that a "
            "check gives the same result again; write it without this function."
        ),
    )
    EXPRESSION_004 = (
        gettext_noop(
            "The expression '%(text)s' gives '%(name)s' %(found)s arguments; it takes %(wanted)s."
        ),
        gettext_noop("Give the function the arguments that XLSForm documents."),
    )
    EXPRESSION_005 = (
        gettext_noop("The expression is too long: %(size)s characters or %(tokens)s words."),
        gettext_noop("Split it with a calculate field, so that each part can be read."),
    )
    EXPRESSION_006 = (
        gettext_noop("The pattern '%(pattern)s' of regex() is refused: %(why)s."),
        gettext_noop(
            "Give regex() a quoted pattern that starts with ^ and ends with $, repeats no group "
            "that repeats something itself, and neither looks around nor refers back; phones "
            "differ on all others."
        ),
    )
    EXPRESSION_007 = (
        gettext_noop("The number %(number)s in the expression '%(text)s' has too many digits."),
        gettext_noop("Write a number of at most 28 digits; phones keep 15 of them."),
    )
