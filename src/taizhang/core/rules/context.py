"""What a rule sees: the pack that is checked and the packs beside it, as one name space."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from taizhang.core.issue import Issue
from taizhang.core.pack.model import Pack
from taizhang.core.programme import Programmes


@dataclass(frozen=True)
class Context:
    """A pack under check, among ``others`` (installed or shipped; never itself)."""

    pack: Pack
    others: tuple[Pack, ...] = ()

    @cached_property
    def programmes(self) -> Programmes:
        """The pack with all others, its own version in place of an installed one."""
        beside = tuple(one for one in self.others if one.key != self.pack.key)
        return Programmes((*beside, self.pack))


Rule = Callable[[Context], Iterator[Issue]]
