"""A small district in which every page has something to show, and people of every role around it.

Whoever adds an address with a parameter says here what stands for it (``VALUES``), whoever adds a
form that means nothing without fields says which (``DATA``).  Nothing else is to be kept.
"""

import io
import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import pytest
from PIL import Image

from taizhang.web.accounts.models import User
from tests.documents.workbook import templates

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
DISTRICT, STREET = "360602000000", "360602001000"
COMMUNITY, SIBLING = "360602001001", "360602001002"
UNITS = Path(__file__).resolve().parents[2] / "errors" / "shared" / "units.csv"
#: Where somebody has a role, seen from the community to which everything here belongs.
PLACES = {"own": COMMUNITY, "sibling": SIBLING, "parent": STREET, "whole": ""}
#: What each place reaches.
REACHED = {
    "own": {COMMUNITY},
    "sibling": {SIBLING},
    "parent": {STREET, COMMUNITY, SIBLING},
    "whole": {DISTRICT, STREET, COMMUNITY, SIBLING},
}
#: In a form: the unit of whoever sends it.
HOME = "home"
LECTURE = {
    "planned_on": "2026-04-01",
    "held": "yes",
    "held_on": "2026-05-12",
    "topic": "chronic",
    "audience": "elderly",
    "people": 40,
    "materials": [{"batch": "ZY-08", "kind": "leaflet", "copies": 55}],
    "summary": "测血压",
}
CASE = [
    json.dumps({"unit": COMMUNITY, "date": "2026-05-12", **more})
    for more in (
        {
            "id": "case/1",
            "form": "healthy_city.problem_found",
            "answers": {"found_on": "2026-05-12", "kind": "rubbish", "what": "堆物"},
        },
        {
            "id": "case/1/start",
            "form": "healthy_city.problem_step",
            "case": "case/1",
            "step": "start",
            "answers": {"done_on": "2026-05-12", "step": "start"},
        },
    )
]
THING = f"boards/{COMMUNITY}:N-0000000001"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Value:
    """What stands for a parameter: ``bound`` to the community, ``owned`` by a person, or free.

    ``absent`` stands for nothing there is.
    """

    make: Callable[[User], object]
    bound: bool = False
    owned: bool = False
    absent: object = 999_999


def _first(model: str) -> Callable[[User], object]:
    from django.apps import apps

    return lambda user: apps.get_model(model).objects.order_by("pk").first().pk


def _job(user: User) -> int:
    from taizhang.web.accounts.jobs import job_ask
    from taizhang.web.administration.jobs import VERIFY

    arguments = {"head": str(next(_numbers))}
    return job_ask(kind=VERIFY, arguments=arguments, acting_user=user, now=NOW).pk


def _staged(kind: str, read: Callable[[], Mapping[str, bytes]]) -> Callable[[User], object]:
    def make(user: User) -> int:
        from taizhang.web.administration import upload_actions

        # Past the permission, which many who walk lack.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(upload_actions, "require", lambda user, action: None)
            kept = upload_actions.upload_keep(
                kind=kind, files=read(), action="", acting_user=user, now=NOW
            )
        return kept.pk

    return make


@lru_cache
def _pack_files() -> dict[str, bytes]:
    from taizhang.web.administration.upload import shipped_files

    return shipped_files("common")


def _token(user: User) -> int:
    from taizhang.web.exchange.models import Kind, Token

    return Token.objects.create(
        kind=Kind.CALENDAR,
        name="日历",
        digest=f"{next(_numbers):064}",
        user=user,
        unit=COMMUNITY,
        made_at=NOW,
        expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    ).pk


def _own_grant(user: User) -> int:
    from taizhang.web.accounts.models import Grant

    return Grant.objects.get(user__username="li").pk


#: Of one page (``name:parameter``), of one app (``namespace:*:parameter``), or of all.
VALUES: dict[str, Value] = {
    "code": Value(lambda user: COMMUNITY),
    "form": Value(lambda user: "health_education.lecture"),
    "uid": Value(lambda user: "lecture/1", bound=True, absent="lecture/9"),
    "secret": Value(lambda user: "nobody"),
    "ending": Value(lambda user: "docx"),
    "office:filled-file:ending": Value(lambda user: "xlsx"),
    "exchange:*:name": Value(lambda user: "a.csv"),
    "accounts:job:number": Value(_job, owned=True),
    "accounts:*:number": Value(lambda user: User.objects.get(username="li").pk),
    "accounts:*:grant": Value(_own_grant),
    "host:units_import:number": Value(
        _staged("units", lambda: {"units.csv": UNITS.read_bytes()}), owned=True
    ),
    "host:pack_install:number": Value(_staged("pack", _pack_files), owned=True),
    "host:pack:number": Value(_first("programmes.InstalledPack")),
    "host:complaint:number": Value(_first("host.Complaint"), bound=True),
    "cases:*:uid": Value(lambda user: "case/1", bound=True, absent="case/9"),
    "things:*:uid": Value(lambda user: THING, bound=True, absent="boards/9:9"),
    "ledger:evidence:number": Value(_first("ledger.Evidence"), bound=True),
    "exchange:revoke:pk": Value(_token, owned=True),
    "assess:*:number": Value(_first("assess.Round"), bound=True),
    "assess:*:key": Value(lambda user: "lectures"),
    "assess:*:version": Value(lambda user: 1),
    "office:*:version": Value(lambda user: 1),
    "office:*:number": Value(_first("office.Draft")),
    "office:document:key": Value(lambda user: "health_education.year_summary"),
}
_TEXTS = ("review", "choose", "choose-all", "type", "result", "store", "drafts", "delete")
VALUES |= {f"office:{name}:number": Value(_first("office.Review")) for name in _TEXTS}

_OUTSIDE = ("form", "map", "describe", "drop", "fill")
VALUES |= {
    f"office:{name}:number": Value(_first("office.OutsideForm"))
    for name in ("filled", "filled-file", *(f"outside-{name}" for name in _OUTSIDE))
}

_PLAN = """2026年健康教育工作计划
一、每季度举办健康知识讲座1次，全年不少于4次。
二、发放宣传材料2000份。
"""


def _finding() -> dict[str, object]:
    """Name a finding of the old text and what is decided on it."""
    from taizhang.web.office.models import Review
    from taizhang.web.office.old_text import findings_of

    return {"finding": findings_of(Review.objects.get())[0].id, "action": "reject"}


#: What a form or a query of a page must hold to mean anything; `unit` is the community without.
DATA: dict[str, dict[str, object] | Callable[[], dict[str, object]]] = {
    "accounts:grant": {"role": "viewer", "in": COMMUNITY},
    "accounts:secure": {"do": "unlock"},
    "cases:withdraw": {"record": "case/1/start", "reason": "填错"},
    "things:part": {"merge": "1", "reason": "两块"},
    "ledger:review": {"kind": "accepted"},
    "ledger:credit": {"yes": f"{COMMUNITY} lecture/1"},
    "assess:open": {
        "unit": HOME,
        "rubric": "health_education",
        "period": "2024",
        "plan_number": "2",
    },
    "office:outside-fill": {"period": "2025"},
    "office:new": {"template": "health_education.year_summary", "period": "2025"},
    "office:compare": {"left": "1", "right": "1"},
    "office:choose": _finding,
    "office:choose-all": {"kind": "task", "action": "accept"},
    "desk:close": {"month": "202604"},
    "plans:quotas": {"unit": STREET, "pack": "health_education", "task": "lectures"},
    "figures:figure": {"key": "health_education.lectures", "unit": COMMUNITY, "period": "2026"},
}


def data_of(page: str) -> dict[str, object]:
    """Give what the form or query of a page must hold."""
    found = DATA.get(page, {})
    return found() if callable(found) else found


def value_of(page: str, parameter: str) -> Value | None:
    """Find what stands for a parameter of a page."""
    space = page.partition(":")[0]
    for key in (f"{page}:{parameter}", f"{space}:*:{parameter}", parameter):
        if key in VALUES:
            return VALUES[key]
    return None


def furnish() -> None:
    """Make the district, its people and one of everything, all of one community."""
    from taizhang.web.accounts.access import SEPARATED
    from taizhang.web.accounts.actions import user_add
    from taizhang.web.accounts.models import Role
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.ledger.accept.actions import records_import
    from taizhang.web.programmes.actions import pack_install
    from taizhang.web.units.actions import File, units_import

    owner = user_named(None)
    units = File(name="units.csv", data=UNITS.read_bytes())
    units_import(units=units, acting_user=owner, now=NOW)
    for key in ("common", "health_education", "healthy_city"):
        path = Path(str(files("taizhang") / "packs" / key))
        pack_install(source=path, acting_user=owner, now=NOW)
    lecture = {"id": "lecture/1", "form": "health_education.lecture", "unit": COMMUNITY}
    line = json.dumps({**lecture, "date": "2026-05-12", "answers": LECTURE}).encode()
    records_import(lines=[line, *CASE], file="records.jsonl", acting_user=owner, now=NOW)
    for role in Role:
        if role is Role.OWNER:
            continue
        for place, unit in PLACES.items():
            if role in SEPARATED and unit:
                continue
            user_add(
                username=f"{role.value}-{place}",
                name="",
                role=role,
                unit=unit,
                acting_user=owner,
                now=NOW,
            )
    li = user_add(
        username="li", name="", role=Role.RECORDER, unit=COMMUNITY, acting_user=owner, now=NOW
    )
    li.set_password("a-long-word-of-tests")  # so that the instance is no longer being set up
    li.save()
    _things(owner, li)
    _board()


def _board() -> None:
    """Put a board where the app keeps it, whatever kinds the packs have."""
    from taizhang.web.things.models import Alias, Thing

    whose = {"uid": THING, "dataset": "boards", "unit": COMMUNITY}
    day = date(2026, 5, 12)
    Thing.objects.create(**whose, kind="common.board", name="栏", since=day, last=day)
    Alias.objects.create(**whose, thing=THING, key="N-0000000001")


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


def _things(owner: User, li: User) -> None:
    """Make one of everything that an address names by a number."""
    from taizhang.core.base.period import parse_period
    from taizhang.web.administration.actions import complaint_file
    from taizhang.web.assess.appeal_actions import appeal_file
    from taizhang.web.assess.round_actions import round_open, round_publish, round_score
    from taizhang.web.ledger.record.evidence_actions import evidence_attach
    from taizhang.web.office.actions import document_freeze, draft_make
    from taizhang.web.office.old_text import findings_of
    from taizhang.web.office.review_actions import FindingChoice, findings_choose, review_begin
    from taizhang.web.office.workbook.actions import FormMarks, form_fill, form_keep

    act = {"acting_user": owner, "now": NOW}
    complaint_file(about="", text="重复填表", unnamed=False, acting_user=li, now=NOW)
    evidence_attach(uid="lecture/1", name="a.png", content=_picture(), **act)
    year = parse_period("2025")
    opened = round_open(
        rubric="health_education",
        period=year,
        plan_number="督检考 1",
        office=COMMUNITY,
        units=[COMMUNITY],
        **act,
    )
    while not round_score(number=opened.pk, **act).finished:
        pass
    published = datetime.now(UTC)
    round_publish(number=opened.pk, days=5, acting_user=owner, now=published)
    appeal_file(
        number=opened.pk,
        unit=COMMUNITY,
        item="lectures",
        text="请看记录",
        acting_user=owner,
        now=published,
    )
    template = "health_education.year_summary"
    draft = draft_make(template=template, unit=COMMUNITY, period=year, **act)
    document_freeze(number=draft.pk, leave_open=True, **act)
    marks = FormMarks(title="月报")
    book = {"name": "a.xlsx", "content": templates.plain()}
    form = form_keep(unit=COMMUNITY, marks=marks, **book, **act)
    form_fill(number=form.pk, unit=COMMUNITY, period=year, **act)
    text = review_begin(unit=COMMUNITY, name="old.txt", content=_PLAN.encode(), **act)
    tasks = [one.id for one in findings_of(text) if one.kind == "task"]
    chosen = [FindingChoice(finding=one, action="accept", fields={}, measure="") for one in tasks]
    findings_choose(number=text.pk, chosen=chosen, **act)
