"""Made-up problems and complaints of patriotic health work, from the first day to the last."""

from __future__ import annotations

from datetime import date, timedelta

from taizhang.demo.cases.case import CLEANING, DISTRICT, LAST_DAY, Tale

#: kind, what is wrong, how it is put right
PROBLEMS = (
    ("rubbish", "三号楼楼道堆物", "已通知清走并复看"),
    ("rubbish", "后墙建筑垃圾无人清运", "已联系清运车拉走"),
    ("facility", "北门垃圾箱破损", "已更换箱体"),
    ("facility", "公厕照明不亮", "已换灯"),
    ("breeding", "东侧绿地积水", "已填平并投放药剂"),
    ("breeding", "废旧轮胎积水", "已清走"),
    ("order", "西街占道经营", "已划定摊位"),
    ("order", "单元门乱贴小广告", "已清除并涂新"),
    ("frontage", "临街门店门前不洁", "已约定每日清扫"),
    ("fringe", "城乡结合部垃圾池满溢", "已加密清运"),
)
#: kind, place, what
COMPLAINTS = (
    ("rubbish", "南院垃圾房", "垃圾两天没清"),
    ("rubbish", "菜场后巷", "早市散了以后垃圾没人收"),
    ("sewage", "五号楼旁", "污水井外溢"),
    ("toilet", "文化广场公厕", "冲水坏了"),
    ("pests", "河边步道", "蚊虫多"),
    ("market", "小吃街", "油污地面湿滑"),
    ("smoking", "棋牌室", "室内有人吸烟"),
    ("order", "小区主入口", "摊点占道"),
)


def problem(tale: Tale, day: date) -> None:
    """Find a problem; mostly the community puts it right, now and then it is asked up."""
    random = tale.random
    kind, what, how = random.choice(PROBLEMS)
    due = day + timedelta(days=random.randrange(12, 31))
    found_in = random.choice(("patrol", "patrol", "told", "inspection"))
    answers = {"kind": kind, "what": what, "due_on": due.isoformat(), "found_in": found_in}
    tale.opens("problem_found", "found_on", day, **answers)
    if random.random() < 0.6:
        tale.step("start", (0, 3))
    fate = random.random()
    if fate < 0.2:
        _asked_up(tale)
    elif fate < 0.25:
        until = (due + timedelta(days=random.randrange(7, 20))).isoformat()
        tale.step("prolong", (2, 6), tale.street, until=until, reason_text="施工要等晴天")
        tale.form("problem_done", "done_on", (8, 22), how=how)
    elif fate < 0.37:
        tale.form("problem_done", "done_on", (26, 50), how=how)
    elif fate > 0.96 and day.year == LAST_DAY.year and day.month > 6:
        return  # nobody has done anything more
    else:
        tale.form("problem_done", "done_on", (2, 9), how=how)
    _verified(tale, how)


def _asked_up(tale: Tale) -> None:
    """Ask the street; it settles it, returns it with a reason, or asks the district in turn."""
    random = tale.random
    wanted = "请协调有关部门现场处理"
    tale.form("problem_ask_up", "asked_on", (1, 6), talks=random.randrange(1, 4), wanted=wanted)
    tale.hand(tale.street, (0, 2))
    fate = random.random()
    if fate < 0.45:
        reason = random.choice(("needs_facts", "settled_above", "settled_above", "not_ours"))
        tale.step("back", (1, 8), reason=reason)
        tale.owner = tale.who.code
        tale.form("problem_done", "done_on", (2, 12), how="上级协调后已整改")
    elif fate < 0.8:
        tale.form("problem_done", "done_on", (3, 15), how="街道牵头已整改")
    else:
        tale.form("problem_ask_up", "asked_on", (2, 6), talks=1, wanted="请区里明确责任单位")
        tale.hand(DISTRICT, (1, 4))
        tale.form("problem_done", "done_on", (5, 25), how="区里协调后已整改")


def _verified(tale: Tale, how: str) -> None:
    """Let whoever stands above look; a few are opened again and done once more."""
    if tale.owner == DISTRICT:
        return  # waits for a second person of the district
    above = DISTRICT if tale.owner == tale.street else tale.street
    fate = tale.random.random()
    if fate < 0.07:
        tale.step("reopen", (2, 8), above, reason_text="复看时又出现")
        tale.form("problem_done", "done_on", (2, 9), how=f"{how}，已安排每周查看")
    if fate < 0.92:
        tale.step("verify", (1, 10), above)


def complaint(tale: Tale, day: date) -> None:
    """Receive a complaint, answer it and, of every second, ask afterwards."""
    random = tale.random
    kind, place, what = random.choice(COMPLAINTS)
    channel = random.choice(("hotline", "hotline", "phone", "visit", "passed"))
    answers = {"kind": kind, "place": place, "channel": channel, "what": what}
    tale.opens("hygiene_complaint", "received_on", day, **answers)
    fate = random.random()
    if fate < 0.15 and kind in ("rubbish", "toilet", "sewage"):
        tale.step("refer", (0, 2), to=CLEANING)
        tale.hand(CLEANING, (0, 2))
        if random.random() < 0.25:
            tale.step("back", (1, 4), reason=random.choice(("not_ours", "needs_facts")))
            tale.owner = tale.who.code
    elif fate < 0.24:
        tale.step("ask_up", (1, 4))
        tale.hand(tale.street, (0, 2))
        if random.random() < 0.4:
            tale.step("back", (1, 6), reason="settled_above")
            tale.owner = tale.who.code
    elif fate > 0.97 and day.month > 8:
        return
    result = random.choice(("settled", "settled", "settled", "part", "later", "unfounded"))
    late = random.random() < 0.1
    days = (16, 30) if late else (1, 8)
    tale.form("complaint_answer", "answered_on", days, result=result, how="现场看过并答复")
    if random.random() < 0.5:
        content = random.random() < tale.who.goodwill
        heard = "content" if content else random.choice(("not_content", "unreached"))
        tale.form("complaint_feedback", "asked_on", (2, 12), tale.asks, heard=heard)
        if heard == "not_content":
            tale.step("reopen", (0, 1), tale.asks, reason_text="本人说还没有解决")
            tale.form("complaint_answer", "answered_on", (2, 9), result="settled", how="再次处理")
