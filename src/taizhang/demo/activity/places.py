"""Facilities, banners, stations, employers and schools of a made-up community."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from taizhang.core.base.period import Month
from taizhang.demo.activity.habits import Line, day_in, habits, line
from taizhang.demo.activity.things import BOARDS, given_id
from taizhang.demo.people import COMMUNITY
from taizhang.demo.profile import SEED, Profile

KEY = "facilities"
#: kind, name, place, programme, share of the communities that have it
FACILITIES = (
    ("room", "二楼活动室", "社区服务中心二楼", "general", 0.8),
    ("screen", "东门电子屏", "小区东门", "general", 0.4),
    ("member_home", "会员之家", "社区服务中心一楼", "family", 0.35),
    ("self_service", "南院自助服务点", "南院门卫室旁", "family", 0.4),
    ("classroom", "人口学校教室", "社区服务中心三楼", "family", 0.15),
    ("panel", "服务指南展板", "社区服务大厅", "health", 0.2),
    ("billboard", "公交站宣传牌", "人民路公交站", "law", 0.12),
    ("cabinet", "健康读物书柜", "二楼活动室", "health", 0.12),
    ("equipment", "活动室音响", "二楼活动室", "general", 0.1),
)
PIECES = {"panel": 6, "cabinet": 2, "equipment": 1}
#: programme, what stands on it
BANNERS = (
    ("hygiene", "清洁家园，人人动手"),
    ("law", "学习民法典，生活有保障"),
    ("health", "合理膳食，健康一家"),
    ("family", "关爱妇女儿童，共建幸福家庭"),
    ("volunteer", "志愿服务，邻里相助"),
)
SITES = ("小区东门", "人民路东段", "文化广场", "菜场入口")
PARTS = ("rooms", "devices", "staff", "management", "services")
SCHOOLS = (("primary", "辖区第一小学"), ("middle", "辖区初级中学"), ("nine_year", "辖区实验学校"))
EMPLOYERS = (("东门服装厂", "工业路"), ("惠民超市", "人民路"), ("老街食品厂", "老街北口"))
DOUBLE = "XC-DOUBLE"
#: When a second recorder wrote a board of the first community down as a new one.
DOUBLED_IN = (Month(2026, 5), Month(2026, 7))


def month_records(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Write what was put up, looked at and taken away in a month."""
    yield from _facilities(who, month, random)
    yield from _banners(who, month)
    if month.month == 3:
        yield from _stations(who, month, random)
    if month.month in (4, 10):
        yield from _employer(who, month, random)
    if month.month == 9:
        yield from _school(who, month, random)
    if who.code == COMMUNITY and month in DOUBLED_IN:
        yield _double(who, month)


def _facilities(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Register each in its first month and look at it every half year; a few are given up."""
    habit = habits(KEY, who)
    for number, (kind, title, place, programme, share) in enumerate(FACILITIES):
        has, first, ends = habit.random() < share, habit.randrange(14), habit.random() < 0.06
        age = month.number - Month(2025, 1).number - first
        if not has or age < 0 or age % 6 or (ends and age > 6):
            continue
        day = day_in(month, random)
        state = "removed" if ends and age == 6 else "in_use"
        if state == "in_use" and random.random() < 0.06:
            state = "broken"
        answers: dict[str, object] = {
            "facility": given_id(who, f"SS-{number}"),
            "title": title,
            "place": place,
            "kind": kind,
            "checked_on": day.isoformat(),
            "programme": programme,
            "state": state,
        }
        if kind in PIECES:
            answers["pieces"] = PIECES[kind]
        if kind == "panel":
            answers["content"] = "guide"
        if state != "removed":
            answers["next_on"] = (day + timedelta(days=200)).isoformat()
        yield line("common.facility", who, day, answers)


def _banners(who: Profile, month: Month) -> Iterator[Line]:
    """Hang a banner now and then; most are taken down in their days, some are forgotten."""
    for back in (2, 1, 0):
        hung_in = month.plus(-back)
        random = Random(f"{SEED}:banner:{who.code}:{hung_in}")
        if hung_in < Month(2025, 1) or random.random() > 0.05:
            continue
        programme, title = random.choice(BANNERS)
        place, day = random.choice(SITES), day_in(hung_in, random)
        by = day + timedelta(days=random.randrange(12, 31))
        down = by + timedelta(days=random.choice((-2, -1, 0, 0, 0, 3, 9)))
        banner = {"banner": given_id(who, f"HF-{hung_in}"), "title": title, "place": place}
        if back == 0:
            hung = {"state": "hung", "kind": "banner", "programme": programme}
            days = {"changed_on": day.isoformat(), "remove_by": by.isoformat()}
            yield line("common.banner", who, day, {**banner, **hung, **days})
        if month.start <= down <= month.end and random.random() < 0.92:
            answers = {**banner, "state": "removed", "changed_on": down.isoformat()}
            yield line("common.banner", who, down, answers)


def _stations(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Hold the stations against the five parts of the standard once a year."""
    habit = habits("stations", who)
    tiers = [("room", "家庭服务室", "社区服务中心一楼")] if habit.random() < 0.75 else []
    if who.code.endswith("001"):
        tiers.append(("centre", "街道家庭服务中心站", "街道便民大厅"))
    for tier, title, place in tiers:
        if random.random() > 0.95:
            continue
        day = day_in(month, random)
        met = [part for part in PARTS if random.random() < who.tidiness]
        answers = {
            "station": given_id(who, f"ZD-{tier}"),
            "title": title,
            "place": place,
            "tier": tier,
            "checked_on": day.isoformat(),
            "met": met or ["none"],
            "state": "in_use",
        }
        yield line("family_services.station", who, day, answers)


def _employer(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Let an employer here and there join of its own accord; a few leave again."""
    habit = habits("employers", who)
    joins, leaves = habit.random() < 0.25, habit.random() < 0.15
    title, place = habit.choice(EMPLOYERS)
    joined_in = habit.choice((Month(2025, 4), Month(2025, 10), Month(2026, 4)))
    is_leaving = leaves and month == joined_in.plus(6)
    if not joins or not (month == joined_in or is_leaving):
        return
    day = day_in(month, random)
    answers: dict[str, object] = {
        "employer": given_id(who, "YR"),
        "title": title,
        "place": place,
        "reported_on": day.isoformat(),
        "state": "left" if is_leaving else "joined",
    }
    if not is_leaving:
        answers["offers"] = habit.sample(("nursing_room", "flexible", "childcare", "leave"), 2)
    yield line("family_services.employer", who, day, answers)


def _school(who: Profile, month: Month, random: Random) -> Iterator[Line]:
    """Ask the school of the community, where there is one, at the beginning of each year."""
    habit = habits("schools", who)
    has, (kind, title) = habit.random() < 0.3, habit.choice(SCHOOLS)
    if not has:
        return
    day = day_in(month, random)
    answers = {
        "school": given_id(who, "XX"),
        "title": title,
        "place": "学府路",
        "kind": kind,
        "checked_on": day.isoformat(),
        "teaching": "yes" if random.random() < 0.9 else "no",
        "state": "open",
    }
    yield line("healthy_city.school", who, day, answers)


def _double(who: Profile, month: Month) -> Line:
    """Change a board that is on the list under another name; later the two are made one."""
    day = date(month.year, month.month, 20)
    answers = {
        "board": given_id(who, DOUBLE),
        "title": "东门口宣传栏",
        "location": BOARDS[1][1],
        "changed_on": day.isoformat(),
        "programme": "health",
        "subject": "季节性疾病预防",
        "area": 2.4,
        "state": "in_use",
    }
    return line("common.board_issue", who, day, answers)
