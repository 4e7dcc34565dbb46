"""The messages of the wall: why something is refused, and what to offer in its place."""

from __future__ import annotations

from taizhang.core.base.issue import Code, Marked, gettext_noop

FORM = Marked(gettext_noop("The form"))
FIELD = Marked(gettext_noop("The field"))
CHOICE = Marked(gettext_noop("The choice"))
GROUP = Marked(gettext_noop("The group"))
PROPERTY = Marked(gettext_noop("The property"))
PACK = Marked(gettext_noop("The pack"))
HINT = Marked(gettext_noop("The hint of the field"))
ENTITY = Marked(gettext_noop("The entity"))
MEASURE = Marked(gettext_noop("The measure"))
INDICATOR = Marked(gettext_noop("The indicator"))
NORM = Marked(gettext_noop("The norm"))
RUBRIC = Marked(gettext_noop("The rubric"))
SECTION = Marked(gettext_noop("The section"))
ITEM = Marked(gettext_noop("The item"))
TASK = Marked(gettext_noop("The task"))
DAY = Marked(gettext_noop("The day of the calendar"))
BASIS = Marked(gettext_noop("The legal basis"))
DOCUMENT = Marked(gettext_noop("The document"))
CASE = Marked(gettext_noop("The case"))
STATE = Marked(gettext_noop("The state"))
STEP = Marked(gettext_noop("The step"))
THING = Marked(gettext_noop("The thing"))


class LawfulCode(Code):
    """What a pack must never do, and what to offer in its place."""

    LAWFUL_001 = (
        gettext_noop(
            "%(what)s %(name)s speaks of a person's pregnancy, cycle, contraception or wish for "
            "children ('%(word)s')."
        ),
        gettext_noop(
            "Take it out: such data stay with the clinic (PIPL 28-30). Offer birth registration "
            "help on the resident's own word, and count the help given; the resident asks, the "
            "unit answers."
        ),
    )
    LAWFUL_002 = (
        gettext_noop(
            "%(what)s %(name)s speaks of birth permits, certificates, fees, contracts or penalties "
            "('%(word)s')."
        ),
        gettext_noop(
            "Take it out: they were repealed in 2021. Tell all residents of their benefits; offer "
            "birth registration on the resident's word and help with the childcare subsidy, for "
            "any order of birth at the place of residence."
        ),
    )
    LAWFUL_003 = (
        gettext_noop(
            "%(what)s %(name)s makes landlords, employers or neighbours liable for others "
            "('%(word)s')."
        ),
        gettext_noop(
            "Take it out: work, home and births are decoupled. Offer a voluntary agreement for "
            "publicity and services, or the birth-friendly employer."
        ),
    )
    LAWFUL_004 = (
        gettext_noop("%(what)s %(name)s lets residents report on residents ('%(word)s')."),
        gettext_noop(
            "Take it out. Let helpers pass on requests for service with the resident's consent; "
            "the resident asks, the unit answers."
        ),
    )
    LAWFUL_005 = (
        gettext_noop(
            "%(what)s %(name)s makes residence, school, work or a service depend on a file "
            "('%(word)s')."
        ),
        gettext_noop(
            "Take it out: the 2021 Decision decoupled them. Offer residence permit services and "
            "equal services without a condition."
        ),
    )
    LAWFUL_006 = (
        gettext_noop(
            "%(what)s %(name)s counts check-ins, tracks, places, on-line time or app use "
            "('%(word)s')."
        ),
        gettext_noop(
            "Take it out: 国办函〔2026〕12号 forbids it. Count what the activity did: times held, "
            "people reached, needs settled."
        ),
    )
    LAWFUL_007 = (
        gettext_noop("%(what)s %(name)s forces photos, log-in or installing ('%(word)s')."),
        gettext_noop(
            "Make the photo optional and never count it: 国办函〔2026〕12号 forbids forcing. "
            "Planned, held and result written make an activity complete."
        ),
    )
    LAWFUL_008 = (
        gettext_noop(
            "%(what)s %(name)s scores the number, source or escalation of petitions ('%(word)s')."
        ),
        gettext_noop(
            "Score the timeliness of handling or the satisfaction with it: residents have a right "
            "to petition."
        ),
    )
    LAWFUL_009 = (
        gettext_noop("%(what)s %(name)s scores, grades or lists residents ('%(word)s')."),
        gettext_noop(
            "Take it out: no resident is ever scored (PIPL 24). Score the unit's service, for "
            "example by an anonymous satisfaction survey."
        ),
    )
    LAWFUL_010 = (
        gettext_noop("%(what)s %(name)s ranks units or people ('%(word)s')."),
        gettext_noop(
            "Take it out: results are listed in the order of unit codes, each with its own "
            "explanation."
        ),
    )
    LAWFUL_011 = (
        gettext_noop(
            "The field %(name)s of type %(type)s records where or by whom a phone is used."
        ),
        gettext_noop(
            "Take it out. A form about places (about: place) may ask for a point on the "
            "map when its settings say why (column why)."
        ),
    )
    LAWFUL_012 = (
        gettext_noop("%(what)s %(name)s identifies a person ('%(word)s')."),
        gettext_noop(
            "Take it out and count only: no form identifies a resident before the register with "
            "its consent and erasure is there. Speakers and the staff who do the work (填表人, "
            "检查人, 网格员 …) may be named; of others ask the office, such as 河长职务."
        ),
    )
    LAWFUL_013 = (
        gettext_noop("%(what)s %(name)s is a target of the repealed birth policy ('%(word)s')."),
        gettext_noop(
            "Take it out: the law leaves the choice to the people. Count free supplies taken and "
            "help given, offer every resident a service-information card; ask satisfaction in an "
            "anonymous survey without a target."
        ),
    )
    LAWFUL_014 = (
        gettext_noop(
            "%(what)s %(name)s checks up on migrants or makes their registration a target "
            "('%(word)s')."
        ),
        gettext_noop(
            "Take it out: the regulation was repealed in 2021. Keep a voluntary service point and "
            "a voluntary service month, measure equal services (their coverage against that of "
            "residents), and hand a matter over to another place at the resident's request."
        ),
    )
    LAWFUL_015 = (
        gettext_noop(
            "%(what)s %(name)s singles people out by crime, drug use, illness of mind or "
            "infection ('%(word)s')."
        ),
        gettext_noop(
            "Take it out: such records stay with the police, the judicial office and the clinic, "
            "which keep them under their own laws (PIPL 28-30). Hold lectures for everybody, and "
            "count the help that somebody asked for and whether it came in time."
        ),
    )
