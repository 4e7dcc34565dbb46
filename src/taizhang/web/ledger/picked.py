"""Sees that what records pick from a list was begun by an earlier record of their unit."""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.core.issue import Refused
from taizhang.web.ledger.entities import Name, names_known
from taizhang.web.ledger.judge import Judge, Judged


def picked_check(batch: Sequence[Judged], judge: Judge) -> None:
    """Check records in order; an earlier one of the batch may begin what a later one picks.

    :raises Refused: ANSWER_013 for each thing that the record's unit does not have
    """
    asked = {(one.unit, one.date, name.dataset, name.key) for one in batch for name in one.picked}
    if not asked:
        return
    known = names_known(asked, judge.history)
    begun: set[Name] = set()
    issues = []
    for one in batch:
        for name in one.picked:
            told = (one.unit, one.date, name.dataset, name.key) in known
            if not told and (name.dataset, one.unit, name.key) not in begun:
                forms = judge.rules.programmes(one.date).forms.values()
                issues.append(name.unknown(one.place, forms))
        begun.update((said.dataset, one.unit, said.key) for said in one.said)
    if issues:
        raise Refused(issues)
