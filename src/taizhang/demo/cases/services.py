"""Made-up service needs, requests for legal help and rounds of screening."""

from __future__ import annotations

from datetime import date, timedelta

from taizhang.demo.cases.case import HEALTH, JUSTICE, LAST_DAY, Tale

#: need, what is wanted; those of the first six kinds were asked for in the sums of 2025 as well
NEEDS = (
    ("care", "问托育点的时间和收费"),
    ("care", "想找临时照看孩子的地方"),
    ("health", "问慢病取药的地点"),
    ("health", "想量血压、查血糖"),
    ("income", "想找离家近的工作"),
    ("policy", "问居住证怎么续"),
    ("policy", "问生育登记要带什么"),
    ("housing", "问孩子入学要办的手续"),
    ("company", "想有人陪着说说话"),
)
#: Kinds that only came with the cases; each told in the sums as one of the first six.
NEW_NEEDS = (
    ("screening", "问两癌筛查的时间地点"),
    ("benefit", "问奖励扶助怎样申领"),
    ("deliver", "想请人送药具上门"),
    ("consult", "想请医生解答用药"),
)
TO_HEALTH = ("care", "health", "screening", "consult")
PLACES = ("南院", "北院", "东门一带", "一网格", "二网格", "三网格")
MATTERS = ("family", "labour", "property", "property", "debt", "consumer", "injury")
#: How a request was dealt with when it came, as often as it stands here.
HOWS = ("answered",) * 9 + ("aid", "aid", "mediation", "mediation", "lawyer") + ("later",) * 5


def need(tale: Tale, day: date) -> None:
    """Hear of a need: settled at once, by the community, or by whom it was passed to."""
    random = tale.random
    kinds = NEEDS if day.year < LAST_DAY.year or random.random() < 0.8 else NEW_NEEDS
    kind, what = random.choice(kinds)
    how = "at_once" if random.random() < 0.45 else "follow"
    source = random.choice(("self", "self", "helper", "visit"))
    answers = {"need": kind, "source": source, "what": what, "where": random.choice(PLACES)}
    tale.opens("need", "raised_on", day, **answers, how=how)
    if how == "at_once":
        return
    fate = random.random()
    if fate < 0.3 and kind in TO_HEALTH:
        centre = tale.body(HEALTH)
        tale.step("refer", (0, 3), to=centre)
        tale.hand(centre, (0, 2))
        if random.random() < 0.2:
            tale.step("back", (1, 4), reason=random.choice(("not_ours", "needs_facts")))
            tale.owner = tale.who.code
    elif fate < 0.45:
        tale.form("need_guide", "guided_on", (0, 3), office=random.choice(("civil", "labour")))
    elif fate > 0.97 and day.month > 8:
        return
    days = (16, 30) if random.random() < 0.1 else (1, 9)
    result = random.choice(("solved",) * 6 + ("part", "unsolved", "dropped"))
    tale.form("need_result", "served_on", days, result=result)
    if random.random() < 0.35:
        _heard(tale)


def _heard(tale: Tale) -> None:
    """Let somebody else ask; who is not pleased is helped once more."""
    pleased = tale.random.random() < tale.who.goodwill
    heard = "pleased" if pleased else tale.random.choice(("not_pleased", "unreached"))
    tale.form("need_feedback", "asked_on", (3, 14), tale.asks, heard=heard)
    if heard == "not_pleased":
        tale.step("reopen", (0, 1), tale.asks, reason_text="本人说还没有办成")
        tale.form("need_result", "served_on", (2, 9), result="solved")


def legal(tale: Tale, day: date) -> None:
    """Be asked about the law: answered on the spot, later, or passed on until it is settled."""
    random = tale.random
    matter, how = random.choice(MATTERS), random.choice(HOWS)
    channel = random.choice(("station", "station", "phone", "adviser", "event"))
    answers = {"matter": matter, "channel": channel, "how": how}
    tale.opens("help_request", "asked_on", day, **answers)
    if how == "answered":
        return
    if how == "later":
        fate = random.random()
        if fate < 0.6:
            tale.step("answer", (1, 6))
            return
        kind = random.choice(("mediation", "aid"))
        if fate < 0.85:
            justice = tale.body(JUSTICE)
            tale.form("help_hand", "handed_on", (1, 4), to=justice, how=kind)
            tale.hand(justice, (0, 3))
            if random.random() < 0.15:
                tale.step("back", (1, 5), reason="needs_facts")
                tale.owner = tale.who.code
                tale.step("answer", (1, 4))
                return
        else:
            tale.form("help_refer", "referred_on", (1, 4), how=kind)
    if random.random() < 0.06 and day.month > 7:
        return
    late = random.random() < 0.12
    result = random.choice(("settled", "settled", "taken", "refused", "dropped"))
    tale.form("help_result", "settled_on", (32, 60) if late else (4, 25), result=result)


def screening(tale: Tale, day: date) -> None:
    """Run a round: two reports of sums, then the end and the day of the next one."""
    random = tale.random
    kind = random.choice(("two_cancers", "womens", "elderly", "child"))
    until = (day + timedelta(days=75)).isoformat()
    tale.opens("screening_round", "begun_on", day, kind=kind, until=until)
    treated = 0
    for share in (0.6, 0.4):
        invited = round(random.randrange(60, 200) * share)
        attended = round(invited * random.uniform(0.4, 0.8))
        further = attended // 12
        tale.form(
            "screening_report",
            "reported_on",
            (12, 26),
            key="report",
            invited=invited,
            attended=attended,
            free=attended,
            further=further,
            treated=treated,
        )
        treated = further
    next_on = date(day.year + 2, day.month, 1).isoformat()
    tale.form("screening_close", "closed_on", (5, 30), next_on=next_on)
