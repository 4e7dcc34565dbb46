"""The messages about a pack's own tests."""

from __future__ import annotations

from taizhang.core.issue import Code, gettext_noop


class TrialCode(Code):
    """What a test of a pack finds."""

    TEST_001 = (
        gettext_noop("%(kind)s %(what)s: expected %(expected)s, found %(found)s."),
        gettext_noop("Correct the pack, or the expectation when it was wrong. %(sentence)s"),
    )
    TEST_002 = (
        gettext_noop("The test names the unit '%(name)s', which is not there."),
        gettext_noop("Use a unit of the test (%(known)s) by its code or name."),
    )
    TEST_003 = (
        gettext_noop("The test expects nothing."),
        gettext_noop("Add expect: with facts, figures, score, plan, days or documents."),
    )
    TEST_004 = (
        gettext_noop("The pack has no test."),
        gettext_noop("Add tests/NAME.yaml: records in, figures expected out."),
    )
    TEST_005 = (
        gettext_noop("'%(text)s' is no period."),
        gettext_noop("Write 2026, 2026H1, 2026Q3, 2026-05 or 2026-01..2026-05."),
    )
    TEST_006 = (
        gettext_noop("The record names the form '%(name)s', which no pack has."),
        gettext_noop("Correct the name (near: %(known)s)."),
    )
    TEST_007 = (
        gettext_noop("The record '%(name)s' is not in this test before this line."),
        gettext_noop("Give the earlier record an id: and name it here."),
    )
    TEST_008 = (
        gettext_noop("Nothing refused %(code)s, though the test expects it."),
        gettext_noop("Correct the form's rule, or the expectation when it was wrong."),
    )
    TEST_009 = (
        gettext_noop("%(what)s cannot be worked out: %(why)s."),
        gettext_noop("Correct the name, the period or the pack."),
    )
