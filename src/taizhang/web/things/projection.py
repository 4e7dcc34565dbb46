"""The reader of accepted records: folds every thing that is touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from taizhang.core.base.issue import Issue
from taizhang.web.accounts.models import User
from taizhang.web.base.bulk import chunks
from taizhang.web.ledger.facts.projection import AcceptedRecord, Told
from taizhang.web.ledger.models import EntityState
from taizhang.web.things.kinds import Kinds
from taizhang.web.things.persist import entities_fold
from taizhang.web.things.rebuild import Anew


class ThingProjection:
    """Reads every accepted record that speaks of things of a list that has kinds."""

    def check(
        self, records: Sequence[AcceptedRecord], acting_user: User, now: datetime
    ) -> Iterable[Issue]:
        """Refuse nothing: ids are read before, by ``ledger.accept.thing_reference``."""
        return ()

    def accepted(self, records: Sequence[AcceptedRecord], acting_user: User, now: datetime) -> int:
        """Fold the things of which these records speak, or spoke; things state no facts."""
        kinds = Kinds(timezone.localdate(now))
        if not kinds.lists:
            return 0
        keys = [
            key
            for record in records
            if kinds.spec(record.content.form, record.content.version) is not None
            for key in (record.pk, record.target_pk)
            if key
        ]
        touched: set[int] = set()
        for some in chunks(keys):
            states = EntityState.objects.filter(record__in=some)
            touched.update(states.values_list("entity_id", flat=True))
        if touched:
            entities_fold(touched, kinds, acting_user, now)
        return 0

    def anew(self, now: datetime) -> Told:
        """Tell every thing anew."""
        return Anew(now)

    def digested(self) -> Iterator[Iterator[tuple[Any, ...]]]:
        """Give the stored rows."""
        yield from Anew.stored_rows()
