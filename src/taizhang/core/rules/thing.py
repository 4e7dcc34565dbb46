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
        for name in (kind.name, kind.place_field, kind.due, *kind.ended, kind.adopts):
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


RULES = (properties_saved, shared_openly)
