"""The messages about periods, days and files of YAML."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class PeriodCode(Code):
    """Why a period or a day is not asked about."""

    PERIOD_001 = (
        gettext_noop("%(text)s lies outside the years %(first)s to %(last)s."),
        gettext_noop("Ask about these years."),
    )
    PERIOD_002 = (
        gettext_noop("%(text)s is %(months)s months long."),
        gettext_noop("Ask about at most %(most)s months at once, year by year where it is more."),
    )


class YamlCode(Code):
    """What can be wrong with a file of YAML."""

    PACK_002 = (
        gettext_noop("The file is not readable YAML: %(why)s."),
        gettext_noop("Mend the line; quote texts that hold a colon, a hash or a bracket."),
    )
    PACK_003 = (
        gettext_noop("The file is too large: %(found)s, at most %(most)s."),
        gettext_noop("A pack describes a programme; keep records and pictures out of it."),
    )
    PACK_004 = (
        gettext_noop("YAML anchors, aliases and tags are refused: %(found)s."),
        gettext_noop("Write the value out; a pack is plain text that reads the same everywhere."),
    )
    PACK_005 = (
        gettext_noop("The key '%(key)s' stands twice (first in line %(first)s)."),
        gettext_noop("Keep one of them."),
    )
    PACK_011 = (
        gettext_noop("The file is not UTF-8 at byte %(byte)s."),
        gettext_noop("Save it as UTF-8."),
    )
