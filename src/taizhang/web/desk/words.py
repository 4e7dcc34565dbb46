"""Flags and parts of figures in the words of a page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from taizhang.core.figure import Figure
from taizhang.core.issue import gettext_noop
from taizhang.web.ledger.words import number_words

#: Flags of figures in a few words; the figure's sentence says them in full.
FLAGS = {
    "incomplete": gettext_noop("incomplete: %(argument)s known"),
    "of": gettext_noop("of %(argument)s"),
    "to_date": gettext_noop("until %(argument)s"),
    "inexact": gettext_noop("inexact"),
    "moved": gettext_noop("with %(argument)s from former units"),
    "split": gettext_noop("with %(argument)s of split units"),
    "joined": gettext_noop("with %(argument)s of units that belonged elsewhere"),
    "left": gettext_noop("without %(argument)s of units that have left"),
    "by_analogy": gettext_noop("by analogy"),
    "capped": gettext_noop("capped"),
    "about": gettext_noop("partly approximate"),
    "back": gettext_noop("with records of units from before they existed"),
    "unverified_source": gettext_noop("source not verified"),
    "implausible": gettext_noop("implausible"),
}


def flag_words(flag: str) -> str:
    """Say a flag of a figure in a few words."""
    name, _space, argument = flag.partition(" ")
    return _(FLAGS[name]) % {"argument": argument} if name in FLAGS else flag


def parts_words(figure: Figure) -> list[tuple[str, str]]:
    """Name the parts of a figure: numerator, denominator, bounds, status, days."""
    status = {
        "current": _("in use"),
        "audit": _("for auditing"),
        "survey": _("from a survey"),
        "historic": _("historic"),
    }
    numbers = [(_("Numerator"), figure.numerator), (_("Denominator"), figure.denominator)]
    if figure.low != figure.high:
        numbers += [(_("At least"), figure.low), (_("At most"), figure.high)]
    return [
        *((label, number_words(value)) for label, value in numbers if value is not None),
        (_("Key"), figure.key),
        (_("Status"), status.get(figure.status, figure.status)),
        (_("Known by"), figure.as_of.isoformat()),
        (_("Tree of"), figure.tree.isoformat()),
    ]
