"""Cases follow their units: open ones of a unit that is no more go to whoever holds them now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from django.utils import timezone

from taizhang.core.base.issue import Issue, Level, Place
from taizhang.core.definition.case import dropped
from taizhang.core.definition.pack import Pack
from taizhang.core.unit.ownership import HeldBy
from taizhang.web.cases.code import StepCode
from taizhang.web.cases.kinds import Kinds, case_world
from taizhang.web.cases.models import Case, Run
from taizhang.web.cases.persist import cases_fold
from taizhang.web.cases.records import adopted_cases


def units_followed(now: datetime) -> Iterator[Issue]:
    """Fold the open cases whose owner or debtor is no more; say what went where.

    Called in the transaction of an import of units.
    """
    world, today = case_world(), timezone.localdate(now)
    moved: Counter[tuple[str, str, HeldBy]] = Counter()
    touched = set()
    for uid, owner, since in Case.objects.filter(ended=None).values_list(
        "uid", "owner", "owner_since"
    ):
        held = world.ownership.holder(owner, since, today)
        if held.code != owner:
            moved[owner, held.code, held.why] += 1
            touched.add(uid)
    owed = Run.objects.filter(answered=None).values_list("uid", "unit", "start")
    touched |= {
        uid for uid, unit, start in owed if world.ownership.holder(unit, start, today).code != unit
    }
    cases_fold(touched, Kinds(today), now)
    for (former, owner, why), count in sorted(moved.items()):
        code = StepCode.CASES_003 if why is HeldBy.PARENT else StepCode.CASES_002
        facts = {"count": count, "former": former, "owner": owner}
        yield Issue(code, facts=facts, level=Level.WARNING)


class CaseKeeper:
    """Looks after open cases when a version of a pack is installed."""

    def fits(self, key: str, load: Callable[[], Pack | None], now: datetime) -> Iterator[Issue]:
        """Find states and steps that open cases need and the new version drops."""
        used: dict[tuple[str, str], set[str]] = {}
        rows = Case.objects.filter(ended=None, kind__startswith=f"{key}.")
        for kind, version, state in rows.values_list("kind", "version", "state").distinct():
            used.setdefault((kind, version), set()).add(state)
        pack = load() if used else None
        if pack is None:
            return
        kinds = Kinds(timezone.localdate(now))
        for (kind, version), states in sorted(used.items()):
            before = kinds.carried(kind, version)
            after = pack.cases.get(kind)
            if before is None:
                continue
            for lost in dropped(before, after, states):
                facts = {"kind": kind, "sort": lost.sort, "name": lost.name}
                yield Issue(StepCode.CASES_004, Place("cases.yaml"), facts)

    def installed(self, key: str, files: Mapping[str, bytes], now: datetime) -> None:
        """Read old records that a kind adopts as cases, and open cases by what now holds."""
        own = Case.objects.filter(kind__startswith=f"{key}.")
        if "cases.yaml" not in files and not own.exists():
            return
        kinds = Kinds(timezone.localdate(now))
        uids = set(adopted_cases(None, kinds))
        uids.update(own.filter(ended=None).values_list("uid", flat=True))
        cases_fold(uids, kinds, now)
