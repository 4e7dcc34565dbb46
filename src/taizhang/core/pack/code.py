"""The messages about the files of a pack and about its own tests."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class PackCode(Code):
    """What can be wrong with the files of a pack."""

    PACK_001 = (
        gettext_noop("There is no pack here: %(file)s is missing."),
        gettext_noop("Name the folder that holds pack.yaml; 'taizhang pack new KEY' makes one."),
    )
    PACK_006 = (
        gettext_noop("The key '%(key)s' is unknown in %(where)s."),
        gettext_noop("Correct its name (known: %(known)s) or take it out."),
    )
    PACK_007 = (
        gettext_noop("The key '%(key)s' is missing in %(where)s."),
        gettext_noop("Add %(key)s: %(wanted)s."),
    )
    PACK_008 = (
        gettext_noop("The value of '%(key)s' in %(where)s is %(found)s; wanted is %(wanted)s."),
        gettext_noop("Write a value of that type."),
    )
    PACK_009 = (
        gettext_noop("The file '%(file)s' has no place in a pack."),
        gettext_noop("Rename it to one of: %(known)s; or take it out."),
    )
    PACK_010 = (
        gettext_noop("The key '%(key)s' is not plain ASCII."),
        gettext_noop(
            "Use lower-case letters, digits and _ starting with a letter; the Chinese words go "
            "into the label."
        ),
    )
    PACK_012 = (
        gettext_noop("The template has no head."),
        gettext_noop("Begin with a line ---, then title, kind and period, then a line ---."),
    )
    PACK_013 = (
        gettext_noop("The key '%(key)s' is used twice among the %(where)s."),
        gettext_noop("Give each its own key."),
    )
    PACK_014 = (
        gettext_noop(
            "Looking at it took too long and was stopped; a file may take %(seconds)s seconds of "
            "computing."
        ),
        gettext_noop("Make it simpler: shorter loops, fewer records, smaller tables."),
    )
    PACK_015 = (
        gettext_noop("Looking at it took more than %(megabytes)s MB of memory and was stopped."),
        gettext_noop("Make it smaller; nothing a pack needs comes near that."),
    )
    PACK_016 = (
        gettext_noop("It is nested too deeply."),
        gettext_noop("Take brackets or levels out; calculate in steps."),
    )
    PACK_017 = (
        gettext_noop("Looking at it failed (%(error)s)."),
        gettext_noop(
            "Take out what was added last; tell the makers of the software, with the pack, as this "
            "is a fault of theirs too."
        ),
    )
    PACK_018 = (
        gettext_noop("There are %(left)s more issues than the %(most)s shown."),
        gettext_noop("Mend those shown and check again."),
    )
    PACK_019 = (
        gettext_noop("The file '%(file)s' cannot be read: %(why)s."),
        gettext_noop("Keep plain files alone in the folder of a pack."),
    )
    PACK_020 = (
        gettext_noop("The %(key)s of the %(where)s holds signs that nobody sees: %(signs)s."),
        gettext_noop("Type it anew in one line instead of pasting it."),
    )


class PackTestCode(Code):
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
    TEST_010 = (
        gettext_noop("The record of the form %(form)s is a step of no case of this test."),
        gettext_noop("Add case: with the id of an earlier record that opens one (%(known)s)."),
    )
