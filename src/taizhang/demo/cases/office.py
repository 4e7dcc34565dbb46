"""Made-up liaison with other offices, small projects, guidance, petitions, awards, projects."""

from __future__ import annotations

from datetime import date, timedelta

from taizhang.demo.cases.case import HEALTH, JUSTICE, Tale

#: office, programme, what it is asked for, which body beside the street takes it over
ASKED = (
    ("city", "hygiene", "请增设一处分类垃圾箱", ""),
    ("police", "general", "请在暑期加强小区周边巡逻", ""),
    ("fire", "general", "请现场看一次电动车棚", ""),
    ("health", "health", "请安排一次义诊医生", HEALTH),
    ("health", "family", "请提供本季度筛查的时间安排", HEALTH),
    ("justice", "law", "请派律师参加调解咨询日", JUSTICE),
    ("justice", "law", "请提供新版普法资料", JUSTICE),
    ("education", "family", "请告知秋季入学报名办法", ""),
    ("housing", "general", "请督促物业修复照明", ""),
)
#: kind, programme, title, budget in yuan
PROJECTS = (
    ("repair", "general", "南院健身器材维修", 6000),
    ("build", "general", "东门无障碍坡道", 18000),
    ("equip", "health", "健康小屋血压计购置", 3500),
    ("build", "hygiene", "二号楼后晾晒区改造", 12000),
    ("service", "family", "暑期儿童看护班", 8000),
    ("repair", "law", "法治宣传栏翻新", 4200),
)
ADVICE = ("", "", "法律顾问坐班时间请上墙", "普法对象请兼顾流动人口", "调解案例请每季度更新一次")
TITLES = ("无烟社区", "民主法治示范社区", "健康社区")
STUDIES = ("居民盐勺使用干预", "老年人防跌倒", "青少年近视家庭干预", "高血压自我管理小组")


def liaison(tale: Tale, day: date) -> None:
    """Ask another office: one with a desk here takes it over, of any other the answer is noted."""
    random = tale.random
    office, programme, what, number = random.choice(ASKED)
    due = (day + timedelta(days=random.randrange(10, 25))).isoformat()
    answers = {"office": office, "programme": programme, "what": what, "due_on": due}
    tale.opens("liaison", "asked_on", day, **answers)
    if number:
        to = tale.body(number)
        tale.step("hand", (0, 2), to=to)
        tale.hand(to, (0, 2))
        if random.random() < 0.12:
            tale.step("back", (1, 5), reason="needs_facts")
            tale.owner = tale.who.code
            tale.step("hand", (1, 3), to=to)
            tale.owner = to
    elif random.random() < 0.06 and day.month > 8:
        return
    days = (20, 40) if random.random() < 0.1 else (2, 9)
    tale.form("liaison_answer", "answered_on", days, answer="已答应，并告知了时间")
    if random.random() < 0.08:
        tale.step("again", (5, 15), tale.who.code, reason_text="到了约定时间还没有来")
        tale.form("liaison_answer", "answered_on", (2, 7), answer="已重新约定时间")
    if random.random() < 0.8:
        tale.step("settle", (2, 20), tale.who.code)


def small_project(tale: Tale, day: date) -> None:
    """Set up a small project; it is built and accepted by the street, a few only done again."""
    random = tale.random
    kind, programme, title, budget = random.choice(PROJECTS)
    due = (day + timedelta(days=random.randrange(40, 90))).isoformat()
    answers = {"kind": kind, "programme": programme, "title": title, "due_on": due}
    tale.opens("small_project", "approved_on", day, **answers, budget=budget)
    if random.random() < 0.05:
        tale.step("drop", (10, 30), reason_text="居民商议后不做了")
        return
    tale.step("start", (3, 15))
    spent = round(budget * random.uniform(0.85, 1.05))
    tale.form("small_project_built", "built_on", (20, 75), spent=spent, done=f"{title}已完成")
    if random.random() < 0.15:
        tale.step("again", (2, 10), tale.street, reason_text="收边不平")
        tale.form("small_project_built", "built_on", (3, 12), spent=spent, done=f"{title}已返工")
    if random.random() < 0.9:
        tale.step("verify", (3, 25), tale.street)


def guidance(tale: Tale, day: date) -> None:
    """Be guided from above; advice is followed and confirmed by whoever stands above."""
    random = tale.random
    advice, body = random.choice(ADVICE), random.choice(("justice", "justice", "street"))
    due = (day + timedelta(days=random.randrange(20, 40))).isoformat() if advice else None
    tale.opens("guidance", "visited_on", day, body=body, advice=advice or None, due_on=due)
    if not advice:
        return
    days = (45, 70) if random.random() < 0.12 else (4, 18)
    tale.form("guidance_done", "done_on", days, followed="已按意见改好")
    looks = tale.body(JUSTICE) if body == "justice" else tale.street
    if random.random() < 0.1:
        tale.step("redo", (2, 6), looks, reason_text="上墙的内容还不全")
        tale.form("guidance_done", "done_on", (3, 10), followed="已补全")
    if random.random() < 0.85:
        tale.step("confirm", (2, 14), looks)


def petition(tale: Tale, day: date) -> None:
    """Receive a matter: told within its days whether it is taken on, then settled."""
    random = tale.random
    matter = random.choice(("place", "housing", "benefit", "dispute", "work", "other"))
    tale.opens("petition_received", "received_on", day, matter=matter)
    fate = random.random()
    if fate < 0.1:
        tale.step("pass_on", (1, 3), to=tale.street)
        tale.hand(tale.street, (0, 2))
        tale.step("back", (1, 4), reason=random.choice(("not_ours", "needs_facts")))
        tale.owner = tale.who.code
    elif fate < 0.18:
        tale.step("decline", (3, 12), reason_text="应当通过诉讼解决，已说明")
        return
    tale.step("inform", (16, 22) if random.random() < 0.06 else (2, 9))
    if random.random() < 0.08:
        until = (tale.day + timedelta(days=85)).isoformat()
        tale.step("prolong", (40, 52), tale.street, until=until, reason_text="需要鉴定")
    tale.step("settle", (20, 50))
    if random.random() < 0.05:
        tale.step("reopen", (3, 20), tale.street, reason_text="答复没有回应全部诉求")
        tale.step("settle", (5, 25))


def award(tale: Tale, day: date) -> None:
    """Work for a title that an approved plan names: looked at half way, put right, decided."""
    random = tale.random
    review_by = (day + timedelta(days=150)).isoformat()
    plan = "演示创建示范活动计划第3项"
    title = random.choice(TITLES)
    tale.opens("award_begun", "begun_on", day, title=title, plan=plan, review_by=review_by)
    if random.random() < 0.2:
        tale.step("stop", (40, 90), reason_text="计划已调整")
        return
    lacking = "标识和台账还不齐"
    rectify_by = (day + timedelta(days=190)).isoformat()
    days = (110, 145)
    tale.form("award_review", "reviewed_on", days, lacking=lacking, rectify_by=rectify_by)
    tale.form("award_rectified", "rectified_on", (15, 40), how="已补齐")
    result = random.choice(("given", "later", "not_given"))
    tale.form("award_result", "decided_on", (20, 60), result=result)


def project(tale: Tale, day: date) -> None:
    """Set up a small study in health education and do it; the street accepts what came of it."""
    random = tale.random
    due = (day + timedelta(days=random.randrange(120, 200))).isoformat()
    title = random.choice(STUDIES)
    tale.opens("project_set_up", "set_up_on", day, title=title, due_on=due)
    if random.random() < 0.12:
        tale.step("stop", (30, 60), reason_text="参加的人太少")
        return
    tale.step("start", (5, 20))
    tale.form("project_result", "done_on", (90, 190), result="完成干预和前后两次测量")
    if random.random() < 0.9:
        tale.step("verify", (5, 25), tale.street)
