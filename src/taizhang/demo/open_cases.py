"""Cases of the last month by hand, so that the desk of each person of the demonstration holds some.

Problems handed up, returned, settled, verified, prolonged, overdue, with a step without effect;
needs and requests handed to a body.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

from taizhang.demo.people import CENTRE, COMMUNITY, JUSTICE_OFFICE, STREET, recorder

NEIGHBOUR, THIRD = "360602001002", "360602001003"
_NAMESPACE = uuid.UUID("0d9c7f34-4a43-5d0b-9d27-4f2a5a0e6c11")
_FORM = "healthy_city.problem"

#: day of October 2026, form (of problems without its pack), unit, by whom, answers; the first opens
#: the case.
_Step = tuple[int, str, str, str, dict[str, object]]


def _found(day: int, unit: str, kind: str, what: str, due: str) -> _Step:
    answers = {"found_on": _day(day), "kind": kind, "what": what, "due_on": due}
    by = recorder(unit)
    return day, "found", unit, by, dict(answers)


def _asked(day: int, unit: str, by: str, wanted: str) -> _Step:
    return day, "ask_up", unit, by, {"asked_on": _day(day), "talks": 2, "wanted": wanted}


def _done(day: int, unit: str, by: str, how: str) -> _Step:
    return day, "done", unit, by, {"done_on": _day(day), "how": how}


def _step(day: int, unit: str, by: str, step: str, **answers: object) -> _Step:
    return day, "step", unit, by, {"done_on": _day(day), "step": step, **answers}


def _need(day: int, need: str, what: str) -> _Step:
    answers = {"need": need, "source": "visit", "what": what, "where": "南院", "how": "follow"}
    raised = {"raised_on": _day(day), **answers}
    return day, "family_services.need", COMMUNITY, "recorder", dict(raised)


def _of_need(day: int, unit: str, by: str, step: str, **answers: object) -> _Step:
    return day, "family_services.need_step", unit, by, _step(day, unit, by, step, **answers)[4]


def _request(day: int, matter: str, what: str) -> _Step:
    answers = {"matter": matter, "channel": "station", "how": "later", "what": what}
    asked = {"asked_on": _day(day), **answers}
    return day, "law_outreach.help_request", COMMUNITY, "recorder", dict(asked)


def _handed(day: int, how: str) -> _Step:
    answers = {"handed_on": _day(day), "to": JUSTICE_OFFICE, "how": how}
    return day, "law_outreach.help_hand", COMMUNITY, "lead", dict(answers)


def _of_request(day: int, step: str) -> _Step:
    answers = {"done_on": _day(day), "step": step}
    return day, "law_outreach.legal_request_step", JUSTICE_OFFICE, "justice", dict(answers)


def _day(day: int) -> str:
    return date(2026, 10, day).isoformat()


CASES: tuple[tuple[_Step, ...], ...] = (
    # overdue with the community
    (
        _found(8, COMMUNITY, "rubbish", "六号楼楼道堆物", "2026-10-20"),
        _step(9, COMMUNITY, "recorder", "start", note="已张贴清理告知"),
    ),
    # settled by the community, waits for the street
    (
        _found(10, COMMUNITY, "breeding", "东侧绿地积水", "2026-11-10"),
        _step(11, COMMUNITY, "recorder", "start"),
        _done(16, COMMUNITY, "recorder", "已填平并投放药剂"),
    ),
    # handed up, returned for facts, handed up again and signed for
    (
        _found(9, COMMUNITY, "facility", "北门垃圾箱破损三个", "2026-11-20"),
        _asked(12, COMMUNITY, "lead", "请协调更换垃圾箱"),
        _step(13, STREET, "reviewer", "back", reason="needs_facts", note="请写明型号和数量"),
        _asked(15, COMMUNITY, "lead", "240升分类箱三个，已与物业核对"),
        _step(19, STREET, "reviewer", "accept"),
    ),
    # returned, the community has it again
    (
        _found(14, COMMUNITY, "order", "西街占道经营", "2026-11-30"),
        _asked(19, COMMUNITY, "lead", "请协调城管执法"),
        _step(22, STREET, "reviewer", "back", reason="settled_above", note="城管已划定摊位"),
    ),
    # verified
    (
        _found(5, NEIGHBOUR, "rubbish", "废旧家具堆放", "2026-10-25"),
        _done(12, NEIGHBOUR, "recorder-001002", "已联系回收清运"),
        _step(14, STREET, "reviewer", "verify"),
    ),
    # handed up twice: the district has it
    (
        _found(7, THIRD, "fringe", "城乡结合部垃圾池无人清运", "2026-11-15"),
        _asked(9, THIRD, "recorder-001003", "请明确清运单位"),
        _step(10, STREET, "reviewer", "accept"),
        _asked(13, STREET, "reviewer", "请区里协调环卫部门"),
    ),
    # prolonged by the street
    (
        _found(11, COMMUNITY, "facility", "西院公厕门锁损坏", "2026-10-26"),
        _step(12, COMMUNITY, "recorder", "start", note="已联系维修"),
        _step(
            *(23, STREET, "reviewer", "prolong"), until="2026-11-20", reason_text="配件要从外地调"
        ),
    ),
    # started without a network after it had been asked up: kept without effect
    (
        _found(12, COMMUNITY, "order", "东门外乱停共享单车", "2026-11-10"),
        _asked(15, COMMUNITY, "lead", "请协调划定停放点"),
        _step(16, COMMUNITY, "recorder", "start", note="已劝离"),
    ),
    # handed to the health centre: one waits for its signature, one is worked on, one answered
    (
        _need(27, "health", "想请医生上门量血压"),
        _of_need(28, COMMUNITY, "recorder", "refer", to=CENTRE),
    ),
    (
        _need(12, "screening", "问秋季筛查的时间"),
        _of_need(13, COMMUNITY, "recorder", "refer", to=CENTRE),
        _of_need(14, CENTRE, "centre", "accept"),
    ),
    (
        _need(8, "consult", "想请医生解答用药"),
        _of_need(9, COMMUNITY, "recorder", "refer", to=CENTRE),
        _of_need(10, CENTRE, "centre", "accept"),
        (
            *(15, "family_services.need_result", CENTRE, "centre"),
            {"served_on": _day(15), "result": "solved", "note": "已预约随访医生"},
        ),
    ),
    # handed to the judicial office, which works on one and has settled the other
    (
        _request(20, "labour", "问工资拖欠怎样申请"),
        _handed(21, "aid"),
        _of_request(22, "accept"),
    ),
    (
        _request(6, "property", "问楼上漏水的责任"),
        _handed(7, "mediation"),
        _of_request(8, "accept"),
        (
            *(19, "law_outreach.help_result", JUSTICE_OFFICE, "justice"),
            {"settled_on": _day(19), "result": "settled"},
        ),
    ),
)


def case_lines() -> Iterator[dict[str, object]]:
    """Write the records of these cases, in the order in which they were sent."""
    told: list[tuple[int, int, dict[str, object]]] = []
    for number, steps in enumerate(CASES):
        case = str(uuid.uuid5(_NAMESPACE, f"{number}"))
        for place, (day, form, unit, by, answers) in enumerate(steps):
            line: dict[str, object] = {
                "id": case if place == 0 else str(uuid.uuid5(_NAMESPACE, f"{number}/{place}")),
                "form": form if "." in form else f"{_FORM}_{form}",
                "unit": unit,
                "date": _day(day),
                "by": by,
                "answers": answers,
            }
            if place:
                line["case"] = case
            told.append((day, place, line))
    told.sort(key=lambda row: row[:2])
    yield from (line for _, _, line in told)
