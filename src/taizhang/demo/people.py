"""People of the demonstration: one made-up person for each role, all with one password."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from taizhang.core.unit.body import Body
from taizhang.core.unit.tree import Tree, UnitLevel

if TYPE_CHECKING:  # models are imported only once an instance is open
    from taizhang.web.accounts.models import User

#: Printed wherever the demonstration is made or served; nobody else's instance has it.
PASSWORD = "yuehu-demo-2026"  # noqa: S105
DISTRICT, STREET, COMMUNITY = "360602000000", "360602001000", "360602001001"
#: The bodies beside the first street whose people can log in.
CENTRE, JUSTICE_OFFICE = f"{STREET}-B01", f"{STREET}-B02"


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up person: what they log in with, their name, role and unit ('' for all)."""

    username: str
    name: str
    role: str
    unit: str


PEOPLE = (
    Person("recorder", "演示·社区记录员", "recorder", COMMUNITY),
    Person("lead", "演示·社区负责人", "lead", COMMUNITY),
    Person("reviewer", "演示·街道审核员", "reviewer", STREET),
    Person("centre", "演示·卫生服务中心办事员", "recorder", CENTRE),
    Person("justice", "演示·司法所办事员", "recorder", JUSTICE_OFFICE),
    Person("officer", "演示·区县主管", "officer", DISTRICT),
    Person("assessor", "演示·考核员", "assessor", DISTRICT),
    Person("viewer", "演示·查阅人", "viewer", DISTRICT),
    Person("system", "演示·系统管理员", "system", ""),
    Person("security", "演示·安全管理员", "security", ""),
    Person("auditor", "演示·审计员", "auditor", ""),
)


def recorder(unit: str) -> str:
    """Name the account of whoever records for a community."""
    return "recorder" if unit == COMMUNITY else f"recorder-{unit[6:]}"


def reviewer(street: str) -> str:
    """Name the account of whoever reviews at a street."""
    return "reviewer" if street == STREET else f"reviewer-{street[6:9]}"


def clerk(body: str) -> str:
    """Name the account of whoever works at a body."""
    known = {CENTRE: "centre", JUSTICE_OFFICE: "justice"}
    return known.get(body, f"clerk-{body[6:].lower()}")


def colleagues_add(tree: Tree, bodies: Iterable[Body], owner: User, now: datetime) -> int:
    """Add who acts in the cases of all other units and bodies; none of them can log in."""
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role

    colleagues = [
        Person(recorder(unit.code), f"演示·{unit.name}记录员", "recorder", unit.code)
        if unit.level == UnitLevel.COMMUNITY
        else Person(reviewer(unit.code), f"演示·{unit.name}审核员", "reviewer", unit.code)
        for unit in tree.units.values()
        if unit.level in (UnitLevel.COMMUNITY, UnitLevel.STREET)
    ]
    colleagues += [
        Person(clerk(body.code), f"演示·{body.kind}办事员", "recorder", body.code)
        for body in bodies
    ]
    named = {person.username for person in PEOPLE}
    added = [person for person in colleagues if person.username not in named]
    for person in sorted(added, key=lambda person: person.username):
        user_add(
            username=person.username,
            name=person.name,
            role=Role(person.role),
            unit=person.unit,
            acting_user=owner,
            now=now,
        )
    return len(added)


def people_add(owner: User, now: datetime) -> None:
    """Add them all through the actions that people use."""
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role
    from taizhang.web.accounts.person.actions import password_give

    for person in PEOPLE:
        user = user_add(
            username=person.username,
            name=person.name,
            role=Role(person.role),
            unit=person.unit,
            acting_user=owner,
            now=now,
        )
        password_give(person=user.pk, password=PASSWORD, acting_user=owner, now=now)


def people_there() -> list[tuple[Person, str]]:
    """Give those of the demonstration at work, with the name of their role; else none."""
    from taizhang.web.accounts.models import Role
    from taizhang.web.accounts.queries import instance, people

    if not instance().synthetic:
        return []
    there = {user.username for user in people() if user.is_active}
    return [(person, str(Role(person.role).label)) for person in PEOPLE if person.username in there]
