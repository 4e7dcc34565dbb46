"""Rules on norms, plans, calendars and what they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from taizhang.core.base.issue import Issue, Marked, Place, gettext_noop
from taizhang.core.base.literal import day_of
from taizhang.core.definition.calendar import spans
from taizhang.core.definition.norm import Norm, NormVersion
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import UnknownName
from taizhang.core.rules.code import RuleCode
from taizhang.core.rules.context import RuleContext, bare, doubtful, near, wrong

#: The keys of which a day has exactly one.
WHEN = ("on", "span", "nth", "lunar", "solar_term", "every")
#: Norms that a quota asks for, and addresses of pages.
NORMS_ASKED = re.compile(r"\bnorm\(\s*([a-z0-9_.]+)\s*\)")
_ADDRESS = re.compile(r"https?://[^\s）]{4,}")
UNGROUNDED = Marked(gettext_noop("nobody wrote the number down"))
_DUE = re.compile(r"(\d{4}-)?\d{2}-\d{2}", re.ASCII)


def pack_used_known(context: RuleContext) -> Iterator[Issue]:
    """Find packs named in ``uses`` that are not there."""
    for name in context.pack.uses:
        if name not in context.programmes.by_key:
            yield wrong(RuleCode.RULE_033, Place("pack.yaml"), name=name)


def norm_dated(context: RuleContext) -> Iterator[Issue]:
    """Find versions of norms without a first day in force, or that end before it."""
    for norm in context.pack.norms.values():
        for version in norm.versions:
            if version.in_force_from is None:
                yield wrong(RuleCode.RULE_016, version.place, name=bare(norm.key))
            elif version.in_force_to is not None and version.in_force_to < version.in_force_from:
                yield wrong(RuleCode.RULE_020, version.place, name=bare(norm.key))


def norm_sourced(context: RuleContext) -> Iterator[Issue]:
    """Find versions of norms and legal bases without a source."""
    for norm in context.pack.norms.values():
        for version in norm.versions:
            if not version.source:
                yield wrong(RuleCode.RULE_017, version.place, name=bare(norm.key))
    for basis in context.pack.legal_basis:
        if not basis.get("source"):
            name = str(basis.get("document", ""))
            yield doubtful(RuleCode.RULE_017, Place("pack.yaml"), name=name)


def norm_versions_apart(context: RuleContext) -> Iterator[Issue]:
    """Find two versions of a norm in force on one day for the same kind and region."""
    for norm in context.pack.norms.values():
        for index, version in enumerate(norm.versions):
            for other in norm.versions[index + 1 :]:
                yield from _overlap(norm, version, other)


def _overlap(norm: Norm, version: NormVersion, other: NormVersion) -> Iterator[Issue]:
    kinds = sorted(set(version.values) & set(other.values))
    if not kinds or version.region != other.region:
        return
    begins = max(version.in_force_from or date.min, other.in_force_from or date.min)
    ends = min(version.in_force_to or date.max, other.in_force_to or date.max)
    if begins <= ends:
        facts = {"name": bare(norm.key), "day": begins.isoformat(), "kind": kinds[0]}
        yield wrong(RuleCode.RULE_019, other.place, **facts)


def norm_measured(context: RuleContext) -> Iterator[Issue]:
    """Find norms on measures that no pack has, or in another unit than their measure."""
    measures = context.programmes.measures
    for norm in context.pack.norms.values():
        if norm.measure is None:
            continue
        name = bare(norm.key)
        try:
            measure = context.programmes.measure(norm.measure, context.pack.key)
        except UnknownName:
            known = near(norm.measure, [*measures, *map(bare, measures)])
            facts = {"name": name, "measure": norm.measure, "known": known}
            yield wrong(RuleCode.RULE_021, norm.place, **facts)
            continue
        if measure.unit != norm.unit:
            facts = {"name": name, "unit": norm.unit, "wanted": measure.unit}
            yield wrong(RuleCode.RULE_022, norm.place, **facts)


def norm_binds(context: RuleContext) -> Iterator[Issue]:
    """Find kinds of unit that a norm binds but that the pack neither keeps nor mirrors."""
    pack = context.pack
    bound = {*pack.unit_kinds, *pack.mirrors, *pack.mirrors.values()}
    for norm in pack.norms.values():
        named = {kind for version in norm.versions for kind in version.values}
        if named and not named & bound:
            kinds = "、".join(sorted(named))
            yield doubtful(RuleCode.RULE_023, norm.place, name=bare(norm.key), kinds=kinds)
            continue
        ruling = [version for version in norm.versions if version.in_force_to is None]
        asked = {kind for version in ruling for kind in version.values}
        free = [
            kind
            for kind in pack.unit_kinds
            if asked and kind not in asked and pack.mirrors.get(kind) not in asked
        ]
        # A norm for none of them speaks of a level above; one for some has likely forgotten one.
        if free and len(free) < len(pack.unit_kinds):
            kinds = "、".join(free)
            yield doubtful(RuleCode.RULE_042, norm.place, name=bare(norm.key), kinds=kinds)
    kinds_bound = {
        kind
        for other in context.programmes.packs
        for norm in other.norms.values()
        for version in norm.versions
        for kind in version.values
    }
    for kind, wanted in pack.mirrors.items():
        if kinds_bound and wanted not in kinds_bound:
            yield doubtful(RuleCode.RULE_024, Place("pack.yaml"), kind=kind, wanted=wanted)


def verified(context: RuleContext) -> Iterator[Issue]:
    """Say once for each file which entries nobody has checked against their document."""
    for file, names in _unverified(context.pack):
        if names:
            shown = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
            yield doubtful(RuleCode.RULE_018, Place(file), count=len(names), names=shown)


def _unverified(pack: Pack) -> Iterable[tuple[str, list[str]]]:
    basis = [
        str(document.get("document"))
        for document in pack.legal_basis
        if document.get("verified") is False
    ]
    norms = [
        f"{bare(norm.key)} ({version.document})"
        for norm in pack.norms.values()
        for version in norm.versions
        if not version.verified
    ]
    constants = [
        bare(constant.key)
        for constant in pack.constants.values()
        if not all(version.verified for version in constant.versions)
    ]
    indicators = [bare(key) for key, indicator in pack.indicators.items() if not indicator.verified]
    days = [day.key for day in pack.calendar if not day.verified]
    return (
        ("pack.yaml", basis),
        ("norms.yaml", norms),
        ("constants.yaml", constants),
        ("indicators.yaml", indicators),
        ("calendar.yaml", days),
    )


def day_sound(context: RuleContext) -> Iterator[Issue]:
    """Find calendar days that do not say when they are."""
    for rule in context.pack.calendar:
        try:
            spans(rule, 2026)
        except ValueError:
            stated = {name: getattr(rule, name) for name in WHEN}
            shown = ", ".join(
                f"{name}: {text}" for name, text in stated.items() if text is not None
            )
            yield wrong(RuleCode.RULE_025, rule.place, name=rule.key, found=shown or "-")


def task_sound(context: RuleContext) -> Iterator[Issue]:
    """Find tasks due on no day, on unknown theme days, or with a quota that nothing measures."""
    plan = context.pack.plan
    days = {day.key for pack in context.programmes.packs for day in pack.calendar}
    for task in plan.tasks if plan else ():
        if task.due is not None and not _is_due(task.due):
            yield wrong(RuleCode.RULE_026, task.place, name=task.key, found=task.due)
        for day in task.days:
            if bare(day) not in days:
                facts = {"name": task.key, "day": day, "known": near(day, days)}
                yield wrong(RuleCode.RULE_027, task.place, **facts)
        if task.counted and task.measure is None:
            yield wrong(RuleCode.RULE_028, task.place, name=task.key)


def quota_grounded(context: RuleContext) -> Iterator[Issue]:
    """Find quotas of shipped plans that rest neither on a document nor on the unit's own plan.

    A pack of the host may say a number: the host answers for it.
    """
    plan = context.pack.plan if context.shipped else None
    for task in plan.tasks if plan else ():
        if task.measure is None or task.own:
            continue
        norms = [_norm_named(context, name) for name in NORMS_ASKED.findall(task.quota or "")]
        known = [norm for norm in norms if norm is not None]
        if not norms or len(known) < len(norms):
            why = UNGROUNDED if task.quota or task.every else ""
        else:
            versions = [version for norm in known for version in norm.versions]
            why = ", ".join(version.document for version in versions if not openable(version))
        if why:
            yield wrong(RuleCode.RULE_061, task.place, name=task.key, why=why)


def _norm_named(context: RuleContext, name: str) -> Norm | None:
    key = name if "." in name else f"{context.pack.key}.{name}"
    return context.programmes.norms.get(key)


def openable(version: NormVersion) -> bool:
    """Say whether a reader can find what a version of a norm says: by its number or its address."""
    return bool(version.in_force_from and (version.number or _ADDRESS.search(version.source)))


def _is_due(text: str) -> bool:
    if not _DUE.fullmatch(text):
        return False
    try:
        # A leap year stands in where none is given: 02-29 falls due in leap years.
        day_of(text if len(text) == 10 else f"2024-{text}")
    except ValueError:
        return False
    return True


RULES = (
    pack_used_known,
    norm_dated,
    norm_sourced,
    norm_versions_apart,
    norm_measured,
    norm_binds,
    verified,
    day_sound,
    task_sound,
    quota_grounded,
)
