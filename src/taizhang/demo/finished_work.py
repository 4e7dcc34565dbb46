"""Finished work of the demonstration: one assessment with an appeal, one frozen summary."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from taizhang.core.base.period import Period
from taizhang.core.scoring import rubric_named
from taizhang.core.unit.tree import Tree
from taizhang.demo.people import COMMUNITY, DISTRICT, STREET

if TYPE_CHECKING:  # models are imported only once an instance is open
    from taizhang.web.accounts.models import User

RUBRIC = "health_education"
#: No filed plan has such a number.
PLAN_NUMBER = "演示备案〔2025〕0号"
APPEAL = "本项所依据的记录有一条当月底才补登，请核对其日期后复核。（演示）"
ANSWER = "已核对：记录上的日期在期限之后，维持原评分。（演示）"
WAITING = "个别项目待补材料，先行定稿，补齐后另出更正版。（演示）"


def assessment_finish(tree: Tree, period: Period, owner: User, now: datetime) -> None:
    """Open, score and publish the assessment of all communities, hear one appeal, sign."""
    from taizhang.web.accounts.queries import user_named
    from taizhang.web.assess.appeal_actions import appeal_answer, appeal_file
    from taizhang.web.assess.round_actions import round_open, round_publish, round_score, round_sign
    from taizhang.web.programmes.queries import programmes_on

    rubric = rubric_named(programmes_on(period.end), RUBRIC)
    units = [member.code for member in tree.members(DISTRICT, rubric.unit_kinds)]
    number = round_open(
        rubric=RUBRIC,
        period=period,
        plan_number=PLAN_NUMBER,
        office=DISTRICT,
        units=units,
        acting_user=owner,
        now=now,
    ).pk
    while not round_score(number=number, acting_user=owner, now=now).finished:
        pass
    round_publish(number=number, days=5, acting_user=owner, now=now)
    item = _lost_item(number)
    if item is not None:
        lead, officer = user_named("lead"), user_named("officer")
        appeal_file(
            number=number,
            unit=COMMUNITY,
            item=item,
            text=APPEAL,
            acting_user=lead,
            now=now + timedelta(days=1),
        )
        appeal_answer(
            number=number,
            unit=COMMUNITY,
            item=item,
            allowed=False,
            points=None,
            reason=ANSWER,
            acting_user=officer,
            now=now + timedelta(days=3),
        )
    later = now + timedelta(days=30)
    round_sign(number=number, reason=WAITING, acting_user=owner, now=later)


def _lost_item(number: int) -> str | None:
    """Give the first item for which the community lost points."""
    from taizhang.web.assess.models import Version
    from taizhang.web.assess.round_actions import archived_score

    version = Version.objects.get(assessment__round=number, assessment__unit=COMMUNITY)
    score = archived_score(version)
    return next((item.key for item in score.items if item.losses), None)


def document_finish(period: Period, owner: User, now: datetime) -> None:
    """Draft the year summary of a street, fill its blanks and freeze it."""
    from taizhang.web.office.actions import document_freeze, draft_fill, draft_make
    from taizhang.web.office.blanks import blank_places
    from taizhang.web.office.document import document_of

    draft = draft_make(
        template="health_education.year_summary",
        unit=STREET,
        period=period,
        acting_user=owner,
        now=now,
    )
    words = {
        place.key: f"（演示）{place.prompt}" for place in blank_places(document_of(draft, now))
    }
    draft_fill(number=draft.pk, words=words, acting_user=owner, now=now)
    document_freeze(number=draft.pk, acting_user=owner, now=now)
