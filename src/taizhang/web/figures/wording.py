"""Flags and parts of figures in the words of a page."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taizhang.core.base.figure import Figure, Flag
from taizhang.core.text.bilingual import Bilingual
from taizhang.core.text.flag import flag_facts, flag_text
from taizhang.web.base.wording import number_words


def flag_words(flag: Flag) -> str:
    """Say a flag of a figure in a few words."""
    facts = flag_facts(flag)
    if "months" in facts:
        facts["detail"] = Bilingual(facts["months"], facts["months_en"]).text(get_language() or "")
    return _(flag_text(flag).mark) % facts


def parts_words(figure: Figure) -> list[tuple[str, str]]:
    """Name the parts of a figure: numerator, denominator, bounds, status, days."""
    status = {
        "current": _("in use"),
        "audit": _("for auditing"),
        "survey": _("from a survey"),
        "historic": _("historic"),
    }
    numbers = [(_("Numerator"), figure.numerator), (_("Denominator"), figure.denominator)]
    if figure.done is not None:
        numbers.append((_("Done in all"), figure.done))
    if figure.low != figure.high:
        numbers += [(_("At least"), figure.low), (_("At most"), figure.high)]
    return [
        *((label, number_words(value)) for label, value in numbers if value is not None),
        *([(_("Units that reach it"), figure.reach)] if figure.reach else []),
        (_("Key"), figure.key),
        (_("Status"), status.get(figure.status, figure.status)),
        (_("Known by"), figure.as_of.isoformat()),
        (_("Tree of"), figure.tree.isoformat()),
    ]
