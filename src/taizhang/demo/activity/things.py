"""Names, places and ids of made-up things: boards, racks, signs, frontages, teams, partners.

Most communities began with things that bear a name, under an id that the phone gave.  The others
typed numbers, which go on; they added the names in 2026.
"""

from __future__ import annotations

import hashlib
from datetime import date

from taizhang.demo.activity.habits import habits
from taizhang.demo.people import COMMUNITY
from taizhang.demo.profile import Profile

NAMED_SINCE = date(2026, 1, 1)
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Name and place, in the order of the numbers; of a frontage also what it is.
BOARDS = (
    ("服务中心宣传栏", "社区服务中心门口"),
    ("东门宣传栏", "小区主入口"),
    ("文化广场宣传栏", "文化广场"),
)
LAW_BOARD = ("法治宣传栏", "居民活动室外墙")
RACKS = (("服务大厅取阅架", "社区服务大厅"), ("南院取阅架", "南院门卫室旁"))
SIGN = ("服务大厅禁烟标识", "社区服务中心大厅")
FRONTAGES = (
    ("东门便利店", "人民路东段", "shop"),
    ("工贸公司门前", "人民路西段", "company"),
    ("老街菜场", "老街南口", "market"),
    ("街道图书馆", "文化广场北侧", "institution"),
)


def begins_named(who: Profile) -> bool:
    """Say whether a community chose its things from the list from the first day."""
    return who.code == COMMUNITY or habits("things", who).random() < 0.6


def given_id(who: Profile, code: str) -> str:
    """Give the id of a new thing in the form in which a phone gives it."""
    number = int.from_bytes(hashlib.sha256(f"{who.code}/{code}".encode()).digest()[:8])
    return "N-" + "".join(_CROCKFORD[number >> 5 * place & 31] for place in range(10))


def thing(who: Profile, question: str, code: str, name: str, day: date) -> dict[str, object]:
    """Answer which thing it is: by its given id and name, or by the number typed before."""
    if begins_named(who):
        return {question: given_id(who, code), "title": name}
    typed: dict[str, object] = {question: f"{who.code[6:]}-{code}"}
    return typed | ({"title": name} if day >= NAMED_SINCE else {})
