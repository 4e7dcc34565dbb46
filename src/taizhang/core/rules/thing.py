"""Rules on kinds of things: the list that keeps them, and what its forms save."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.core.base.issue import Issue
from taizhang.core.definition.thing import THING_COUNTS
from taizhang.core.rules.case import saved_by_list
from taizhang.core.rules.case_code import ThingCode
from taizhang.core.rules.context import RuleContext, bare, doubtful, near, wrong


def properties_saved(context: RuleContext) -> Iterator[Issue]:
    """Find lists and properties that no form writes."""
    saved = saved_by_list(context)
    for kind in context.pack.things.values():
        facts: dict[str, object] = {"kind": bare(kind.key)}
        names = saved.get(kind.dataset)
        if names is None:
            facts |= {"name": kind.dataset, "known": near(kind.dataset, saved)}
            yield wrong(ThingCode.THING_001, kind.place, **facts)
            continue
        told = (kind.name, kind.place_field, kind.due, *kind.ended, *kind.where, kind.adopts)
        for name in told:
            if name and name not in names:
                known = near(name, names)
                yield wrong(ThingCode.THING_002, kind.place, **facts, name=name, known=known)
        for name in kind.counts:
            if name not in THING_COUNTS:
                yield wrong(ThingCode.THING_003, kind.place, name=name)


def shared_openly(context: RuleContext) -> Iterator[Issue]:
    """Find packs that write a thing of this one without being named."""
    for kind in context.pack.things.values():
        for form in context.programmes.forms.values():
            writes = form.entity is not None and form.entity.dataset == kind.dataset
            pack = form.key.partition(".")[0]
            if writes and pack not in (kind.pack, *kind.shared):
                facts = {"form": form.key, "kind": bare(kind.key), "name": pack}
                yield doubtful(ThingCode.THING_004, kind.place, **facts)


def told_apart(context: RuleContext) -> Iterator[Issue]:
    """Find kinds that can have no thing, as another kind of their list takes each of them."""
    for kind in context.pack.things.values():
        for before in context.programmes.things_by_list[kind.dataset]:
            if before is kind:
                break
            if before.where.items() <= kind.where.items() and bool(before.where) >= bool(
                kind.where
            ):
                facts = {"kind": bare(kind.key), "list": kind.dataset, "name": before.label}
                yield wrong(ThingCode.THING_005, kind.place, **facts)
                break


def values_offered(context: RuleContext) -> Iterator[Issue]:
    """Find values that tell kinds or ends apart and that no question of the list offers."""
    offered = _offered(context)
    for kind in context.pack.things.values():
        for name, value in (*kind.where.items(), *kind.ended.items()):
            values = offered.get((kind.dataset, name))
            if values is not None and value not in values:
                facts = {"kind": bare(kind.key), "property": name, "value": value}
                known = near(value, values)
                yield wrong(ThingCode.THING_006, kind.place, **facts, known=known)


def _offered(context: RuleContext) -> dict[tuple[str, str], set[str] | None]:
    """Give by list and property the choices of its questions, ``None`` where one is free."""
    offered: dict[tuple[str, str], set[str] | None] = {}
    for form in context.programmes.forms.values():
        spec = form.entity
        for name, path in {} if spec is None else spec.saves.items():
            field = form.field(path)
            key = (spec.dataset if spec else "", name)
            before = offered.get(key, set())
            if field is None or field.type != "select_one" or before is None:
                offered[key] = None
            else:
                offered[key] = before | {choice.name for choice in field.choices}
    return offered


RULES = (properties_saved, shared_openly, told_apart, values_offered)
