"""References of records: what one picks from a list was begun by an earlier one of its unit."""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.core.base.issue import Refused
from taizhang.web.ledger.accept.validate import RecordValidator, ValidRecord
from taizhang.web.ledger.facts.entity import Name, names_known


def references_check(records: Sequence[ValidRecord], validator: RecordValidator) -> None:
    """Check records in order; an earlier one of the batch may begin what a later one picks.

    :raises Refused: ANSWER_013 for each thing that the record's unit does not have
    """
    asked = {
        (valid.home, valid.content.date, reference.dataset, reference.key)
        for valid in records
        for reference in valid.references
    }
    if not asked:
        return
    known = names_known(asked, validator.history)
    begun: set[Name] = set()
    issues = []
    for valid in records:
        unit, day = valid.home, valid.content.date
        for reference in valid.references:
            stored = (unit, day, reference.dataset, reference.key) in known
            if not stored and (reference.dataset, unit, reference.key) not in begun:
                forms = validator.forms.programmes(day).forms.values()
                issues.append(reference.unknown(valid.place, forms))
        begun.update((update.dataset, unit, update.key) for update in valid.updates)
    if issues:
        raise Refused(issues)
