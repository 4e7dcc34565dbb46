"""The only door to things: what a person may see; absent and forbidden look alike."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from taizhang.core.base.issue import Issue, Refused
from taizhang.web.accounts.models import User
from taizhang.web.ledger.access import codes_for
from taizhang.web.things.code import ThingsCode
from taizhang.web.things.models import Alias, Thing


def things_for(user: User, now: datetime) -> QuerySet[Thing]:
    """Give the things of the units below the user's roles."""
    codes = codes_for(user, now)
    things = Thing.objects.all()
    return things if codes is None else things.filter(unit__in=codes)


def thing_for(user: User, uid: str, now: datetime) -> Thing:
    """Give one thing by its uid, or by that of a thing that was merged into it.

    :raises Refused: THINGS_002, the same for absent and forbidden
    """
    meant = Alias.objects.filter(uid=uid).values("thing")
    thing = things_for(user, now).filter(uid__in=meant).first()
    if thing is None:
        raise Refused([Issue(ThingsCode.THINGS_002, facts={"thing": uid.partition(":")[2] or uid})])
    return thing


def things_called(user: User, text: str, now: datetime) -> list[Thing]:
    """Give the things that a number, or an id as records have it, means, a few of them."""
    named = Alias.objects.filter(number=text) | Alias.objects.filter(key=text)
    return list(things_for(user, now).filter(uid__in=named.values("thing"))[:10])
